"""The path over the API alone: from a draft to the receipt of the sheet."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role
from kaohe.core.indicator_trees import plan_of, tree_of
from kaohe.indicators.models import Sheet
from kaohe.indicators.services import parts
from kaohe.jobs.models import Job
from kaohe.jobs.runner import run
from tests.fixtures.indicators import make_year


@pytest.fixture
def drafter(dept_clerk, calling):
    return calling(dept_clerk)


@pytest.fixture
def chief(office_chief, calling):
    return calling(office_chief)


def sent(answer, status=200):
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_the_whole_path_by_api_alone(draft, template, drafter, chief, person, school, calling):
    where = f"/scheme-versions/{draft.pk}"
    told = sent(drafter.get(where))
    assert (told["state"], told["number"], told["year"]) == ("draft", 1, 2026)
    assert len(told["content"]["indicators"]) == 8
    assert sent(drafter.get(f"{where}/findings"))["items"] == []

    told = sent(drafter.post(f"{where}/submit", {"change_note": "首次编制"}))
    assert told["state"] == "submitted"
    body = {
        "reason": "目标请核对",
        "marks": [{"path": "indicators/J07/target", "reason": "偏高"}],
    }
    assert sent(chief.post(f"{where}/return", body))["state"] == "returned"
    [mark] = sent(drafter.get(f"{where}/marks"))["items"]
    assert (mark["path"], mark["text"], mark["settled"]) == ("indicators/J07/target", "8", False)

    sent(drafter.post(f"{where}/submit", {}))
    approved = chief.post(f"{where}/approve", None)
    assert sent(approved)["state"] == "approved"
    issued = sent(chief.post(f"{where}/issue", {"document_number": "示考办〔2026〕5号"}))
    assert (issued["state"], issued["document_number"]) == ("issued", "示考办〔2026〕5号")
    moves = [each["action"] for each in sent(chief.get(f"{where}/moves"))["items"]]
    assert moves == [
        "part.drafted",
        "part.returned",
        "part.submitted",
        "part.approved",
        "part.issued",
    ]

    head = calling(person(Role.UNIT_HEAD, unit=school))
    [line] = sent(head.get("/sheets"))["items"]
    sheet = sent(head.get(f"/sheets/{line['id']}"))
    assert [each["item"] for each in sheet["content"]["indicators"]][:3] == ["R01", "E01", "J01"]
    assert sent(head.post(f"/sheets/{line['id']}/receive", None))["received_at"]
    assert head.post(f"/sheets/{line['id']}/receive", None).status_code == 409


def test_what_somebody_else_has_changed_is_412(draft, drafter):
    seen = drafter.get(f"/scheme-versions/{draft.pk}")["ETag"]
    where = f"/scheme-versions/{draft.pk}/submit"
    assert drafter.post(where, {}, If_Match=seen).status_code == 200

    answer = drafter.post(f"/scheme-versions/{draft.pk}/withdraw", {}, If_Match=seen)

    assert answer.status_code == 412


def test_sent_again_with_its_key_the_first_answer_comes(draft, drafter):
    where = f"/scheme-versions/{draft.pk}/submit"

    first = drafter.post(where, {}, Idempotency_Key="k")
    second = drafter.post(where, {}, Idempotency_Key="k")

    assert first.content == second.content
    assert second["Idempotent-Replayed"] == "true"


def test_another_department_and_another_city_see_nothing(
    draft, calling, person, health, other_city
):
    for user in (
        person(Role.DEPT_CLERK, department=health),
        person(Role.OFFICE_HEAD, jurisdiction=other_city),
    ):
        program = calling(user)
        assert sent(program.get("/scheme-versions"))["items"] == []
        assert program.get(f"/scheme-versions/{draft.pk}").status_code == 404


def test_notes_of_the_template_are_for_those_who_review(template, calling, unit_clerk, chief):
    program = calling(unit_clerk)

    told = sent(program.get(f"/template-versions/{template.pk}"))

    assert told["change_note"] is None
    assert sent(chief.get(f"/template-versions/{template.pk}"))["change_note"] == ""
    assert program.get(f"/template-versions/{template.pk}/marks").status_code == 403
    assert program.get(f"/scheme-versions/{template.pk}").status_code in (403, 404)


def test_what_changes_is_told_cell_by_cell(scheme, dept_clerk, drafter):
    row = parts.draft_next_version(by=dept_clerk, part=scheme.part, change_note="修订")
    content = {**row.content, "preface": "改"}
    parts.edit_part(by=dept_clerk, version=row, seen=None, content=content)

    told = sent(drafter.get(f"/scheme-versions/{row.pk}/differences"))

    assert told["against"] == 1
    assert [(each["path"], each["new"]) for each in told["items"]] == [("preface", "改")]
    assert sent(drafter.get(f"/scheme-versions/{row.pk}/differences?against=9"))["against"] is None


def test_many_are_approved_and_what_stays_says_why(draft, template, submit, chief, year):
    submit(version=draft)
    draft.refresh_from_db()
    body = {
        "versions": [
            {"id": draft.pk, "version": draft.version},
            {"id": template.pk, "version": template.version},
            {"id": 999, "version": 1},
        ]
    }

    told = sent(chief.post(f"/years/{year.pk}/approve-versions", body))

    assert told["done"] == [draft.pk]
    kept = {each["id"]: each["code"] for each in told["kept"]}
    assert kept == {template.pk: "part.move-not-open", 999: "access.nothing-here"}


def test_many_are_issued_by_a_job(draft, template, submit, chief, office_chief, year):
    submit(version=draft)
    parts.approve_part(by=office_chief, version=draft, seen=None)
    draft.refresh_from_db()
    body = {"versions": [{"id": draft.pk, "version": draft.version}], "together": True}

    told = sent(chief.post(f"/years/{year.pk}/issue-versions", body))

    assert told["kind"] == "indicators.issue"
    run(str(Job.objects.get().pk))
    assert sent(chief.get(f"/jobs/{told['id']}"))["state"] == "done"
    assert Sheet.objects.get().scheme_version == draft


def test_a_version_of_another_year_is_not_among_them(draft, submit, chief, city, office_clerk):
    submit(version=draft)
    other = make_year(city, office_clerk, 2025)

    told = sent(
        chief.post(
            f"/years/{other.pk}/approve-versions", {"versions": [{"id": draft.pk, "version": 2}]}
        )
    )

    assert told["done"] == []


def test_sheets_come_under_a_new_template(
    scheme, template, year, office_clerk, office_chief, issued, chief
):
    row = parts.draft_next_version(by=office_clerk, part=template.part, change_note="修订")
    first, second = row.content["indicators"]
    content = {**row.content, "indicators": [{**first, "name": "变更登记按时办理"}, second]}
    parts.edit_part(by=office_clerk, version=row, seen=None, content=content)
    issued(row, office_clerk, office_chief)

    assert sent(chief.post(f"/years/{year.pk}/renew-sheets", {"reason": "修订"})) == {"count": 1}

    [line] = sent(chief.get("/sheets?year=2026&state=issued"))["items"]
    assert line["number"] == 2
    told = sent(chief.get(f"/sheets/{line['id']}/differences"))
    assert [each["new"] for each in told["items"]] == ["变更登记按时办理"]


def test_lists_ask_the_same_number_of_questions(scheme, template, chief, city, office_clerk):
    def questions(path):
        chief.get(path)
        with CaptureQueriesContext(connection) as asked:
            sent(chief.get(path))
        return len(asked)

    few = [questions(path) for path in ("/template-versions", "/sheets")]
    sheet = Sheet.objects.get()
    for number in range(2, 30):
        Sheet.objects.create(
            jurisdiction=city,
            participant=sheet.participant,
            number=number,
            state="superseded",
            digest="",
            issued_by=office_clerk,
            issued_on=sheet.issued_on,
        )
        type(template).objects.create(
            jurisdiction=city,
            part=template.part,
            number=number,
            state="withdrawn",
            digest="",
            drafted_by=office_clerk,
        )

    assert [questions(path) for path in ("/template-versions", "/sheets")] == few


def test_warnings_are_answered_and_read_with_their_point(
    draft, template, dept_clerk, drafter, chief
):
    plan = plan_of(draft.content)
    first = replace(plan.indicators[0], source="")
    content = tree_of(replace(plan, indicators=(first, *plan.indicators[1:])))
    parts.edit_part(by=dept_clerk, version=draft, seen=None, content=content)
    where = f"/scheme-versions/{draft.pk}"
    told = sent(drafter.get(f"{where}/findings"))
    [finding] = told["items"]
    assert (finding["point"], finding["answer"], told["unanswered"]) == ("sources", None, 1)
    body = {name: finding[name] for name in ("check", "path", "about")}

    kept = sent(drafter.post(f"{where}/answers", {**body, "text": "年报发布后补充"}))

    assert kept["text"] == "年报发布后补充"
    told = sent(chief.get(f"{where}/findings"))
    assert told["items"][0]["answer"]["text"] == "年报发布后补充"
    assert told["unanswered"] == 0
    [point] = [each for each in told["points"] if each["code"] == "sources"]
    assert (point["state"], point["warnings"], point["answered"]) == ("warned", 1, 1)
    gone = drafter.post(f"{where}/answers", {**body, "path": "preface", "text": "无"})
    assert (gone.status_code, gone.json()["code"]) == (409, "finding.gone")
