"""The committee: founded, seats given, corrected, ordered, ended; its office."""

from datetime import date
from functools import partial

import pytest

from kaohe.core.access import Role
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import Committee, Person, Seat
from kaohe.organization.queries import committee as queries
from kaohe.organization.queries.access import NothingHere, RoleMissing
from kaohe.organization.services import committee as services
from kaohe.organization.services.committee import (
    AlreadySeated,
    CommitteeThere,
    DirectorThere,
    ElsewhereInTree,
    EndsBeforeItBegins,
    PersonMissing,
    PersonTwice,
    SeatEnded,
)
from kaohe.organization.services.writing import Changed
from tests.fixtures.people import make_department


@pytest.fixture
def head(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def committee(head, city):
    return services.found_committee(
        by=head, jurisdiction=city, name="示例市事业单位考核委员会", document="示办发〔2011〕62号"
    )


@pytest.fixture
def give(head, committee):
    return partial(services.give_seat, by=head, committee=committee, seat="member")


def actions(*rows):
    return [each.action for each in tell(entries_of([row.subject for row in rows]))]


def test_a_jurisdiction_has_one_committee(committee, head, city):
    assert actions(committee) == ["committee.founded"]

    with pytest.raises(CommitteeThere, match="示例市事业单位考核委员会"):
        services.found_committee(by=head, jurisdiction=city, name="另一委员会")

    assert Committee.objects.count() == 1


def test_a_correction_of_the_committee_is_an_entry_and_nothing_new_is_none(committee, head):
    facts = {"founded_on": date(2011, 10, 18), "document": committee.document}
    correct = partial(services.correct_committee, by=head, committee=committee, **facts)

    correct(seen=1, name=committee.name)
    correct(seen=2, name=committee.name)

    assert actions(committee) == ["committee.corrected", "committee.founded"]
    with pytest.raises(Changed):
        correct(seen=1, name="考核委员会")


def test_the_office_is_named_by_a_service_and_its_telephone_is_sealed(head, city):
    services.correct_office(
        by=head, jurisdiction=city, seen=1, office_name="示例市事考办", support="0000-0000000"
    )

    told = next(iter(tell(entries_of([city.subject]))))
    assert told.action == "office.corrected"
    assert told.facts == {"office_name": "示例市事考办"}
    assert told.sealed == {"support": "0000-0000000"}


def test_a_seat_for_somebody_new_enters_the_person_as_well(give, education):
    seat = give(name=" 陈永强　", department=education, title="局长")

    assert seat.person.name == "陈永强"
    assert actions(seat) == ["seat.given"]
    assert actions(seat.person) == ["person.entered"]


def test_a_seat_for_somebody_known_enters_nobody(give, city):
    known = Person.objects.create(jurisdiction=city, name="O’Neil 䶮𠀀")

    seat = give(person=known)

    assert seat.person == known
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "refusal"), [({}, PersonMissing), ({"name": "新人"}, PersonTwice)]
)
def test_one_of_person_and_name_is_given(give, city, given, refusal):
    known = Person.objects.create(jurisdiction=city, name="周明远")

    with pytest.raises(refusal):
        give(person=known if given else None, **given)


def test_there_is_one_director_at_a_time(give, head):
    first = give(name="周明远", seat="director")

    with pytest.raises(DirectorThere, match="周明远"):
        give(name="何立新", seat="director")

    services.end_seat(by=head, seat=first, seen=1, to_on=date(2026, 1, 31), reason="调动")
    assert give(name="何立新", seat="director").seat == "director"


def test_a_member_cannot_be_made_director_beside_another(give, head):
    give(name="周明远", seat="director")
    member = give(name="何立新")

    with pytest.raises(DirectorThere):
        services.correct_seat(by=head, seat=member, seen=1, kind="director")


def test_a_person_holds_one_seat_at_a_time(give):
    seat = give(name="周明远")

    with pytest.raises(AlreadySeated, match="周明远"):
        give(person=seat.person)


def test_what_is_of_another_city_cannot_be_chosen(give, other_city):
    stranger = Person.objects.create(jurisdiction=other_city, name="外市人")

    with pytest.raises(ElsewhereInTree):
        give(person=stranger)
    with pytest.raises(ElsewhereInTree):
        give(name="周明远", department=make_department(other_city, "外市某局"))

    assert Seat.objects.count() == 0


