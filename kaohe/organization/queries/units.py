"""Reading the register of units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.linkages import Past, run_of_years
from kaohe.core.problems import Problem
from kaohe.core.register import FIELDS, Known, normal_code, read_rows
from kaohe.core.register_fields import NEEDED_FOR_YEAR
from kaohe.core.scheme import Linkages
from kaohe.core.texts import fold
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import (
    Department,
    Jurisdiction,
    PastGrade,
    Succession,
    Tenure,
    Unit,
    UnitName,
    User,
)
from kaohe.organization.queries.access import one, visible, visible_units
from kaohe.organization.queries.as_of import holds_on

_NOT_IN_LINES = (
    *("sponsor", "leader_posts", "leaders_filled", "temporary_staff", "purpose", "start_up"),
    *("address", "registrar", "cert_from"),
)
LEADING = ("principal", "legal_representative", "contact")
SOON, NEAR = 60, 30  # calendar days before a certificate ends


def units_of(user: User, jurisdiction: Jurisdiction) -> QuerySet[Unit]:
    """The units of a jurisdiction that a user may see."""
    rows = visible_units(user).filter(jurisdiction=jurisdiction)
    return rows.select_related(None).select_related("department")


def with_leaders(rows: QuerySet[Unit]) -> QuerySet[Unit]:
    """The units with who leads them today, as ``unit.leading``; read for what is shown only."""
    return rows.prefetch_related(leading_on(timezone.localdate(), LEADING[:2]))


def as_lines(rows: QuerySet[Unit]) -> QuerySet[Unit]:
    """The units with what a long list says of them, in one query and without objects behind:
    ``department_name``, ``jurisdiction_code``, and the names ``principal`` and
    ``legal_representative`` of who leads them today."""
    today = Tenure.objects.filter(holds_on(timezone.localdate()), unit=OuterRef("pk"))
    names = {
        post: Subquery(today.filter(post=post).order_by("id").values("person__name")[:1])
        for post in LEADING[:2]
    }
    rows = rows.select_related(None).defer(*_NOT_IN_LINES)
    return rows.annotate(
        department_name=F("department__name"), jurisdiction_code=F("jurisdiction__code"), **names
    )


def leading_on(day: date, posts: Sequence[str] = LEADING) -> Prefetch[str]:
    """Principals, legal representatives and contacts of units on a day, as ``unit.leading``."""
    rows = Tenure.objects.filter(holds_on(day), post__in=posts).select_related("person")
    return Prefetch("tenures", queryset=rows, to_attr="leading")


def with_names(rows: QuerySet[Unit]) -> QuerySet[Unit]:
    """The units with all their names, as ``unit.all_names``, and who leads them; for an export."""
    return rows.prefetch_related(
        Prefetch("names", queryset=UnitName.objects.order_by("id"), to_attr="all_names"),
        leading_on(timezone.localdate()),
    )


def get_unit(user: User, key: int) -> Unit:
    """A unit that a user may see.

    Raises:
        NothingHere: there is none.
    """
    rows = visible_units(user).prefetch_related(leading_on(timezone.localdate()))
    return one(rows, key)


def found_by(rows: QuerySet[Unit], text: str) -> QuerySet[Unit]:
    """The units that a text finds: by a present or former name, a short name, a plate, the code."""
    named = UnitName.objects.filter(folded__contains=fold(text)).values("unit")
    code = normal_code(text)
    by_code = Q(code__contains=code) if len(code) > 2 and code.isascii() else Q()
    return rows.filter(Q(pk__in=named) | by_code if by_code else Q(pk__in=named))


def with_certificate(rows: QuerySet[Unit]) -> QuerySet[Unit]:
    """The units that need a certificate: one that is closed or deregistered does not."""
    return rows.filter(closed_on__isnull=True).exclude(status__in=("deregistered", "revoked"))


def by_certificate(rows: QuerySet[Unit], state: str, today: date) -> QuerySet[Unit]:
    """The units whose certificate is in a state: expired, near, soon, none."""
    open_ones = with_certificate(rows)
    if state == "none":
        return open_ones.filter(cert_to__isnull=True)
    if state == "expired":
        return open_ones.filter(cert_to__lt=today)
    last = today + timedelta(days=NEAR if state == "near" else SOON)
    return open_ones.filter(cert_to__gte=today, cert_to__lte=last)


def over_establishment(rows: QuerySet[Unit]) -> QuerySet[Unit]:
    """The units with more posts filled than approved."""
    return rows.filter(posts_filled__gt=F("posts_approved"))


def without_leaders(rows: QuerySet[Unit]) -> QuerySet[Unit]:
    """The open units that have no principal, or no legal representative, today."""
    held = Tenure.objects.filter(holds_on(timezone.localdate()), unit=OuterRef("pk"))
    both = [Exists(held.filter(post=post)) for post in ("principal", "legal_representative")]
    return rows.filter(closed_on__isnull=True).exclude(both[0] & both[1])


def groups_of(rows: QuerySet[Unit]) -> list[str]:
    """The groups that occur among some units."""
    found = rows.exclude(group="").order_by("group").values_list("group", flat=True).distinct()
    return list(found)


def departments_with_units(user: User, jurisdiction: Jurisdiction) -> QuerySet[Department]:
    """The departments of the units that a user may see there."""
    units = visible_units(user).filter(jurisdiction=jurisdiction, department=OuterRef("pk"))
    return Department.objects.filter(Exists(units.order_by()), jurisdiction=jurisdiction)


def departments_to_manage(user: User, jurisdiction: Jurisdiction) -> QuerySet[Department]:
    """The open departments under which a user may enter a unit."""
    rows = Department.objects.filter(
        jurisdiction=jurisdiction, closed_on__isnull=True, in_charge=True
    )
    return visible(user, Verb.UNIT_MANAGE, rows, department="pk")


def department_to_manage(user: User, key: int) -> Department:
    """A department under which a user may enter a unit.

    Raises:
        NothingHere: there is none of this key.
    """
    rows = Department.objects.select_related("jurisdiction")
    return one(visible(user, Verb.UNIT_MANAGE, rows, department="pk"), key)


@dataclass(frozen=True, slots=True)
class Streak:
    """How many years in a row a unit has had one grade, up to the last year known."""

    grade: str
    years: tuple[int, ...]  # latest first


def grades_of(unit: Unit) -> list[PastGrade]:
    """The grades of a unit and, before it began, of the one it continues; latest year first."""
    chain = _continued(unit)
    rows = PastGrade.objects.filter(unit__in=[key for key, _ in chain]).select_related("unit")
    kept: dict[int, PastGrade] = {}
    for key, before in reversed(chain):  # the nearer one's grade holds
        kept |= {row.year: row for row in rows if row.unit_id == key and row.year < before}
    return [kept[year] for year in sorted(kept, reverse=True)]


def _continued(unit: Unit) -> list[tuple[int, int]]:
    """The unit and those it continues, each with the first year that is not its own any more."""
    found, key, before = [(unit.pk, 10_000)], unit.pk, 10_000
    seen = {unit.pk}
    while True:
        row = (
            Succession.objects.filter(unit=key, kind="continuation")
            .exclude(predecessor__in=seen)
            .first()
        )
        if row is None or len(seen) > 20:
            return found
        key, before = row.predecessor_id, min(before, row.year)
        seen.add(key)
        found.append((key, before))


def streak_of(grades: Iterable[PastGrade]) -> Streak | None:
    """The run that the last known grade ends; None without an A or C there.

    Source: docs/rules/linkages.md, L-4, L-5.
    """
    known = {("", row.year): row.grade for row in grades}
    if not known:
        return None
    last = max(year for _, year in known)
    grade = known["", last]
    if grade not in ("A", "C"):
        return None
    rules = Linkages()
    gap = rules.a_gap if grade == "A" else rules.c_gap
    return Streak(grade, tuple(run_of_years(Past(known, {}), "", (last, grade), gap)))


def worth_a_look(unit: Unit) -> list[Problem]:
    """What is strange about what the register says of a unit, and no mistake.

    Source: docs/rules/register.md, U-6, U-8.
    """
    if not unit.code:
        return []
    cells = {each.name: getattr(unit, each.name, None) for each in FIELDS}
    cells["department"] = unit.department.name
    known = Known({unit.department.name: unit.department.name})
    found = read_rows([(1, cells)], known).problems
    return [problem for problem in found if problem.severity == "warning"]


def trace_of(unit: Unit) -> QuerySet[JournalEntry]:
    """All entries that concern a unit, under each code that it had, latest first."""
    own = Succession.objects.filter(unit=unit, predecessor=unit)
    codes = {code for row in own for code in (row.predecessor_code, row.code)} | {unit.code}
    concerned = Q(subject=unit.subject) | Q(unit__in=[code for code in codes if code])
    return JournalEntry.objects.filter(concerned).select_related("sealed").order_by("-id")


def names_of(unit: Unit) -> dict[str, object]:
    """The names of a unit besides its present one, as a form holds them."""
    rows = [each for each in unit.names.order_by("id") if each.to_on is None]
    return {
        "short_name": next((each.name for each in rows if each.kind == "short"), ""),
        "plates": [each.name for each in rows if each.kind == "plate"],
        "former_names": [
            each.name
            for each in rows
            if each.kind == "name" and each.name != unit.name and each.from_on is None
        ],
    }


def names_over_time(unit: Unit) -> list[UnitName]:
    """All names of a unit: what it bears today first, then what it bore, latest first."""
    rows = list(unit.names.all())

    def rank(row: UnitName) -> tuple[bool, int, int]:
        present = row.to_on is None and (row.kind != "name" or row.name == unit.name)
        began = (row.to_on or row.from_on or date.min).toordinal()
        return (not present, ("name", "short", "plate").index(row.kind) if present else 0, -began)

    return sorted(rows, key=rank)


def posts_of(unit: Unit) -> QuerySet[Tenure]:
    """The posts of a unit: those that are held first, then those that were, latest first."""
    return (
        Tenure.objects.filter(unit=unit)
        .select_related("person")
        .order_by(F("to_on").desc(nulls_first=True), F("from_on").desc(nulls_last=True), "id")
    )


def last_in_post(unit: Unit, post: str) -> list[str]:
    """Who held a post of a unit on the last day on which anybody did."""
    held = list(Tenure.objects.filter(unit=unit, post=post).select_related("person"))
    last = max((each.to_on or date.max for each in held), default=None)
    return [each.person.name for each in held if (each.to_on or date.max) == last]


def lineage_of(unit: Unit) -> tuple[list[Succession], list[Succession]]:
    """What a unit came from, and what came from it, latest first."""
    before = unit.predecessors.select_related("predecessor")
    after = unit.successors.exclude(unit=unit).select_related("unit")
    return list(before), list(after)


def lacking_for_year(jurisdiction: Jurisdiction) -> dict[str, int]:
    """How many open units still lack what the register of a year needs, by field.

    Source: docs/rules/register.md, U-10.
    """
    rows = Unit.objects.filter(jurisdiction=jurisdiction, closed_on__isnull=True)
    empty = {
        name: Q(**{f"{name}__isnull": True}) if name == "staff" else Q(**{name: ""})
        for name in NEEDED_FOR_YEAR
    }
    found = rows.aggregate(**{name: Count("pk", filter=lacks) for name, lacks in empty.items()})
    return {name: count for name, count in found.items() if count}
