"""Pages of the check-up: the checklist, answers at the findings, deadlines and returns."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kaohe.core.indicator_trees import tree_of
from kaohe.indicators.models import FindingAnswer, PartVersion
from kaohe.indicators.services import answering, parts, settings_part
from tests.fixtures.indicators import school_plan

KEY = {"check": "source-missing", "path": "indicators/J01/source", "about": ""}
WHY = "年报五月发布，届时补充。"


def seen_by(user):
    client = Client()
    client.force_login(user)
    return client


def without_source(plan, count=1):
    """The plan whose first indicators name no source."""
    first = tuple(replace(each, source="") for each in plan.indicators[:count])
    return replace(plan, indicators=(*first, *plan.indicators[count:]))


@pytest.fixture
def warned(draft, template, dept_clerk, school):
    content = tree_of(without_source(school_plan(school.code)))
    return parts.edit_part(by=dept_clerk, version=draft, seen=None, content=content)


@pytest.fixture
def drafter(dept_clerk):
    return seen_by(dept_clerk)


@pytest.fixture
def chief(office_chief):
    return seen_by(office_chief)


def check_of(version):
    return f"/indicators/parts/{version.pk}?tab=check"


def answer_at(version):
    return f"/indicators/scheme-versions/{version.pk}/answer"


def test_the_drafter_answers_at_the_finding(warned, drafter):
    page = drafter.get(check_of(warned)).content.decode()
    assert "审核要点" in page
    assert 'id="p-sources"' in page
    assert answer_at(warned) in page

    sent = drafter.post(answer_at(warned), {**KEY, "text": WHY}, follow=True)

    assert sent.redirect_chain[-1][0] == f"{check_of(warned)}#findings"
    assert WHY in sent.content.decode()


def test_an_empty_answer_is_refused_on_the_form(warned, drafter):
    refused = drafter.post(answer_at(warned), {**KEY, "text": " "})
    assert refused.status_code == 422
    assert not FindingAnswer.objects.exists()


def test_an_answer_sent_twice_is_kept_once(warned, drafter):
    sent = {**KEY, "text": WHY, "once_key": "a" * 32}
    for _ in range(2):
        assert drafter.post(answer_at(warned), sent).status_code == 302
    assert FindingAnswer.objects.count() == 1


def test_what_is_no_longer_found_says_so_and_leads_back(warned, drafter):
    gone = {**KEY, "path": "indicators/J02/source"}
    assert drafter.post(answer_at(warned), {**gone, "text": WHY}).status_code == 422
    back = drafter.get(answer_at(warned), gone)
    assert (back.status_code, back["Location"]) == (302, check_of(warned))


def test_the_form_of_one_warning_can_be_opened_by_itself(warned, drafter):
    page = drafter.get(answer_at(warned), KEY)
    assert page.status_code == 200
    assert "J01" in page.content.decode()


def test_the_approver_reads_the_answer_before_the_button_and_can_mark_the_cell(
    warned, dept_clerk, drafter, chief
):
    key = answering.Key(**KEY)
    answering.answer_finding(by=dept_clerk, version=warned, key=key, text=WHY)
    parts.submit_part(by=dept_clerk, version=warned, seen=None)

    page = chief.get(f"/indicators/scheme-versions/{warned.pk}/approve").content.decode()
    assert page.index("审核要点") < page.index(WHY) < page.index('class="k-act')
    assert 'value="indicators/J01/source" form="marking"' in page
    page = chief.get(check_of(warned)).content.decode()
    assert 'form="marking"' in page
    assert answer_at(warned) not in page
    assert chief.get(answer_at(warned)).status_code == 403


def test_who_submits_is_told_how_many_warnings_are_open(warned, drafter):
    where = f"/indicators/scheme-versions/{warned.pk}/submit"
    assert "未说明的提醒 1 项" in drafter.get(where).content.decode()

    sent = drafter.post(where, {"change_note": ""}, follow=True)

    assert "尚有 1 项提醒未作说明" in sent.content.decode()


def test_an_answer_whose_figures_changed_says_so(warned, dept_clerk, drafter, school):
    key = answering.Key(**KEY)
    answering.answer_finding(by=dept_clerk, version=warned, key=key, text=WHY)
    plan = without_source(school_plan(school.code))
    other = replace(plan.indicators[0], name="教学常规检查优良率")
    content = tree_of(replace(plan, indicators=(other, *plan.indicators[1:])))
    parts.edit_part(by=dept_clerk, version=warned, seen=None, content=content)

    page = drafter.get(check_of(warned)).content.decode()

    assert "此后情况有变" in page
    assert "教学常规检查合格率" in page


def test_the_queue_and_both_desks_show_the_day(warned, dept_clerk, drafter, chief, year):
    parts.submit_part(by=dept_clerk, version=warned, seen=None)

    queue = chief.get(f"/indicators/years/{year.pk}/approvals").content.decode()
    assert "答复期限" in queue
    assert "已说明 0 项" in queue
    assert "答复期限" in drafter.get("/").content.decode()
    tasks = [line for group in chief.get("/").context["groups"] for line in group.lines]
    assert any(line.due_on for line in tasks if f"/parts/{warned.pk}" in line.url)
    assert "考核办答复期限" in chief.get(check_of(warned)).content.decode()


def test_what_is_late_is_marked(warned, dept_clerk, chief, year):
    parts.submit_part(by=dept_clerk, version=warned, seen=None)
    PartVersion.objects.filter(pk=warned.pk).update(submitted_at="2026-01-05T01:00:00Z")

    queue = chief.get(f"/indicators/years/{year.pk}/approvals").content.decode()

    assert "st-late" in queue


def test_after_two_returns_the_third_asks_for_a_reason(warned, dept_clerk, office_chief, chief):
    for _ in range(2):
        parts.submit_part(by=dept_clerk, version=warned, seen=None)
        parts.return_part(by=office_chief, version=warned, seen=None, reason="请核对")
    parts.submit_part(by=dept_clerk, version=warned, seen=None)
    where = f"/indicators/scheme-versions/{warned.pk}/return"

    page = chief.get(f"{where}?cell=indicators/J01/source")
    assert "已退回 2 次" in page.content.decode()
    refused = chief.post(f"{where}?cell=indicators/J01/source", {"reason": "", "why_0": "来源"})
    assert refused.status_code == 422


def test_limits_are_settings_with_meaning_and_default(year, office_clerk, signed_in):
    version = settings_part.begin_settings(by=office_clerk, year=year)
    office = signed_in(office_clerk)
    where = f"/indicators/parts/{version.pk}/settings/checkup"
    assert "每张考核单指标数下限" in office.get(f"/indicators/parts/{version.pk}").content.decode()

    form = office.get(where).context["form"]
    given = {field.name: field.value() for field in form if field.value() is not None}
    refused = office.post(where, {**given, "checkup__fewest": "0"})
    assert refused.status_code == 422
    assert "checkup__fewest" in refused.context["form"].errors

    assert office.post(where, {**given, "checkup__fewest": "6"}).status_code == 302
    version.refresh_from_db()
    assert version.content["checkup"]["fewest"] == "6"


def test_the_check_up_asks_the_same_number_of_questions(warned, dept_clerk, drafter, school):
    def questions():
        drafter.get(check_of(warned))
        with CaptureQueriesContext(connection) as asked:
            assert drafter.get(check_of(warned)).status_code == 200
        return len(asked)

    one = questions()
    content = tree_of(without_source(school_plan(school.code), 8))
    row = parts.edit_part(by=dept_clerk, version=warned, seen=None, content=content)
    for place in range(1, 9):
        key = answering.Key("source-missing", f"indicators/J{place:02d}/source")
        answering.answer_finding(by=dept_clerk, version=row, key=key, text=WHY)
    assert questions() == one
