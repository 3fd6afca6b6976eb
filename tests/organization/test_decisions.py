"""Who stands aside in a matter of a sitting, and what is decided on it."""

from functools import partial

import pytest

from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import Decision, Recusal
from kaohe.organization.queries import committee as queries
from kaohe.organization.services import decisions, sittings
from kaohe.organization.services.decisions import Answer
from kaohe.organization.services.sitting_refusals import (
    AttendanceMissing,
    MatterDecided,
    NotCarried,
    OutcomeUnknown,
    ReasonMissing,
    RecusalUnanswered,
    RecusedAlready,
    StayReasonMissing,
    TooManyVotes,
)


def actions(row):
    return [each.action for each in tell(entries_of([row.subject]))]


def matter_of(sitting, place=0):
    return queries.matters_of(sitting, queries.roll_of(sitting))[place]


def test_the_page_is_told_who_should_stand_aside(sitting, seats, enter, education, hospital):
    enter(department=education)
    enter(unit=hospital)
    enter()

    found = queries.matters_of(sitting, queries.roll_of(sitting))

    assert [[seat.person.name for seat in each.expected] for each in found] == [
        ["陈永强"],
        ["吴晓梅"],
        [],
    ]


def test_who_stands_aside_is_expected_to_no_more_and_does_not_vote(
    chief, sitting, seats, enter, opened, education
):
    item = enter(department=education)
    opened()

    row = decisions.recuse(by=chief, item=item, seat=seats[1], reason="涉及本部门")

    found = matter_of(sitting)
    assert (found.expected, found.aside, found.voters) == ([], [row], 3)
    assert actions(row) == ["recusal.recorded"]
    assert queries.voters_on(item) == 3


def test_who_should_stand_aside_is_flagged_and_not_blocked(
    chief, sitting, seats, enter, opened, education
):
    item = enter(department=education)
    opened()
    decide = partial(decisions.decide, by=chief, item=item, outcome="approved", votes_for=4)

    with pytest.raises(RecusalUnanswered, match="陈永强"):
        decide()
    with pytest.raises(StayReasonMissing, match="陈永强"):
        decide(answers={seats[1].pk: Answer(False, "　\u200b")})
    assert Decision.objects.count() == 0
    row = decide(answers={seats[1].pk: Answer(False, "仅听取情况，不涉及本部门利益")})

    assert row.votes_for == 4
    told = next(iter(tell(entries_of([item.subject]))))
    assert (told.action, told.facts) == ("recusal.declined", {"seat_id": seats[1].pk})
    assert told.sealed == {"stay_reason": "仅听取情况，不涉及本部门利益"}
    [matter] = queries.matters_of(sitting, queries.roll_of(sitting))
    assert [(stay.seat, stay.reason) for stay in matter.stayed] == [
        (seats[1], "仅听取情况，不涉及本部门利益")
    ]
    assert matter.expected == []


def test_who_stands_aside_on_the_answer_does_not_vote(chief, seats, enter, opened, education):
    item = enter(department=education)
    opened()
    decide = partial(decisions.decide, by=chief, item=item, outcome="approved")
    answers = {seats[1].pk: Answer(True, "涉及本部门")}

    with pytest.raises(TooManyVotes):
        decide(votes_for=4, answers=answers)
    assert Recusal.objects.count() == 0
    decide(votes_for=3, answers=answers)

    assert Recusal.objects.get().seat == seats[1]
    assert actions(Recusal.objects.get()) == ["recusal.recorded"]


def test_who_is_flagged_and_away_needs_no_answer(chief, seats, enter, opened, health):
    item = enter(department=health)
    opened(present=2)

    decisions.decide(by=chief, item=item, outcome="approved", votes_for=2)

    assert queries.flagged_on(item) == []


def test_a_recusal_needs_a_reason_and_is_recorded_once(chief, seats, enter):
    item = enter()
    recuse = partial(decisions.recuse, by=chief, item=item, seat=seats[1])

    with pytest.raises(ReasonMissing):
        recuse(reason="　\u200b")
    recuse(reason="近亲属关系" * 1000)
    with pytest.raises(RecusedAlready, match="陈永强"):
        recuse(reason="涉及本部门")


