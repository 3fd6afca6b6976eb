"""Reading adjustments of targets: of a year, of a unit, and what the sheet in force can change."""

from django.db.models import QuerySet

from kaohe.core.access import Verb
from kaohe.core.indicator_trees import indicator_from, sheet_from
from kaohe.core.indicators import Plan
from kaohe.core.target_path import ADJUSTMENT_OPEN
from kaohe.core.target_values import Asked, Change, adjusted, asked_of, changed_sheet
from kaohe.indicators.models import Adjustment, AssessmentYear, Participant, Sheet
from kaohe.indicators.queries.targets import past_for, with_past
from kaohe.organization.models import User
from kaohe.organization.queries.access import one, visible

PEOPLE = ("proposed_by", "reviewed_by", "finalised_by")


def all_adjustments(user: User, verb: Verb = Verb.SHEET_READ) -> QuerySet[Adjustment]:
    """The adjustments of all years to which a user may do ``verb``, latest first."""
    rows = visible(
        user,
        verb,
        Adjustment.objects.all(),
        department="participant__department",
        unit="participant__unit",
    )
    return rows.select_related(
        "jurisdiction",
        "participant__jurisdiction",
        "participant__assessment_year",
        "participant__department",
        "participant__unit",
        "sheet",
        "made",
        *PEOPLE,
    )


def adjustments_of(
    user: User, year: AssessmentYear, verb: Verb = Verb.SHEET_READ
) -> QuerySet[Adjustment]:
    """The adjustments of a year to which a user may do ``verb``, latest first."""
    return all_adjustments(user, verb).filter(participant__assessment_year=year)


def adjustments_of_unit(user: User, participant: Participant) -> QuerySet[Adjustment]:
    """The adjustments of a unit that a user may see, latest first."""
    return all_adjustments(user).filter(participant=participant)


def get_adjustment(user: User, key: int, verb: Verb = Verb.SHEET_READ) -> Adjustment:
    """An adjustment to which a user may do ``verb``.

    Raises:
        NothingHere: there is none.
    """
    return one(all_adjustments(user, verb), key)


def sheet_in_force(participant: Participant) -> Sheet | None:
    """The sheet of a unit that is issued."""
    rows = Sheet.objects.filter(participant=participant, state="issued")
    return rows.select_related("scheme_version__part", "template_version").first()


def plan_of_sheet(sheet: Sheet, unit: str) -> Plan:
    """A sheet as the plan of its one unit."""
    indicators = tuple(indicator_from(each) for each in sheet.content["indicators"])
    return Plan("", indicators, {unit: sheet_from(sheet.content["sheet"])})


def adjustable(sheet: Sheet, unit: str) -> list[Asked]:
    """The values and days of a sheet that an adjustment may change."""
    return asked_of(plan_of_sheet(sheet, unit), unit)


def changes_in(adjustment: Adjustment) -> list[Change]:
    """What an adjustment changes."""
    return [Change(**each) for each in adjustment.changes]


def adjusted_by(adjustment: Adjustment) -> list[Asked]:
    """What its sheet asks once it is adjusted, with what stood there and the latest year."""
    unit, sheet = adjustment.participant, adjustment.sheet
    after = changed_sheet(sheet_from(sheet.content["sheet"]), changes_in(adjustment))
    asked = adjusted(adjustable(sheet, unit.code), after)
    return with_past(asked, past_for(unit), unit.code)


def open_adjustment(participant: Participant) -> Adjustment | None:
    """The adjustment of a unit that is not decided yet; there is at most one."""
    return participant.adjustments.filter(state__in=sorted(ADJUSTMENT_OPEN)).first()
