"""Pages of departments' schemes: the list, a draft begun, indicators, sheets, libraries."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role
from kaohe.core.indicator_trees import tree_of
from kaohe.core.quantities import TICK
from kaohe.indicators.models import PartVersion
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.services import parts, years
from tests.fixtures.indicators import school_plan
from tests.fixtures.people import make_department, make_unit


@pytest.fixture
def clerk(signed_in, dept_clerk):
    return signed_in(dept_clerk)


@pytest.fixture
def at(draft):
    """A function: an address of the draft."""
    return lambda rest="": f"/indicators/parts/{draft.pk}{rest}"


def kept(draft):
    return plan_in(PartVersion.objects.get(pk=draft.pk))


def fields_of(page):
    """What a form would send as it stands."""
    text = page.content.decode()
    found = dict(re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', text))
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


ASKED = {"once_key": "k1"}
INDICATOR = {
    "name": "课后服务参与率",
    "element": "经济社会效益",
    "rule": "interval",
    "points": "5",
    "zero_at": "60",
    "full_at": "９０",
    "visibility": "latent",
    "source": "学籍系统",
}


def test_the_office_sees_every_department_and_which_has_not_begun(
    draft, year, city, signed_in, office_chief, office_clerk
):
    health = make_department(city, "市卫生健康局")
    years.take_in(office_clerk, year, [make_unit(city, health, "示例市人民医院", 277779)])

    page = signed_in(office_chief).get(f"/indicators/years/{year.pk}/schemes")

    text = page.content.decode()
    assert f'href="/indicators/parts/{draft.pk}"' in text
    assert "草稿" in text
    assert "未" in text
    assert "begin/" not in text  # the office does not draft


def test_a_department_goes_to_its_own_scheme(draft, year, clerk):
    answer = clerk.get(f"/indicators/years/{year.pk}/schemes")

    assert answer["Location"] == f"/indicators/parts/{draft.pk}"


def test_a_department_without_a_scheme_is_led_to_begin_one(year, education, clerk):
    answer = clerk.get(f"/indicators/years/{year.pk}/schemes")
    assert answer["Location"] == f"/indicators/years/{year.pk}/schemes/begin/{education.pk}"

    page = clerk.get(answer["Location"])
    assert "示例市第一中学" in page.content.decode()
    done = clerk.post(answer["Location"], {"source": "library:education"})

    version = PartVersion.objects.get()
    assert done["Location"] == f"/indicators/parts/{version.pk}"
    assert len(plan_in(version).indicators) == 9
    assert clerk.get(answer["Location"])["Location"] == done["Location"]


def test_what_cannot_be_begun_is_said_on_the_form(year, education, clerk):
    where = f"/indicators/years/{year.pk}/schemes/begin/{education.pk}"

    assert clerk.post(where, {"source": "last-year"}).status_code == 422
    assert PartVersion.objects.count() == 0


def test_last_years_scheme_is_offered_first_and_opens_as_a_draft(
    scheme, city, education, office_clerk, clerk
):
    following = years.open_year(by=office_clerk, jurisdiction=city, year=2027)
    where = f"/indicators/years/{following.pk}/schemes/begin/{education.pk}"

    text = clerk.get(where).content.decode()
    assert "沿用 2026 年方案（8 项指标）" in text
    assert "有 8 处没有上年实绩" in text  # no results of 2026 are kept
    answer = clerk.post(where, {"source": "last-year"})

    version = PartVersion.objects.get(part__assessment_year=following)
    assert answer["Location"] == f"/indicators/parts/{version.pk}"
    assert plan_in(version).indicators == plan_in(scheme).indicators
    assert "2026" in clerk.get(answer["Location"]).content.decode()  # the trend


def test_others_begin_nothing(year, education, health, signed_in, person):
    other = signed_in(person(Role.DEPT_CLERK, department=health))

    where = f"/indicators/years/{year.pk}/schemes/begin/{education.pk}"
    assert other.get(where).status_code == 404


def test_the_scheme_shows_elements_shares_and_every_sheet(draft, clerk, at):
    text = clerk.get(at()).content.decode()

    assert "教学常规检查合格率" in text
    assert "50%" in text
    assert "不高于 80 不得分，达到 95 得满分，其间按比例计分" in text
    assert "示例市第一中学" in text
    assert "满 100 分" in text


def test_an_indicator_is_entered_with_its_rule(draft, clerk, at):
    page = clerk.get(at("/indicators/new"))
    answer = clerk.post(at("/indicators/new"), {**fields_of(page), **INDICATOR})

    assert answer["Location"] == at()
    new = next(each for each in kept(draft).indicators if each.name == "课后服务参与率")
    assert (new.zero_at, new.full_at, new.visibility) == (60 * TICK, 90 * TICK, "latent")


def test_all_that_is_wrong_with_an_indicator_is_said_at_once(draft, clerk, at):
    sent = {
        **INDICATOR,
        "name": "=SUM(A1)",
        "points": "100.5",
        "rule": "steps_up",
        "steps-0-threshold": "90",
        "steps-0-percent": "120",
        "steps-1-threshold": "九十",
        "steps-1-percent": "",
        "element": "",
    }
    page = clerk.post(at("/indicators/new"), sent)

    text = page.content.decode()
    assert page.status_code == 422
    for told in (
        "公式",
        "100.5 过大",
        "第 1 行“得分比例（％）”：120 过大",
        "“九十”不是可用的数字",
        "第 2 行“得分比例（％）”",
    ):
        assert told in text
    assert 'value="九十"' in text  # what was typed is still there
    assert len(kept(draft).indicators) == 8


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"zero_at": "90"}, "得分都相同"),
        ({"rule": "ratio_up", "target": "0"}, "目标值须大于 0"),
        ({"rule": "steps_up"}, "至少填写一档"),
        ({"rule": "deduction"}, "至少填写一类事项"),
        (
            {
                "rule": "steps_down",
                "steps-0-threshold": "5",
                "steps-0-percent": "100",
                "steps-1-threshold": "3",
                "steps-1-percent": "50",
            },
            "第 2 行：门槛值须逐行递增",
        ),
        (
            {
                "rule": "steps_up",
                "steps-0-threshold": "5",
                "steps-0-percent": "100",
                "steps-1-threshold": "9",
                "steps-1-percent": "50",
            },
            "第 2 行：门槛值须逐行递减",
        ),
        (
            {
                "rule": "accrual",
                "kinds-0-kind": "获奖",
                "kinds-0-points": "1",
                "kinds-1-kind": "获奖",
                "kinds-1-points": "2",
            },
            "“获奖”重复",
        ),
        ({"rule": "accrual", "kinds-0-kind": "甲;乙", "kinds-0-points": "1"}, "不得有冒号"),
        ({"rule": "accrual", "kinds-0-kind": "获奖", "kinds-0-points": "0"}, "得分都相同"),
        ({"item": "J01"}, "已用于另一项指标"),
        ({"item": "a/b"}, "不能作为编号"),
        ({"rule": "nonsense"}, "nonsense"),
    ],
)
def test_a_rule_that_cannot_score_is_refused(draft, clerk, at, sent, told):
    page = clerk.post(at("/indicators/new"), {**INDICATOR, **sent})

    assert page.status_code == 422
    assert told in page.content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"rule": "ratio_down", "target": "30", "minimum": "50"},
        {
            "rule": "steps_up",
            "steps-0-threshold": "90",
            "steps-0-percent": "100",
            "steps-2-threshold": "60",
            "steps-2-percent": "50",
        },
        {"rule": "growth", "target": "5"},
        {"rule": "deduction", "kinds-0-kind": "逾期", "kinds-0-points": "1", "kinds-0-cap": "3"},
        {"rule": "milestones", "late_per_day": "2"},
        {"rule": "rank", "direction": "down"},
        {"rule": "marks", "trim": "on"},
        {"rule": "ratio_up"},
    ],
)
def test_every_rule_can_be_entered_and_opened_again(draft, clerk, at, sent):
    answer = clerk.post(at("/indicators/new"), {**INDICATOR, "item": "K1", **sent})

    assert answer.status_code == 302
    page = clerk.get(at("/indicators/K1/edit"))
    again = clerk.post(at("/indicators/K1/edit"), fields_of(page) | INDICATOR | sent)
    assert again.status_code == 302
    new = next(each for each in kept(draft).indicators if each.item in ("K1", "J09"))
    assert new.rule == sent["rule"]


def test_choosing_a_rule_without_scripts_shows_its_fields_and_refuses_nothing(draft, clerk, at):
    page = clerk.post(at("/indicators/new"), {"rule": "growth", "name": "", "choose": "1"})

    text = page.content.decode()
    assert page.status_code == 200
    assert 'name="target"' in text
    assert 'name="zero_at"' not in text
    assert 'class="err"' not in text


def test_a_stale_form_writes_nothing(draft, clerk, at, dept_head):
    page = clerk.get(at("/indicators/J01/edit"))
    parts.edit_part(
        by=dept_head, version=draft, seen=None, content={**draft.content, "preface": "新"}
    )

    answer = clerk.post(at("/indicators/J01/edit"), fields_of(page) | INDICATOR)

    assert answer.status_code == 422
    assert kept(draft).indicators[0].name == "教学常规检查合格率"


def test_a_form_sent_twice_enters_one_indicator(draft, clerk, at):
    sent = {**fields_of(clerk.get(at("/indicators/new"))), **INDICATOR}

    first, second = (clerk.post(at("/indicators/new"), sent) for _time in range(2))

    assert first["Location"] == second["Location"]
    assert len(kept(draft).indicators) == 9


def test_an_indicator_shows_what_each_unit_is_held_against(draft, clerk, at, school):
    text = clerk.get(at("/indicators/J02")).content.decode()

    assert "目标 100，按完成率计分，最高得满分" in text
    assert f"/sheets/{school.code}" in text
    assert clerk.get(at("/indicators/J99")).status_code == 404
    assert clerk.get(at("/indicators/J99/edit")).status_code == 404


def test_an_indicator_is_moved_and_taken_out(draft, clerk, at):
    assert clerk.post(at("/indicators/J02/move"), {"way": "up"}).status_code == 302
    assert kept(draft).indicators[0].item == "J02"
    clerk.post(at("/indicators/J02/move"), {"way": "down", "seen": "1"})  # stale: told, not done
    assert kept(draft).indicators[0].item == "J02"
    assert clerk.get(at("/indicators/J02/remove")).status_code == 200
    assert clerk.post(at("/indicators/J02/remove"), ASKED).status_code == 302
    assert "J02" not in [each.item for each in kept(draft).indicators]


def test_an_indicator_of_one_unit_is_copied_from_its_page(
    draft, clerk, at, school, city, education, year, office_clerk
):
    second = make_unit(city, education, "示例市第二中学", 49458013, category="public_first")
    years.take_in(office_clerk, year, [second])
    assert "示例市第二中学" in clerk.get(at("/scheme-units")).content.decode()
    clerk.post(at("/scheme-units"), {"units": [second.code]})
    clerk.post(at("/indicators/new"), {**INDICATOR, "item": "J20", "unit": school.code})

    page = clerk.get(at("/indicators/J20/copy"))
    assert "示例市第二中学" in page.content.decode()
    assert clerk.post(at("/indicators/J20/copy"), ASKED).status_code == 422
    clerk.post(at("/indicators/J20/copy"), {"units": [second.code]})

    assert {each.unit for each in kept(draft).indicators if each.name == "课后服务参与率"} == {
        school.code,
        second.code,
    }
    assert "均" in clerk.get(at("/scheme-units")).content.decode()  # every unit has a sheet


def test_who_only_reads_sees_no_deed_and_may_do_none(draft, at, signed_in, office_chief, school):
    client = signed_in(office_chief)

    text = client.get(at(f"/sheets/{school.code}")).content.decode()
    assert "/edit" not in text
    assert "/edit" not in client.get(at("/indicators/J01")).content.decode()
    assert client.get(at("/indicators/J01/edit")).status_code == 403
    assert client.post(at("/scheme-preface"), {"preface": "改"}).status_code == 403


def test_another_department_and_another_city_find_nothing(
    draft, at, signed_in, person, health, other_city
):
    for user in (
        person(Role.DEPT_CLERK, department=health),
        person(
            Role.DEPT_CLERK, jurisdiction=other_city, department=make_department(other_city, "局")
        ),
    ):
        client = signed_in(user)
        for rest in ("/indicators/J01", "/indicators/J01/edit", "/scheme-library"):
            assert client.get(at(rest)).status_code == 404


def test_the_template_is_not_opened_as_a_scheme(template, signed_in, person, education):
    both = signed_in(person(Role.DEPT_CLERK, Role.OFFICE_CLERK, department=education))

    assert both.get(f"/indicators/parts/{template.pk}/scheme-preface").status_code == 404


def test_the_list_and_a_scheme_ask_the_same_number_of_questions_whatever_their_size(
    year, city, education, school, signed_in, office_chief, dept_clerk, office_clerk
):
    def questions(client, where):
        client.get(where)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(where).status_code == 200
        return len(asked)

    version = parts.begin_part(
        by=dept_clerk,
        year=year,
        sort="department",
        department=education,
        content=tree_of(school_plan(school.code)),
    )
    client = signed_in(office_chief)
    addresses = (
        f"/indicators/years/{year.pk}/schemes",
        f"/indicators/parts/{version.pk}",
        f"/indicators/parts/{version.pk}/indicators/J01",
    )
    few = [questions(client, where) for where in addresses]
    more = [
        make_unit(city, education, f"示例市第{n}小学", 59458000 + n, category="public_first")
        for n in range(40)
    ]
    years.take_in(office_clerk, year, more)
    for n in range(20):
        other = make_department(city, f"第{n}局")
        years.take_in(office_clerk, year, [make_unit(city, other, f"第{n}中心", 69458000 + n)])
    content = tree_of(school_plan(school.code, *(unit.code for unit in more)))
    parts.edit_part(by=dept_clerk, version=version, seen=None, content=content)

    assert [questions(client, where) for where in addresses] == few