def test_a_recusal_recorded_by_mistake_is_taken_back_and_the_record_keeps_it(chief, seats, enter):
    item = enter()
    row = decisions.recuse(by=chief, item=item, seat=seats[1], reason="误登")
    recorded = row.subject

    with pytest.raises(ReasonMissing):
        decisions.withdraw_recusal(by=chief, recusal=row, reason="")
    decisions.withdraw_recusal(by=chief, recusal=row, reason="登记错误")

    assert Recusal.objects.count() == 0
    [first] = tell(entries_of([recorded]))
    assert first.action == "recusal.recorded"
    told = next(iter(tell(entries_of([item.subject]))))
    assert told.action == "recusal.withdrawn"
    assert told.sealed == {"reason": "登记错误", "was.reason": "误登"}
    assert told.facts == {"seat_id": seats[1].pk}


def test_a_decided_matter_keeps_its_recusals(chief, seats, enter, opened):
    item = enter()
    row = decisions.recuse(by=chief, item=item, seat=seats[1], reason="涉及本部门")
    opened()
    decisions.decide(by=chief, item=item, outcome="approved", votes_for=3)

    with pytest.raises(MatterDecided):
        decisions.withdraw_recusal(by=chief, recusal=row, reason="登记错误")
    with pytest.raises(MatterDecided):
        decisions.recuse(by=chief, item=item, seat=seats[2], reason="涉及本部门")


def test_votes_cannot_exceed_those_present_without_those_who_stand_aside(
    chief, seats, enter, opened
):
    item = enter()
    opened(present=3)
    decisions.recuse(by=chief, item=item, seat=seats[1], reason="涉及本部门")

    with pytest.raises(TooManyVotes, match="3 votes are entered, and 2 may vote"):
        decisions.decide(by=chief, item=item, outcome="approved", votes_for=2, abstentions=1)
    decisions.decide(by=chief, item=item, outcome="approved", votes_for=2)

    assert Decision.objects.count() == 1


def test_attendance_cannot_fall_below_votes_given(chief, sitting, seats, enter, opened):
    item = enter()
    opened()
    decisions.decide(by=chief, item=item, outcome="approved", votes_for=4)

    with pytest.raises(TooManyVotes):
        sittings.note_attendance(
            by=chief, sitting=sitting, present={seats[0].pk: False}, reasons={}
        )
    assert sitting.attendance.filter(present=True).count() == 4


def test_nobody_decides_before_attendance(chief, sitting, enter):
    item = enter()
    sittings.open_sitting(by=chief, sitting=sitting, seen=None)

    with pytest.raises(AttendanceMissing):
        decisions.decide(by=chief, item=item, outcome="noted")


@pytest.mark.parametrize(
    "votes",
    [
        {"votes_for": 1, "votes_against": 2},
        {"votes_for": 2, "votes_against": 2},
        {"abstentions": 3},
    ],
)
def test_what_is_called_approved_has_more_votes_for_than_against(
    chief, sitting, seats, enter, opened, votes
):
    decide = partial(decisions.decide, by=chief, item=enter())
    opened()

    with pytest.raises(NotCarried):
        decide(outcome="approved", **votes)

    assert not Decision.objects.exists()
    assert decide(outcome="rejected", **votes).outcome == "rejected"


def test_without_a_count_a_matter_is_approved_by_consent(chief, sitting, seats, enter, opened):
    item = enter()
    opened()

    assert decisions.decide(by=chief, item=item, outcome="approved").outcome == "approved"


def test_an_outcome_that_there_is_not_is_refused(chief, enter, opened):
    item = enter()
    opened()

    with pytest.raises(OutcomeUnknown, match="“passed” is no outcome"):
        decisions.decide(by=chief, item=item, outcome="passed")
    assert not Decision.objects.exists()
