"""Reading targets: whose stand where, what is asked of a unit, and its three years beside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet

from kaohe.core.access import Verb
from kaohe.core.indicator_trees import sheet_from
from kaohe.core.indicators import Indicator, Node, Plan, Values
from kaohe.core.part_path import Sort
from kaohe.core.past import Past, PastValue
from kaohe.core.target_easing import is_below
from kaohe.core.target_values import Asked, asked_of, with_own, with_stood
from kaohe.indicators.models import AssessmentYear, Participant, PartVersion, TargetTable
from kaohe.indicators.queries.parts import in_force, open_version, part_of, plan_in
from kaohe.indicators.queries.past_years import past_of
from kaohe.organization.models import Department, User
from kaohe.organization.queries.access import one, visible

STOOD = "stood"  # where a declaration keeps what the scheme said before it
PEOPLE = ("declared_by", "reviewed_by", "finalised_by")


def all_tables(user: User, verb: Verb = Verb.SHEET_READ) -> QuerySet[TargetTable]:
    """The targets of all years to which a user may do ``verb``."""
    rows = visible(
        user,
        verb,
        TargetTable.objects.all(),
        department="participant__department",
        unit="participant__unit",
    )
    return rows.select_related(
        "jurisdiction",
        "participant__jurisdiction",
        "participant__assessment_year",
        "participant__department",
        "participant__unit",
        *PEOPLE,
    )


def tables_of(
    user: User, year: AssessmentYear, verb: Verb = Verb.SHEET_READ
) -> QuerySet[TargetTable]:
    """The targets of a year to which a user may do ``verb``."""
    return all_tables(user, verb).filter(participant__assessment_year=year)


def get_table(user: User, key: int, verb: Verb = Verb.SHEET_READ) -> TargetTable:
    """The targets of a unit to which a user may do ``verb``.

    Raises:
        NothingHere: there are none.
    """
    return one(all_tables(user, verb), key)


def table_of(participant: Participant) -> TargetTable | None:
    """The targets of a unit, if their declaration was opened."""
    rows = TargetTable.objects.filter(participant=participant).select_related(
        "participant__assessment_year", "participant__department", "jurisdiction", *PEOPLE
    )
    return rows.first()


def counts_by_state(rows: QuerySet[TargetTable]) -> dict[str, int]:
    """How many tables stand where."""
    found = rows.order_by().values("state").annotate(n=Count("pk"))
    return {each["state"]: each["n"] for each in found}


def draft_for(year: AssessmentYear, department: Department | None) -> PartVersion | None:
    """The version of a department's scheme that is under way."""
    part = part_of(year, Sort.DEPARTMENT, department.pk) if department else None
    return open_version(part) if part else None


def scheme_for(year: AssessmentYear, department: Department | None) -> PartVersion | None:
    """The version under way, else the one in force."""
    part = part_of(year, Sort.DEPARTMENT, department.pk) if department else None
    return (open_version(part) or in_force(part)) if part else None


def last_actual(past: Past, unit: str, indicator: Indicator) -> PastValue | None:
    """What was measured of a unit in the latest year that has a value, by the indicator's name.

    Source: docs/rules/targets.md, TA-4.
    """
    rows = past.values(unit, indicator.name)
    return next((each for each in rows if each.value is not None), None)


def with_past(asked: Iterable[Asked], past: Past, unit: str) -> list[Asked]:
    """What is asked of a unit, with what was measured of it in the latest year with a value."""
    found = []
    for each in asked:
        last = last_actual(past, unit, each.indicator)
        known = (last.value, last.year) if last else (None, None)
        found.append(replace(each, actual=known[0], actual_year=known[1]))
    return found


def stood_before(table: TargetTable) -> Mapping[str, Values]:
    """What the draft of the scheme said when a unit declared; nothing before its declaration."""
    return sheet_from(table.declared.get(STOOD, {})).values


