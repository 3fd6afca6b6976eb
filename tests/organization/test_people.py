"""People and posts: who holds which, from when to when."""

from datetime import date
from functools import partial

import pytest

from kaohe.core.access import Role
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import Committee, Person, Seat, Tenure, Unit
from kaohe.organization.queries.access import NothingHere, RoleMissing
from kaohe.organization.queries.people import get_person, people_of, visible_people
from kaohe.organization.services import people
from kaohe.organization.services.people_refusals import (
    EndsBeforeBegin,
    InPostAlready,
    NoPerson,
    PersonElsewhere,
    PlaceClosed,
    PostHeld,
    TenureEnded,
)
from kaohe.organization.services.writing import Changed

DAY = date(2026, 3, 5)


@pytest.fixture
def clerk(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def appointed(clerk, school):
    """``appoint`` with everything in order; a test names only what it is about."""
    return partial(
        people.appoint, by=clerk, place=school, post="principal", name="陈某某", from_on=DAY
    )


def actions():
    return list(JournalEntry.objects.order_by("id").values_list("action", flat=True))


def test_a_new_person_in_a_new_post_leaves_an_entry_for_each(appointed, school):
    row = appointed(title="校长", document="示组干〔2026〕5号", phone="0535-2212345")

    assert actions() == ["person.entered", "tenure.begun"]
    [told] = tell(entries_of([row.subject]))
    assert told.unit == school.code
    assert told.effective_on == DAY
    assert "陈某某" not in JournalEntry.objects.get(subject=row.person.subject).leaf


def test_a_second_principal_is_refused_until_the_former_one_is_relieved(appointed):
    first = appointed()

    with pytest.raises(PostHeld, match="陈某某"):
        appointed(name="赵某某", from_on=date(2026, 6, 1))
    second = appointed(name="赵某某", from_on=date(2026, 6, 1), relieve=True)

    first.refresh_from_db()
    assert first.to_on == date(2026, 5, 31)
    assert second.to_on is None
    assert actions()[2:] == ["person.entered", "tenure.ended", "tenure.begun"]


def test_a_refused_appointment_leaves_nothing_behind(appointed):
    appointed()

    with pytest.raises(PostHeld):
        appointed(name="赵某某")

    assert Person.objects.count() == 1
    assert len(actions()) == 2


def test_nobody_is_relieved_who_begins_on_that_day_or_later(appointed):
    appointed(from_on=DAY)

    with pytest.raises(PostHeld):
        appointed(name="赵某某", from_on=DAY, relieve=True)


def test_principal_and_legal_representative_may_be_two_people(appointed):
    appointed()

    assert appointed(post="legal_representative", name="赵某某").pk


def test_one_name_in_two_posts_of_a_unit_is_one_person(appointed):
    first = appointed(phone="0535-1")

    same = appointed(post="legal_representative")
    other = appointed(post="contact", phone="0535-2")

    assert same.person == first.person
    assert other.person != first.person
    told = actions()
    assert told == [told[0], "tenure.begun", "tenure.begun", "person.entered", "tenure.begun"]


def test_who_has_left_is_not_taken_for_somebody_of_the_same_name(appointed, clerk):
    first = appointed()
    people.end_tenure(by=clerk, tenure=first, seen=first.version, on=date(2026, 5, 31))

    assert appointed(post="deputy", from_on=date(2026, 6, 1)).person != first.person


def test_a_unit_has_several_deputies(appointed):
    appointed(post="deputy")

    assert appointed(post="deputy", name="赵某某").pk


def test_one_person_does_not_hold_one_post_twice(appointed):
    row = appointed(post="deputy")

    with pytest.raises(InPostAlready):
        appointed(post="deputy", person=row.person, name="", from_on=date(2026, 9, 1))


def test_somebody_has_to_be_named(appointed):
    with pytest.raises(NoPerson):
        appointed(name=" 　")


def test_a_person_of_another_city_is_not_put_in_post_here(appointed, other_city):
    stranger = Person.objects.create(jurisdiction=other_city, name="外某某")

    with pytest.raises(PersonElsewhere):
        appointed(person=stranger)


def test_nobody_is_put_into_a_closed_unit(appointed, school):
    Unit.objects.filter(pk=school.pk).update(closed_on=date(2026, 1, 1))

    with pytest.raises(PlaceClosed):
        appointed()


def test_a_post_in_a_department_is_read_with_the_department(appointed, education):
    row = appointed(place=education)

    assert row.place().department == education.pk


def test_a_post_ends_on_its_last_day_and_only_once(appointed, clerk):
    row = appointed()

    with pytest.raises(EndsBeforeBegin):
        people.end_tenure(by=clerk, tenure=row, seen=1, on=date(2026, 3, 4))
    people.end_tenure(by=clerk, tenure=row, seen=1, on=DAY, document="示组干〔2026〕9号")
    with pytest.raises(TenureEnded):
        people.end_tenure(by=clerk, tenure=row, seen=2, on=date(2026, 8, 1))

    told = next(iter(tell(entries_of([row.subject]))))
    assert (told.action, told.facts["to_on"]) == ("tenure.ended", "2026-03-05")
    assert told.facts["document"] == "示组干〔2026〕9号"


def test_a_correction_does_not_make_two_principals(appointed, clerk):
    first = appointed()
    appointed(name="赵某某", from_on=date(2026, 6, 1), relieve=True)
    first.refresh_from_db()

    with pytest.raises(PostHeld, match="赵某某"):
        people.correct_tenure(by=clerk, tenure=first, seen=first.version, to_on=None)
    with pytest.raises(EndsBeforeBegin):
        people.correct_tenure(by=clerk, tenure=first, seen=first.version, from_on=date(2026, 6, 2))


def test_a_correction_that_changes_nothing_is_not_an_entry(appointed, clerk):
    row = appointed()

    people.correct_tenure(by=clerk, tenure=row, seen=1, title="", from_on=DAY)

    assert len(actions()) == 2


def test_who_saw_an_older_version_is_told(appointed, clerk):
    row = appointed()
    people.correct_tenure(by=clerk, tenure=row, seen=1, title="校长")

    with pytest.raises(Changed):
        people.correct_tenure(by=clerk, tenure=row, seen=1, title="书记")


def test_a_clerk_with_departments_in_charge_mends_the_people_there(
    appointed, person, education, health, hospital
):
    here = appointed().person
    there = appointed(place=hospital, name="孙某某").person
    clerk = person(Role.OFFICE_CLERK, charge=[education])

    people.correct_person(by=clerk, person=here, seen=1, name="陈某")
    with pytest.raises(RoleMissing):
        people.correct_person(by=clerk, person=there, seen=1, name="孙某")
    with pytest.raises(RoleMissing):
        people.appoint(by=clerk, place=hospital, post="deputy", name="钱某某", from_on=DAY)


def test_who_appoints_somebody_from_elsewhere_may_not_rewrite_them(
    appointed, person, education, school, hospital
):
    row = appointed(place=hospital, name="孙某某").person
    clerk = person(Role.OFFICE_CLERK, charge=[education])
    post = people.appoint(by=clerk, place=school, post="contact", person=row, from_on=DAY)

    with pytest.raises(RoleMissing):
        people.correct_person(by=clerk, person=row, seen=1, name="被改名")
    people.end_tenure(by=clerk, tenure=post, seen=1, on=DAY)
    with pytest.raises(RoleMissing):
        people.correct_person(by=clerk, person=row, seen=1, name="被改名")

    row.refresh_from_db()
    assert row.name == "孙某某"


def test_who_has_left_is_mended_where_they_left_last(
    appointed, clerk, person, education, health, hospital
):
    first = appointed(place=hospital, name="孙某某", from_on=date(2020, 1, 1))
    row = first.person
    people.end_tenure(by=clerk, tenure=first, seen=1, on=date(2024, 12, 31))
    last = appointed(person=row, from_on=date(2025, 1, 1))
    people.end_tenure(by=clerk, tenure=last, seen=1, on=date(2025, 12, 31))

    of_hospitals = person(Role.OFFICE_CLERK, charge=[health])
    with pytest.raises(RoleMissing):
        people.correct_person(by=of_hospitals, person=row, seen=1, name="孙某")
    of_schools = person(Role.OFFICE_CLERK, charge=[education])
    assert people.correct_person(by=of_schools, person=row, seen=1, name="孙某").name == "孙某"


def test_who_sits_on_the_committee_is_mended_by_who_manages_the_jurisdiction(
    appointed, clerk, person, education, city
):
    row = appointed().person
    committee = Committee.objects.create(jurisdiction=city, name="考核委员会")
    seat = {"jurisdiction": city, "committee": committee, "seat": "member"}
    Seat.objects.create(person=row, **seat)

    of_schools = person(Role.OFFICE_CLERK, charge=[education])
    with pytest.raises(RoleMissing):
        people.correct_person(by=of_schools, person=row, seen=1, name="陈某")
    assert people.correct_person(by=clerk, person=row, seen=1, name="陈某").name == "陈某"


@pytest.mark.parametrize("role", [Role.DEPT_HEAD, Role.UNIT_CLERK, Role.SYS_ADMIN])
def test_others_may_not(person, city, education, school, appointed, role):
    row = appointed()
    user = person(role, department=education, unit=school)

    for deed in (
        partial(people.enter_person, by=user, jurisdiction=city, name="某"),
        partial(people.appoint, by=user, place=school, post="deputy", name="某", from_on=DAY),
        partial(people.end_tenure, by=user, tenure=row, seen=1, on=DAY),
        partial(people.correct_tenure, by=user, tenure=row, seen=1, title="某"),
        partial(people.correct_person, by=user, person=row.person, seen=1, name="某"),
    ):
        with pytest.raises(RoleMissing):
            deed()


def test_a_department_sees_people_of_its_units_and_their_posts_there_only(
    appointed, person, city, education, health, hospital
):
    both = appointed().person
    appointed(place=hospital, person=both, name="", post="deputy")
    appointed(place=hospital, name="孙某某")
    head = person(Role.DEPT_HEAD, department=education)

    [seen] = people_of(head, city)

    assert seen == both
    assert [tenure.unit.name for tenure in seen.posts] == ["示例市第一中学"]
    with pytest.raises(NothingHere):
        get_person(head, Person.objects.get(name="孙某某").pk)


def test_a_unit_sees_its_own_people_only(appointed, person, school, hospital):
    appointed()
    appointed(place=hospital, name="孙某某")

    found = visible_people(person(Role.UNIT_HEAD, unit=school))

    assert [each.name for each in found] == ["陈某某"]


def test_another_city_sees_nobody(appointed, person, other_city):
    appointed()

    user = person(Role.OFFICE_HEAD, jurisdiction=other_city)

    assert not visible_people(user).exists()
    assert Tenure.objects.count() == 1
