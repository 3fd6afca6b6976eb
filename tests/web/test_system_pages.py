"""Pages of the system and the audit administrator, and of jobs."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kaohe.config import env
from kaohe.core.access import Role
from kaohe.core.leaf import Event
from kaohe.jobs.models import Job
from kaohe.jobs.services import ask
from kaohe.journal import services as journal
from kaohe.journal.models import JournalEntry, SealedText
from kaohe.organization.models import Jurisdiction
from kaohe.organization.services.departments import open_department


@pytest.fixture
def keeper(person, signed_in):
    return signed_in(person(Role.SYS_ADMIN))


@pytest.fixture
def auditor(person, signed_in):
    return signed_in(person(Role.AUDIT_ADMIN))


@pytest.fixture
def office(person):
    return person(Role.OFFICE_HEAD, username="wang")


@pytest.fixture
def recorded(office, city):
    """A function: so many departments entered, with their entries."""

    def make(count):
        for number in range(count):
            open_department(by=office, jurisdiction=city, name=f"市第{number}局")

    return make


def page_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_installation_is_described_and_what_is_missing_is_said(keeper):
    page = page_of(keeper, "/system/")

    assert "kaohe backup" in page  # there is none yet
    assert "kaohe worker" in page  # nor a worker
    assert "st-late" not in page  # but nothing is broken


def test_backups_are_listed_and_settings_named_but_never_told(keeper, settings, tmp_path):
    assert "尚无备份" in page_of(keeper, "/system/")
    settings.HOME = tmp_path
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "kaohe-20260610-120000.tar.gz").write_bytes(b"x" * 3000)
    (tmp_path / "backups" / "note.txt").write_text("x")
    settings.SETTINGS_READ = {"KAOHE_SECRET_KEY": True, "KAOHE_TLS": False}

    page = page_of(keeper, "/system/")

    assert "kaohe-20260610-120000.tar.gz" in page
    assert "note.txt" not in page
    assert page.index("KAOHE_SECRET_KEY") < page.index("已设置") < page.index("KAOHE_TLS")
    assert settings.SECRET_KEY not in page


def test_every_setting_that_is_read_is_known_by_name(monkeypatch):
    monkeypatch.setenv("KAOHE_OF_A_TEST", "secret")

    env.text("OF_A_TEST")
    env.text("OF_ANOTHER_TEST")

    assert env.ASKED.pop("KAOHE_OF_A_TEST") is True
    assert env.ASKED.pop("KAOHE_OF_ANOTHER_TEST") is False


def test_a_missing_protection_of_the_record_is_said(keeper, monkeypatch):
    monkeypatch.setattr("kaohe.journal.append_only.missing", lambda _: {"journal_no_update"})

    page = page_of(keeper, "/system/")

    assert "journal_no_update" in page
    assert "st-late" in page


def test_a_jurisdiction_is_entered_and_corrected(keeper, city):
    sent = {"code": "370683", "name": "示例县", "parent": city.pk, "once_key": "a"}

    first = keeper.post("/system/jurisdictions/new", sent)
    again = keeper.post("/system/jurisdictions/new", sent)

    assert first.status_code == again.status_code == 302
    row = Jurisdiction.objects.get(code="370683")
    assert row.parent == city
    changed = {**sent, "name": "示例新县", "once_key": "b", "seen": 1}
    keeper.post(f"/system/jurisdictions/{row.pk}", changed)
    stale = keeper.post(
        f"/system/jurisdictions/{row.pk}", {**changed, "name": "x", "once_key": "c"}
    )
    assert stale.status_code == 422
    row.refresh_from_db()
    assert row.name == "示例新县"


@pytest.mark.parametrize("name", ["=1+1", "", "市" * 61])
def test_a_name_that_will_not_do_is_refused_on_the_form(keeper, name):
    answer = keeper.post("/system/jurisdictions/new", {"code": "370683", "name": name})

    assert answer.status_code == 422
    assert not Jurisdiction.objects.filter(code="370683").exists()


def test_a_rare_name_passes_unharmed(keeper, db):
    keeper.post("/system/jurisdictions/new", {"code": "370683", "name": "䶮𠀀市O'Neill"})

    assert Jurisdiction.objects.get(code="370683").name == "䶮𠀀市O'Neill"


def job_of(office, city, **fields):
    row = ask(by=office, jurisdiction=city, kind="register.check", subject="", arguments={})
    Job.objects.filter(pk=row.pk).update(**fields)
    return row


def test_a_job_tells_how_far_it_is_until_it_has_ended(client, office, city):
    client.force_login(office)
    row = job_of(office, city, state="running", done=7, total=30, beat_at=timezone.now())
    address = f"/jobs/{row.pk}"

    part = page_of(client, f"{address}?part=state")
    assert 'hx-trigger="every 1s"' in part
    assert 'value="7" max="30"' in part
    assert "<html" not in part
    assert part.strip() in page_of(client, address)

    told = {"sentence": "{n} units", "facts": {"n": 30}, "code": ""}
    ended = {"ended_at": timezone.now(), "location": "/organization/"}
    Job.objects.filter(pk=row.pk).update(state="done", outcome=told, **ended)
    part = page_of(client, f"{address}?part=state")
    assert "hx-trigger" not in part
    assert "30 units" in part
    assert 'href="/organization/"' in part


def test_a_job_of_somebody_else_is_not_there(client, person, office, city, other_city):
    row = job_of(office, city)
    for role, place in ((Role.OFFICE_HEAD, other_city), (Role.OFFICE_CHIEF, city)):
        client.force_login(person(role, jurisdiction=place))
        page_of(client, f"/jobs/{row.pk}", 404)


def test_the_list_of_jobs_is_for_who_keeps_the_system(keeper, client, office, city):
    job_of(office, city, state="failed", ended_at=timezone.now())
    assert "st-back" in page_of(keeper, "/system/jobs/?state=failed")
    assert "st-back" not in page_of(keeper, "/system/jobs/?state=done")

    client.force_login(office)
    page_of(client, "/system/jobs/", 403)


def test_an_entry_is_told_by_names_with_its_number_as_a_note(auditor, recorded, city, office):
    recorded(2)
    journal.append(Event("user.signed-out", office.subject, city.code), by=office)
    journal.append(Event("department.closed", "department:7777", "999999"), by=office)
    number = JournalEntry.objects.filter(subject__startswith="department:").earliest("id").entry

    page = page_of(auditor, "/trace/")
    for text in ("市第0局", "市第1局", office.name, city.name, "7777", "999999"):
        assert text in page
    entry = page_of(auditor, f"/trace/{number}")
    assert "市第0局" in entry
    assert city.name in entry
    assert '<details class="k-more"><summary>查看原始字节' in entry
    answer = auditor.get("/trace/?export=xlsx&action=department.opened")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert "市第1局" in sheet["E2"].value
    assert sheet["G2"].value == city.name


def test_names_of_many_are_asked_for_in_parts(auditor, recorded, monkeypatch):
    monkeypatch.setattr("kaohe.web.journal.trace.AT_ONCE", 2)
    recorded(5)

    page = page_of(auditor, "/trace/")

    assert all(f"市第{number}局" in page for number in range(5))


def test_whoever_finds_nothing_is_offered_no_search(keeper, client, office, city):
    assert "k-search" not in page_of(keeper, "/system/")
    client.force_login(office)
    assert "k-search" in page_of(client, "/")


def test_an_entry_is_opened_with_the_bytes_that_bind(auditor, city, office):
    [entry] = [
        journal.append(
            Event("department.closed", "department:7", city.code, sealed={"reason": "机构改革"}),
            by=office,
        )
    ]

    page = page_of(auditor, f"/trace/{entry.entry}")

    assert "机构改革" in page
    assert "&quot;format&quot;:&quot;kaohe-entry/1&quot;" in page
    page_of(auditor, "/trace/999999", 404)


def test_an_erased_text_is_said_to_be_erased(auditor, city, office, monkeypatch):
    event = Event("department.closed", "department:7", city.code, sealed={"reason": "机构改革"})
    entry = journal.append(event, by=office)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS journal_sealedtext_no_delete")
        SealedText.objects.filter(entry=entry).delete()

    page = page_of(auditor, f"/trace/{entry.entry}")

    assert "机构改革" not in page
    assert "sha256:" in page


@pytest.mark.parametrize("address", ["/trace/", "/system/jobs/", "/system/jurisdictions/"])
def test_lists_ask_the_same_number_of_questions_however_long_they_are(
    client, person, recorded, office, city, address
):
    role = Role.AUDIT_ADMIN if address == "/trace/" else Role.SYS_ADMIN
    client.force_login(person(role))

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page_of(client, address)
        return len(queries)

    def more(count, begin):
        recorded_names = range(begin, begin + count)
        for number in recorded_names:
            open_department(by=office, jurisdiction=city, name=f"市甲{number}局")
            Jurisdiction.objects.create(code=f"{380000 + number}", name="某市", parent=city)
            job_of(office, city)

    more(3, 0)
    asked()
    few = asked()
    more(60, 100)
    assert asked() == few


@pytest.mark.parametrize("role", [Role.OFFICE_HEAD, Role.SEC_ADMIN, Role.PROVINCE_READER])
def test_others_see_neither_system_nor_record(client, person, role):
    client.force_login(person(role))

    for address in ("/system/", "/system/jurisdictions/", "/system/jobs/", "/audit/", "/audit/1"):
        page_of(client, address, 403)
