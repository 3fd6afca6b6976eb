"""Reading the committee: its seats, its sittings, who should stand aside in a matter."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import (
    AgendaItem,
    Attendance,
    Committee,
    Decision,
    Department,
    DocumentVersion,
    Jurisdiction,
    Person,
    Recusal,
    Seat,
    Sitting,
    Tenure,
    Unit,
    User,
)
from kaohe.organization.queries.access import one, visible

STAYED = "recusal.declined"  # the entry that says why somebody who should stand aside does not
ORDER = ("director", "deputy", "member")


def committees_seen_by(user: User) -> QuerySet[Committee]:
    """The committees that a user may see."""
    return visible(user, Verb.COMMITTEE_READ, Committee.objects.select_related("jurisdiction"))


def committee_of(user: User, jurisdiction: Jurisdiction) -> Committee | None:
    """The committee of a jurisdiction, where there is one and the user may see it."""
    return committees_seen_by(user).filter(jurisdiction=jurisdiction).first()


def held_seats(committee: Committee, day: date | None = None) -> list[Seat]:
    """The seats that are held on a day (today), director first, as they are listed."""
    day = day or timezone.localdate()
    rows = (
        committee.seats.filter(Q(to_on__isnull=True) | Q(to_on__gte=day))
        .filter(Q(from_on__isnull=True) | Q(from_on__lte=day))
        .select_related("person", "department", "jurisdiction")
    )
    return sorted(rows, key=lambda row: (ORDER.index(row.seat), row.rank, row.pk))


def listed_seats(committee: Committee) -> list[Seat]:
    """The seats that have not ended, those that begin later included."""
    rows = committee.seats.filter(
        Q(to_on__isnull=True) | Q(to_on__gte=timezone.localdate())
    ).select_related("person", "department", "jurisdiction")
    return sorted(rows, key=lambda row: (ORDER.index(row.seat), row.rank, row.pk))


def former_seats(committee: Committee) -> QuerySet[Seat]:
    """The seats that have ended, the latest first."""
    rows = committee.seats.filter(to_on__lt=timezone.localdate())
    return rows.select_related("person", "department").order_by("-to_on", "rank")


def seats_seen_by(user: User) -> QuerySet[Seat]:
    """The seats that a user may see, those that have ended too, with who holds them."""
    rows = Seat.objects.select_related("jurisdiction", "committee", "person", "department")
    return visible(user, Verb.COMMITTEE_READ, rows)


def get_seat(user: User, key: int) -> Seat:
    """A seat that a user may see.

    Raises:
        NothingHere: there is none.
    """
    return one(seats_seen_by(user), key)


def people_of(committee: Committee) -> QuerySet[Person]:
    """Everybody who is known where a committee is."""
    return Person.objects.filter(jurisdiction=committee.jurisdiction_id)


def people_to_seat(committee: Committee) -> QuerySet[Person]:
    """Who may be given a seat, for a choice in a form, with their posts.

    Those who hold none, and who have been in post in a department, on the committee, or nowhere:
    people in post in units only would make the list too long to choose from.
    """
    seated = committee.seats.filter(to_on__isnull=True).values("person")
    in_department = Tenure.objects.filter(person=OuterRef("pk"), department__isnull=False)
    in_unit = Tenure.objects.filter(person=OuterRef("pk"), unit__isnull=False)
    sat = Seat.objects.filter(person=OuterRef("pk"))
    return (
        Person.objects.filter(jurisdiction=committee.jurisdiction_id)
        .filter(Exists(in_department) | Exists(sat) | ~Exists(in_unit))
        .exclude(pk__in=seated)
        .prefetch_related("tenures__department")
    )


def member_departments(jurisdiction: Jurisdiction) -> QuerySet[Department]:
    """The member departments that exist today, with how many open units each is in charge of."""
    rows = Department.objects.filter(jurisdiction=jurisdiction, closed_on__isnull=True)
    open_units = Count("units", filter=Q(units__closed_on__isnull=True))
    return rows.exclude(member_part="").annotate(unit_count=open_units).order_by("pk")


def sittings_of(user: User, jurisdiction: Jurisdiction) -> QuerySet[Sitting]:
    """The sittings of a jurisdiction's committee, latest first, with their numbers of matters."""
    rows = Sitting.objects.filter(jurisdiction=jurisdiction).select_related("jurisdiction")
    return (
        visible(user, Verb.COMMITTEE_READ, rows)
        .annotate(
            matters=Count("agenda", distinct=True),
            decided=Count("agenda__decision", distinct=True),
        )
        .order_by("-held_on", "-pk")
    )


