"""What has become of units, and what would: the plan of a deed with all that follows from it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from kaohe.core.access import Verb
from kaohe.core.errors import Invalid
from kaohe.core.linkages import Past
from kaohe.core.problems import N_
from kaohe.core.register import normal_code
from kaohe.core.scheme import Linkages
from kaohe.core.successions import (
    Deed,
    Form,
    Ground,
    Newcomer,
    Plan,
    Standing,
    StreakEffect,
    Terms,
    plan,
    streak_effect,
)
from kaohe.core.texts import clean, fold
from kaohe.organization.models import (
    Affiliation,
    Department,
    Jurisdiction,
    PastGrade,
    RoleAssignment,
    Succession,
    Tenure,
    Unit,
    UnitName,
    UnitYear,
    User,
)
from kaohe.organization.queries.access import NothingHere, visible, visible_units

FOUND = 30  # units that a search shows
_TAKEN_OVER = ("category", "funding", "funding_basis", "level", "sector", "group", "registrar")


class DayInFuture(Invalid):
    """A deed that is not in force yet."""

    code = "succession.day-in-future"
    sentence = N_(
        "The register says what holds today, and {day} has not come yet. Enter this on that day or"
        " later; if the day is mistyped, correct it."
    )
    field = "day"


class CodeMissing(Invalid):
    """A new unit without a code."""

    code = "succession.code-missing"
    sentence = N_("Enter the unified social credit code of each new unit.")
    field = "code"


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that is to begin; without a department it has that of the first unit."""

    name: str
    code: str
    department: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A deed as a person gives it: units and departments by key."""

    deed: Deed
    units: tuple[int, ...]
    day: date
    document: str = ""
    note: str = ""
    name: str = ""
    code: str = ""
    department: int | None = None
    form: Form | None = None
    survivor: int | None = None
    newcomers: tuple[NewUnit, ...] = ()
    continues: bool = True


@dataclass(slots=True)
class Outlook:
    """What follows from a deed: the plan, and what it means for grades, posts and accounts."""

    plan: Plan
    units: dict[str, Unit]  # by the key that the plan uses
    departments: dict[str, Department]
    effects: list[StreakEffect]
    numbers: list[tuple[Department, int, int]] = field(default_factory=list)  # before, after
    posts: int = 0  # that end with the units
    accounts: int = 0  # that have a role in a unit that ends
    snapshots: list[int] = field(default_factory=list)  # years whose snapshot shows the old state
    taken_over: dict[str, str] = field(default_factory=dict)  # facts that new units get

    def name_of(self, key: str) -> str:
        """What a unit of the plan is called, the new ones too."""
        if key in self.units:
            return self.units[key].name
        new = next((each for each in self.plan.openings if each.unit == key), None)
        if new is not None:
            return new.name
        old = next((each.old for each in self.plan.recodings if each.new == key), "")
        return self.units[old].name if old else key


def key_of(unit: Unit) -> str:
    """How a plan names a unit: by its code, or by its number where it has none."""
    return unit.code or f"#{unit.pk}"


def successions_of(user: User, jurisdiction: Jurisdiction) -> QuerySet[Succession]:
    """What has become of units, as far as a user may see the units."""
    rows = Succession.objects.filter(jurisdiction=jurisdiction)
    seen = visible(
        user, Verb.UNIT_READ, rows, department="unit__department", unit="unit"
    ) | visible(
        user, Verb.UNIT_READ, rows, department="predecessor__department", unit="predecessor"
    )
    return seen.select_related("unit", "predecessor").distinct()


def units_to_choose(user: User, jurisdiction: Jurisdiction, text: str) -> list[Unit]:
    """Open units that a text finds, of those that the user may do something to."""
    wanted = fold(text)
    if not wanted:
        return []
    names = UnitName.objects.filter(folded__contains=wanted).values("unit")
    rows = visible_units(user, Verb.UNIT_SUCCEED).filter(
        Q(pk__in=names) | Q(code__istartswith=normal_code(text)),
        jurisdiction=jurisdiction,
        closed_on__isnull=True,
    )
    return list(rows.order_by("name")[:FOUND])


def chosen_units(user: User, jurisdiction: Jurisdiction, keys: Iterable[int]) -> list[Unit]:
    """The units that were chosen, in the order of the choice.

    Raises:
        NothingHere: one of them is not there for the user.
    """
    wanted = list(dict.fromkeys(keys))
    rows = visible_units(user, Verb.UNIT_SUCCEED).filter(jurisdiction=jurisdiction)
    found = rows.in_bulk(wanted[:100])
    if len(found) < len(wanted):
        raise NothingHere
    return [found[key] for key in wanted]


def planned(
    asked: Asked, units: Sequence[Unit], departments: Mapping[str, Department], today: date
) -> Plan:
    """The plan of a deed.

    Args:
        departments: those that are open, by key as text.

    Raises:
        DayInFuture, CodeMissing, and the refusals of ``core.successions``.
    """
    if asked.day > today:
        raise DayInFuture(day=f"{asked.day:%Y.%m.%d}")
    newcomers = tuple(
        Newcomer(normal_code(new.code), clean(new.name), _text(new.department))
        for new in asked.newcomers
    )
    if any(not new.code for new in newcomers):
        raise CodeMissing
    survivor = next((key_of(unit) for unit in units if unit.pk == asked.survivor), "")
    terms = Terms(
        day=asked.day,
        name=asked.name,
        code=normal_code(asked.code),
        department=_text(asked.department),
        form=asked.form,
        survivor=survivor,
        newcomers=newcomers,
        continues=asked.continues,
    )
    for each in (terms.department, *(new.department for new in newcomers)):
        if each and each not in departments:
            raise NothingHere
    return plan(asked.deed, _standings(units), terms, _ground(units, terms))


def _text(key: int | None) -> str:
    return "" if key is None else str(key)


def _standings(units: Sequence[Unit]) -> list[Standing]:
    """The units as they stand, with the day of their last change of name or department."""
    keys = [unit.pk for unit in units]
    since: dict[int, date] = {}
    names = UnitName.objects.filter(unit__in=keys, kind="name", to_on__isnull=True)
    places = Affiliation.objects.filter(unit__in=keys, to_on__isnull=True)
    begun = [*names.values_list("unit_id", "from_on"), *places.values_list("unit_id", "from_on")]
    for unit, day in begun:
        if day is not None:
            since[unit] = max(since.get(unit, day), day)
    return [
        Standing(
            key_of(unit),
            unit.name,
            str(unit.department_id),
            unit.opened_on or date.min,
            since.get(unit.pk),
            unit.closed_on,
        )
        for unit in units
    ]


def _ground(units: Sequence[Unit], terms: Terms) -> Ground:
    """Codes that are or were in use, and names of open units, of those that the deed would give."""
    codes = [code for code in (terms.code, *(new.code for new in terms.newcomers)) if code]
    used = set(Unit.objects.filter(code__in=codes).values_list("code", flat=True))
    former = Succession.objects.filter(kind="continuation", predecessor_code__in=codes)
    used |= set(former.values_list("predecessor_code", flat=True))
    wanted = [fold(name)[:120] for name in (terms.name, *(new.name for new in terms.newcomers))]
    rows = UnitName.objects.filter(
        unit__jurisdiction=units[0].jurisdiction if units else None,
        unit__closed_on__isnull=True,
        kind="name",
        to_on__isnull=True,
        folded__in=[name for name in wanted if name],
    ).select_related("unit")
    names = {row.name: key_of(row.unit) for row in rows if row.name == row.unit.name}
    return Ground(codes={code for code in used if code}, names=names)


def outlook(asked: Asked, units: Sequence[Unit], today: date) -> Outlook:
    """All that would follow from a deed; nothing is changed.

    Raises:
        DayInFuture, CodeMissing, and the refusals of ``core.successions``.
    """
    departments = open_departments_by_key(units)
    made = planned(asked, units, departments, today)
    by_key = {key_of(unit): unit for unit in units}
    found = Outlook(made, by_key, departments, streak_effect(made, _past(units), Linkages()))
    ending = [by_key[closing.unit].pk for closing in made.closings]
    found.posts = Tenure.objects.filter(unit__in=ending, to_on__isnull=True).count()
    roles = RoleAssignment.objects.filter(unit__in=ending).filter(
        Q(to_on__isnull=True) | Q(to_on__gt=today)
    )
    found.accounts = roles.values("user").distinct().count()
    years = UnitYear.objects.filter(unit__in=[unit.pk for unit in units], on__gte=asked.day)
    found.snapshots = sorted(set(years.values_list("year", flat=True)))
    found.numbers = _numbers(made, by_key, departments)
    if made.openings:
        found.taken_over = shared_facts(units)
    return found


def open_departments_by_key(units: Sequence[Unit]) -> dict[str, Department]:
    """The open departments of the place of the units, by key as text."""
    places = {unit.jurisdiction_id for unit in units}
    rows = Department.objects.filter(jurisdiction__in=places, closed_on__isnull=True)
    return {str(row.pk): row for row in rows}


def shared_facts(units: Sequence[Unit]) -> dict[str, str]:
    """What all of the units have in common and a unit that follows them takes over."""
    found = {}
    for name in _TAKEN_OVER:
        values = {getattr(unit, name) for unit in units}
        if len(values) == 1 and (value := values.pop()):
            found[name] = value
    return found


def _past(units: Sequence[Unit]) -> Past:
    """Grades of earlier years, kept under the code that the unit has today."""
    keys = {unit.pk: key_of(unit) for unit in units}
    rows = PastGrade.objects.filter(unit__in=keys).values_list("unit_id", "year", "grade")
    return Past({(keys[unit], year): grade for unit, year, grade in rows}, {})


def _numbers(
    made: Plan, units: Mapping[str, Unit], departments: Mapping[str, Department]
) -> list[tuple[Department, int, int]]:
    """How many open units each department has before and after, where that changes."""
    change: Counter[str] = Counter()
    for ends in made.affiliations_end:
        change[ends.value] -= 1
    for begins in made.affiliations_begin:
        change[begins.value] += 1
    touched = [key for key, number in change.items() if number and key in departments]
    keys = [departments[key].pk for key in touched]
    rows = Unit.objects.filter(department__in=keys, closed_on__isnull=True)
    counts = Counter(str(key) for key in rows.values_list("department_id", flat=True))
    return [(departments[key], counts[key], counts[key] + change[key]) for key in touched]
