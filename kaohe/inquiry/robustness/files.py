"""What ``kaohe robustness`` writes and says: table, picture, how it was made, and a text."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from kaohe import __version__
from kaohe.core.problems import N_
from kaohe.core.quantities import TICK, show_hundredths, show_plain, show_ticks
from kaohe.folder.delimited import line
from kaohe.inquiry.robustness.simulate import Uncertainty
from kaohe.inquiry.robustness.study import FIRM, Firmness, Robustness
from kaohe.inquiry.terminal import table, wrapped
from kaohe.inquiry.writing import check_out, written_aside
from kaohe.locale import Translate

if TYPE_CHECKING:
    from kaohe.documents.chart import RankedGroup

FORMAT = "kaohe-robustness/1"
MARK = "robustness.json"
OURS = frozenset(f"robustness.{form}" for form in ("csv", "json", "svg", "png"))
COLUMNS = (
    *("unit", "name", "group", "composite", "rank", "grade"),
    *("rank_low", "rank_high", "p_a", "p_b", "p_c", "boundary"),
)
PICTURED = 1_500  # units; more than that nobody can read on one picture
LISTED = 30  # boundary cases on the terminal


def check_place(out: Path, folder: Path, *, force: bool) -> None:
    """Whether a study may be written to ``out``: absent, empty, or an earlier one with ``force``.

    Args:
        folder: what is studied, and must not be replaced.

    Raises:
        OutTaken: it holds something else.

    Source: docs/rules/outputs.md, O-4.
    """
    check_out(out, force=force, mark=MARK, folder=folder)


def write_files(
    found: Robustness, out: Path, translate: Translate, language: str, *, replace: bool = False
) -> str:
    """Write the study into the folder ``out``, whole or not at all.

    ``robustness.csv``, ``robustness.json``, and the picture ``robustness.svg`` and ``.png``.

    Args:
        replace: an earlier study in ``out`` gives way.

    Returns:
        Why there is no picture; "" where there is one.

    Source: docs/rules/outputs.md, O-2, O-4.
    """
    with written_aside(out, replace=replace, ours=OURS) as aside:
        with (aside / "robustness.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(line(COLUMNS))
            file.writelines(line(_cells(row)) for row in found.units)
        text = json.dumps(_how(found), ensure_ascii=False, indent=2) + "\n"
        (aside / MARK).write_text(text, encoding="utf-8", newline="")
        return _write_picture(found, aside, translate, language)


def _cells(row: Firmness) -> list[str]:
    def whole(number: int | None) -> str:
        return "" if number is None else str(number)

    def share(ticks: int | None) -> str:
        return "" if ticks is None else show_ticks(ticks)

    return [
        *(row.unit, row.name, row.group, show_hundredths(row.composite), str(row.rank), row.grade),
        *(whole(row.rank_low), whole(row.rank_high)),
        *(share(row.p_a), share(row.p_b), share(row.p_c)),
        "" if row.p_a is None else str(row.boundary).lower(),
    ]


def _how(found: Robustness) -> dict[str, object]:
    """All that is needed to repeat the study, and how many draws it had."""
    given = found.uncertainty
    return {
        "format": FORMAT,
        "version": __version__,
        "scheme": found.scheme_digest,
        "seed": given.seed,
        "draws": {
            "attempted": found.attempted,
            "completed": found.completed,
            "failed": found.failed,
        },
        "weights_percent": None if given.weights is None else show_ticks(given.weights),
        "survey": given.survey,
        "events": given.events,
        "interval_percent": show_ticks(given.interval),
        "firm_from": show_ticks(FIRM),
        "boundary_cases": sum(row.boundary for row in found.units) if not found.failed else None,
        "weight_factors_sha256": found.factors_digest,
    }


def _write_picture(found: Robustness, aside: Path, translate: Translate, language: str) -> str:
    if found.failed:
        return translate(N_("No picture: a draw failed, so there are no intervals."))
    if len(found.units) > PICTURED:
        sentence = translate(N_("No picture: more than {limit} units do not fit on one."))
        return sentence.format(limit=PICTURED)
    # Typst and its typefaces are heavy: a study without picture must not wait for them.
    from kaohe.documents.chart import write_chart
    from kaohe.documents.refusals import PaperRefused

    svg, png = aside / "robustness.svg", aside / "robustness.png"
    note = how_text(found.uncertainty, translate)
    try:
        write_chart(svg, png, _panels(found), note=note, translate=translate, language=language)
    except PaperRefused as refused:
        svg.unlink(missing_ok=True)
        png.unlink(missing_ok=True)
        return refused.sentence(translate)
    return ""


def _panels(found: Robustness) -> "list[RankedGroup]":
    """The groups as the picture takes them; every row has its interval."""
    from kaohe.documents.chart import RankedGroup, RankedUnit

    units: dict[str, list[RankedUnit]] = {each.group: [] for each in found.groups}
    for row in found.units:
        shares = [(share or 0) / TICK for share in (row.p_a, row.p_b, row.p_c)]
        interval = row.rank_low or row.rank, row.rank_high or row.rank
        units[row.group].append(
            RankedUnit(row.name, row.composite, row.rank, row.grade, *interval, *shares)
        )
    return [RankedGroup(each.group, each.seats, tuple(units[each.group])) for each in found.groups]


def how_text(given: Uncertainty, translate: Translate) -> str:
    """How the draws were made, in one sentence or two."""
    parts = []
    if given.weights is not None:
        reach = translate(N_("component weights within ±{percent} %"))
        parts.append(reach.format(percent=show_plain(given.weights)))
    if given.survey:
        parts.append(translate(N_("survey means within their standard errors")))
    if given.events:
        parts.append(translate(N_("pending and objected events counted or not")))
    sentence = translate(
        N_("{draws} draws, seed {seed}: {parts}. Intervals cover {percent} % of the draws.")
    )
    return sentence.format(
        draws=given.draws,
        seed=given.seed,
        parts=translate(N_(", ")).join(parts) or translate(N_("nothing uncertain")),
        percent=show_plain(given.interval),
    )


def render_robustness(found: Robustness, translate: Translate, width: int) -> str:
    """The study for a terminal: how it was made, then the boundary cases."""
    counts = translate(N_("Draws: {attempted} attempted, {completed} completed, {failed} failed."))
    lines = [
        *wrapped(how_text(found.uncertainty, translate), width),
        counts.format(attempted=found.attempted, completed=found.completed, failed=found.failed),
    ]
    if found.failed:
        refusal = N_("A draw failed, and what it would have said is unknown: no interval is given.")
        return "\n".join([*lines, *wrapped(translate(refusal), width)])
    cases = [row for row in found.units if row.boundary]
    if not cases:
        firm = translate(N_("All {units} grades are firm: each is at least {share} % likely."))
        lines.append(firm.format(units=len(found.units), share=show_plain(FIRM * 100)))
        return "\n".join(lines)
    sentence = translate(
        N_("Boundary cases: {cases} of {units} units; no grade of theirs is {share} % likely.")
    )
    lines += wrapped(
        sentence.format(cases=len(cases), units=len(found.units), share=show_plain(FIRM * 100)),
        width,
    )
    lines += ["", *_listed(cases[:LISTED], translate, width)]
    if len(cases) > LISTED:
        more = translate(N_("… and {number} more; --out OUT writes all of them to a table"))
        lines.append(more.format(number=len(cases) - LISTED))
    return "\n".join(lines)


def _listed(cases: list[Firmness], translate: Translate, width: int) -> list[str]:
    head = [N_("unit"), N_("group"), N_("rank"), N_("interval"), N_("grade")]
    rows = [[*(translate(text) for text in head), "A", "B", "C"]]
    for row in cases:
        shares = [f"{show_plain((share or 0) * 100)}%" for share in (row.p_a, row.p_b, row.p_c)]
        interval = f"{row.rank_low}–{row.rank_high}"
        rows.append([row.name, row.group, str(row.rank), interval, row.grade, *shares])
    return table(rows, right=(2, 3, 5, 6, 7), width=width)