def get_sitting(user: User, key: int) -> Sitting:
    """A sitting that a user may see.

    Raises:
        NothingHere: there is none.
    """
    rows = Sitting.objects.select_related("jurisdiction", "committee__jurisdiction")
    return one(visible(user, Verb.COMMITTEE_READ, rows), key)


def get_item(user: User, key: int) -> AgendaItem:
    """A matter on an agenda that a user may see.

    Raises:
        NothingHere: there is none.
    """
    rows = AgendaItem.objects.select_related(
        "jurisdiction", "sitting__committee", "department", "unit", "document_version__document"
    )
    return one(visible(user, Verb.COMMITTEE_READ, rows), key)


def get_recusal(user: User, key: int) -> Recusal:
    """A recusal that a user may see.

    Raises:
        NothingHere: there is none.
    """
    rows = Recusal.objects.select_related("jurisdiction", "item__sitting", "seat__person")
    return one(visible(user, Verb.COMMITTEE_READ, rows), key)


@dataclass(frozen=True, slots=True)
class Stay:
    """That somebody who should stand aside did not; ``reason`` is None where it was erased."""

    seat: Seat
    reason: str | None


@dataclass(slots=True)
class Matter:
    """A matter of a sitting with all that its page tells.

    Attributes:
        aside: who stands aside.
        expected: seats that should stand aside, and nobody has said yet whether they do.
        stayed: seats that should have stood aside and did not, each with the reason.
        voters: how many of those present may vote.
    """

    item: AgendaItem
    aside: list[Recusal] = field(default_factory=list)
    expected: list[Seat] = field(default_factory=list)
    stayed: list[Stay] = field(default_factory=list)
    decision: Decision | None = None
    voters: int = 0


@dataclass(slots=True)
class Roll:
    """One line of the roll of a sitting; ``attendance`` is None until somebody has noted it."""

    seat: Seat
    attendance: Attendance | None


def should_stand_aside(item: AgendaItem, seats: list[Seat]) -> list[Seat]:
    """The seats whose department the matter is about, or is in charge of its unit.

    Source: docs/rules/committee.md, CM-2.
    """
    about = {item.department_id, item.unit.department_id if item.unit else None} - {None}
    return [seat for seat in seats if seat.department_id in about]


def roll_of(sitting: Sitting) -> list[Roll]:
    """Who was or is to be there: the seats held on the day, and any whose presence was noted."""
    noted = {
        row.seat_id: row
        for row in sitting.attendance.select_related("seat__person", "seat__department")
    }
    seats = held_seats(sitting.committee, sitting.held_on)
    known = {seat.pk for seat in seats}
    seats += [row.seat for row in noted.values() if row.seat_id not in known]
    return [Roll(seat, noted.get(seat.pk)) for seat in seats]


def matters_of(sitting: Sitting, roll: list[Roll]) -> list[Matter]:
    """The matters of a sitting, in order; four queries, however many there are."""
    recusals = Recusal.objects.select_related("jurisdiction", "seat__person", "seat__department")
    recusals = recusals.order_by("seat__rank", "pk")
    items = list(
        sitting.agenda.select_related(
            "jurisdiction",
            "department",
            "unit__department",
            "document_version__document",
            "decision__jurisdiction",
        )
        .prefetch_related(Prefetch("recusals", recusals))
        .order_by("number")
    )
    seats = [line.seat for line in roll]
    present = {line.seat.pk for line in roll if line.attendance and line.attendance.present}
    stays = _stays_of(items, seats)
    found = []
    for item in items:
        aside, stayed = list(item.recusals.all()), stays.get(item.subject, [])
        away = {row.seat_id for row in aside}
        answered = away | {stay.seat.pk for stay in stayed}
        expected = [seat for seat in should_stand_aside(item, seats) if seat.pk not in answered]
        decision = getattr(item, "decision", None)
        found.append(Matter(item, aside, expected, stayed, decision, len(present - away)))
    return found


