"""Departments' schemes over the API."""

import pytest

from kaohe.core.access import Role
from kaohe.core.indicators import Node, Values
from kaohe.core.quantities import TICK
from kaohe.indicators.models import PartVersion
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.services import years
from tests.fixtures.indicators import SPRING
from tests.fixtures.people import make_unit

MADE = {
    "name": "课后服务参与率",
    "element": "经济社会效益",
    "rule": "ratio_up",
    "points": "5",
    "target": "90",
}


@pytest.fixture
def clerk(calling, dept_clerk):
    return calling(dept_clerk)


@pytest.fixture
def at(draft):
    """A function: a path of the draft."""
    return lambda rest="": f"/scheme-versions/{draft.pk}{rest}"


def kept(draft):
    return plan_in(PartVersion.objects.get(pk=draft.pk))


def test_a_department_begins_its_scheme_and_finds_it_in_the_list(year, education, clerk):
    sent = {"assessment_year": year.pk, "source": "library", "library": "education"}
    answer = clerk.post(f"/departments/{education.pk}/schemes", sent)

    assert answer.status_code == 200
    told = answer.json()
    assert len(told["content"]["indicators"]) == 9
    [line] = clerk.get(f"/years/{year.pk}/schemes").json()["items"]
    assert (line["scheme_version"], line["state"], line["indicators"]) == (told["id"], "draft", 9)
    assert (line["quantified"], line["visible"], line["latent"]) == ("100", "60", "40")
    again = clerk.post(f"/departments/{education.pk}/schemes", {"assessment_year": year.pk})
    assert again.json()["code"] == "part.version-open"


def test_an_indicator_is_entered_changed_moved_and_removed(draft, clerk, at):
    made = clerk.post(at("/indicators"), MADE, If_Match=f'"{draft.version}"')
    assert made.status_code == 200
    assert kept(draft).indicators[6].item == "J09"

    assert clerk.post(at("/indicators"), MADE, If_Match='"1"').status_code == 412
    clerk.patch(at("/indicators/J09"), {**MADE, "points": "7.5", "minimum": "60"})
    found = kept(draft).indicators[6]
    assert (found.item, found.points, found.minimum) == ("J09", 75_000, 60 * TICK)
    clerk.post(at("/indicators/J09/move"), {"up": True})
    assert kept(draft).indicators[5].item == "J09"
    clerk.send("POST", at("/indicators/J09/remove"), None)
    assert len(kept(draft).indicators) == 8
    assert clerk.send("POST", at("/indicators/J09/remove"), None).status_code == 409


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"item": "J01"}, "plan.item-there"),
        ({"item": "a/b"}, "plan.item-code-unfit"),
        ({"points": "100.5"}, "plan.number-unfit"),
        ({"target": "1234567890"}, "plan.number-unfit"),
        (
            {"rule": "steps_up", "steps": [{"threshold": "5", "percent": "120"}]},
            "plan.steps-unfit",
        ),
        ({"rule": "deduction", "kinds": [{"kind": "甲:乙", "points": "1"}]}, "plan.kinds-unfit"),
        ({"unit": "12370699495312705A"}, "scheme.unit-not-in-year"),
        ({"rule": "lottery"}, "api.fields-unsound"),
        ({"points": 5}, "api.fields-unsound"),
    ],
)
def test_what_a_plan_cannot_keep_is_refused(draft, clerk, at, sent, code):
    answer = clerk.post(at("/indicators"), MADE | sent)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert len(kept(draft).indicators) == 8


def test_a_sheet_is_written_and_read_with_what_the_indicator_says(
    draft, template, clerk, at, school
):
    clerk.post(at("/indicators"), {"item": "M1", "name": "校舍", "rule": "milestones"})
    sent = {
        "values": [{"item": "J02", "target": "95", "base": "92.5", "reason": "新建校区"}],
        "not_applicable": [{"item": "R01", "reason": "无登记事项"}],
        "nodes": [{"item": "M1", "milestone": "完工", "share": "100", "due_on": "2026-04-01"}],
    }
    assert clerk.patch(at(f"/draft-sheets/{school.code}"), sent).status_code == 200

    sheet = kept(draft).sheets[school.code]
    assert sheet.values == {"J02": Values(target=95 * TICK, base=925_000, reason="新建校区")}
    assert sheet.nodes == {"M1": (Node("完工", 100 * TICK, SPRING),)}
    told = clerk.get(at(f"/draft-sheets/{school.code}")).json()
    assert (told["name"], told["points"]) == (school.name, "100")
    by_item = {each["indicator"]["item"]: each for each in told["items"]}
    assert list(by_item)[:2] == ["R01", "E01"]
    assert by_item["R01"]["not_applicable"] == "无登记事项"
    assert by_item["J02"]["values"]["target"] == "95"
    assert by_item["M1"]["nodes"][0]["due_on"] == "2026-04-01"
    assert clerk.get(at("/draft-sheets/nobody")).status_code == 404
    assert clerk.patch(at("/draft-sheets/nobody"), {}).status_code == 409


def test_units_come_and_go_and_indicators_are_copied(
    draft, clerk, at, school, year, city, education, office_clerk
):
    second = make_unit(city, education, "示例市第二中学", 49458013, category="public_first")
    years.take_in(office_clerk, year, [second])
    assert clerk.post(at("/units"), {"units": [second.code]}).status_code == 200
    clerk.post(at("/indicators"), {**MADE, "item": "J20", "unit": school.code})
    copied = clerk.post(at("/indicators/J20/copy"), {"units": [second.code]})
    assert copied.status_code == 200
    assert [each.item for each in kept(draft).indicators if each.unit == second.code] == ["J21"]

    clerk.send("POST", at(f"/draft-sheets/{second.code}/remove"), None)
    assert list(kept(draft).sheets) == [school.code]
    assert [each.item for each in kept(draft).indicators if each.unit] == ["J20"]


def test_libraries_are_read_and_taken_from(draft, clerk, at):
    told = clerk.get("/libraries").json()["items"]
    assert [each["code"] for each in told] == ["health", "education", "agriculture", "enforcement"]
    item = told[0]["indicators"][0]["item"]
    sent = {"library": "health", "items": [{"item": item, "points": "5"}]}

    assert clerk.post(at("/library"), sent).status_code == 200
    assert len(kept(draft).indicators) == 9
    assert clerk.post(at("/library"), {**sent, "library": "x"}).status_code == 404


def test_a_curve_is_told_with_an_example(draft, clerk, at):
    told = clerk.get(at("/indicators/J01/curve?value=88")).json()

    assert told["example"] == {"value": "88", "earned": "8"}
    assert told["points"][-1]["earned"] == "15"
    assert not told["flat"]
    assert "95" in told["said"][0]
    assert clerk.get(at("/indicators/J01/curve")).json()["example"] is None
    assert clerk.get(at("/indicators/J99/curve")).status_code == 404


def test_a_preface_is_written(draft, clerk, at):
    clerk.post(at("/preface"), {"preface": "指导思想\n二、范围"})

    assert kept(draft).preface == "指导思想\n二、范围"


def test_others_edit_nothing(draft, calling, person, health, template, at, office_chief):
    assert calling(office_chief).post(at("/preface"), {"preface": "改"}).status_code == 403
    other = calling(person(Role.DEPT_CLERK, department=health))
    assert other.post(at("/preface"), {"preface": "改"}).status_code == 404
    assert other.get(at("/indicators/J01/curve")).status_code == 404
    wrong = f"/scheme-versions/{template.pk}/indicators/R01/curve"
    assert calling(office_chief).get(wrong).status_code == 404
