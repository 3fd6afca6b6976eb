"""The sheets of a scheme, its library and its preface as pages."""

import re
from urllib.parse import quote

import pytest

from kaohe.core.indicators import Values
from kaohe.core.quantities import TICK
from kaohe.indicators.models import PartVersion
from kaohe.indicators.queries.parts import plan_in


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


def test_the_sheet_of_a_unit_shows_common_and_individual_indicators(
    draft, template, clerk, at, school
):
    text = clerk.get(at(f"/sheets/{school.code}")).content.decode()

    assert "登记事项变更按时办理" in text
    assert "国家课程开设率" in text
    assert clerk.get(at("/sheets/12370699495312705A")).status_code == 404


def test_a_units_own_values_are_entered_on_its_sheet(draft, template, clerk, at, school):
    where = at(f"/sheets/{school.code}/edit")
    page = clerk.get(where)
    sent = fields_of(page) | {
        "target-3": "95",
        "base-3": "92.5",
        "reason-3": "新建校区",
        "not_applicable-0": "无登记事项变更",
    }

    assert clerk.post(where, sent).status_code == 302

    sheet = kept(draft).sheets[school.code]
    assert sheet.values == {
        "J02": Values(target=95 * TICK, base=925_000, reason="新建校区"),
    }
    assert sheet.not_applicable == {"R01": "无登记事项变更"}
    assert "新建校区" in clerk.get(at(f"/sheets/{school.code}")).content.decode()


def test_what_is_wrong_on_a_sheet_is_said_at_its_cell(draft, clerk, at, school):
    where = at(f"/sheets/{school.code}/edit")
    clerk.post(at("/indicators/new"), {**INDICATOR, "item": "M1", "rule": "milestones"})
    place = [each.item for each in kept(draft).of_unit(school.code)].index("M1")
    nodes = {
        f"nodes-{place}-0-milestone": "主体完工",
        f"nodes-{place}-0-share": "60",
        f"nodes-{place}-0-due_on": "2026-06-30",
    }

    page = clerk.post(where, {"target-1": "abc", **nodes})
    text = page.content.decode()
    assert page.status_code == 422
    assert "“abc”不是可用的数字" in text
    assert "合计 60%，须为 100%" in text

    more = {
        f"nodes-{place}-1-milestone": "验收",
        f"nodes-{place}-1-share": "40",
        f"nodes-{place}-1-due_on": "2026-10-31",
    }
    assert clerk.post(where, nodes | more).status_code == 302
    assert [node.milestone for node in kept(draft).sheets[school.code].nodes["M1"]] == [
        "主体完工",
        "验收",
    ]
    assert "2026.10.31" in clerk.get(at(f"/sheets/{school.code}")).content.decode()
    bad = nodes | {f"nodes-{place}-0-due_on": "明天", f"nodes-{place}-0-milestone": "a/b"}
    assert clerk.post(where, bad).status_code == 422


def test_a_unit_is_taken_out_of_the_scheme(draft, clerk, at, school):
    assert clerk.get(at(f"/sheets/{school.code}/out")).status_code == 200
    assert clerk.post(at(f"/sheets/{school.code}/out"), ASKED).status_code == 302
    assert kept(draft).sheets == {}


def test_a_library_is_chosen_from_with_points_shared_out(draft, clerk, at):
    page = clerk.get(at("/scheme-library") + "?library=health")
    assert "法定传染病及时报告率" in page.content.decode()
    sent = {"take-0": "on", "points-0": "15", "take-1": "on", "points-1": "10", "total": "20"}
    where = at("/scheme-library") + "?library=health"

    assert clerk.post(where, {"points-0": "15"}).status_code == 422
    assert clerk.post(where, {**sent, "total": "0.3"}).status_code == 422
    assert clerk.post(where, {**sent, "points-1": ""}).status_code == 422
    assert clerk.post(where, sent).status_code == 302

    added = [
        each.points for each in kept(draft).indicators if each.name.startswith(("法定", "适龄"))
    ]
    assert sorted(added) == [8 * TICK, 12 * TICK]


def test_the_library_of_the_departments_sector_comes_first(draft, clerk, at):
    assert "国家课程" in clerk.get(at("/scheme-library") + "?library=x").content.decode()


def test_the_preface_is_written(draft, clerk, at):
    assert clerk.get(at("/scheme-preface")).status_code == 200
    assert clerk.post(at("/scheme-preface"), {"preface": "指导思想" * 1000}).status_code == 302
    assert kept(draft).preface == "指导思想" * 1000
    assert clerk.post(at("/scheme-preface"), {"preface": "字" * 5001}).status_code == 422


def test_the_curve_is_drawn_of_what_is_typed_so_far(year, clerk):
    where = "/indicators/curve?rule=interval&points=15&zero_at=60&full_at=95&try_out=88&measure=%25"
    text = clerk.get(where).content.decode()

    assert "<polyline" in text
    assert "88%" in text
    assert "<b>12</b>" in text
    assert "style=" not in text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "选定计分规则"),
        ("rule=interval&points=15&zero_at=60", "满分值"),
        ("rule=interval&points=15&zero_at=60&full_at=60", "平线"),
        ("rule=ratio_up&points=15&target=0", "目标值须大于 0"),
        ("rule=ratio_up&points=x&target=9", "分值"),
        ("rule=growth&points=10&target=5&try_base=200&try_out=205", "<b>5</b>"),
        ("rule=deduction&points=10&kinds-0-kind=逾期&kinds-0-points=2&try_out=3", "<b>4</b>"),
        ("rule=milestones&points=10&late_per_day=10&try_out=2", "<b>8</b>"),
        ("rule=rank&points=9&direction=up&try_out=4", "<b>6</b>"),
        ("rule=marks&points=10&try_out=8，9，10", "<b>9</b>"),
        ("rule=steps_up&points=10&steps-0-threshold=90&steps-0-percent=80&try_out=x", "<polyline"),
        ("rule=interval&points=1&zero_at=-99999999&full_at=99999999&try_out=0", "<b>0.5</b>"),
    ],
)
def test_the_curve_says_what_is_missing_and_tries_every_rule(year, clerk, query, told):
    page = clerk.get(f"/indicators/curve?{quote(query, safe='=&')}")

    assert page.status_code == 200
    assert told in page.content.decode()