def _stays_of(items: list[AgendaItem], seats: list[Seat]) -> dict[str, list[Stay]]:
    """What the record says of those who should have stood aside and did not, by matter."""
    by_key = {seat.pk: seat for seat in seats}
    found: dict[str, list[Stay]] = {}
    rows = entries_of(item.subject for item in items).filter(action=STAYED).order_by("id")
    for told in tell(rows):
        seat = by_key.get(int(str(told.facts["seat_id"])))
        if seat is not None:
            found.setdefault(told.subject, []).append(Stay(seat, told.sealed.get("stay_reason")))
    return found


def flagged_on(item: AgendaItem) -> list[Seat]:
    """Those present at a sitting who should stand aside in a matter and do not yet.

    Source: docs/rules/committee.md, CM-2.
    """
    roll = roll_of(item.sitting)
    present = [line.seat for line in roll if line.attendance and line.attendance.present]
    away = set(item.recusals.values_list("seat_id", flat=True))
    return [seat for seat in should_stand_aside(item, present) if seat.pk not in away]


def seats_to_recuse(item: AgendaItem) -> QuerySet[Seat]:
    """The seats of a sitting whose holders do not stand aside in a matter yet."""
    keys = [line.seat.pk for line in roll_of(item.sitting)]
    away = item.recusals.values("seat")
    return (
        Seat.objects.filter(pk__in=keys)
        .exclude(pk__in=away)
        .select_related("person", "department")
        .order_by("rank", "pk")
    )


def voters_on(item: AgendaItem) -> int:
    """How many of those present may vote on a matter: who stands aside may not."""
    away = item.recusals.values("seat")
    return item.sitting.attendance.filter(present=True).exclude(seat__in=away).count()


def is_roll_noted(sitting: Sitting) -> bool:
    """Whether somebody is noted as present."""
    return sitting.attendance.filter(present=True).exists()


def coming_sittings(jurisdiction: Jurisdiction) -> list[Sitting]:
    """The sittings that are planned or under way, the next one first, for the desk."""
    rows = Sitting.objects.filter(jurisdiction=jurisdiction, state__in=("planned", "open"))
    return list(rows.annotate(matters=Count("agenda")).order_by("held_on", "pk"))


def subjects_of_sitting(sitting: Sitting, matters: list[Matter], roll: list[Roll]) -> list[str]:
    """What the record knows a sitting and its parts by."""
    found = [sitting.subject]
    found += [line.attendance.subject for line in roll if line.attendance]
    for matter in matters:
        found.append(matter.item.subject)
        found += [row.subject for row in matter.aside]
        if matter.decision:
            found.append(matter.decision.subject)
    return found


def recorders_of(sitting: Sitting) -> set[str]:
    """The pseudonyms of those who put the decisions of a sitting on record."""
    decisions = Decision.objects.filter(item__sitting=sitting)
    subjects = [f"{Decision.kind}:{key}" for key in decisions.values_list("pk", flat=True)]
    return set(entries_of(subjects).order_by().values_list("actor", flat=True))


def units_to_name(jurisdiction: Jurisdiction) -> QuerySet[Unit]:
    """The open units of a jurisdiction, for a choice in a form."""
    return Unit.objects.filter(jurisdiction=jurisdiction, closed_on__isnull=True)


def versions_to_decide(
    jurisdiction: Jurisdiction, keep: int | None = None
) -> QuerySet[DocumentVersion]:
    """The versions that wait for approval, which a sitting may put on its agenda.

    Args:
        keep: a version that stands on the agenda already.
    """
    rows = DocumentVersion.objects.filter(jurisdiction=jurisdiction)
    rows = rows.filter(Q(state="submitted") | Q(pk=keep)).defer("text")
    return rows.select_related("document").order_by("document__title")


def name_of_committee(jurisdiction: Jurisdiction) -> str:
    """Who issues the papers of a jurisdiction: its committee, else its office, else itself."""
    name = (
        Committee.objects.filter(jurisdiction=jurisdiction).values_list("name", flat=True).first()
    )
    return name or jurisdiction.office_name or jurisdiction.name
