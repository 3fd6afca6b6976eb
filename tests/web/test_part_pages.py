"""Pages of the path: a version, its deeds, the queue, sheets."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role
from kaohe.core.indicator_trees import tree_of
from kaohe.core.part_path import Sort
from kaohe.indicators.models import Participant, Sheet
from kaohe.indicators.services import issuing, parts
from kaohe.jobs.models import Job
from kaohe.jobs.runner import run
from tests.fixtures.database import record_unlocked
from tests.fixtures.indicators import school_plan
from tests.fixtures.people import make_department, make_unit


def seen_by(user):
    client = Client()
    client.force_login(user)
    return client


def body(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def submitted(draft, template, submit):
    submit(version=draft)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def chief(office_chief):
    return seen_by(office_chief)


def test_the_page_offers_a_deed_only_to_those_who_may(submitted, chief, dept_clerk, unit_clerk):
    where = f"/indicators/parts/{submitted.pk}"

    page = body(chief.get(where))
    assert f"/indicators/scheme-versions/{submitted.pk}/approve" in page
    assert f"/indicators/scheme-versions/{submitted.pk}/return" in page
    page = body(seen_by(dept_clerk).get(where))
    assert f"/indicators/scheme-versions/{submitted.pk}/approve" not in page
    assert f"/indicators/scheme-versions/{submitted.pk}/withdraw" in page
    assert seen_by(unit_clerk).get(where).status_code == 404


def test_a_locked_version_says_whose_turn_it_is(submitted, dept_clerk, office_chief):
    page = body(seen_by(dept_clerk).get(f"/indicators/parts/{submitted.pk}"))

    assert "k-lock" in page
    assert office_chief.name in page


@pytest.mark.parametrize("tab", ["content", "changes", "cells", "check", "marks", "record", "x"])
def test_every_part_of_the_page_is_shown(tab, submitted, chief):
    body(chief.get(f"/indicators/parts/{submitted.pk}?tab={tab}"))


def test_cells_are_ticked_and_returned_with_their_reasons(submitted, chief, dept_clerk):
    where = f"/indicators/scheme-versions/{submitted.pk}/return"
    query = "?cell=indicators/J07/target&cell=indicators/J01/name"
    page = body(chief.get(where + query))
    assert "安全演练次数" in page

    lacking = chief.post(where + query, {"why_0": "偏高", "seen": submitted.version})
    assert lacking.status_code == 422
    sent = {"reason": "", "why_0": "目标偏高", "why_1": "写明口径", "seen": submitted.version}
    assert chief.post(where + query, sent).status_code == 302

    marks = {mark.path: mark.reason for mark in submitted.marks.all()}
    assert marks == {"indicators/J07/target": "目标偏高", "indicators/J01/name": "写明口径"}
    page = body(seen_by(dept_clerk).get(f"/indicators/parts/{submitted.pk}?tab=marks"))
    assert "目标偏高" in page


def test_a_return_without_a_reason_is_refused_on_the_form(submitted, chief):
    where = f"/indicators/scheme-versions/{submitted.pk}/return"

    answer = chief.post(where, {"reason": " ", "seen": submitted.version})

    assert answer.status_code == 422
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_a_cell_that_is_not_there_is_refused_on_the_form(submitted, chief):
    where = f"/indicators/scheme-versions/{submitted.pk}/return?cell=indicators/J99/name"

    assert body(chief.get(where))
    answer = chief.post(where, {"reason": "改", "seen": submitted.version})

    assert answer.status_code == 422


@pytest.mark.parametrize("text", ["䶮𠀀 O'Neill \u202e倒", "改" * 5000])
def test_reasons_of_any_kind_pass_unharmed(text, submitted, chief, dept_clerk):
    where = f"/indicators/scheme-versions/{submitted.pk}/return"

    assert chief.post(where, {"reason": text, "seen": submitted.version}).status_code == 302

    submitted.refresh_from_db()
    assert submitted.return_reason == text.replace("\u202e", "")
    body(seen_by(dept_clerk).get(f"/indicators/parts/{submitted.pk}"))


def test_a_stale_approval_says_so(submitted, chief, dept_clerk, office_head):
    parts.return_part(by=office_head, version=submitted, seen=None, reason="请核对")
    parts.submit_part(by=dept_clerk, version=submitted, seen=None)

    where = f"/indicators/scheme-versions/{submitted.pk}/approve"
    answer = chief.post(where, {"seen": submitted.version})

    assert answer.status_code == 422
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_an_approval_sent_twice_is_carried_out_once(submitted, chief):
    where = f"/indicators/scheme-versions/{submitted.pk}/approve"
    sent = {"seen": submitted.version, "once_key": "k1"}

    first, second = chief.post(where, sent), chief.post(where, sent)

    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]


def test_the_address_of_one_sort_does_not_open_another(submitted, template, chief):
    for noun, key in (("template", submitted.pk), ("scheme", template.pk)):
        assert chief.get(f"/indicators/{noun}-versions/{key}/approve").status_code == 404


def test_the_approval_shows_what_changes(scheme, dept_clerk, chief):
    row = parts.draft_next_version(by=dept_clerk, part=scheme.part, change_note="修订")
    first, *rest = scheme.content["indicators"]
    content = {**row.content, "indicators": [{**first, "points": "14"}, *rest]}
    content["indicators"][1] = {**rest[0], "points": "16"}
    parts.edit_part(by=dept_clerk, version=row, seen=None, content=content)
    parts.submit_part(by=dept_clerk, version=row, seen=None)

    page = body(chief.get(f"/indicators/scheme-versions/{row.pk}/approve"))

    assert page.count("chg-mod") == 2
    page = body(chief.get(f"/indicators/parts/{row.pk}?tab=changes&from=1"))
    assert page.count("chg-mod") == 2
    body(chief.get(f"/indicators/parts/{row.pk}?tab=changes&from=99999999999999999"))


def test_a_unit_that_left_is_named_on_the_page_and_in_the_queue(
    submitted, chief, school, health, year
):
    school.department = health
    school.save()

    assert school.name in body(chief.get(f"/indicators/parts/{submitted.pk}"))
    page = body(chief.get(f"/indicators/years/{year.pk}/approvals"))
    assert school.name in page
    assert 'name="chosen"' not in page  # it cannot be approved along with others


def test_ticked_versions_are_approved_together(submitted, chief, year):
    where = f"/indicators/years/{year.pk}/approvals/approve"
    chosen = f"{submitted.pk}:{submitted.version}"
    assert chosen in body(chief.get(f"/indicators/years/{year.pk}/approvals"))
    assert "市教育和体育局" in body(chief.get(f"{where}?chosen={chosen}"))

    answer = chief.post(where, {"chosen": chosen}, follow=True)

    submitted.refresh_from_db()
    assert submitted.state == "approved"
    assert "k-msg success" in answer.content.decode()


def test_what_was_changed_since_stays_and_says_why(submitted, chief, year):
    where = f"/indicators/years/{year.pk}/approvals/approve"

    answer = chief.post(where, {"chosen": f"{submitted.pk}:{submitted.version - 1}"}, follow=True)

    submitted.refresh_from_db()
    assert submitted.state == "submitted"
    assert "k-msg warning" in answer.content.decode()


@pytest.mark.parametrize("chosen", ["", "x", "9999999:1", "999999999999999999999:1"])
def test_nothing_sound_ticked_is_refused(chosen, submitted, chief, year):
    for deed in ("approve", "issue"):
        where = f"/indicators/years/{year.pk}/approvals/{deed}"
        body(chief.get(f"{where}?chosen={chosen}"))
        sent = {"chosen": chosen, "together": "no"} if chosen else {"together": "no"}
        assert chief.post(where, sent).status_code == 422


def test_many_are_issued_by_a_worker(submitted, chief, office_chief, year):
    parts.approve_part(by=office_chief, version=submitted, seen=None)
    submitted.refresh_from_db()
    sent = {
        "chosen": f"{submitted.pk}:{submitted.version}",
        "together": "yes",
        "document_number": "示考办〔2026〕5号",
    }

    answer = chief.post(f"/indicators/years/{year.pk}/approvals/issue", sent)

    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.pk}"
    run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 1, 1)
    assert job.outcome["facts"] == {"n": 1, "sheets": 1}
    assert Sheet.objects.get().scheme_version.document_number == "示考办〔2026〕5号"
    Job.objects.update(state="queued")  # a worker died before it could say so
    run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.outcome["facts"]) == ("done", {"n": 1, "sheets": 1})


@pytest.mark.parametrize(("together", "state"), [("yes", "failed"), ("no", "done")])
def test_a_job_that_cannot_issue_one_says_which(together, state, submitted, chief, year):
    sent = {"chosen": f"{submitted.pk}:{submitted.version}", "together": together}
    chief.post(f"/indicators/years/{year.pk}/approvals/issue", sent)
    job = Job.objects.get()

    run(str(job.pk))

    job.refresh_from_db()
    assert job.state == state
    assert Sheet.objects.count() == 0


def test_the_sheet_is_shown_to_its_unit_and_its_receipt_confirmed(
    scheme, person, school, hospital, unit_clerk
):
    sheet = Sheet.objects.get()
    head = seen_by(person(Role.UNIT_HEAD, unit=school))
    page = body(head.get(f"/indicators/sheets/{sheet.pk}"))
    assert "安全演练次数" in page
    assert "登记事项变更按时办理" in page
    assert f"/indicators/sheets/{sheet.pk}/receive" in page
    assert f"{sheet.pk}/receive" not in body(
        seen_by(unit_clerk).get(f"/indicators/sheets/{sheet.pk}")
    )
    away = seen_by(person(Role.UNIT_HEAD, unit=hospital))
    assert away.get(f"/indicators/sheets/{sheet.pk}").status_code == 404

    where = f"/indicators/sheets/{sheet.pk}/receive"
    assert head.post(where, {"seen": sheet.version}).status_code == 302
    assert head.post(where, {"seen": sheet.version + 1}).status_code == 422

    sheet.refresh_from_db()
    assert sheet.received_at is not None


def test_a_sheet_that_was_altered_says_so(scheme, chief):
    sheet = Sheet.objects.get()
    assert 'role="alert"' not in body(chief.get(f"/indicators/sheets/{sheet.pk}"))
    with record_unlocked():
        Sheet.objects.update(content={**sheet.content, "sheet": {}})

    assert 'role="alert"' in body(chief.get(f"/indicators/sheets/{sheet.pk}"))


def test_new_sheets_under_a_new_template_are_made_on_a_page(
    scheme, template, year, office_clerk, office_chief, issued, chief
):
    row = parts.draft_next_version(by=office_clerk, part=template.part, change_note="修订")
    first, second = row.content["indicators"]
    content = {**row.content, "indicators": [{**first, "name": "变更登记按时办理"}, second]}
    parts.edit_part(by=office_clerk, version=row, seen=None, content=content)
    issued(row, office_clerk, office_chief)
    where = f"/indicators/years/{year.pk}/approvals/renew"
    assert where in body(chief.get(f"/indicators/years/{year.pk}/approvals"))

    assert chief.post(where, {"reason": ""}).status_code == 422
    assert chief.post(where, {"reason": "共性指标修订"}).status_code == 302

    new = Sheet.objects.get(state="issued")
    page = body(chief.get(f"/indicators/sheets/{new.pk}"))
    assert "变更登记按时办理" in page
    assert "chg-mod" in page


def test_the_list_of_sheets_is_narrowed_and_exported(scheme, chief, year, school):
    where = f"/indicators/years/{year.pk}/sheets"

    assert school.name in body(chief.get(f"{where}?q=第一中学&received=no&state=issued"))
    assert school.name not in body(chief.get(f"{where}?received=yes"))
    assert chief.get(f"{where}?export=xlsx").content[:2] == b"PK"


def furnished(city, year, count):
    """Departments with a unit and a submitted scheme each."""
    for number in range(count):
        department = make_department(city, f"市第{number}局")
        unit = make_unit(city, department, f"第{number}局下属单位", 100 + number)
        row = Participant.objects.create(
            jurisdiction=city,
            assessment_year=year,
            unit=unit,
            department=department,
            code=unit.code,
            name=unit.name,
            department_name=department.name,
        )
        yield department, row


def test_the_queue_and_the_sheets_ask_the_same_however_many_there_are(
    city, year, template, person, chief, office_chief
):
    made = []

    def questions(where):
        with CaptureQueriesContext(connection) as asked:
            body(chief.get(where))
        return len(asked)

    queue, sheets = (f"/indicators/years/{year.pk}/{each}" for each in ("approvals", "sheets"))
    counts = []
    for department, row in furnished(city, year, 12):
        clerk = person(Role.DEPT_CLERK, department=department)
        version = parts.begin_part(
            by=clerk,
            year=year,
            sort=Sort.DEPARTMENT,
            department=department,
            content=tree_of(school_plan(row.code)),
        )
        type(version).objects.filter(pk=version.pk).update(state="submitted")
        sheet = Sheet(
            jurisdiction=city,
            participant=row,
            number=1,
            content={},
            digest="",
            issued_by=office_chief,
            issued_on=issuing.timezone.localdate(),
        )
        sheet.save()
        made.append(version)
        if len(made) in (3, 12):
            questions(queue)
            counts.append((questions(queue), questions(sheets)))

    assert counts[0] == counts[1]
    assert max(counts[1]) <= 24


def test_the_record_tells_changed_cells_in_words(draft, dept_clerk, submit, office_chief, chief):
    first, *rest = draft.content["indicators"]
    content = {**draft.content, "indicators": [{**first, "period": "month"}, *rest]}
    parts.edit_part(by=dept_clerk, version=draft, seen=None, content=content)
    submit(version=draft)
    marks = [parts.Marked("indicators/J07/target", "偏高")]
    parts.return_part(by=office_chief, version=draft, seen=None, marks=marks)

    page = body(chief.get(f"/indicators/parts/{draft.pk}?tab=record"))

    assert "indicators/J01" not in page
    assert "J01 统计周期：" in page


def test_empty_cells_can_be_ticked_by_who_may_return(submitted, chief, dept_clerk):
    where = f"/indicators/parts/{submitted.pk}?tab=cells"

    assert 'value="indicators/J01/basis"' in body(chief.get(where))
    assert "indicators/J01/basis" not in body(seen_by(dept_clerk).get(where))
    sent = {"reason": "请补充依据", "seen": submitted.version}
    query = "?cell=indicators/J01/basis"
    answer = chief.post(f"/indicators/scheme-versions/{submitted.pk}/return{query}", sent)
    assert answer.status_code == 302
    assert submitted.marks.get().text == ""


def test_the_desk_names_what_was_done_of_late(scheme, chief):
    page = body(chief.get("/"))

    assert f'href="/indicators/parts/{scheme.pk}"' in page
