"""Erasing personal text: asked by one person, carried out or refused by another."""

from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.core.leaf import Event
from kaohe.journal import erasing
from kaohe.journal import services as journal
from kaohe.journal.erasing import NoSuchText, TextErased
from kaohe.journal.models import JournalEntry, SealedText
from kaohe.organization.models import ErasureRequest, Person, UnitYear
from kaohe.organization.models.erasures import ERASED_NAME
from kaohe.organization.queries.access import NothingHere, RoleMissing
from kaohe.organization.queries.erasures import (
    digest_of,
    doomed_by,
    entry_to_ask_about,
    get_request,
    person_to_ask_about,
    texts_about,
    visible_requests,
)
from kaohe.organization.services import erasures, people
from kaohe.organization.services.erasure_refusals import (
    AskedAlready,
    ErasureSettled,
    NothingToErase,
    OneHandErases,
    OtherTextsNow,
    PersonErased,
    PersonInPost,
)
from kaohe.organization.services.writing import Changed
from tests.fixtures.people import make_user

WHY = {"basis": "judgment", "document": "〔2026〕1号", "reason": "判决已生效"}
BEGIN, END = date(2020, 3, 5), date(2024, 3, 5)


@pytest.fixture
def office(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def auditor(db):
    return make_user(Role.AUDIT_ADMIN)


@pytest.fixture
def wang(office, city, school):
    """Somebody who was in post until a day, and whose name was corrected once."""
    row = people.enter_person(by=office, jurisdiction=city, name="王错某", phone="0535-0000000")
    row = people.correct_person(
        by=office, person=row, seen=1, name="王某某", phone="0535-0000000", note="备注"
    )
    tenure = people.appoint(by=office, place=school, post="principal", person=row, from_on=BEGIN)
    people.end_tenure(by=office, tenure=tenure, seen=1, on=END)
    row.refresh_from_db()
    return row


def entry_about(subject, city, **texts):
    found = journal.append(Event("unit.corrected", subject, city.code, sealed=texts), by=None)
    return read(found.pk)


def read(number):
    return JournalEntry.objects.select_related("sealed").get(pk=number)


@pytest.fixture
def entry(city, school):
    return entry_about(school.subject, city, purpose="教书育人", reason="王某某来电")


def ask(office, entry, city, *names):
    return erasures.ask_erasure(
        by=office, entry=entry, jurisdiction=city, names=names or ["reason"], **WHY
    )


def carry_out(auditor, row, **given):
    given = {"seen": row.version, "what": digest_of(doomed_by(row))} | given
    return erasures.carry_out_erasure(by=auditor, request=row, **given)


def held(entry):
    return set(SealedText.objects.get(pk=entry.pk).texts)


def actions_since(number):
    return list(JournalEntry.objects.filter(pk__gt=number).values_list("action", flat=True))


def test_one_asks_and_another_carries_out(office, auditor, entry, city):
    row = ask(office, entry, city)
    assert held(entry) == {"purpose", "reason"}

    done = carry_out(auditor, row)

    assert held(entry) == {"purpose"}
    assert (done.state, done.settled_by, done.version) == ("carried_out", auditor, 2)
    assert actions_since(entry.pk) == ["erasure.asked", "record.text-erased", "erasure.carried-out"]
    erased = JournalEntry.objects.get(action="record.text-erased")
    assert (erased.actor, erased.subject) == (auditor.pseudonym, entry.subject)
    assert [each.texts for each in doomed_by(done)] == [{"reason": None}]


def test_nobody_asks_and_carries_out(office, auditor, entry, city):
    row = ask(office, entry, city)
    with pytest.raises(RoleMissing):
        carry_out(office, row)
    with pytest.raises(RoleMissing):
        ask(auditor, entry, city)
    ErasureRequest.objects.update(asked_by=auditor)  # who was of the office yesterday

    with pytest.raises(OneHandErases):
        carry_out(auditor, row)
    with pytest.raises(OneHandErases):
        erasures.refuse_erasure(by=auditor, request=row, seen=1, reason="依据不足")
    assert held(entry) == {"purpose", "reason"}


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICE_HEAD, Role.OFFICE_CHIEF}))
def test_only_the_head_and_the_chiefs_of_the_office_ask(person, entry, city, school, role):
    user = person(role, department=school.department, unit=school)

    with pytest.raises(RoleMissing):
        ask(user, entry, city)
    with pytest.raises(NothingHere):
        entry_to_ask_about(user, entry.entry)


def test_the_office_of_another_city_does_not_ask(person, other_city, entry, city, wang):
    stranger = person(Role.OFFICE_HEAD, jurisdiction=other_city)

    with pytest.raises(RoleMissing):
        ask(stranger, entry, city)
    with pytest.raises(NothingToErase):
        ask(stranger, entry, other_city)
    with pytest.raises(RoleMissing):
        erasures.ask_person_erasure(by=stranger, person=wang, **WHY)
    with pytest.raises(NothingHere):
        entry_to_ask_about(stranger, entry.entry)
    with pytest.raises(NothingHere):
        person_to_ask_about(stranger, wang.pk)


