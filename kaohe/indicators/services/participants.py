"""Units of a year: taken in and out, regraded by approval, and refreshed from the register."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.groups_of_year import is_frozen
from kaohe.core.leaf import Event
from kaohe.core.texts import clean, clean_long
from kaohe.indicators.models import AssessmentYear, Group, Participant, ParticipantChange
from kaohe.indicators.queries.participants import COPIED, copied_from
from kaohe.indicators.services.parts import must_be_open
from kaohe.indicators.services.year_refusals import (
    ChangeDecided,
    ChangeOfNothing,
    ChangeOpen,
    ChangeOutdated,
    ChangeReasonMissing,
    GroupsNotFrozen,
    NothingDiffers,
    NotOwnChange,
    OwnChange,
    ScopeReasonMissing,
    UnitHasTraces,
    UnitNotFit,
    UnitThere,
)
from kaohe.indicators.services.years import take_in
from kaohe.organization.models import Unit, User
from kaohe.organization.queries.access import require
from kaohe.organization.services.writing import (
    State,
    changed,
    created,
    record,
    record_all,
    save,
    taken,
)

STATUSES = ("graded", "ungraded", "exempt")


def _year_for_scope(by: User, year: AssessmentYear) -> AssessmentYear:
    """The year, locked; after the freeze only who approves changes takes units in or out."""
    require(by, _scope_verb(year), year)
    row = taken(AssessmentYear, year.pk, None)
    require(by, _scope_verb(row), row)  # the groups may have been frozen since it was read
    must_be_open(row)
    return row


def _scope_verb(year: AssessmentYear) -> Verb:
    frozen = is_frozen(year.freeze_on, year.frozen_on, timezone.localdate())
    return Verb.YEAR_APPROVE if frozen else Verb.YEAR_MANAGE


@transaction.atomic
def add_unit(*, by: User, year: AssessmentYear, unit: Unit, reason: str) -> Participant:
    """Take a unit into a year that is not in it by its category, or is new.

    Raises:
        RoleMissing: ``by`` may not; after the freeze only who approves changes.
        YearIsClosed: the year is over.
        UnitThere: it takes part already.
        UnitNotFit: it has ended, has no code, or is another jurisdiction's.
        ScopeReasonMissing: nobody says why.

    Source: docs/rules/years.md, Y-4.
    """
    row = _year_for_scope(by, year)
    why = clean_long(reason)
    if not why:
        raise ScopeReasonMissing
    if not unit.code or unit.closed_on or unit.jurisdiction_id != row.jurisdiction_id:
        raise UnitNotFit
    if row.participants.filter(code=unit.code).exists():
        raise UnitThere
    return take_in(by, row, [unit], why)[0]


@transaction.atomic
def take_out_of_year(
    *, by: User, participant: Participant, seen: int | None, reason: str
) -> Participant:
    """Take a unit out of a year; the record keeps that it was in it.

    Raises:
        RoleMissing: ``by`` may not; after the freeze only who approves changes.
        YearIsClosed: the year is over.
        ScopeReasonMissing: nobody says why.
        UnitHasTraces: it has a sheet, targets or a proposal.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/years.md, Y-4.
    """
    _year_for_scope(by, participant.assessment_year)
    row = taken(Participant, participant.pk, seen)
    why = clean_long(reason)
    if not why:
        raise ScopeReasonMissing
    targets = hasattr(row, "targets")
    if targets or row.sheets.exists() or row.changes.exists() or row.adjustments.exists():
        raise UnitHasTraces
    event = created(row, "participant.taken-out", unit=row.code, texts={"reason": why})
    record(event, by=by)
    row.delete()
    return row


@transaction.atomic
def propose_change(
    *,
    by: User,
    participant: Participant,
    field: str,
    new: str,
    reason: str,
    document: str = "",
) -> ParticipantChange:
    """Propose another group (after the freeze) or another status of a unit.

    Args:
        field: "group" or "status".
        new: the group's name, or one of ``STATUSES``.
        document: by which it is founded, if any.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed: the year is over.
        GroupsNotFrozen: the group can still be changed without approval.
        ChangeOfNothing: it holds already, or there is no such group or status.
        ChangeReasonMissing: nobody says why.
        ChangeOpen: another proposal on it waits.

    Source: docs/rules/years.md, Y-7.
    """
    require(by, Verb.YEAR_MANAGE, participant.assessment_year)
    year = taken(AssessmentYear, participant.assessment_year_id, None)
    must_be_open(year)
    row = taken(Participant, participant.pk, None)
    frozen = is_frozen(year.freeze_on, year.frozen_on, timezone.localdate())
    if field == "group" and not frozen:
        raise GroupsNotFrozen
    old = _holds(row, field)
    if new == old or not _can_be(year, field, new):
        raise ChangeOfNothing
    if not clean_long(reason):
        raise ChangeReasonMissing
    if row.changes.filter(field=field, state="proposed").exists():
        raise ChangeOpen
    change = ParticipantChange.objects.create(
        jurisdiction=row.jurisdiction,
        participant=row,
        field=field,
        old=old,
        new=new,
        reason=clean_long(reason),
        document=clean(document),
        proposed_by=by,
    )
    record(created(change, "change.proposed", unit=row.code), by=by)
    return change


def _holds(row: Participant, field: str) -> str:
    if field == "status":
        return row.status
    return row.group.name if row.group else ""


def _can_be(year: AssessmentYear, field: str, new: str) -> bool:
    if field == "status":
        return new in STATUSES
    return field == "group" and year.groups.filter(name=new, closed=False).exists()


@transaction.atomic
def withdraw_change(
    *, by: User, change: ParticipantChange, seen: int | None, reason: str
) -> ParticipantChange:
    """Take back a proposal of one's own that nobody has answered yet.

    Raises:
        RoleMissing: ``by`` may not manage the year.
        YearIsClosed: the year is over.
        ChangeDecided: it was answered, or taken back.
        NotOwnChange: somebody else proposed it.
        ChangeReasonMissing: nobody says why.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/years.md, Y-7.
    """
    require(by, Verb.YEAR_MANAGE, change.participant.assessment_year)
    must_be_open(taken(AssessmentYear, change.participant.assessment_year_id, None))
    row = taken(ParticipantChange, change.pk, seen)
    if row.state != "proposed":
        raise ChangeDecided
    if row.proposed_by_id != by.pk:
        raise NotOwnChange
    if not clean_long(reason):
        raise ChangeReasonMissing
    before = State(row)
    row.state, row.answer, row.decided_at = "withdrawn", clean_long(reason), timezone.now()
    save(row, by=by, event=changed(row, before, "change.withdrawn", unit=row.participant.code))
    return row


@transaction.atomic
def decide_change(
    *, by: User, change: ParticipantChange, seen: int | None, approve: bool, answer: str = ""
) -> ParticipantChange:
    """Approve a proposal, which carries it out, or refuse it with a reason.

    Raises:
        RoleMissing: ``by`` may not.
        OwnChange: ``by`` proposed it.
        YearIsClosed: the year is over.
        ChangeDecided: it was answered already, or taken back.
        ChangeReasonMissing: a refusal that does not say why.
        ChangeOutdated: what it was proposed on no longer holds.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/years.md, Y-7.
    """
    require(by, Verb.YEAR_APPROVE, change.participant.assessment_year)
    year = taken(AssessmentYear, change.participant.assessment_year_id, None)
    must_be_open(year)
    row = taken(ParticipantChange, change.pk, seen)
    if row.state != "proposed":
        raise ChangeDecided
    if row.proposed_by_id == by.pk:
        raise OwnChange
    if not approve and not clean_long(answer):
        raise ChangeReasonMissing
    before = State(row)
    row.state = "approved" if approve else "refused"
    row.answer, row.decided_by, row.decided_at = clean_long(answer), by, timezone.now()
    code = row.participant.code
    save(row, by=by, event=changed(row, before, f"change.{row.state}", unit=code))
    if approve:
        _carry_out(by, year, row)
    return row


def _carry_out(by: User, year: AssessmentYear, change: ParticipantChange) -> None:
    row = taken(Participant, change.participant_id, None)
    if _holds(row, change.field) != change.old or not _can_be(year, change.field, change.new):
        raise ChangeOutdated
    before = State(row)
    if change.field == "status":
        row.status = change.new
        row.status_reason = "" if change.new == "graded" else change.reason
        action = "participant.status-set"
    else:
        row.group = Group.objects.get(assessment_year=year, name=change.new)
        action = "participant.grouped"
    save(row, by=by, event=changed(row, before, action, unit=row.code))


@transaction.atomic
def refresh_units(
    *, by: User, year: AssessmentYear, participants: Sequence[Participant]
) -> list[Participant]:
    """Take over what the register says by now of some units of a year, an entry for each.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed: the year is over.
        NothingDiffers: the register says the same of all of them.

    Source: docs/rules/years.md, Y-8.
    """
    require(by, Verb.YEAR_MANAGE, year)
    row = taken(AssessmentYear, year.pk, None)
    must_be_open(row)
    rows = (
        Participant.objects.select_for_update(of=("self",))
        .filter(assessment_year=row, pk__in=[each.pk for each in participants], unit__isnull=False)
        .select_related("jurisdiction", "unit__department", "department")
    )
    found: list[Participant] = []
    events: list[Event] = []
    for each in rows:
        before, now = State(each), copied_from(each)
        if all(getattr(each, name) == value for name, value in now.items()):
            continue
        for name, value in now.items():
            setattr(each, name, value)
        each.version += 1
        found.append(each)
        events.append(changed(each, before, "participant.refreshed", unit=each.code))
    if not found:
        raise NothingDiffers
    Participant.objects.bulk_update(found, [*COPIED, "version"])
    record_all(events, by=by)
    return found
