"""The assessment committee (事考委): seats, sittings, recusals, decisions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kaohe.organization.models.departments import Department
from kaohe.organization.models.documents import DocumentVersion
from kaohe.organization.models.jurisdictions import Recorded
from kaohe.organization.models.people import Person
from kaohe.organization.models.units import Unit

SEATS = ("director", "deputy", "member")
SITTING_STATES = ("planned", "open", "closed")
OUTCOMES = ("approved", "rejected", "deferred", "noted")


class Committee(Recorded):
    """The committee of a jurisdiction; there is one."""

    name = models.CharField(max_length=120)
    founded_on = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=120, blank=True)

    kind: ClassVar[str] = "committee"
    plain: ClassVar[tuple[str, ...]] = ("name", "founded_on", "document")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["jurisdiction"], name="committee_one_each"),)

    def __str__(self) -> str:
        return self.name


class Seat(Recorded):
    """Who sits on the committee, as what, from when to when; ended, never removed."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, models.PROTECT, related_name="seats")
    seat = models.CharField(max_length=12)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="seats"
    )
    title = models.CharField(max_length=120, blank=True)  # 市长, 市教育和体育局局长 …
    rank = models.PositiveIntegerField(default=0)  # the order in which seats are listed
    from_on = models.DateField(null=True, blank=True)
    to_on = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=120, blank=True)

    kind: ClassVar[str] = "seat"
    plain: ClassVar[tuple[str, ...]] = (
        "committee_id",
        "person_id",
        "seat",
        "department_id",
        "title",
        "rank",
        "from_on",
        "to_on",
        "document",
    )

    class Meta:
        ordering = ("rank", "id")

    def __str__(self) -> str:
        return f"{self.seat} {self.person_id}"


class Sitting(Recorded):
    """A sitting (会议).  Once closed, nothing of it changes; a later one may decide otherwise."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="sittings")
    title = models.CharField(max_length=120)
    held_on = models.DateField()
    location = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, default="planned")
    minutes = models.TextField(blank=True)

    kind: ClassVar[str] = "sitting"
    plain: ClassVar[tuple[str, ...]] = ("committee_id", "title", "held_on", "location", "state")
    sealed: ClassVar[tuple[str, ...]] = ("minutes",)

    class Meta:
        ordering = ("-held_on", "-id")

    def __str__(self) -> str:
        return self.title


class AgendaItem(Recorded):
    """One matter of a sitting; what it is about decides who should stand aside."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="agenda")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    document_version = models.ForeignKey(
        DocumentVersion, models.PROTECT, null=True, blank=True, related_name="agenda"
    )

    kind: ClassVar[str] = "agenda"
    plain: ClassVar[tuple[str, ...]] = (
        "sitting_id",
        "number",
        "department_id",
        "unit_id",
        "document_version_id",
    )
    sealed: ClassVar[tuple[str, ...]] = ("title", "text")  # a title may say whose matter it is

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["sitting", "number"], name="agenda_number_once"),
        )

    def __str__(self) -> str:
        return self.title


class Attendance(Recorded):
    """Whether a seat's holder came to a sitting, and why not."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="attendance")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="attendance")
    present = models.BooleanField()
    reason = models.CharField(max_length=200, blank=True)

    kind: ClassVar[str] = "attendance"
    plain: ClassVar[tuple[str, ...]] = ("sitting_id", "seat_id", "present")
    sealed: ClassVar[tuple[str, ...]] = ("reason",)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["sitting", "seat"], name="attendance_once"),)

    def __str__(self) -> str:
        return f"{self.seat_id} at {self.sitting_id}"


class Recusal(Recorded):
    """That the holder of a seat stands aside (回避) in one matter, and why."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="recusals")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="recusals")
    reason = models.TextField()

    kind: ClassVar[str] = "recusal"
    plain: ClassVar[tuple[str, ...]] = ("item_id", "seat_id")
    sealed: ClassVar[tuple[str, ...]] = ("reason",)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "seat"], name="recusal_once"),)

    def __str__(self) -> str:
        return f"{self.seat_id} in {self.item_id}"


class Decision(Recorded):
    """What a sitting decided on one matter.  A conclusion: it is never edited."""

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=12)
    text = models.TextField(blank=True)
    votes_for = models.PositiveIntegerField(default=0)
    votes_against = models.PositiveIntegerField(default=0)
    abstentions = models.PositiveIntegerField(default=0)

    kind: ClassVar[str] = "decision"
    plain: ClassVar[tuple[str, ...]] = (
        "item_id",
        "outcome",
        "votes_for",
        "votes_against",
        "abstentions",
    )
    sealed: ClassVar[tuple[str, ...]] = ("text",)

    def __str__(self) -> str:
        return f"{self.outcome} {self.item_id}"
