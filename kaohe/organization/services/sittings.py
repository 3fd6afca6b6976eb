"""Sittings of the committee (会议): plan, agenda, attendance, minutes, close.

Until the director closes a sitting the office may mend what is not a conclusion; a decision once
recorded stays, and another matter on the agenda corrects it.  A closed sitting never changes.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.texts import clean, clean_long
from kaohe.organization.models import (
    AgendaItem,
    Attendance,
    Committee,
    Decision,
    Department,
    DocumentVersion,
    Sitting,
    Unit,
    User,
)
from kaohe.organization.queries.access import require
from kaohe.organization.queries.committee import recorders_of, roll_of, voters_on
from kaohe.organization.services.committee import ElsewhereInTree
from kaohe.organization.services.sitting_refusals import (
    STATES,
    AttendanceMissing,
    MatterDecided,
    MattersUndecided,
    MinutesMissing,
    MinutesUnfinished,
    NoMatters,
    NotOfThisSitting,
    OwnRecord,
    SittingAhead,
    SittingClosed,
    SittingNotSo,
    TooManyVotes,
)
from kaohe.organization.services.writing import (
    State,
    changed,
    created,
    is_same,
    record,
    record_all,
    save,
    taken,
)


@transaction.atomic
def plan_sitting(
    *, by: User, committee: Committee, title: str, held_on: date, location: str = ""
) -> Sitting:
    """Put a sitting on the calendar.

    Raises:
        RoleMissing: ``by`` may not.
    """
    require(by, Verb.COMMITTEE_MANAGE, committee)
    row = Sitting.objects.create(
        jurisdiction=committee.jurisdiction,
        committee=committee,
        title=clean(title),
        held_on=held_on,
        location=clean(location),
    )
    record(created(row, "sitting.planned"), by=by)
    return row


def standing(sitting: Sitting, seen: int | None, *states: str) -> Sitting:
    """The sitting, locked, if it stands in one of these states.

    Raises:
        SittingClosed, SittingNotSo: it does not.
        Changed: it is not what was seen.
    """
    row = taken(Sitting, sitting.pk, seen)
    if row.state == "closed":
        raise SittingClosed
    if row.state not in states:
        raise SittingNotSo(state=STATES[row.state])
    return row


@transaction.atomic
def correct_sitting(
    *, by: User, sitting: Sitting, seen: int | None, title: str, held_on: date, location: str
) -> Sitting:
    """Mend title, day or place, or put the sitting off.

    Raises:
        RoleMissing: ``by`` may not.
        SittingClosed: it is.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.COMMITTEE_MANAGE, sitting)
    row = standing(sitting, seen, "planned", "open")
    before = State(row)
    row.title, row.held_on, row.location = clean(title), held_on, clean(location)
    if not is_same(row, before):
        save(row, by=by, event=changed(row, before, "sitting.corrected"))
    return row


@transaction.atomic
def enter_matter(
    *,
    by: User,
    sitting: Sitting,
    title: str,
    text: str = "",
    department: Department | None = None,
    unit: Unit | None = None,
    document_version: DocumentVersion | None = None,
) -> AgendaItem:
    """Put a matter at the end of the agenda.

    Args:
        department, unit, document_version: what it is about; these say who should stand aside.

    Raises:
        RoleMissing: ``by`` may not.
        SittingClosed: the sitting is.
        ElsewhereInTree: it is about something of another jurisdiction.
    """
    require(by, Verb.COMMITTEE_MANAGE, sitting)
    place = standing(sitting, None, "planned", "open")
    _must_be_here(place, department, unit, document_version)
    last = place.agenda.aggregate(last=Max("number"))["last"]
    row = AgendaItem.objects.create(
        jurisdiction=place.jurisdiction,
        sitting=place,
        number=(last or 0) + 1,
        title=clean(title),
        text=clean_long(text),
        department=department,
        unit=unit,
        document_version=document_version,
    )
    record(created(row, "agenda.entered"), by=by)
    return row


def _must_be_here(sitting: Sitting, *rows: Department | Unit | DocumentVersion | None) -> None:
    if any(row and row.jurisdiction_id != sitting.jurisdiction_id for row in rows):
        raise ElsewhereInTree


