"""Pages of the record: searching it, one entry, its receipt, verifying it now."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.core.leaf import Event
from kaohe.core.merkle import leaf_hash
from kaohe.core.receipts import prove, receipt_of
from kaohe.journal import services as journal
from kaohe.journal.models import JournalEntry
from kaohe.journal.proofs import own_policy
from kaohe.organization.services.departments import open_department


@pytest.fixture
def office(person):
    found = person(Role.OFFICE_HEAD, username="wang")
    found.name = "王办事"
    found.save()
    return found


@pytest.fixture
def reader(office, signed_in):
    return signed_in(office)


@pytest.fixture
def opened(office, city):
    """A function: a department entered, and its entry."""

    def make(name="市水务局"):
        row = open_department(by=office, jurisdiction=city, name=name)
        return JournalEntry.objects.filter(subject=row.subject).latest("id")

    return make


def page_of(client, address, status=200, **headers):
    answer = client.get(address, headers=headers or None)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def about_unit(unit, by=None, action="unit.entered", **given):
    return journal.append(
        Event(action, unit.subject, unit.jurisdiction.code, unit.code or "", **given), by=by
    )


# ── the list ──────────────────────────────────────────────────────────────────────────────────────
def test_an_empty_record_teaches(reader):
    assert "k-empty" in page_of(reader, "/trace/")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who=wang", False),  # a user name is the administrators' to search by
        ("who=王办", True),
        ("who=nobody", False),
        ("action=department.opened", True),
        ("action=unit.entered", False),
        ("about=水务", True),
        ("about=department", True),
        ("about=没有的局", False),
        ("about=unit:1", False),
        ("last=2020-01-01", False),
        ("number=99999999", False),
        ("number=nonsense", False),
    ],
)
def test_the_record_is_searched(reader, opened, query, found):
    entry = opened()

    assert (f"/trace/{entry.entry}" in page_of(reader, f"/trace/?{query}")) is found


def test_an_entry_is_found_by_each_of_its_numbers(reader, opened, sealing):
    opened("甲局")
    entry = opened("乙局")
    sealing()
    index = entry.position.index

    for number in (entry.entry, entry.entry.upper(), str(entry.pk), f"№ {entry.pk}", str(index)):
        assert f"/trace/{entry.entry}" in page_of(reader, f"/trace/?number={number}")


def test_the_days_are_those_of_the_place(reader, opened):
    entry = opened()
    day = timezone.localdate()

    assert f"/trace/{entry.entry}" in page_of(reader, f"/trace/?first={day}&last={day}")
    assert f"/trace/{entry.entry}" not in page_of(
        reader, f"/trace/?first={day + timedelta(days=1)}"
    )


def test_a_unit_is_found_by_a_former_name_and_by_its_code(reader, school):
    school.names.create(kind="name", name="示例市旧中学", folded="示例市旧中学")
    entry = about_unit(school)

    for text in ("旧中学", school.code, school.code.lower(), school.subject):
        assert f"/trace/{entry.entry}" in page_of(reader, f"/trace/?about={text}")


def test_pages_are_cut_by_number_and_lose_nothing(reader, school):
    made = [about_unit(school).entry for _ in range(120)]
    seen, address = [], "/trace/"
    while address:
        page = page_of(reader, address)
        seen += re.findall(r'href="/trace/([0-9a-f]{32})"', page)
        older = re.search(r'rel="next" href="(\?before=\d+)"', page)
        address = f"/trace/{older[1]}" if older else ""

    assert seen == made[::-1]


def test_one_comes_back_to_newer_pages(reader, school):
    made = [about_unit(school) for _ in range(110)]
    page = page_of(reader, f"/trace/?before={made[30].pk}")
    newer = re.search(r'rel="prev" href="(\?after=\d+)"', page)[1]

    back = re.findall(r'href="/trace/([0-9a-f]{32})"', page_of(reader, f"/trace/{newer}"))

    assert back == [each.entry for each in made[79:29:-1]]
    assert len(back) == 50


def test_what_is_sealed_bears_the_seal_and_the_rest_waits(reader, opened, sealing):
    opened("甲局")
    sealing()
    opened("乙局")

    page = page_of(reader, "/trace/")

    assert page.count('class="rcpt"') == 1
    assert page.count("st-hold") == 1


def test_the_list_is_a_workbook_too(reader, opened, sealing):
    opened("甲局")
    sealing()
    opened("乙局")

    answer = reader.get("/trace/?export=xlsx&action=department.opened")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active

    assert sheet.max_row == 3
    assert sheet["C2"].value == "王办事"
    assert "乙局" in sheet["E2"].value
    assert [sheet.cell(row, 1).value for row in (2, 3)] == ["", 0]


def test_too_long_a_record_is_exported_in_parts(reader, opened, monkeypatch):
    monkeypatch.setattr("kaohe.web.journal.trace.MOST_EXPORTED", 1)
    opened("甲局")
    opened("乙局")

    page_of(reader, "/trace/?export=xlsx", 422)
    assert reader.get("/trace/?export=xlsx&about=甲局").status_code == 200


@pytest.mark.parametrize("role", [Role.OFFICE_HEAD, Role.DEPT_HEAD, Role.AUDIT_ADMIN])
def test_the_list_asks_the_same_number_of_questions_however_long_it_is(
    client, person, school, role, education
):
    client.force_login(person(role, department=education))

    def asked():
        with CaptureQueriesContext(connection) as queries:
            page_of(client, "/trace/")
        return len(queries)

    for _ in range(3):
        about_unit(school)
    asked()
    few = asked()
    for _ in range(60):
        about_unit(school)

    assert asked() == few


@pytest.mark.parametrize("number", ["0", "-1", "9" * 18, "9" * 40, "x", "%00", "1'--"])
@pytest.mark.parametrize("name", ["before", "after", "number", "about", "who"])
def test_strange_numbers_and_texts_find_nothing_and_break_nothing(reader, opened, name, number):
    opened()

    page_of(reader, f"/trace/?{name}={number}")


# ── how far one sees ──────────────────────────────────────────────────────────────────────────────
def seen_by(client, user):
    client.force_login(user)
    return set(re.findall(r'href="/trace/([0-9a-f]{32})"', page_of(client, "/trace/")))


def test_each_sees_what_lies_in_their_reach(
    client, person, city, other_city, education, school, hospital
):
    of_school, of_hospital = about_unit(school), about_unit(hospital)
    of_department = journal.append(
        Event("department.corrected", education.subject, city.code), by=None
    )
    away = journal.append(Event("sitting.opened", "sitting:1", other_city.code), by=None)
    installation = journal.append(Event("installation.backed-up", "installation:1"), by=None)
    sign_in = journal.append(Event("user.signed-in", "user:1", city.code), by=None)
    everything = {of_school, of_hospital, of_department, away, installation, sign_in}
    seen = {
        person(Role.OFFICE_HEAD): {of_school, of_hospital, of_department},
        person(Role.DEPT_CLERK, department=education): {of_school, of_department},
        person(Role.UNIT_HEAD, unit=school): {of_school},
        person(Role.OFFICE_HEAD, jurisdiction=other_city): {away},
        person(Role.AUDIT_ADMIN): everything,
    }

    for user, wanted in seen.items():
        assert seen_by(client, user) == {each.entry for each in wanted}
        for each in everything:
            expected = 200 if each in wanted else 404
            for part in ("", "/leaf", "/verify"):
                page_of(client, f"/trace/{each.entry}{part}", expected)


def test_the_province_reads_its_cities(client, person, city, school):
    from tests.fixtures.people import make_jurisdiction

    province = make_jurisdiction("370000", "示例省")
    city.parent, city.path = province, f"{province.path}{city.pk}/"
    city.save()
    entry = about_unit(school)

    reader = person(Role.PROVINCE_READER, jurisdiction=province)

    assert seen_by(client, reader) == {entry.entry}


def test_a_unit_without_a_code_sees_its_own_record(client, person, school):
    school.code = None
    school.save()
    entry = about_unit(school)

    assert seen_by(client, person(Role.UNIT_CLERK, unit=school)) == {entry.entry}


def test_a_unit_sees_who_was_given_a_role_in_it(client, person, city, school):
    given = {"jurisdiction": city.code}
    own = journal.append(Event("role.granted", "role:1", unit=school.code, **given), by=None)
    journal.append(Event("role.granted", "role:2", **given), by=None)

    assert seen_by(client, person(Role.UNIT_HEAD, unit=school)) == {own.entry}
    assert seen_by(client, person(Role.OFFICE_HEAD)) == {own.entry}


def test_comments_on_drafts_are_told_to_those_who_review_them(client, person, city):
    entry = journal.append(Event("comment.made", "comment:1", city.code), by=None)

    assert seen_by(client, person(Role.OFFICE_HEAD)) == {entry.entry}
    assert seen_by(client, person(Role.LEDGER_KEEPER)) == set()


@pytest.mark.parametrize("role", [Role.SYS_ADMIN, Role.SEC_ADMIN, Role.SURVEYOR])
def test_others_do_not_read_the_record(client, person, role, opened):
    entry = opened()
    client.force_login(person(role))

    for part in ("", f"{entry.entry}", f"{entry.entry}/receipt", "witnesses"):
        page_of(client, f"/trace/{part}", 403)


def test_the_addresses_of_old_lead_on(client, person, opened):
    entry = opened()
    client.force_login(person(Role.AUDIT_ADMIN))

    assert client.get("/audit/?who=a")["Location"] == "/trace/?who=a"
    assert client.get(f"/audit/{entry.pk}")["Location"] == f"/trace/{entry.entry}"
    page_of(client, "/audit/999999", 404)


# ── one entry ─────────────────────────────────────────────────────────────────────────────────────
def test_an_entry_is_told_with_its_place_in_the_log(reader, opened, sealing):
    entry = opened()
    log = sealing()

    page = page_of(reader, f"/trace/{entry.entry}")

    assert "市水务局" in page
    assert log.last()[1].root.hex() in page
    assert leaf_hash(entry.leaf.encode()).hex() in page
    assert f"/trace/{entry.entry}/receipt" in page
    assert "&quot;format&quot;:&quot;kaohe-entry/1&quot;" in page


def test_before_it_is_sealed_an_entry_has_no_receipt_and_says_so(reader, opened, sealing):
    opened("甲局")
    sealing()
    entry = opened("乙局")

    page = page_of(reader, f"/trace/{entry.entry}")

    assert f"/trace/{entry.entry}/receipt" not in page
    assert "待封存" in page
    for part in ("receipt", "paper"):
        assert "尚未封存" in page_of(reader, f"/trace/{entry.entry}/{part}", 409)


def test_while_nothing_was_ever_sealed_pages_stand(reader, opened, tmp_path, settings):
    settings.KEYS = tmp_path
    entry = opened()

    page_of(reader, f"/trace/{entry.entry}/verify")
    page_of(reader, f"/trace/{entry.entry}/receipt", 409)
    page_of(reader, "/trace/witnesses")


def test_the_receipt_proves_the_entry(reader, opened, sealing):
    for number in range(5):
        entry = opened(f"市第{number}局")
    log = sealing()

    answer = reader.get(f"/trace/{entry.entry}/receipt")
    receipt = receipt_of(answer.content)
    proved = prove(receipt, own_policy(log))

    assert proved.index == entry.position.index
    assert receipt.extra == entry.leaf.encode()
    assert f"kaohe-{proved.index}.tlog-proof" in answer["Content-Disposition"]


def test_the_bytes_are_given_exactly(reader, opened):
    entry = opened("市水务局（䶮）")

    answer = reader.get(f"/trace/{entry.entry}/leaf")

    assert answer.content == entry.leaf.encode()
    assert answer["Content-Disposition"] == f'attachment; filename="kaohe-{entry.entry}.json"'


def test_the_paper_carries_the_short_receipt_as_a_code_without_style(reader, opened, sealing):
    entry = opened()
    sealing()

    page = page_of(reader, f"/trace/{entry.entry}/paper")

    [svg] = re.findall(r"<svg xmlns.*?</svg>", page, re.DOTALL)
    assert re.search(r'width="[0-9.]+mm"', svg)
    assert "style" not in svg
    assert leaf_hash(entry.leaf.encode()).hex() in page
