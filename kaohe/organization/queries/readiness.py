"""How far a jurisdiction is organised: the stages from an empty installation to a governed city.

Nothing here is stored: a stage is done when what it asks for is there.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from kaohe.core.access import OF_DEPARTMENT, OF_UNIT, Role
from kaohe.core.problems import N_
from kaohe.organization.models import (
    Department,
    DocumentVersion,
    Jurisdiction,
    RoleAssignment,
    Seat,
    Tenure,
    Unit,
    UnitYear,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a stage asks for, and whether it is there: all of it, or some."""

    words: str
    done: bool
    some: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage with its steps; ``note`` is a message id with ``facts``; ``url``: its page."""

    code: str
    words: str
    steps: tuple[Step, ...]
    note: str
    facts: dict[str, int]
    url: str

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.done for step in self.steps)

    @property
    def state(self) -> str:
        """ "done", "run" or "todo"."""
        if self.done == len(self.steps):
            return "done"
        begun = self.done or any(step.some for step in self.steps)
        return "run" if begun else "todo"


def readiness(jurisdiction: Jurisdiction, today: date) -> list[Stage]:
    """The stages of a jurisdiction, in the order in which they are taken; ten queries."""
    return [
        _committee(jurisdiction, today),
        _document(jurisdiction, "work_rules", N_("Rules of work")),
        _document(jurisdiction, "measures", N_("Measures of assessment")),
        _departments(jurisdiction),
        _units(jurisdiction),
        _posts(jurisdiction, today),
        _accounts(jurisdiction, today),
        _snapshot(jurisdiction, today),
    ]


def _committee(place: Jurisdiction, today: date) -> Stage:
    found = (
        Seat.objects.filter(jurisdiction=place)
        .filter(Q(to_on__isnull=True) | Q(to_on__gte=today))
        .aggregate(seats=Count("id"), directors=Count("id", filter=Q(seat="director")))
    )
    return Stage(
        "committee",
        N_("Committee"),
        (
            Step(N_("director named"), found["directors"] > 0),
            Step(N_("members named"), found["seats"] - found["directors"] > 1),
        ),
        N_("seats: {seats}"),
        {"seats": found["seats"]},
        "web:committee",
    )


def _document(place: Jurisdiction, sort: str, words: str) -> Stage:
    states = set(
        DocumentVersion.objects.filter(document__jurisdiction=place, document__sort=sort)
        .values_list("state", flat=True)
        .distinct()
    )
    issued = bool(states & {"issued", "superseded"})
    approved = issued or "approved" in states
    steps = (
        Step(N_("drafted"), bool(states - {"withdrawn"})),
        Step(N_("approved"), approved),
        Step(N_("issued"), issued),
    )
    note = N_("in force") if "issued" in states else N_("not in force yet")
    return Stage(sort, words, steps, note, {}, "web:documents")


def _departments(place: Jurisdiction) -> Stage:
    found = Department.objects.filter(jurisdiction=place, closed_on__isnull=True).aggregate(
        charge=Count("id", filter=Q(in_charge=True)),
        members=Count("id", filter=~Q(member_part="")),
    )
    return Stage(
        "departments",
        N_("Departments"),
        (
            Step(N_("departments in charge entered"), found["charge"] > 0),
            Step(N_("member departments entered"), found["members"] > 0),
        ),
        N_("in charge: {charge}, members: {members}"),
        found,
        "web:departments",
    )


def _units(place: Jurisdiction) -> Stage:
    found = Unit.objects.filter(jurisdiction=place, closed_on__isnull=True).aggregate(
        units=Count("id"), bare=Count("id", filter=Q(code__isnull=True) | Q(code=""))
    )
    return Stage(
        "units",
        N_("Register of units"),
        (
            Step(N_("units entered"), found["units"] > 0),
            Step(N_("every unit has its code"), found["units"] > 0 and not found["bare"]),
        ),
        N_("units: {units}"),
        found,
        "web:units",
    )


def _posts(place: Jurisdiction, today: date) -> Stage:
    found = missing_posts(place, today)
    units = found["units"]
    return Stage(
        "posts",
        N_("People in post"),
        (
            _covered(N_("a principal everywhere"), units, units - found["principal"]),
            _covered(N_("a legal representative everywhere"), units, units - found["legal"]),
        ),
        N_("without principal: {principal}, without legal representative: {legal}"),
        found,
        "web:people",
    )


def _covered(words: str, wanted: int, there: int) -> Step:
    """A step that is done when all are covered, and begun when some are."""
    return Step(words, done=0 < wanted <= there, some=there > 0)


def missing_posts(place: Jurisdiction, today: date) -> dict[str, int]:
    """How many open units there are, and how many lack a principal or a legal representative."""

    def held(post: str) -> Exists:
        rows = Tenure.objects.filter(unit=OuterRef("pk"), post=post)
        return Exists(rows.filter(Q(to_on__isnull=True) | Q(to_on__gte=today)))

    rows = Unit.objects.filter(jurisdiction=place, closed_on__isnull=True).annotate(
        has_principal=held("principal"), has_legal=held("legal_representative")
    )
    return rows.aggregate(
        units=Count("id"),
        principal=Count("id", filter=Q(has_principal=False)),
        legal=Count("id", filter=Q(has_legal=False)),
    )


def _accounts(place: Jurisdiction, today: date) -> Stage:
    rows = RoleAssignment.objects.filter(jurisdiction=place, user__is_active=True).filter(
        Q(to_on__isnull=True) | Q(to_on__gte=today)
    )
    office = [Role.OFFICE_HEAD, Role.OFFICE_CHIEF, Role.OFFICE_CLERK]
    departments = Q(role__in=OF_DEPARTMENT, department__closed_on__isnull=True)
    units = Q(role__in=OF_UNIT, unit__closed_on__isnull=True)
    found = rows.aggregate(
        office=Count("id", filter=Q(role__in=office)),
        departments=Count("department", filter=departments, distinct=True),
        units=Count("unit", filter=units, distinct=True),
    )
    bodies = Department.objects.filter(jurisdiction=place, closed_on__isnull=True, in_charge=True)
    all_of = {
        "all_departments": bodies.count(),
        "all_units": Unit.objects.filter(jurisdiction=place, closed_on__isnull=True).count(),
    }
    return Stage(
        "accounts",
        N_("Accounts and roles"),
        (
            Step(N_("the office has accounts"), found["office"] > 0),
            _covered(
                N_("departments have accounts"), all_of["all_departments"], found["departments"]
            ),
            _covered(N_("units have accounts"), all_of["all_units"], found["units"]),
        ),
        N_("departments: {departments} of {all_departments}, units: {units} of {all_units}"),
        {**found, **all_of},
        "",
    )


def _snapshot(place: Jurisdiction, today: date) -> Stage:
    taken = UnitYear.objects.filter(jurisdiction=place, year__in=(today.year, today.year - 1))
    years = set(taken.values_list("year", flat=True).distinct())
    return Stage(
        "snapshot",
        N_("Snapshot of the year"),
        (Step(N_("taken for this year or the last"), bool(years)),),
        N_("taken") if years else N_("not taken yet"),
        {},
        "web:snapshots",
    )