def asked_in(plan: Plan, past: Past, table: TargetTable) -> list[Asked]:
    """What a plan asks of the unit of a table, with what stood before and the latest year."""
    unit = table.participant.code
    return with_stood(with_past(asked_of(plan, unit), past, unit), stood_before(table))


def asked_for(
    table: TargetTable, version: PartVersion | None, past: Past | None = None
) -> list[Asked]:
    """What a version of the scheme asks of a unit; nothing, where it has no sheet for it."""
    if version is None:
        return []
    plan, participant = plan_in(version), table.participant
    if participant.code not in plan.sheets:
        return []
    return asked_in(plan, past_for(participant) if past is None else past, table)


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One indicator of a table, as it is shown and printed.

    ``history``: earlier years, latest first; ``declared``: None where the unit has entered nothing
    yet; ``agreed``: what stands now; ``stood``: what the scheme said before; ``easier``: the names
    of the values that are easier than that.
    """

    indicator: Indicator
    fields: tuple[str, ...]
    history: Sequence[PastValue]
    actual: int | None
    declared: Values | None
    agreed: Values
    nodes: Sequence[Node]
    declared_nodes: Sequence[Node]
    stood: Values
    easier: Sequence[str]
    actual_year: int | None

    @property
    def is_below(self) -> bool:
        """Whether it asks less of the unit than was measured in the latest year with a value."""
        return is_below(self.indicator, self.agreed, self.actual)

    @property
    def is_amended(self) -> bool:
        """Whether the department changed what the unit declared."""
        moved = bool(self.declared_nodes) and list(self.declared_nodes) != list(self.nodes)
        return moved or (self.declared is not None and self.declared != self.agreed)


def target_lines(table: TargetTable, version: PartVersion | None = None) -> list[TargetLine]:
    """The lines of a unit's targets, in the order of its sheet.

    Args:
        version: of the department's scheme; None: the one under way, else the one in force.
    """
    participant = table.participant
    if version is None:
        version = scheme_for(participant.assessment_year, participant.department)
    past = past_for(participant)
    return lines_from(asked_for(table, version, past), table, past)


def lines_from(asked: Iterable[Asked], table: TargetTable, past: Past) -> list[TargetLine]:
    """The same from what is asked, with the history beside."""
    rows = list(asked)
    unit = table.participant.code
    declared = sheet_from(table.declared)
    return [
        TargetLine(
            each.indicator,
            each.fields,
            past.values(unit, each.indicator.name),
            each.actual,
            declared.values.get(each.indicator.item),
            each.values,
            each.nodes,
            declared.nodes.get(each.indicator.item, ()),
            each.stood,
            each.easier,
            each.actual_year,
        )
        for each in with_own(rows, sheet_from(table.content))
    ]


def past_for(participant: Participant) -> Past:
    """What the three years before say of a unit."""
    return past_of(participant.jurisdiction, participant.assessment_year.year)


def departments_in(rows: QuerySet[TargetTable]) -> list[tuple[int, str]]:
    """The departments of some tables, with their names: what a list can be narrowed by."""
    found = rows.order_by("participant__department_name").values_list(
        "participant__department", "participant__department_name"
    )
    return [(key, name) for key, name in found.distinct() if key is not None]


def drafts_to_open(user: User, year: AssessmentYear) -> list[tuple[PartVersion, int]]:
    """The drafts of schemes for whose units a user may open the declaration, with how many wait."""
    drafts = PartVersion.objects.filter(
        part__assessment_year=year, part__sort=Sort.DEPARTMENT, state__in=["draft", "returned"]
    )
    seen = visible(user, Verb.TARGET_REVIEW, drafts, department="part__department")
    waiting = set(
        Participant.objects.filter(assessment_year=year, targets__isnull=True)
        .exclude(status="exempt")
        .values_list("department", "code")
    )
    found = []
    for version in seen.select_related("part__department", "jurisdiction"):
        sheets = version.content.get("sheets", ())
        if count := sum((version.part.department_id, code) in waiting for code in sheets):
            found.append((version, count))
    return found
