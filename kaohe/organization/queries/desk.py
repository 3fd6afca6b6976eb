"""What waits for a person: derived from the state of things, never stored."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Min, Q
from django.db.models.functions import TruncMonth

from kaohe.core.access import Target, Verb
from kaohe.core.problems import N_
from kaohe.organization.models import (
    DocumentVersion,
    Import,
    Jurisdiction,
    Unit,
    User,
)
from kaohe.organization.queries.access import allows, reach_of, visible_units
from kaohe.organization.queries.committee import coming_sittings
from kaohe.organization.queries.desk_administration import administration
from kaohe.organization.queries.desk_lines import Task
from kaohe.organization.queries.documents import Waiting, waiting_for
from kaohe.organization.queries.overview import in_force
from kaohe.organization.queries.readiness import missing_posts
from kaohe.organization.queries.units import with_certificate

SOON = timedelta(days=30)
AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Desk:
    """All that a desk shows."""

    tasks: list[Task]
    returned: list[Task]
    sent: list[Task]
    reminders: list[Task]
    rules: list[DocumentVersion] = field(default_factory=list)  # in force
    units: list[Unit] = field(default_factory=list)  # one's own, where one's role is in a unit


def desk_of(user: User, place: Jurisdiction | None, today: date) -> Desk:
    """The desk of a person; a bounded number of queries, however much there is."""
    if place is None or allows(user, Verb.SYSTEM_MANAGE):
        return Desk(administration(user), [], [], [])
    waiting = waiting_for(user, place)
    returned = [_version_task(each) for each in waiting if each.why == "returned"]
    tasks = [
        *(_version_task(each) for each in waiting if each.why != "returned"),
        *_sittings(user, place, today),
        *_imports(user, place),
        *_certificates(user, place, today),
        *_posts(user, place, today),
    ]
    return Desk(
        tasks,
        returned,
        _sent(user, place),
        _reminders(user, place, today),
        list(in_force(user, place)),
        _own_units(user),
    )


def _own_units(user: User) -> list[Unit]:
    keys = reach_of(user, Verb.UNIT_READ).units
    if not keys:
        return []
    return list(Unit.objects.filter(pk__in=keys).select_related("department"))


_DEEDS = {
    "returned": N_("Mend and submit again"),
    "approval": N_("Review"),
    "issue": N_("Issue"),
    "comment": N_("Comment"),
    "draft": N_("Go on drafting"),
}


def _version_task(waiting: Waiting) -> Task:
    return Task(
        kind=N_("Rules and documents"),
        title=N_("{title}, version {number}"),
        facts={"title": waiting.title, "number": waiting.number},
        deed=_DEEDS[waiting.why],
        url=waiting.url,
        key=waiting.key,
        note=waiting.note,
    )


def _sent(user: User, place: Jurisdiction) -> list[Task]:
    """What the person submitted and others now have in their hands."""
    if not allows(user, Verb.DOCUMENT_REVIEW, place):
        return []
    rows = DocumentVersion.objects.filter(
        jurisdiction=place, submitted_by=user, state__in=["submitted", "approved"]
    )
    return [
        Task(
            kind=N_("Rules and documents"),
            title=N_("{title}, version {number}"),
            facts={"title": row.document.title, "number": row.number, "state": row.state},
            deed="",
            url="web:version",
            key=row.pk,
        )
        for row in rows.select_related("document").order_by("moved_at")
    ]


def _sittings(user: User, place: Jurisdiction, today: date) -> list[Task]:
    if not allows(user, Verb.COMMITTEE_READ, place):
        return []
    manages = allows(user, Verb.COMMITTEE_MANAGE, place)
    decides = allows(user, Verb.COMMITTEE_DECIDE, place)
    if not (manages or decides):
        return []
    found = []
    for sitting in coming_sittings(place):
        if sitting.held_on > today + AHEAD:
            break
        held = sitting.held_on <= today
        if held or manages:
            deed = N_("Close the sitting") if held and decides else N_("Record decisions")
            found.append(
                Task(
                    kind=N_("Sitting"),
                    title=N_("{title}"),
                    facts={"title": sitting.title},
                    deed=deed if held else N_("Prepare"),
                    url="web:sitting",
                    key=sitting.pk,
                    due_on=sitting.held_on,
                )
            )
    return found


def _imports(user: User, place: Jurisdiction) -> list[Task]:
    if not allows(user, Verb.UNIT_IMPORT):
        return []
    rows = Import.objects.filter(jurisdiction=place, added_by=user, state="checked")
    return [
        Task(
            kind=N_("Import"),
            title=N_("{file}: {bad} bad rows, {new} new, {changed} changed"),
            facts={
                "file": row.file.name,
                **{name: row.counts.get(name, 0) for name in ("bad", "new", "changed")},
            },
            deed=N_("Look at the preview"),
            url="web:import",
            key=row.pk,
        )
        for row in rows.select_related("file").order_by("-id")[:5]
    ]


def _certificates(user: User, place: Jurisdiction, today: date) -> list[Task]:
    """Certificates that have run out or soon will, as one line each; for those who act on it."""
    verb = Verb.UNIT_MANAGE if allows(user, Verb.UNIT_MANAGE) else Verb.UNIT_READ
    own = reach_of(user, Verb.UNIT_READ)
    if verb is Verb.UNIT_READ and not (own.departments or own.units):
        return []  # who only reads the register has nothing to do about it
    rows = with_certificate(visible_units(user, verb).filter(jurisdiction=place))
    rows = rows.filter(cert_to__lte=today + SOON)
    found = rows.order_by().aggregate(
        expired=Count("id", filter=Q(cert_to__lt=today)),
        near=Count("id", filter=Q(cert_to__gte=today)),
        first_expired=Min("cert_to", filter=Q(cert_to__lt=today)),
        first_near=Min("cert_to", filter=Q(cert_to__gte=today)),
    )
    lines = (
        ("expired", N_("certificates have run out: {n} units")),
        ("near", N_("certificates run out within 30 days: {n} units")),
    )
    return [
        Task(
            kind=N_("Certificate"),
            title=words,
            facts={"n": found[name]},
            deed=N_("See the list"),
            url="web:units",
            query=f"?certificate={name}",
            due_on=found[f"first_{name}"],
            calendar=True,
        )
        for name, words in lines
        if found[name]
    ]


def _posts(user: User, place: Jurisdiction, today: date) -> list[Task]:
    if not allows(user, Verb.PERSON_MANAGE, Target(place.lineage)):
        return []
    found = missing_posts(place, today)
    count = max(found["principal"], found["legal"])
    if not count:
        return []
    return [
        Task(
            kind=N_("People in post"),
            title=N_("units without principal: {principal}, without legal representative: {legal}"),
            facts=dict(found),
            deed=N_("See the list"),
            url="web:units",
            query="?post=missing",
        )
    ]


def _reminders(user: User, place: Jurisdiction, today: date) -> list[Task]:
    """Certificates of the two months after the next."""
    rows = with_certificate(visible_units(user).filter(jurisdiction=place))
    rows = rows.filter(cert_to__gt=today + SOON, cert_to__lte=today + 3 * SOON)
    found = (
        rows.order_by()
        .annotate(month=TruncMonth("cert_to"))
        .values("month")
        .annotate(n=Count("id"), first=Min("cert_to"))
        .order_by("month")
    )
    return [
        Task(
            kind=N_("Certificate"),
            title=N_("certificate runs out: {n} units"),
            facts={"n": each["n"]},
            deed="",
            url="web:units",
            query=f"?certificate_month={each['month']:%Y-%m}",
            due_on=each["first"],
            calendar=True,
        )
        for each in found
    ]