def test_a_seat_ends_with_its_last_day_and_stays(give, head, committee):
    seat = give(name="周明远", from_on=date(2021, 3, 1))
    end = partial(services.end_seat, by=head, seat=seat, reason="工作调动")

    with pytest.raises(EndsBeforeItBegins, match=r"2021\.03\.01"):
        end(seen=1, to_on=date(2021, 2, 28))
    end(seen=1, to_on=date(2021, 3, 1))

    told = next(iter(tell(entries_of([seat.subject]))))
    assert (told.action, told.facts) == ("seat.ended", {"to_on": "2021-03-01"})
    assert told.sealed["reason"] == "工作调动"
    assert list(queries.former_seats(committee)) == [seat]
    with pytest.raises(SeatEnded):
        end(seen=2, to_on=date(2026, 3, 1))
    with pytest.raises(SeatEnded):
        services.correct_seat(by=head, seat=seat, seen=2, title="市长")


def test_a_corrected_seat_is_an_entry(give, head, health):
    seat = give(name="周明远")

    services.correct_seat(by=head, seat=seat, seen=1, title=" 市长 ", department=health)

    told = next(iter(tell(entries_of([seat.subject]))))
    assert told.facts == {"title": "市长", "department_id": health.pk}
    with pytest.raises(Changed):
        services.correct_seat(by=head, seat=seat, seen=1, title="副市长")


def test_seats_are_listed_in_the_order_given_an_entry_for_each_that_moved(give, head, committee):
    first, second, third = (give(name=name) for name in ("甲", "乙", "丙"))
    before = JournalEntry.objects.count()

    moved = services.order_seats(by=head, committee=committee, seats=[second.pk, first.pk])

    assert {row.pk for row in moved} == {first.pk, second.pk}
    assert JournalEntry.objects.count() == before + 2
    assert [row.pk for row in queries.listed_seats(committee)] == [second.pk, first.pk, third.pk]


def test_the_director_is_listed_first_and_ended_seats_no_more(give, head, committee):
    member, director = give(name="委员"), give(name="主任", seat="director")
    gone = give(name="前委员")
    services.end_seat(by=head, seat=gone, seen=1, to_on=date(2026, 1, 1), reason="调动")

    assert [row.pk for row in queries.held_seats(committee)] == [director.pk, member.pk]
    assert gone in queries.held_seats(committee, date(2025, 12, 31))


def test_people_in_post_in_units_only_are_no_choice(committee, city, school, education):
    from kaohe.organization.models import Tenure

    rows = {name: Person.objects.create(jurisdiction=city, name=name) for name in "甲乙丙"}
    Tenure.objects.create(jurisdiction=city, person=rows["甲"], unit=school, post="principal")
    Tenure.objects.create(jurisdiction=city, person=rows["乙"], department=education, post="other")

    assert {row.name for row in queries.people_to_seat(committee)} == {"乙", "丙"}


READERS = {
    Role.COMMITTEE_DIRECTOR,
    Role.COMMITTEE_MEMBER,
    Role.OFFICE_CLERK,
    Role.LEDGER_KEEPER,
    Role.MEMBER_FINANCE,
    Role.PROVINCE_READER,
    Role.DEPT_HEAD,
    Role.UNIT_HEAD,
    Role.SYS_ADMIN,
}


@pytest.mark.parametrize("role", sorted(READERS))
def test_others_may_not(person, committee, city, education, school, role):
    user = person(role, department=education, unit=school)
    seat = Seat.objects.create(
        jurisdiction=city,
        committee=committee,
        person=Person.objects.create(jurisdiction=city, name="甲"),
        seat="member",
    )
    deeds = (
        lambda: services.correct_committee(
            by=user, committee=committee, seen=1, name="甲", founded_on=None, document=""
        ),
        lambda: services.correct_office(
            by=user, jurisdiction=city, seen=1, office_name="甲", support=""
        ),
        lambda: services.give_seat(by=user, committee=committee, seat="member", name="乙"),
        lambda: services.correct_seat(by=user, seat=seat, seen=1, title="甲"),
        lambda: services.end_seat(by=user, seat=seat, seen=1, to_on=date(2026, 1, 1), reason="甲"),
        lambda: services.order_seats(by=user, committee=committee, seats=[]),
    )
    for deed in deeds:
        with pytest.raises(RoleMissing):
            deed()


def test_not_in_another_city(head, other_city):
    with pytest.raises(RoleMissing):
        services.found_committee(by=head, jurisdiction=other_city, name="外市委员会")


def test_a_seat_of_another_city_is_not_there(give, other_city):
    from tests.fixtures.people import make_user

    stranger = make_user(Role.OFFICE_HEAD, jurisdiction=other_city, username="外市")

    with pytest.raises(NothingHere):
        queries.get_seat(stranger, give(name="周明远").pk)
