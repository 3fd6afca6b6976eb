"""Who stands aside in a matter of a sitting (回避), and what is decided on it (议决)."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db import transaction

from kaohe.core.access import Verb
from kaohe.core.leaf import Event
from kaohe.core.texts import clean_long
from kaohe.organization.models import AgendaItem, Decision, Recusal, Seat, User
from kaohe.organization.models.committee import OUTCOMES
from kaohe.organization.queries.access import require
from kaohe.organization.queries.committee import STAYED, flagged_on, roll_of
from kaohe.organization.services.sitting_refusals import (
    AttendanceMissing,
    NotCarried,
    NotOfThisSitting,
    OutcomeUnknown,
    ReasonMissing,
    RecusalUnanswered,
    RecusedAlready,
    StayReasonMissing,
)
from kaohe.organization.services.sittings import check_votes, must_be_undecided, standing
from kaohe.organization.services.writing import code_of, created, record


@transaction.atomic
def recuse(*, by: User, item: AgendaItem, seat: Seat, reason: str) -> Recusal:
    """Record that the holder of a seat stands aside in a matter.

    Raises:
        RoleMissing: ``by`` may not.
        SittingClosed, MatterDecided: it is too late.
        RecusedAlready, ReasonMissing: it is recorded, or has no reason.
        NotOfThisSitting: the seat is not of this sitting.
    """
    require(by, Verb.COMMITTEE_MANAGE, item)
    standing(item.sitting, None, "planned", "open")
    must_be_undecided(item)
    if not clean_long(reason):
        raise ReasonMissing
    if seat.pk not in {line.seat.pk for line in roll_of(item.sitting)}:
        raise NotOfThisSitting
    if item.recusals.filter(seat=seat).exists():
        raise RecusedAlready(name=seat.person.name)
    row = Recusal.objects.create(
        jurisdiction=item.jurisdiction, item=item, seat=seat, reason=clean_long(reason)
    )
    record(created(row, "recusal.recorded"), by=by)
    return row


@transaction.atomic
def withdraw_recusal(*, by: User, recusal: Recusal, reason: str) -> AgendaItem:
    """Take back a recusal that was recorded by mistake; the record keeps that it was.

    Raises:
        RoleMissing: ``by`` may not.
        SittingClosed, MatterDecided: it is too late.
        ReasonMissing: it has no reason.
    """
    require(by, Verb.COMMITTEE_MANAGE, recusal)
    item = recusal.item
    standing(item.sitting, None, "planned", "open")
    must_be_undecided(item)
    if not clean_long(reason):
        raise ReasonMissing
    event = Event(
        "recusal.withdrawn",
        item.subject,  # on whose page it is read: the recusal itself is there no more
        code_of(item),
        facts={"seat_id": recusal.seat_id},
        sealed={"reason": clean_long(reason), "was.reason": recusal.reason},
    )
    recusal.delete()
    record(event, by=by)
    return item


class Answer(NamedTuple):
    """What was said of somebody who should stand aside: whether they do, and why or why not."""

    aside: bool
    reason: str


@transaction.atomic
def decide(
    *,
    by: User,
    item: AgendaItem,
    outcome: str,
    text: str = "",
    votes_for: int = 0,
    votes_against: int = 0,
    abstentions: int = 0,
    answers: Mapping[int, Answer] | None = None,
) -> Decision:
    """Record what the sitting decided on a matter; it holds once the director closes the sitting.

    Args:
        outcome: one of ``OUTCOMES``.
        answers: for each seat that should stand aside and is present, whether it does.

    Raises:
        RoleMissing: ``by`` may not.
        SittingNotSo, SittingClosed, MatterDecided: it is too early or too late.
        AttendanceMissing: nobody is noted as present.
        RecusalUnanswered, StayReasonMissing, ReasonMissing: who should stand aside is there, and
        nobody said whether they do, or why.
        TooManyVotes: more votes than voters.
        OutcomeUnknown: there is no such outcome.
        NotCarried: it is called approved without more votes for than against.

    Source: docs/rules/committee.md, CM-2, CM-3.
    """
    require(by, Verb.COMMITTEE_MANAGE, item)
    if outcome not in OUTCOMES:
        raise OutcomeUnknown(outcome=outcome, outcomes=", ".join(OUTCOMES))
    place = standing(item.sitting, None, "open")
    must_be_undecided(item)
    if not place.attendance.filter(present=True).exists():
        raise AttendanceMissing
    _note_answers(by, item, answers or {})
    check_votes(item, votes_for + votes_against + abstentions)
    counted = votes_for or votes_against or abstentions
    if outcome == "approved" and counted and votes_for <= votes_against:
        raise NotCarried(votes_for=votes_for, against=votes_against)
    row = Decision.objects.create(
        jurisdiction=item.jurisdiction,
        item=item,
        outcome=outcome,
        text=clean_long(text),
        votes_for=votes_for,
        votes_against=votes_against,
        abstentions=abstentions,
    )
    record(created(row, "decision.recorded"), by=by)
    return row


def _note_answers(by: User, item: AgendaItem, answers: Mapping[int, Answer]) -> None:
    """Each who should stand aside does, or the record says why not; neither blocks the decision."""
    flagged = flagged_on(item)
    silent = [seat.person.name for seat in flagged if seat.pk not in answers]
    if silent:
        raise RecusalUnanswered(names="、".join(silent))
    for seat in flagged:
        answer = answers[seat.pk]
        if answer.aside:
            recuse(by=by, item=item, seat=seat, reason=answer.reason)
            continue
        if not clean_long(answer.reason):
            raise StayReasonMissing(name=seat.person.name)
        event = Event(
            STAYED,
            item.subject,
            code_of(item),
            facts={"seat_id": seat.pk},
            sealed={"stay_reason": clean_long(answer.reason)},
        )
        record(event, by=by)
