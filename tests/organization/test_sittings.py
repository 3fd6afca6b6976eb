"""Sittings of the committee: from the plan to the closed minutes."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import Decision
from kaohe.organization.queries import committee as queries
from kaohe.organization.queries.access import NothingHere, RoleMissing
from kaohe.organization.services import committee as committees
from kaohe.organization.services import decisions, sittings
from kaohe.organization.services.committee import ElsewhereInTree
from kaohe.organization.services.sitting_refusals import (
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
)
from kaohe.organization.services.writing import Changed
from tests.fixtures.people import make_department, make_user

DAY = date(2026, 2, 26)


def actions(row):
    return [each.action for each in tell(entries_of([row.subject]))]


def test_each_step_of_a_sitting_is_an_entry(chief, director, sitting, enter, opened):
    item = enter()
    opened()
    decisions.decide(by=chief, item=item, outcome="approved", votes_for=3, abstentions=1)
    sittings.write_minutes(by=chief, sitting=sitting, seen=None, minutes="会议认为可行。")
    closed = sittings.close_sitting(by=director, sitting=sitting, seen=None)

    assert actions(sitting)[::-1] == [
        "sitting.planned",
        "sitting.opened",
        "sitting.minuted",
        "sitting.closed",
    ]
    assert actions(item) == ["agenda.entered"]
    assert actions(Decision.objects.get()) == ["decision.recorded"]
    assert closed.state == "closed"
    told = next(iter(tell(entries_of([sitting.subject]))))
    assert told.role == "committee_director"


def test_minutes_and_texts_of_matters_are_sealed(chief, sitting, enter, opened):
    item = enter(text="涉及某人的事")
    opened()
    sittings.write_minutes(by=chief, sitting=sitting, seen=None, minutes="会议认为……")

    entries = JournalEntry.objects.filter(subject__in=[item.subject, sitting.subject])
    assert not any("涉及某人" in each.leaf or "会议认为" in each.leaf for each in entries)


def test_a_sitting_can_be_put_off_and_an_unchanged_one_is_no_entry(chief, sitting):
    put_off = partial(
        sittings.correct_sitting, by=chief, sitting=sitting, title="第一次会议", location=""
    )

    put_off(seen=1, held_on=date(2026, 3, 5))
    put_off(seen=2, held_on=date(2026, 3, 5))

    assert actions(sitting) == ["sitting.corrected", "sitting.planned"]
    with pytest.raises(Changed):
        put_off(seen=1, held_on=DAY)


def test_a_sitting_without_agenda_does_not_begin(chief, sitting):
    with pytest.raises(NoMatters):
        sittings.open_sitting(by=chief, sitting=sitting, seen=None)


def test_nothing_is_noted_or_decided_before_it_begins(chief, sitting, seats, enter):
    item = enter()

    for deed in (
        lambda: decisions.decide(by=chief, item=item, outcome="noted"),
        lambda: sittings.note_attendance(
            by=chief, sitting=sitting, present={seats[0].pk: True}, reasons={}
        ),
        lambda: sittings.write_minutes(by=chief, sitting=sitting, seen=None, minutes="甲"),
    ):
        with pytest.raises(SittingNotSo, match="planned"):
            deed()


def test_a_sitting_begins_once(chief, sitting, enter, opened):
    enter()
    opened()

    with pytest.raises(SittingNotSo, match="under way"):
        sittings.open_sitting(by=chief, sitting=sitting, seen=None)


def test_matters_are_numbered_and_corrected_until_decided(chief, enter, opened, education):
    first, second = enter(), enter()
    assert (first.number, second.number) == (1, 2)

    sittings.correct_matter(by=chief, item=first, seen=1, title="另一事项", department=education)
    assert actions(first) == ["agenda.corrected", "agenda.entered"]
    with pytest.raises(Changed):
        sittings.correct_matter(by=chief, item=first, seen=1, title="甲")

    opened()
    decisions.decide(by=chief, item=first, outcome="noted")
    with pytest.raises(MatterDecided):
        sittings.correct_matter(by=chief, item=first, seen=2, title="甲")
    with pytest.raises(MatterDecided):
        decisions.decide(by=chief, item=first, outcome="approved")


def test_a_matter_is_about_something_of_this_city(enter, chief, other_city):
    stranger = make_department(other_city, "外市某局")

    with pytest.raises(ElsewhereInTree):
        enter(department=stranger)
    item = enter()
    with pytest.raises(ElsewhereInTree):
        sittings.correct_matter(by=chief, item=item, seen=1, department=stranger)


def test_attendance_is_an_entry_for_each_seat_and_only_what_changed_again(
    chief, sitting, seats, enter, opened
):
    enter()
    opened(present=3)
    rows = {row.seat_id: row for row in sitting.attendance.all()}
    assert rows[seats[3].pk].reason == "出差"
    assert all(actions(row) == ["attendance.noted"] for row in rows.values())
    before = JournalEntry.objects.count()

    sittings.note_attendance(
        by=chief, sitting=sitting, present={seat.pk: True for seat in seats}, reasons={}
    )

    assert JournalEntry.objects.count() == before + 1
    assert actions(rows[seats[3].pk]) == ["attendance.corrected", "attendance.noted"]


def test_a_seat_that_ended_before_the_day_has_no_place(chief, sitting, seats, enter, opened):
    item = enter()
    gone = committees.end_seat(
        by=chief, seat=seats[3], seen=1, to_on=date(2026, 1, 1), reason="调动"
    )
    sittings.open_sitting(by=chief, sitting=sitting, seen=None)

    with pytest.raises(NotOfThisSitting):
        sittings.note_attendance(by=chief, sitting=sitting, present={gone.pk: True}, reasons={})
    with pytest.raises(NotOfThisSitting):
        decisions.recuse(by=chief, item=item, seat=gone, reason="涉及本部门")


def test_a_sitting_closes_only_complete(chief, director, sitting, enter, opened):
    item, other = enter(), enter()
    close = partial(sittings.close_sitting, by=director, sitting=sitting, seen=None)

    with pytest.raises(SittingNotSo):
        close()
    sittings.open_sitting(by=chief, sitting=sitting, seen=None)
    with pytest.raises(AttendanceMissing):
        close()
    roll = {line.seat.pk: True for line in queries.roll_of(sitting)}
    sittings.note_attendance(by=chief, sitting=sitting, present=roll, reasons={})
    decisions.decide(by=chief, item=item, outcome="approved", votes_for=4)
    with pytest.raises(MattersUndecided, match="2"):
        close()
    decisions.decide(by=chief, item=other, outcome="deferred")
    with pytest.raises(MinutesMissing):
        close()
    sittings.write_minutes(by=chief, sitting=sitting, seen=None, minutes="纪要")
    with pytest.raises(Changed):
        close(seen=1)
    assert close().state == "closed"


def test_minutes_with_a_gap_do_not_close(chief, director, sitting, enter, opened):
    item = enter()
    opened()
    decisions.decide(by=chief, item=item, outcome="approved", votes_for=4)
    write = partial(sittings.write_minutes, by=chief, sitting=sitting, seen=None)
    close = partial(sittings.close_sitting, by=director, sitting=sitting, seen=None)

    write(minutes="会议听取了……的汇报。")
    with pytest.raises(MinutesUnfinished, match="Complete them"):
        close()
    write(minutes="会议听取了事考办的汇报。")

    assert close().state == "closed"


def test_a_sitting_neither_begins_nor_ends_before_its_day(chief, director, sitting, enter, opened):
    item = enter()
    today = timezone.localdate()
    move = partial(
        sittings.correct_sitting, by=chief, sitting=sitting, seen=None, title="会议", location=""
    )
    begin = partial(sittings.open_sitting, by=chief, sitting=sitting, seen=None)
    tomorrow = today + timedelta(days=1)

    move(held_on=tomorrow)
    with pytest.raises(SittingAhead, match=f"{tomorrow:%Y.%m.%d}"):
        begin()
    move(held_on=today)
    opened()
    decisions.decide(by=chief, item=item, outcome="noted")
    sittings.write_minutes(by=chief, sitting=sitting, seen=None, minutes="纪要")
    move(held_on=tomorrow)
    with pytest.raises(SittingAhead):
        sittings.close_sitting(by=director, sitting=sitting, seen=None)
    move(held_on=today)

    closed = sittings.close_sitting(by=director, sitting=sitting, seen=None)
    assert closed.state == "closed"


def test_who_recorded_decisions_does_not_close(person, sitting, enter, opened):
    both = person(Role.OFFICE_HEAD, Role.COMMITTEE_DIRECTOR)
    item = enter()
    opened()
    decisions.decide(by=both, item=item, outcome="noted")
    sittings.write_minutes(by=both, sitting=sitting, seen=None, minutes="纪要")

    with pytest.raises(OwnRecord):
        sittings.close_sitting(by=both, sitting=sitting, seen=None)


def test_once_closed_nothing_changes(chief, director, sitting, seats, enter, opened):
    item = enter()
    row = decisions.recuse(by=chief, item=item, seat=seats[1], reason="涉及本部门")
    opened()
    decisions.decide(by=chief, item=item, outcome="approved", votes_for=3)
    sittings.write_minutes(by=chief, sitting=sitting, seen=None, minutes="纪要")
    sittings.close_sitting(by=director, sitting=sitting, seen=None)
    before = JournalEntry.objects.count()

    for deed in (
        lambda: sittings.correct_sitting(
            by=chief, sitting=sitting, seen=None, title="甲", held_on=DAY, location=""
        ),
        lambda: enter(),
        lambda: sittings.correct_matter(by=chief, item=item, seen=None, title="甲"),
        lambda: sittings.open_sitting(by=chief, sitting=sitting, seen=None),
        lambda: sittings.note_attendance(by=chief, sitting=sitting, present={}, reasons={}),
        lambda: decisions.recuse(by=chief, item=item, seat=seats[2], reason="甲"),
        lambda: decisions.withdraw_recusal(by=chief, recusal=row, reason="甲"),
        lambda: decisions.decide(by=chief, item=item, outcome="rejected"),
        lambda: sittings.write_minutes(by=chief, sitting=sitting, seen=None, minutes="甲"),
        lambda: sittings.close_sitting(by=director, sitting=sitting, seen=None),
    ):
        with pytest.raises(SittingClosed):
            deed()
    assert JournalEntry.objects.count() == before


def test_coming_sittings_are_those_that_are_not_closed(chief, committee, sitting, city):
    later = sittings.plan_sitting(
        by=chief, committee=committee, title="第二次会议", held_on=date(2026, 6, 1)
    )

    assert queries.coming_sittings(city) == [sitting, later]


@pytest.mark.parametrize(
    "role",
    [
        Role.OFFICE_CLERK,
        Role.COMMITTEE_MEMBER,
        Role.COMMITTEE_DIRECTOR,
        Role.MEMBER_EDUCATION,
        Role.DEPT_HEAD,
        Role.PROVINCE_READER,
        Role.SEC_ADMIN,
    ],
)
def test_others_may_not_manage(person, role, education, sitting, seats, enter, chief):
    user = person(role, department=education)
    item = enter()
    row = decisions.recuse(by=chief, item=item, seat=seats[0], reason="甲")
    for deed in (
        lambda: sittings.plan_sitting(
            by=user, committee=sitting.committee, title="甲", held_on=DAY
        ),
        lambda: sittings.correct_sitting(
            by=user, sitting=sitting, seen=1, title="甲", held_on=DAY, location=""
        ),
        lambda: sittings.enter_matter(by=user, sitting=sitting, title="甲"),
        lambda: sittings.correct_matter(by=user, item=item, seen=1, title="甲"),
        lambda: sittings.open_sitting(by=user, sitting=sitting, seen=1),
        lambda: sittings.note_attendance(by=user, sitting=sitting, present={}, reasons={}),
        lambda: decisions.recuse(by=user, item=item, seat=seats[1], reason="甲"),
        lambda: decisions.withdraw_recusal(by=user, recusal=row, reason="甲"),
        lambda: decisions.decide(by=user, item=item, outcome="noted"),
        lambda: sittings.write_minutes(by=user, sitting=sitting, seen=1, minutes="甲"),
    ):
        with pytest.raises(RoleMissing):
            deed()


@pytest.mark.parametrize("role", [Role.OFFICE_HEAD, Role.COMMITTEE_MEMBER, Role.SYS_ADMIN])
def test_only_the_director_closes(person, role, sitting):
    with pytest.raises(RoleMissing):
        sittings.close_sitting(by=person(role), sitting=sitting, seen=None)


def test_another_citys_director_neither_sees_nor_closes(other_city, sitting, enter):
    stranger = make_user(Role.COMMITTEE_DIRECTOR, jurisdiction=other_city, username="外市")
    item = enter()

    with pytest.raises(NothingHere):
        queries.get_sitting(stranger, sitting.pk)
    with pytest.raises(NothingHere):
        queries.get_item(stranger, item.pk)
    with pytest.raises(RoleMissing):
        sittings.close_sitting(by=stranger, sitting=sitting, seen=None)
