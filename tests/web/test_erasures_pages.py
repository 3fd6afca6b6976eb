"""Pages: requests for erasure, from the entry or the person to what is left."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kaohe.core.access import Role
from kaohe.core.leaf import Event
from kaohe.journal import services as journal
from kaohe.journal.models import JournalEntry, SealedText
from kaohe.organization.models import ErasureRequest, Person, Tenure
from kaohe.organization.services import people
from tests.fixtures.people import make_user

LIST = "/trace/erasures/"
NEW = "/trace/erasures/new"
WHY = {"basis": "judgment", "document": "〔2026〕1号", "reason": "判决已生效"}


@pytest.fixture
def office(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def auditor(db):
    return make_user(Role.AUDIT_ADMIN)


@pytest.fixture
def entry(city, school):
    event = Event(
        "unit.corrected",
        school.subject,
        city.code,
        sealed={"purpose": "教书育人", "was.purpose": "教学", "reason": "王某某来电"},
    )
    return journal.append(event, by=None)


@pytest.fixture
def wang(office, city):
    return people.enter_person(by=office, jurisdiction=city, name="王某某", phone="0535-0000000")


def page(client, where, status=200):
    answer = client.get(where)
    assert answer.status_code == status, where
    return answer.content.decode()


def hidden(text):
    """The hidden fields of the page's form."""
    tags = re.findall(r'<input type="hidden"[^>]*>', text)
    pairs = [
        (re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in tags
    ]
    return {name[1]: value[1] for name, value in pairs if name and value}


def test_from_an_entry_to_its_erasure(signed_in, office, auditor, entry):
    client = signed_in(office)
    ask = f"{NEW}?entry={entry.entry}"
    assert ask.replace("&", "&amp;") in page(client, f"/trace/{entry.entry}")
    shown = page(client, ask)
    assert "王某某来电" in shown
    assert "（变更前）" in shown

    answer = client.post(ask, WHY | {"names": ["reason"]}, follow=True)
    row = ErasureRequest.objects.get()
    assert answer.redirect_chain == [(f"{LIST}{row.pk}", 302)]
    assert f"编号 {row.pk}" in answer.content.decode()
    assert f"{LIST}{row.pk}/carry-out" not in answer.content.decode()

    client = signed_in(auditor)
    shown = page(client, f"{LIST}{row.pk}/carry-out")
    assert "王某某来电" in shown
    assert "教书育人" not in shown
    answer = client.post(f"{LIST}{row.pk}/carry-out", hidden(shown) | {"looked": "on"}, follow=True)
    assert answer.redirect_chain == [(f"{LIST}{row.pk}", 302)]
    shown = answer.content.decode()
    assert "王某某来电" not in shown
    assert "〔已依法删除〕" in shown
    assert set(SealedText.objects.get(pk=entry.pk).texts) == {"purpose", "was.purpose"}


def test_the_story_says_that_a_text_was_erased_and_leads_to_the_entry(
    signed_in, office, auditor, entry, school
):
    client = signed_in(office)
    client.post(f"{NEW}?entry={entry.entry}", WHY | {"names": ["reason", "was.purpose"]})
    row = ErasureRequest.objects.get()
    client = signed_in(auditor)
    form = hidden(page(client, f"{LIST}{row.pk}/carry-out")) | {"looked": "on"}
    client.post(f"{LIST}{row.pk}/carry-out", form)
    erased = JournalEntry.objects.get(action="record.text-erased")
    link = f'href="/trace/{erased.entry}"'

    client = signed_in(office)
    for where in (f"/trace/{entry.entry}", f"/organization/units/{school.pk}/record"):
        shown = page(client, where)
        assert shown.count("〔已依法删除〕") >= 2, where
        assert link in shown, where
    told = page(client, f"/trace/{erased.entry}")
    assert "抹除痕迹条目中的文字" in told
    assert "人民法院生效裁判" in told
    assert f"erasure:{row.pk}" not in re.sub(r"<p class=\"code\">.*?</p>", "", told, flags=re.S)


def test_from_a_person_to_the_erasure_of_everything(signed_in, office, auditor, wang):
    client = signed_in(office)
    ask = f"{NEW}?person={wang.pk}"
    assert ask in page(client, f"/organization/people/{wang.pk}")
    assert "0535-0000000" in page(client, ask)
    client.post(ask, WHY)
    row = ErasureRequest.objects.get(person=wang)

    client = signed_in(auditor)
    form = hidden(page(client, f"{LIST}{row.pk}/carry-out")) | {"looked": "on"}
    assert client.post(f"{LIST}{row.pk}/carry-out", form).status_code == 302

    shown = page(signed_in(office), f"/organization/people/{wang.pk}")
    assert "王某某" not in shown
    assert "0535" not in shown
    assert "〔已依法删除〕" in shown
    assert NEW not in shown
    assert f"/organization/people/{wang.pk}/correct" not in shown
    assert "王某某" not in page(client, f"{LIST}{row.pk}")


def test_a_person_in_post_is_refused_on_the_form(signed_in, office, wang, city, school):
    Tenure.objects.create(jurisdiction=city, person=wang, unit=school, post="principal")

    answer = signed_in(office).post(f"{NEW}?person={wang.pk}", WHY)

    assert answer.status_code == 422
    assert "请先办理免职" in answer.content.decode()
    assert not ErasureRequest.objects.exists()


def test_nothing_goes_unless_somebody_says_that_they_looked(signed_in, office, auditor, entry):
    signed_in(office).post(f"{NEW}?entry={entry.entry}", WHY | {"names": ["reason"]})
    row = ErasureRequest.objects.get()
    client = signed_in(auditor)
    form = hidden(page(client, f"{LIST}{row.pk}/carry-out"))

    answer = client.post(f"{LIST}{row.pk}/carry-out", form)
    assert answer.status_code == 422
    assert "请逐项查看后勾选" in answer.content.decode()
    forged = client.post(f"{LIST}{row.pk}/carry-out", form | {"looked": "on", "what": "0" * 64})
    assert forged.status_code == 422
    assert "所涉文字有增减" in forged.content.decode()
    assert "reason" in SealedText.objects.get(pk=entry.pk).texts


def test_a_request_sent_twice_is_one(signed_in, office, auditor, entry):
    client = signed_in(office)
    ask = f"{NEW}?entry={entry.entry}"
    form = hidden(page(client, ask)) | WHY | {"names": ["reason"]}
    places = {client.post(ask, form)["Location"] for _ in range(2)}
    row = ErasureRequest.objects.get()
    assert places == {f"{LIST}{row.pk}"}

    client = signed_in(auditor)
    where = f"{LIST}{row.pk}/carry-out"
    form = hidden(page(client, where)) | {"looked": "on"}
    assert [client.post(where, form).status_code for _ in range(2)] == [302, 302]
    assert JournalEntry.objects.filter(action="record.text-erased").count() == 1
    assert page(client, where, 409)


def test_a_stale_form_is_refused(signed_in, office, auditor, entry):
    signed_in(office).post(f"{NEW}?entry={entry.entry}", WHY | {"names": ["reason"]})
    row = ErasureRequest.objects.get()
    client = signed_in(auditor)
    where = f"{LIST}{row.pk}/refuse"
    form = hidden(page(client, where)) | {"reason": "依据不足"}
    ErasureRequest.objects.update(version=2)

    assert client.post(where, form).status_code == 422
    assert client.post(where, form | {"seen": 2, "once_key": "x"}).status_code == 302
    assert "依据不足" in page(client, f"{LIST}{row.pk}")
    assert "不予抹除" in page(client, LIST)


@pytest.mark.parametrize(
    "query", ["?entry=0", "?entry=" + "0" * 32, "?entry=%00'", "?person=0", "?person=9" + "9" * 30]
)
def test_what_is_not_there_cannot_be_asked_about(signed_in, office, query):
    page(signed_in(office), NEW + query, 404)


def test_without_an_entry_one_is_told_where_to_begin(signed_in, office):
    shown = page(signed_in(office), NEW)

    assert reverse("web:trace") in shown
    assert reverse("web:people") in shown


def test_entries_and_people_of_another_city_are_not_there(
    signed_in, person, other_city, entry, wang
):
    client = signed_in(person(Role.OFFICE_HEAD, jurisdiction=other_city))

    page(client, f"{NEW}?entry={entry.entry}", 404)
    page(client, f"{NEW}?person={wang.pk}", 404)


def test_an_entry_without_texts_says_so(signed_in, office, city, school):
    bare = journal.append(Event("unit.entered", school.subject, city.code), by=None)

    assert "没有可抹除的文字" in page(signed_in(office), f"{NEW}?entry={bare.entry}")
    assert NEW not in page(signed_in(office), f"/trace/{bare.entry}")


def test_whoever_may_not_ask_sees_no_link(signed_in, person, entry, wang):
    client = signed_in(person(Role.LEDGER_KEEPER))

    assert NEW not in page(client, f"/trace/{entry.entry}")
    assert NEW not in page(client, f"/organization/people/{wang.pk}")
    page(client, LIST, 403)


def requests_about(city, office, count):
    for number in range(count):
        person = Person.objects.create(jurisdiction=city, name=f"人{number}")
        given = {"basis": "judgment", "document": f"〔2026〕{number}号", "reason": "判决"}
        ErasureRequest.objects.create(jurisdiction=city, person=person, asked_by=office, **given)


def test_the_list_asks_as_many_questions_for_many_as_for_few(signed_in, office, city):
    client = signed_in(office)
    requests_about(city, office, 3)
    page(client, LIST)
    with CaptureQueriesContext(connection) as few:
        page(client, LIST)
    requests_about(city, office, 45)
    with CaptureQueriesContext(connection) as many:
        page(client, LIST)

    assert len(few) == len(many)


def test_the_list_can_be_narrowed_and_exported(signed_in, office, city):
    requests_about(city, office, 3)
    ErasureRequest.objects.filter(document="〔2026〕1号").update(state="refused")
    client = signed_in(office)

    shown = page(client, f"{LIST}?state=refused")
    assert "〔2026〕1号" in shown
    assert "〔2026〕2号" not in shown
    assert "〔2026〕2号" in page(client, f"{LIST}?document=2%E5%8F%B7")
    assert client.get(f"{LIST}?export=xlsx")["Content-Type"].endswith("sheet")


def test_the_desk_of_the_auditor_says_what_waits(signed_in, office, auditor, city):
    assert "待办理的抹除申请" not in page(signed_in(auditor), "/")
    requests_about(city, office, 2)

    shown = page(signed_in(auditor), "/")
    assert "待办理的抹除申请：2 件" in shown
    assert f"{LIST}?state=asked" in shown
    assert "待办理的抹除申请" not in page(signed_in(office), "/")