def test_requests_of_another_city_are_not_there(person, other_city, office, entry, city, auditor):
    row = ask(office, entry, city)
    stranger = person(Role.OFFICE_HEAD, jurisdiction=other_city)

    assert list(visible_requests(stranger)) == []
    with pytest.raises(NothingHere):
        get_request(stranger, row.pk)
    assert get_request(office, row.pk) == get_request(auditor, row.pk) == row


def test_what_is_not_there_cannot_be_asked_for(office, entry, city):
    with pytest.raises(NothingToErase):
        erasures.ask_erasure(by=office, entry=entry, jurisdiction=city, names=[], **WHY)
    with pytest.raises(NoSuchText):
        ask(office, entry, city, "note")


def test_what_is_erased_cannot_be_asked_for_again(office, auditor, entry, city):
    carry_out(auditor, ask(office, entry, city))

    with pytest.raises(TextErased):
        ask(office, read(entry.pk), city)


def test_the_same_text_is_asked_for_once_at_a_time(office, auditor, entry, city):
    row = ask(office, entry, city, "reason")

    with pytest.raises(AskedAlready, match=f"№ {row.pk}"):
        ask(office, entry, city, "purpose", "reason")
    erasures.refuse_erasure(by=auditor, request=row, seen=1, reason="依据不足")
    assert ask(office, entry, city, "purpose", "reason").state == "asked"


def test_a_request_is_settled_once(office, auditor, entry, city):
    row = ask(office, entry, city)
    what = digest_of(doomed_by(row))
    carry_out(auditor, row)

    with pytest.raises(ErasureSettled):
        erasures.carry_out_erasure(by=auditor, request=row, seen=None, what=what)
    with pytest.raises(ErasureSettled):
        erasures.refuse_erasure(by=auditor, request=row, seen=None, reason="依据不足")


def test_a_refusal_says_why_and_erases_nothing(office, auditor, entry, city):
    row = ask(office, entry, city)

    done = erasures.refuse_erasure(by=auditor, request=row, seen=1, reason="依据\n不足 ")

    assert (done.state, done.answer, done.settled_by) == ("refused", "依据\n不足", auditor)
    assert held(entry) == {"purpose", "reason"}
    last = JournalEntry.objects.latest("pk")
    assert last.action == "erasure.refused"
    assert "不足" not in last.leaf


def test_a_request_that_has_changed_since_is_looked_at_again(office, auditor, entry, city):
    row = ask(office, entry, city)

    with pytest.raises(Changed):
        carry_out(auditor, row, seen=7)
    with pytest.raises(Changed):
        erasures.refuse_erasure(by=auditor, request=row, seen=7, reason="依据不足")


def test_nothing_goes_that_was_not_looked_at(office, auditor, wang):
    row = erasures.ask_person_erasure(by=office, person=wang, **WHY)
    what = digest_of(doomed_by(row))
    people.correct_person(by=office, person=wang, seen=None, name="王某某", note="又一备注")

    with pytest.raises(OtherTextsNow):
        carry_out(auditor, row, what=what)
    assert Person.objects.get(pk=wang.pk).name == "王某某"
    assert carry_out(auditor, row).state == "carried_out"


def test_where_nothing_is_left_the_request_is_refused(office, auditor, entry, city):
    first = ask(office, entry, city)
    second = ErasureRequest.objects.create(jurisdiction=city, asked_by=office, **WHY)
    second.items.create(entry=entry, names=["reason"])
    carry_out(auditor, first)

    with pytest.raises(NothingToErase):
        carry_out(auditor, second)


def texts_in_record():
    return repr(list(SealedText.objects.values_list("texts", flat=True)))


def test_everything_about_a_person_goes_from_record_and_register(office, auditor, wang, city):
    row = erasures.ask_person_erasure(by=office, person=wang, **WHY)
    number = JournalEntry.objects.latest("pk").pk

    done = carry_out(auditor, row)

    wang.refresh_from_db()
    assert (wang.name, wang.phone, wang.note) == (ERASED_NAME, "", "")
    for word in ("王某某", "王错某", "0535-0000000", "备注"):
        assert word not in texts_in_record()
    assert wang.tenures.get().from_on == BEGIN
    assert actions_since(number) == [
        "person.erased",
        "record.text-erased",
        "record.text-erased",
        "erasure.carried-out",
    ]
    last = JournalEntry.objects.latest("pk")
    assert '"entries":2,"state":"carried_out","texts":5' in last.leaf
    assert [each.texts for each in doomed_by(done)] == [
        {"name": None, "phone": None},
        {"name": None, "note": None, "was.name": None},
    ]


def test_an_erased_person_is_told_nowhere_by_the_entry_that_erases(office, auditor, wang):
    carry_out(auditor, erasures.ask_person_erasure(by=office, person=wang, **WHY))

    entry = JournalEntry.objects.get(action="person.erased")
    assert not SealedText.objects.filter(pk=entry.pk).exists()
    assert "王" not in entry.leaf


