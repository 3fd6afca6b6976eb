"""What of a year waits for a person: steps that they are responsible for, proposals to answer."""

from datetime import date, timedelta

from kaohe.core.access import Verb
from kaohe.core.problems import N_
from kaohe.indicators.models import AssessmentYear, ParticipantChange
from kaohe.indicators.queries.journey import StepState, steps_for
from kaohe.indicators.queries.years import years_of
from kaohe.organization.models import Jurisdiction, User
from kaohe.organization.queries.access import allows
from kaohe.organization.queries.desk_lines import Task

LONG = timedelta(days=60)  # a step that goes on for longer is no line of the desk yet


def tasks_of_years(user: User, place: Jurisdiction | None, today: date) -> list[Task]:
    """What the open years of a jurisdiction bring to a desk."""
    if place is None:
        return []
    years = years_of(user, place).filter(state="open")
    return [task for year in years for task in year_tasks(user, year, today)]


def year_tasks(user: User, year: AssessmentYear, today: date) -> list[Task]:
    """The lines of a desk that come from a year's calendar and from proposals about its units."""
    if year.state != "open":
        return []
    steps = [each for each in steps_for(user, year, today) if each.row.ends_on <= today + LONG]
    return [*(_step_task(each) for each in steps), *_changes(user, year)]


def _step_task(state: StepState) -> Task:
    return Task(
        kind=N_("Calendar"),
        title=N_("{year}: {step}"),
        facts={"year": state.row.assessment_year.year, "step": state.step.words},
        words=frozenset({"step"}),
        deed=N_("See the step"),
        url="web:step",
        key=state.row.pk,
        due_on=state.row.ends_on,
    )


def _changes(user: User, year: AssessmentYear) -> list[Task]:
    if not allows(user, Verb.YEAR_APPROVE, year):
        return []
    rows = ParticipantChange.objects.filter(
        participant__assessment_year=year, state="proposed"
    ).exclude(proposed_by=user)
    return [
        Task(
            kind=N_("Units in the year"),
            title=N_("{unit}: change of {field}"),
            facts={
                "unit": row.participant.name,
                "field": N_("group") if row.field == "group" else N_("status"),
            },
            words=frozenset({"field"}),
            deed=N_("Review"),
            url="web:change",
            key=row.pk,
        )
        for row in rows.select_related("participant").order_by("proposed_at")
    ]
