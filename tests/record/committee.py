"""The committee, its office, its sittings and decisions."""

from datetime import date
from functools import partial

from kaohe.organization.models import Attendance, Committee, Decision, Recusal, Sitting
from kaohe.organization.services import committee, decisions, sittings
from tests.record.cases import leaves

DAY = date(2026, 3, 5)


def founded(city):
    return Committee.objects.create(jurisdiction=city.place, name="市事业单位考核委员会")


def seat_of(city, board, name, seat="member"):
    found = committee.give_seat(by=city.office, committee=board, seat=seat, name=name)
    return found


def planned(city, state="planned"):
    board = founded(city)
    return Sitting.objects.create(
        jurisdiction=city.place, committee=board, title="第一次会议", held_on=DAY, state=state
    )


def matter_of(city, sitting):
    return sittings.enter_matter(by=city.office, sitting=sitting, title="审议工作规则")


def under_way(city):
    """An open sitting with one present member and one matter."""
    sitting = planned(city, "open")
    seat = seat_of(city, sitting.committee, "王某某")
    Attendance.objects.create(jurisdiction=city.place, sitting=sitting, seat=seat, present=True)
    return sitting, seat, matter_of(city, sitting)


@leaves("committee.found_committee", "committee.founded")
def _(city):
    return partial(
        committee.found_committee, by=city.office, jurisdiction=city.place, name="考核委员会"
    )


@leaves("committee.correct_committee", "committee.corrected")
def _(city):
    return partial(
        committee.correct_committee,
        by=city.office,
        committee=founded(city),
        seen=1,
        name="考核委员会",
        founded_on=DAY,
        document="",
    )


@leaves("committee.correct_office", "office.corrected")
def _(city):
    return partial(
        committee.correct_office,
        by=city.office,
        jurisdiction=city.place,
        seen=1,
        office_name="市事考办",
        support="0535-0000000",
    )


@leaves("committee.give_seat", "person.entered", "seat.given")
def _(city):
    return partial(
        committee.give_seat, by=city.office, committee=founded(city), seat="director", name="李某某"
    )


@leaves("committee.correct_seat", "seat.corrected")
def _(city):
    seat = seat_of(city, founded(city), "王某某")
    return partial(committee.correct_seat, by=city.office, seat=seat, seen=1, title="市财政局局长")


@leaves("committee.end_seat", "seat.ended")
def _(city):
    seat = seat_of(city, founded(city), "王某某")
    return partial(committee.end_seat, by=city.office, seat=seat, seen=1, to_on=DAY, reason="调离")


@leaves("committee.order_seats", "seat.moved", "seat.moved")
def _(city):
    board = founded(city)
    first, second = seat_of(city, board, "王某某"), seat_of(city, board, "赵某某")
    return partial(
        committee.order_seats, by=city.office, committee=board, seats=[second.pk, first.pk]
    )


@leaves("sittings.plan_sitting", "sitting.planned")
def _(city):
    return partial(
        sittings.plan_sitting,
        by=city.office,
        committee=founded(city),
        title="第一次会议",
        held_on=DAY,
    )


@leaves("sittings.correct_sitting", "sitting.corrected")
def _(city):
    return partial(
        sittings.correct_sitting,
        by=city.office,
        sitting=planned(city),
        seen=1,
        title="第一次全体会议",
        held_on=DAY,
        location="市政府第一会议室",
    )


@leaves("sittings.enter_matter", "agenda.entered")
def _(city):
    return partial(sittings.enter_matter, by=city.office, sitting=planned(city), title="审议结果")


@leaves("sittings.correct_matter", "agenda.corrected")
def _(city):
    item = matter_of(city, planned(city))
    return partial(
        sittings.correct_matter,
        by=city.office,
        item=item,
        seen=1,
        text="详见附件",
        title="审议结果",
    )


@leaves("sittings.open_sitting", "sitting.opened")
def _(city):
    sitting = planned(city)
    matter_of(city, sitting)
    return partial(sittings.open_sitting, by=city.office, sitting=sitting, seen=sitting.version)


@leaves("sittings.note_attendance", "attendance.noted", "attendance.noted")
def _(city):
    sitting = planned(city, "open")
    first = seat_of(city, sitting.committee, "王某某")
    second = seat_of(city, sitting.committee, "赵某某")
    return partial(
        sittings.note_attendance,
        by=city.office,
        sitting=sitting,
        present={first.pk: True, second.pk: False},
        reasons={second.pk: "出差"},
    )


@leaves("sittings.write_minutes", "sitting.minuted")
def _(city):
    return partial(
        sittings.write_minutes,
        by=city.office,
        sitting=planned(city, "open"),
        seen=1,
        minutes="会议听取了汇报。",
    )


@leaves("sittings.close_sitting", "sitting.closed")
def _(city):
    sitting, _, item = under_way(city)
    Decision.objects.create(
        jurisdiction=city.place, item=item, outcome="approved", votes_for=1, text="同意"
    )
    Sitting.objects.filter(pk=sitting.pk).update(minutes="会议听取了汇报。")
    return partial(sittings.close_sitting, by=city.director, sitting=sitting, seen=1)


@leaves("decisions.recuse", "recusal.recorded")
def _(city):
    _, seat, item = under_way(city)
    return partial(decisions.recuse, by=city.office, item=item, seat=seat, reason="主管部门")


@leaves("decisions.withdraw_recusal", "recusal.withdrawn")
def _(city):
    _, seat, item = under_way(city)
    row = Recusal.objects.create(jurisdiction=city.place, item=item, seat=seat, reason="主管部门")
    return partial(decisions.withdraw_recusal, by=city.office, recusal=row, reason="误登")


@leaves("decisions.decide", "decision.recorded")
def _(city):
    _, _, item = under_way(city)
    return partial(
        decisions.decide, by=city.office, item=item, outcome="approved", text="同意", votes_for=1
    )