def test_texts_nearby_go_only_where_they_hold_the_name(office, wang, city, school, hospital):
    named = entry_about(school.subject, city, reason="王某某离任", purpose="教书育人")
    former = entry_about(school.subject, city, reason="王错某来访")
    other = entry_about(school.subject, city, reason="赵某某离任")
    elsewhere = entry_about(hospital.subject, city, reason="王某某就诊")

    found = {each.entry.pk: set(each.texts) for each in texts_about(wang)}

    assert found[named.pk] == {"reason"}
    assert found[former.pk] == {"reason"}
    assert other.pk not in found
    assert elsewhere.pk not in found


def test_a_name_in_snapshots_and_requests_is_marked(office, auditor, wang, city, school):
    given = {"department": school.department, "taken_at": timezone.now(), "taken_by": office}
    UnitYear.objects.create(
        jurisdiction=city, unit=school, year=2023, on=END, principal="王某某、赵某某", **given
    )
    why = WHY | {"reason": "王某某本人申请"}
    row = erasures.ask_person_erasure(by=office, person=wang, **why)

    done = carry_out(auditor, row)

    assert UnitYear.objects.get().principal == f"{ERASED_NAME}、赵某某"
    assert done.reason == f"{ERASED_NAME}本人申请"
    entry = JournalEntry.objects.get(action="person.erased")
    assert '"snapshots":1' in entry.leaf
    asked = JournalEntry.objects.get(action="erasure.asked")
    assert SealedText.objects.get(pk=asked.pk).texts == {}


def test_a_person_in_post_is_not_erased(office, auditor, wang, school):
    row = erasures.ask_person_erasure(by=office, person=wang, **WHY)
    people.appoint(by=office, place=school, post="deputy", person=wang, from_on=END)

    with pytest.raises(PersonInPost, match="王某某"):
        carry_out(auditor, row)
    with pytest.raises(PersonInPost):
        erasures.ask_person_erasure(by=office, person=wang, **WHY)
    assert Person.objects.get(pk=wang.pk).name == "王某某"


def test_a_person_is_erased_once(office, auditor, wang):
    row = erasures.ask_person_erasure(by=office, person=wang, **WHY)
    with pytest.raises(AskedAlready):
        erasures.ask_person_erasure(by=office, person=wang, **WHY)
    carry_out(auditor, row)

    with pytest.raises(PersonErased):
        erasures.ask_person_erasure(by=office, person=wang, **WHY)


def test_an_erased_person_is_neither_renamed_nor_put_in_a_post(office, auditor, wang, school):
    carry_out(auditor, erasures.ask_person_erasure(by=office, person=wang, **WHY))
    wang.refresh_from_db()

    with pytest.raises(PersonErased):
        people.correct_person(by=office, person=wang, seen=None, name="王某某")
    with pytest.raises(PersonErased):
        people.appoint(by=office, place=school, post="deputy", person=wang, from_on=END)
    assert Person.objects.get(pk=wang.pk).name == ERASED_NAME


def test_erasing_a_person_needs_a_request_about_one(office, auditor, entry, city):
    with pytest.raises(NothingToErase):
        erasures.erase_person(by=auditor, request=ask(office, entry, city))


def test_a_person_whom_a_backup_brought_back_is_erased_again(office, auditor, wang):
    carry_out(auditor, erasures.ask_person_erasure(by=office, person=wang, **WHY))
    Person.objects.filter(pk=wang.pk).update(name="王某某", phone="0535-0000000")
    count = JournalEntry.objects.count()

    assert erasures.erase_people_again() == 1
    assert erasures.erase_people_again() == 0
    wang.refresh_from_db()
    assert (wang.name, wang.phone) == (ERASED_NAME, "")
    assert JournalEntry.objects.count() == count


def test_another_person_under_the_same_key_is_left_alone(office, auditor, wang, city):
    carry_out(auditor, erasures.ask_person_erasure(by=office, person=wang, **WHY))
    Person.objects.filter(pk=wang.pk).update(name="赵某某")
    journal.append(Event("person.entered", wang.subject, city.code), by=None)

    assert erasures.erase_people_again() == 0
    assert Person.objects.get(pk=wang.pk).name == "赵某某"


def test_strange_texts_pass_unharmed(office, auditor, entry, city):
    reason = "䶮𠀀 O’Brien <b> {x} %s\n" + "长" * 4900

    row = erasures.ask_erasure(
        by=office,
        entry=entry,
        jurisdiction=city,
        names=["reason"],
        basis="supervision",
        document="（2026）鲁\u200e1号",
        reason=reason,
    )

    assert (row.document, row.reason) == ("（2026）鲁1号", reason)
    assert carry_out(auditor, row).state == "carried_out"


@pytest.mark.django_db(transaction=True)
def test_files_are_cleared_only_after_something_was_erased(monkeypatch):
    cleared = []
    monkeypatch.setattr(erasing, "clear_remains", lambda tables: cleared.append(tables) or True)

    assert erasures.clear_after_erasures() is True
    assert cleared == []
    with transaction.atomic():
        journal.append(Event("record.text-erased", "person:1"), by=None)
    assert erasures.clear_after_erasures() is True
    assert ["organization_person" in each for each in cleared] == [True]
