"""The chapter of the report on the use of results (四个挂钩): who, what, and on what ground."""

from collections.abc import Iterator, Sequence

from kaohe.core.rows import Linkage
from kaohe.documents.blocks import Block, Column, heading, listed, paragraph, table
from kaohe.documents.grounds import Grounds
from kaohe.documents.year import Year
from kaohe.locale.words import N_, SEPARATOR, reason_words

PERSONS = (
    Column(N_("unit"), -1),
    Column(N_("person"), 16),
    Column(N_("grounds"), -0.9),
    Column(N_("document"), 60),
)


class _Chapter:
    """The linkages of a year by measure, in the order of the rankings, with their grounds."""

    def __init__(self, year: Year) -> None:
        self.year = year
        self.grounds = Grounds(year.scheme, year.inputs, year.translate)
        self.results = {row.unit: row for row in year.ranked()}
        place = {unit: number for number, unit in enumerate(self.results)}
        self.by_measure: dict[str, list[Linkage]] = {}
        for row in sorted(year.outputs.linkages, key=lambda row: (place[row.unit], row)):
            self.by_measure.setdefault(row.measure, []).append(row)

    def of(self, *measures: str) -> list[Linkage]:
        return [row for measure in measures for row in self.by_measure.get(measure, [])]

    def grade(self, unit: str) -> str:
        return self.results[unit].grade

    def persons(self, *measures: str) -> Iterator[Block]:
        """A table of persons; one whom somebody has yet to decide on is said to be so."""
        rows = []
        for row in self.of(*measures):
            ground = self.grounds.of(row, self.grade(row.unit))
            person = row.person or self.year.translate(N_("to be decided"))
            rows.append([self.year.names[row.unit], person, ground.words, ground.documents])
        documented = any(row[3] for row in rows)
        columns = PERSONS if documented else PERSONS[:3]
        rows = [row[: len(columns)] for row in rows]
        yield from self.table(columns, rows, size=9.5)

    def warnings(self) -> Iterator[Block]:
        """The units that are warned, with the reasons of their grade."""
        rows = []
        for row in self.of("warning"):
            ground = self.grounds.of(row, self.grade(row.unit))
            reasons = reason_words(self.results[row.unit].reasons, self.year.translate)
            why = self.year.translate(SEPARATOR).join(filter(None, [reasons, ground.words]))
            rows.append([self.year.names[row.unit], why, ground.documents])
        columns = (
            Column(N_("unit"), -1),
            Column(N_("reasons"), -1.6),
            Column(N_("document"), 40),
        )
        yield from self.table(columns, rows, size=9.5)

    def names(self, measure: str) -> Iterator[Block]:
        """Names of units, group by group."""
        groups: dict[str, list[str]] = {}
        for row in self.of(measure):
            result = self.results[row.unit]
            groups.setdefault(result.group, []).append(result.name)
        columns = (
            Column(N_("group")),
            Column(N_("units"), 12, "right"),
            Column(N_("names"), -1),
        )
        translate = self.year.translate
        rows = [[g, str(len(names)), listed(names, translate)] for g, names in groups.items()]
        yield from self.table(columns, rows)

    def quotas(self) -> Iterator[Block]:
        """How many may be graded excellent in each unit, with the arithmetic."""
        rows = []
        for row in self.of("excellent-quota"):
            grade = self.grade(row.unit)
            words = self.grounds.of(row, grade).words
            rows.append([self.results[row.unit].group, self.year.names[row.unit], grade, words,
                         str(row.amount)])  # fmt: skip
        columns = (
            Column(N_("group")),
            Column(N_("unit"), -1),
            Column(N_("grade"), 12, "center"),
            Column(N_("arithmetic"), 60),
            Column(N_("quota"), 13, "right"),
        )
        yield from self.table(columns, rows, grade=2, size=9.5)

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str | None]],
        *,
        grade: int = -1,
        size: float = 10.5,
    ) -> Iterator[Block]:
        if rows:
            yield table(columns, rows, self.year.translate, grade=grade, size=size)
        else:
            yield paragraph(self.year.translate(N_("None.")))


def linkage_blocks(year: Year) -> Iterator[Block]:
    """The chapter: proposals to be executed by those in charge, link by link.

    Source: docs/rules/linkages.md, L-1 to L-7.
    """
    translate = year.translate
    chapter = _Chapter(year)
    yield heading(1, translate(N_("Use of results")))
    text = N_("These are proposals; those in charge of each matter decide and execute them.")
    yield paragraph(translate(text))
    yield heading(2, translate(N_("Honours")))
    yield from _honours(year, chapter)
    yield heading(2, translate(N_("Use of cadres")))
    rules = year.scheme.linkages
    text = translate(N_("First for promotion under equal conditions: {years} years of A in a run"))
    yield heading(3, text.format(years=rules.a_streak))
    yield from chapter.persons("promotion-priority")
    text = translate(N_("Demotion, removal or dismissal proposed: {years} years of C in a run"))
    yield heading(3, text.format(years=rules.c_streak))
    yield from chapter.persons("removal-proposal", "removal-decision")
    yield heading(2, translate(N_("Funding")))
    yield heading(3, translate(N_("Standard of per-pupil public funds raised")))
    yield from chapter.names("per-pupil-standard-up")
    yield heading(3, translate(N_("Ratio of guaranteed appropriation raised")))
    yield from chapter.names("appropriation-ratio-up")
    yield heading(2, translate(N_("Staffing posts: priority in adjusting and using them")))
    yield from chapter.names("staffing-priority")


def _honours(year: Year, chapter: _Chapter) -> Iterator[Block]:
    translate = year.translate
    yield heading(3, translate(N_("Commendation and certificate")))
    count = len(chapter.of("commendation"))
    text = N_(
        "The {count} units graded A are commended at the city's meeting and awarded the"
        " certificate of an advanced unit."
    )
    yield paragraph(translate(text).format(count=count) if count else translate(N_("None.")))
    yield heading(3, translate(N_("Principals graded excellent for the year")))
    yield from chapter.persons("principal-excellent", "principal-decision")
    yield heading(3, translate(N_("Units that are warned")))
    yield from chapter.warnings()
    yield heading(3, translate(N_("Persons without part in this year's honours")))
    yield from chapter.persons("barred-from-honours")
    yield heading(3, translate(N_("Quota of staff who may be graded excellent")))
    yield from chapter.quotas()