@transaction.atomic
def correct_matter(*, by: User, item: AgendaItem, seen: int | None, **fields: Any) -> AgendaItem:
    """Mend a matter that is not decided.

    Args:
        fields: of ``title``, ``text``, ``department``, ``unit``, ``document_version``.

    Raises:
        RoleMissing: ``by`` may not.
        SittingClosed, MatterDecided: it is too late.
        ElsewhereInTree: it would be about something of another jurisdiction.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.COMMITTEE_MANAGE, item)
    standing(item.sitting, None, "planned", "open")
    row = taken(AgendaItem, item.pk, seen)
    must_be_undecided(row)
    _must_be_here(
        row.sitting, fields.get("department"), fields.get("unit"), fields.get("document_version")
    )
    before = State(row)
    for name, value in fields.items():
        setattr(row, name, clean_long(value) if isinstance(value, str) else value)
    if not is_same(row, before):
        save(row, by=by, event=changed(row, before, "agenda.corrected"))
    return row


def must_be_undecided(item: AgendaItem) -> None:
    """Whether a matter can still be changed.

    Raises:
        MatterDecided: it is decided.
    """
    if Decision.objects.filter(item=item).exists():
        raise MatterDecided


@transaction.atomic
def open_sitting(*, by: User, sitting: Sitting, seen: int | None) -> Sitting:
    """Say that the sitting has begun; from now on attendance and decisions can be recorded.

    Raises:
        RoleMissing: ``by`` may not.
        SittingNotSo, SittingClosed: it has begun, or is over.
        NoMatters: there is no agenda.
        SittingAhead: its day is still ahead.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/committee.md, CM-4.
    """
    require(by, Verb.COMMITTEE_MANAGE, sitting)
    row = standing(sitting, seen, "planned")
    _must_have_come(row)
    if not row.agenda.exists():
        raise NoMatters
    before = State(row)
    row.state = "open"
    save(row, by=by, event=changed(row, before, "sitting.opened"))
    return row


@transaction.atomic
def note_attendance(
    *, by: User, sitting: Sitting, present: Mapping[int, bool], reasons: Mapping[int, str]
) -> list[Attendance]:
    """Note who came and why others did not; what is the same as before is no entry.

    Args:
        present: seat → whether its holder came.
        reasons: seat → why not.

    Raises:
        RoleMissing: ``by`` may not.
        SittingNotSo, SittingClosed: it has not begun, or is over.
        NotOfThisSitting: a seat that was not held that day.
        TooManyVotes: a decision would have more votes than voters.
    """
    require(by, Verb.COMMITTEE_MANAGE, sitting)
    place = standing(sitting, None, "open")
    roll = {line.seat.pk: line for line in roll_of(place)}
    if not set(present) <= set(roll):
        raise NotOfThisSitting
    fresh, mended, events = [], [], []
    for key, came in present.items():
        reason = "" if came else clean(reasons.get(key, ""))
        row = roll[key].attendance
        if row is None:
            fresh.append(
                Attendance(
                    jurisdiction=place.jurisdiction,
                    sitting=place,
                    seat=roll[key].seat,
                    present=came,
                    reason=reason,
                )
            )
            continue
        before = State(row)
        row.present, row.reason = came, reason
        if not is_same(row, before):
            row.version += 1
            mended.append(row)
            events.append(changed(row, before, "attendance.corrected"))
    made = Attendance.objects.bulk_create(fresh)
    Attendance.objects.bulk_update(mended, ["present", "reason", "version"])
    _votes_must_fit(place)
    record_all([*(created(row, "attendance.noted") for row in made), *events], by=by)
    return [*made, *mended]


def _votes_must_fit(sitting: Sitting) -> None:
    """Whether each decision still has no more votes than voters."""
    rows = Decision.objects.filter(item__sitting=sitting).select_related("item__sitting")
    for row in rows:
        check_votes(row.item, row.votes_for + row.votes_against + row.abstentions)


def check_votes(item: AgendaItem, votes: int) -> None:
    """Whether so many votes can have been given on a matter.

    Raises:
        TooManyVotes: fewer may vote.

    Source: docs/rules/committee.md, CM-3.
    """
    voters = voters_on(item)
    if votes > voters:
        raise TooManyVotes(votes=votes, voters=voters)


def has_gaps(minutes: str) -> bool:
    """Whether minutes have a gap of the outline that nobody has filled in.

    >>> has_gaps("会议听取了……的汇报。"), has_gaps("会议听取了事考办的汇报。")
    (True, False)
    """
    return "…" in minutes


@transaction.atomic
def write_minutes(*, by: User, sitting: Sitting, seen: int | None, minutes: str) -> Sitting:
    """Keep the minutes of a sitting.

    Raises:
        RoleMissing: ``by`` may not.
        SittingNotSo, SittingClosed: it has not begun, or is over.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.COMMITTEE_MANAGE, sitting)
    row = standing(sitting, seen, "open")
    before = State(row)
    row.minutes = clean_long(minutes)
    if not is_same(row, before):
        save(row, by=by, event=changed(row, before, "sitting.minuted"))
    return row


@transaction.atomic
def close_sitting(*, by: User, sitting: Sitting, seen: int | None) -> Sitting:
    """Confirm what was decided and close the sitting; nothing of it changes from now on.

    Raises:
        RoleMissing: ``by`` may not.
        OwnRecord: ``by`` recorded decisions of it.
        SittingNotSo, SittingClosed: it has not begun, or is over.
        SittingAhead: its day is still ahead.
        NoMatters, AttendanceMissing, MattersUndecided, MinutesMissing, MinutesUnfinished:
        something is not there.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/committee.md, CM-4.
    """
    require(by, Verb.COMMITTEE_DECIDE, sitting)
    row = standing(sitting, seen, "open")
    if by.pseudonym in recorders_of(row):
        raise OwnRecord
    _must_have_come(row)
    _must_be_complete(row)
    before = State(row)
    row.state = "closed"
    # The text of the minutes is bound in: what is printed with this entry's receipt is this text.
    event = changed(row, before, "sitting.closed", texts={"minutes": row.minutes})
    save(row, by=by, event=event)
    return row


def _must_have_come(sitting: Sitting) -> None:
    if sitting.held_on > timezone.localdate():
        raise SittingAhead(day=f"{sitting.held_on:%Y.%m.%d}")


def _must_be_complete(sitting: Sitting) -> None:
    if not sitting.agenda.exists():
        raise NoMatters
    if not sitting.attendance.filter(present=True).exists():
        raise AttendanceMissing
    undecided = sitting.agenda.filter(decision__isnull=True).values_list("number", flat=True)
    if undecided:
        raise MattersUndecided(count=len(undecided), numbers="、".join(map(str, undecided)))
    if not sitting.minutes:
        raise MinutesMissing
    if has_gaps(sitting.minutes):
        raise MinutesUnfinished
