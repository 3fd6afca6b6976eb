"""report.pdf: the results of a year as an official paper (考核结果报告), GB/T 9704-2012.

Summary, ranking of each group, lists of grades with reasons, what follows from them, and the
documents it rests on.  It holds no clock: the date of issue is blank unless it is passed in.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from kaohe.core.grading import seats
from kaohe.core.problems import Problem
from kaohe.core.quantities import half_up, show_hundredths, show_plain
from kaohe.core.rows import Inputs, Outputs, Result
from kaohe.core.scheme import Scheme
from kaohe.core.tables import COMPONENTS
from kaohe.documents.blocks import (
    Block,
    Column,
    composite,
    heading,
    listed,
    note,
    paragraph,
    points,
    signed,
    table,
    together,
)
from kaohe.documents.grounds import day_words
from kaohe.documents.press import Press
from kaohe.documents.report_links import linkage_blocks
from kaohe.documents.year import Year
from kaohe.locale import Translate
from kaohe.locale.words import N_, SEPARATOR, flag_words, reason_words

NUMBERING = {"zh": ("一、", "（一）", "1．"), "en": ("1. ", "(a) ", "(i) ")}


def write_report(
    path: Path,
    scheme: Scheme,
    inputs: Inputs,
    outputs: Outputs,
    *,
    problems: Sequence[Problem] = (),
    translate: Translate = str,
    language: str = "zh",
    issuer: str = "",
    issued_on: date | None = None,
    press: Press | None = None,
) -> None:
    """Writes report.pdf.  The same rows give the same bytes on the same typefaces.

    Args:
        language: "zh" or "en", that of ``translate``.
        issuer: who issues it; left out: the committee's office, without the name of a place.
        issued_on: date of issue (成文日期); left out: blank, to be filled in by hand.
        press: a press to use again; by default a new one.

    Raises:
        FontMissing: there is no Chinese typeface on this machine.
        CharacterMissing: a name has a character that none of the typefaces has.

    Source: docs/rules/outputs.md, O-1; GB/T 9704-2012.
    """
    year = Year(scheme, inputs, outputs, problems, translate)
    data = {
        "lang": language,
        "numbering": list(NUMBERING[language]),
        "title": [
            translate(N_("Annual performance assessment of public institutions, {year}")).format(
                year=scheme.year
            ),
            translate(N_("report of results")),
        ],
        "blocks": list(_blocks(year)),
        "issuer": issuer or translate(N_("Office of the Assessment Committee")),
        "issued_on": _blank(translate) if issued_on is None else day_words(issued_on, translate),
    }
    (press or Press()).print(path, "report", data)


def _blank(translate: Translate) -> str:
    return translate(N_("(date of issue: ____________)"))


def _blocks(year: Year) -> Iterator[Block]:
    yield from _summary(year)
    yield heading(1, year.translate(N_("Ranking by group")))
    for group, rows in groups_of(year).items():
        yield from _ranking(year, group, rows)
    yield from _grades(year)
    yield from linkage_blocks(year)
    yield from _remarks(year)


def groups_of(year: Year) -> dict[str, list[Result]]:
    """The results of each group, by rank; groups by name.

    Source: docs/rules/grading.md, G-1.
    """
    found: dict[str, list[Result]] = {}
    for row in year.ranked():
        found.setdefault(row.group, []).append(row)
    return found


def _summary(year: Year) -> Iterator[Block]:
    translate, scheme = year.translate, year.scheme
    results = year.outputs.results
    count = {grade: sum(row.grade == grade for row in results) for grade in "ABC"}
    graded = sum(count.values())
    exempt = sum(row.composite is None for row in results)
    yield heading(1, translate(N_("Summary")))
    yield paragraph(
        translate(
            N_(
                "In {year}, {units} public institutions came under {title}: {graded} were assessed"
                " and graded, {ungraded} assessed without a grade, {exempt} exempt. They were"
                " ranked in {groups} groups; {a} are graded A, {b} B and {c} C."
            )
        ).format(
            year=scheme.year,
            units=len(results),
            title=scheme.title,
            graded=graded,
            ungraded=len(results) - graded - exempt,
            exempt=exempt,
            groups=len({row.group for row in results}),
            a=count["A"],
            b=count["B"],
            c=count["C"],
        )
    )
    yield paragraph(_method(year))
    columns = (
        Column(N_("group"), -1),
        Column(N_("ranked"), 13, "right"),
        Column(N_("A seats"), 15, "right"),
        *(Column(grade, 11, "right") for grade in "ABC"),
        Column(N_("highest"), 17, "right"),
        Column(N_("median"), 17, "right"),
        Column(N_("lowest"), 17, "right"),
    )
    groups = groups_of(year)
    rows = [_group_row(year, group, members) for group, members in groups.items()]
    yield table(columns, rows, translate)


def _method(year: Year) -> str:
    translate, scheme = year.translate, year.scheme
    text = translate(
        N_(
            "The composite is the mean of the common indicators, the individual indicators and"
            " social evaluation weighted {weights}, plus bonuses up to {bonus} and less extra"
            " deductions up to {deduction}, rounded half up to two digits. What is printed is"
            " what is ranked."
        )
    ).format(
        weights=_weights(scheme.weights_of("")),
        bonus=show_plain(scheme.bonus_cap),
        deduction=show_plain(scheme.deduction_cap),
    )
    own = [
        f"{group} {_weights(scheme.weights_of(group))}"
        for group in groups_of(year)
        if group in scheme.weights_by_group
    ]
    if own:
        others = translate(N_(" Weights of their own: {groups}."))
        text += others.format(groups=translate(SEPARATOR).join(own))
    return text


def _weights(weights: Sequence[int]) -> str:
    return ":".join(show_plain(weight) for weight in weights)


def _group_row(year: Year, group: str, members: Sequence[Result]) -> list[str | None]:
    scores = sorted(row.composite or 0 for row in members if row.rank is not None)
    size = len(scores)
    counts = [str(sum(row.grade == grade for row in members)) for grade in "ABC"]
    if not scores:
        return [group, "0", "0", *counts, None, None, None]
    median = half_up(scores[(size - 1) // 2] + scores[size // 2], 2)
    ends = [show_hundredths(value) for value in (scores[-1], median, scores[0])]
    return [group, str(size), str(seats(year.scheme.grading, size)), *counts, *ends]


NAMES = (Column(N_("group")), Column(N_("units"), 12, "right"), Column(N_("names"), -1))
WITHOUT = (
    Column(N_("group")),
    Column(N_("unit"), -1),
    Column(N_("status")),
    Column(N_("reason"), -1),
)
REASONED = (
    Column(N_("group")),
    Column(N_("unit"), -1),
    Column(N_("rank"), 10, "right"),
    Column(N_("total"), 15, "right"),
    Column(N_("reasons"), -1.4),
)
SPECIAL = (
    Column(N_("unit"), -1.2),
    Column(N_("kind"), 25),
    Column(N_("matter"), -1),
    Column(N_("points"), 11, "right"),
    Column(N_("document"), 38),
)
REMARKS = (Column(N_("group")), Column(N_("unit"), -1), Column(N_("remarks"), -2))
RANKING = (
    Column(N_("rank"), 10, "right"),
    Column(N_("unit"), -1),
    Column(N_("total"), 13, "right"),
    Column(N_("common"), 17.5, "right"),
    Column(N_("individual"), 17.5, "right"),
    Column(N_("tier"), 10, "center"),
    Column(N_("social"), 17.5, "right"),
    Column(N_("plus, minus"), 13, "right"),
    Column(N_("grade"), 12, "center"),
)


def _ranking(year: Year, group: str, members: Sequence[Result]) -> Iterator[Block]:
    translate = year.translate
    ranked = [row for row in members if row.rank is not None]
    given = [place for place, row in enumerate(ranked, 1) if row.grade == "A"]
    number = seats(year.scheme.grading, len(ranked))
    text = translate(
        N_("{ranked} units ranked, {seats} A seats, {given} given. Components by tier adjusted.")
    )
    text = text.format(ranked=len(ranked), seats=number, given=len(given))
    rows = [_ranking_row(year, row) for row in members if row.composite is not None]
    cut = given[-1] if given and given[-1] < len(rows) else None
    whole = table(RANKING, rows, translate, grade=8, strong=[2], cut=cut, size=9.5)
    yield from together([heading(2, group), note(text), whole], rows=len(rows))


def _ranking_row(year: Year, row: Result) -> list[str | None]:
    parts = [year.components[row.unit, part] for part in COMPONENTS]
    common, individual, social = (points(part.adjusted) for part in parts)
    return [
        None if row.rank is None else str(row.rank),
        row.name,
        composite(row.composite),
        common,
        individual,
        parts[1].tier,
        social,
        signed((row.bonus or 0) - (row.deduction or 0)),
        row.grade if row.grade != "none" else None,
    ]


def _grades(year: Year) -> Iterator[Block]:
    translate = year.translate
    yield heading(1, translate(N_("Grades")))
    yield heading(2, translate(N_("Grade A")))
    rows: list[list[str | None]] = []
    for group, members in groups_of(year).items():
        names = [row.name for row in members if row.grade == "A"]
        if names:
            rows.append([group, str(len(names)), listed(names, translate)])
    yield from _rows_or_none(year, NAMES, rows)
    yield heading(2, translate(N_("Grade C")))
    yield from _reasoned(year, [row for row in year.ranked() if row.grade == "C"])
    yield heading(2, translate(N_("At or above the minimum of grade A, and not graded A")))
    minimum = year.scheme.grading.a_minimum
    near = [
        row for row in year.ranked() if row.grade == "B" and (row.composite or 0) * 100 >= minimum
    ]
    yield from _reasoned(year, near)
    yield heading(2, translate(N_("Without a grade")))
    reasons = {unit.unit: unit.status_reason or "" for unit in year.inputs.units}
    rows = [
        [row.group, row.name, reason_words(row.reasons, translate), reasons[row.unit]]
        for row in year.ranked()
        if row.grade == "none"
    ]
    yield from _rows_or_none(year, WITHOUT, rows)


def _reasoned(year: Year, results: Sequence[Result]) -> Iterator[Block]:
    rows = [
        [
            row.group,
            row.name,
            None if row.rank is None else str(row.rank),
            composite(row.composite),
            reason_words(row.reasons, year.translate),
        ]
        for row in results
    ]
    yield from _rows_or_none(year, REASONED, rows)


def _rows_or_none(
    year: Year, columns: Sequence[Column], rows: Sequence[Sequence[str | None]]
) -> Iterator[Block]:
    if rows:
        yield table(columns, rows, year.translate, size=9.5)
    else:
        yield paragraph(year.translate(N_("None.")))


def _remarks(year: Year) -> Iterator[Block]:
    translate = year.translate
    yield heading(1, translate(N_("Grounds and remarks")))
    yield heading(2, translate(N_("Bonuses, extra deductions and special circumstances")))
    rows = [
        [
            year.names[row.unit],
            year.say("adjustment", row.kind),
            row.matter,
            None if row.points is None else show_plain(row.points),
            row.document,
        ]
        for row in sorted(year.inputs.adjustments)
    ]
    yield from _rows_or_none(year, SPECIAL, rows)
    yield heading(2, translate(N_("Remarks on results")))
    rows = [
        [row.group, row.name, flag_words(row.flags, translate)]
        for row in year.ranked()
        if row.flags
    ]
    yield from _rows_or_none(year, REMARKS, rows)
    text = N_(
        "{notices} notices on the folder of facts, and every item, event and response channel,"
        " stand in results.xlsx."
    )
    yield paragraph(translate(text).format(notices=len(year.problems)))
