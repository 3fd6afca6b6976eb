"""``kaohe what-if``: who would move if something in the folder were different.

``what_if`` gives a dict ready for JSON; decimals are text as printed, codes and keys never change,
words are in the language of ``translate``.

    format      "kaohe-what-if/1"
    year, title                     of the scheme, as changed
    changes     [text]              as they were asked for
    counts      units, moved; and of those moved, in what: composite, rank, grade, tier, linkages
    units       [Move], changed grades first, then by group and rank; at most ``LISTED`` of them
    left_out    how many more units move (``--csv`` has them all)
    sentence    all this in one sentence

    Move        {unit, name, group, department, before State, after State, linkages_gone [text],
                linkages_new [text], because {code, words}}
    State       {group, composite, rank, grade, grade_words, tier, weighted, bonus, deduction,
                common, individual, social (scores S), adjusted (S′ of individual), reasons,
                reason_words, flags}
    because     "own", "setting", "ranked", "tier", "order", "seat", "linkage"

What may be changed, and how it is written, stands in ``kaohe.inquiry.whatif.wishes``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from kaohe.core.problems import N_, FolderRefused, Problem, declare
from kaohe.core.quantities import show_ticks
from kaohe.core.scheme import Scheme
from kaohe.folder.checks import check_folder
from kaohe.folder.delimited import line
from kaohe.folder.findings import Findings
from kaohe.folder.item_lists import make_item_lists
from kaohe.inquiry.opening import Opened, opened, score_opened
from kaohe.inquiry.refusals import QuestionRefused
from kaohe.inquiry.whatif.moves import (
    AFTER,
    BEFORE,
    Move,
    State,
    Told,
    composite_text,
    count_moves,
    keeper,
    make_moves,
    read_moves,
)
from kaohe.inquiry.whatif.wished_rows import Edits, Resolver, apply_edits
from kaohe.inquiry.whatif.wished_scheme import changed_scheme
from kaohe.inquiry.whatif.wishes import SCHEME, read_wishes
from kaohe.locale import Translate

FORMAT = "kaohe-what-if/1"
LISTED = 2_000

Section = dict[str, object]

declare(
    "error",
    {
        "change-unsound": (
            "with these changes the folder would not be sound",
            "ask for changes that fit together; what would be wrong is listed here",
        ),
    },
)


def what_if(
    folder: Path, changes: Sequence[str], translate: Translate = str, csv: Path | None = None
) -> Section:
    """Who moves if the folder is changed, as the module documents it.  The folder stays as it is.

    Args:
        changes: as ``kaohe.inquiry.whatif.wishes`` describes them; all or none is carried out.
        csv: a file to which every move is written.

    Raises:
        FolderRefused: the folder itself is unsound.
        QuestionRefused: a change does not fit the folder, or would make it unsound.

    Source: docs/rules/scoring.md, N-4; docs/rules/folder.md, F-10.
    """
    with opened(folder) as found:
        edits, scheme = _understood(found, changes)
        score_opened(found, keeper(found.con, BEFORE))
        apply_edits(found.con, edits)
        _score_changed(found, edits, scheme)
        make_moves(found.con)
        setting = scheme != found.scheme or "items" in edits.tables
        told = Told(translate, edits.touched)
        moves = read_moves(found.con, edits.touched, setting=setting)
        listed = list(islice(moves, LISTED))
        counts = count_moves(found.con)
        if csv is not None:
            _write_csv(csv, read_moves(found.con, edits.touched, setting=setting))
    return {
        "format": FORMAT,
        "year": scheme.year,
        "title": scheme.title,
        "changes": list(changes),
        "counts": counts,
        "units": told.sections(listed),
        "left_out": counts["moved"] - len(listed),
        "sentence": _sentence(counts, translate),
    }


def _understood(found: Opened, changes: Sequence[str]) -> tuple[Edits, Scheme]:
    """The changes as edits of rows and another scheme; all that is wrong with them at once."""
    wishes, problems = read_wishes(list(changes))
    resolver = Resolver(found.con)
    edits = resolver.resolve(wishes)
    text = found.loaded.files[f"{SCHEME}.toml"].read_text(encoding="utf-8-sig")
    scheme, wrong = changed_scheme(text, found.scheme, wishes)
    problems = [*problems, *resolver.problems, *wrong]
    if problems or scheme is None:
        raise QuestionRefused(problems)
    return edits, scheme


def _score_changed(found: Opened, edits: Edits, scheme: Scheme) -> None:
    findings = Findings()
    if "items" in edits.tables:
        make_item_lists(found.con, findings)
    problems = [*findings.problems, *check_folder(found.con, scheme)]
    errors = [problem for problem in problems if problem.severity == "error"]
    if not errors:
        try:
            changed = replace(found, scheme=scheme, warnings=[])
            score_opened(changed, keeper(found.con, AFTER))
        except FolderRefused as refused:
            errors = refused.problems
    if errors:
        raise QuestionRefused([Problem("change-unsound", "--set"), *errors])


def _sentence(counts: dict[str, int], translate: Translate) -> str:
    if not counts["moved"]:
        return translate(N_("Nothing would change."))
    text = N_(
        "Of {units} units {moved} would move: the composite of {composite}, the rank of {rank},"
        " the tier of {tier}, the grade of {grade}, linkages of {linkages}."
    )
    return translate(text).format(**counts)


_STATE = ("composite", "rank", "grade", "tier", "weighted", "bonus", "deduction")
_SCORES = ("common", "individual", "adjusted", "social")
_CELLS = (*_STATE, *_SCORES, "reasons")


def _write_csv(path: Path, moves: Iterable[Move]) -> None:
    names = [
        f"{name}_{side}" for name in (*_STATE, *_SCORES, "reasons") for side in (BEFORE, AFTER)
    ]
    head = ["unit", "name", "group", "department", *names]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(line([*head, "linkages_gone", "linkages_new", "because"]))
        for move in moves:
            file.write(line(_csv_row(move)))


def _csv_row(move: Move) -> list[str]:
    cells = [move.unit, move.name, move.after.group, move.department]
    for name in _CELLS:
        cells += [_csv_cell(state, name) for state in (move.before, move.after)]
    before = [tuple(link.values()) for link in move.before.links]
    after = [tuple(link.values()) for link in move.after.links]
    for mine, theirs in ((before, after), (after, before)):
        cells.append(";".join(_link_code(link) for link in mine if link not in theirs))
    return [*cells, move.cause]


def _csv_cell(state: State, name: str) -> str:
    value = getattr(state, name)
    if value is None:
        return ""
    if name == "composite":
        return composite_text(state) or ""
    if name in ("rank", "grade", "tier", "reasons"):
        return str(value)
    return show_ticks(value)


def _link_code(link: Sequence[object]) -> str:
    return "/".join(str(part) for part in link[1:] if part is not None)
