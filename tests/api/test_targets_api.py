"""Targets and adjustments over the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role, Verb
from kaohe.indicators.models import Adjustment, Participant, Sheet, TargetTable
from tests.fixtures.targets import IN_TIME


@pytest.fixture
def unit(unit_clerk, calling):
    return calling(unit_clerk)


@pytest.fixture
def department(dept_head, calling):
    return calling(dept_head)


@pytest.fixture
def office(office_chief, calling):
    return calling(office_chief)


def line(told, item="J07"):
    return next(each for each in told["lines"] if each["item"] == item)


def test_targets_go_all_the_way_by_programs_alone(
    draft, dept_clerk, unit, department, office, calling
):
    opened = calling(dept_clerk).post(f"/scheme-versions/{draft.pk}/open-targets", {})
    assert (opened.status_code, opened.json()) == (200, {"count": 1})
    [listed] = unit.get("/target-tables?year=2026&state=open").json()["items"]
    where = f"/target-tables/{listed['id']}"
    told = unit.get(where).json()
    assert line(told, "J01")["fields"] == ["zero_at", "full_at"]
    assert line(told)["declared"] is None

    kept = unit.patch(where, {"values": [{"item": "J07", "target": "9"}]}, If_Match='"1"')
    assert line(kept.json())["agreed"]["target"] == "9"
    assert unit.patch(where, {"values": []}, If_Match='"1"').status_code == 412
    declared = unit.post(f"{where}/declare", {}).json()
    assert (declared["state"], line(declared)["declared"]["target"]) == ("declared", "9")

    amended = {"values": [{"item": "J07", "target": "12"}]}
    mute = department.post(f"{where}/review", amended)
    assert (mute.status_code, mute.json()["code"]) == (422, "target.reason-missing")
    reviewed = department.post(f"{where}/review", amended | {"reason": "每月一次"}).json()
    assert (reviewed["state"], reviewed["note"]) == ("reviewed", "每月一次")
    draft.refresh_from_db()
    assert draft.content["sheets"][told["unit_code"]]["values"]["J07"] == {"target": "12"}

    back = office.post(f"{where}/office-return", {"reason": "重核"}).json()
    assert (back["state"], back["return_reason"]) == ("returned", "重核")
    unit.post(f"{where}/declare", {})
    department.post(f"{where}/return", {"reason": "偏低"})
    again = unit.post(f"{where}/declare", {"values": [{"item": "J07", "target": "11"}]}).json()
    key = {"tables": [{"table": listed["id"], "version": again["version"]}]}
    assert department.post("/target-tables/review", key).json() == {"count": 1}
    version = TargetTable.objects.get().version
    key["tables"][0]["version"] = version
    assert office.post("/target-tables/finalise", key).json() == {"count": 1}
    assert office.get("/target-tables?state=finalised").json()["items"][0]["state"] == "finalised"


def test_the_office_finalises_one(reviewed, office):
    answer = office.post(f"/target-tables/{reviewed.pk}/finalise", {})
    assert answer.json()["state"] == "finalised"


def test_what_is_unsound_is_a_problem(targets, unit):
    answer = unit.post(
        f"/target-tables/{targets.pk}/declare", {"values": [{"item": "J07", "target": "0"}]}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "target.unsound")
    assert answer.json()["facts"]["item"] == "J07"
    huge = {"values": [{"item": "J07", "target": "100000000"}]}
    assert unit.patch(f"/target-tables/{targets.pk}", huge).status_code == 422


def test_others_find_nothing(targets, calling, person, hospital, other_city):
    where = f"/target-tables/{targets.pk}"
    for user in (
        person(Role.UNIT_CLERK, unit=hospital),
        person(Role.OFFICE_CHIEF, jurisdiction=other_city),
    ):
        program = calling(user)
        assert program.get(where).status_code == 404
        assert program.get("/target-tables").json()["items"] == []
    stranger = calling(person(Role.UNIT_CLERK, unit=hospital))
    assert stranger.post(f"{where}/declare", {}).status_code == 404
    head = calling(person(Role.OFFICE_CHIEF, jurisdiction=other_city))
    chosen = {"tables": [{"table": targets.pk}]}
    assert head.post("/target-tables/finalise", chosen).status_code == 404


CHANGE = {"values": [{"item": "J07", "field": "target", "value": "6"}], "reason": "操场停用"}


def test_an_adjustment_goes_all_the_way(scheme, participant, unit, department, office, on_day):
    on_day(IN_TIME)
    made = unit.post("/adjustments", {"participant": participant.pk, **CHANGE}, Idempotency_Key="a")
    assert made.status_code == 201
    told = made.json()
    where = f"/adjustments/{told['id']}"
    assert made["Location"] == f"/api/v1{where}"
    assert told["changes"] == [{"item": "J07", "field": "target", "old": "8", "new": "6"}]
    same = unit.post("/adjustments", {"participant": participant.pk, **CHANGE}, Idempotency_Key="a")
    assert same.json() == told
    assert Adjustment.objects.count() == 1

    assert department.post(f"{where}/return", {"reason": "补依据"}).json()["state"] == "returned"
    assert unit.post(f"{where}/again", CHANGE).json()["state"] == "proposed"
    assert department.post(f"{where}/review", {}).json()["state"] == "reviewed"
    assert office.post(f"{where}/office-return", {"reason": "再核"}).json()["state"] == "returned"
    unit.post(f"{where}/again", CHANGE)
    department.post(f"{where}/review", {})
    done = office.post(f"{where}/finalise", {}).json()
    sheet = Sheet.objects.get(state="issued")
    assert (done["state"], done["made"]) == ("finalised", sheet.pk)
    assert [each["id"] for each in unit.get("/adjustments?year=2026").json()["items"]] == [
        told["id"]
    ]
    assert unit.get(where).json()["state"] == "finalised"


def test_a_department_proposes_for_its_unit(scheme, participant, department, unit, on_day):
    on_day(IN_TIME)
    given = {"participant": participant.pk, **CHANGE}
    told = department.post("/adjustments/for-unit", given).json()
    where = f"/adjustments/{told['id']}"
    assert (told["state"], told["by_department"]) == ("reviewed", True)
    assert unit.post(f"{where}/withdraw", {}).json()["code"] == "adjustment.of-department"
    assert department.post(f"{where}/withdraw-for-unit", {}).json()["state"] == "withdrawn"
    again = department.post("/adjustments/for-unit", given).json()
    Adjustment.objects.filter(pk=again["id"]).update(state="returned")
    answer = department.post(f"/adjustments/{again['id']}/again-for-unit", CHANGE)
    assert answer.json()["state"] == "reviewed"


def test_the_cut_off_is_a_problem(scheme, participant, unit, on_day):
    on_day(IN_TIME.replace(month=10))
    answer = unit.post("/adjustments", {"participant": participant.pk, **CHANGE})
    assert (answer.status_code, answer.json()["code"]) == (409, "target.cut-off-passed")
    assert answer.json()["facts"] == {"year": 2026, "day": "2026.09.30"}


@pytest.mark.parametrize(
    "given",
    [
        {"values": [{"item": "J99", "field": "target", "value": "6"}]},
        {"values": []},
        {"days": [{"item": "J07", "milestone": "开工", "due_on": "2026-06-01"}]},
    ],
)
def test_what_a_sheet_does_not_have_is_a_problem(scheme, participant, unit, on_day, given):
    on_day(IN_TIME)
    sent = {"participant": participant.pk, "reason": "无", **given}
    assert unit.post("/adjustments", sent).status_code == 422


def test_a_list_asks_the_same_number_of_questions_whatever_its_length(
    targets, office, city, year, education
):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            assert office.get("/target-tables?limit=100").status_code == 200
        return len(asked)

    questions()
    few = questions()
    units = Participant.objects.bulk_create(
        Participant(
            jurisdiction=city,
            assessment_year=year,
            department=education,
            code=f"X{place:017}",
            name=f"第{place}小学",
            department_name=education.name,
        )
        for place in range(60)
    )
    TargetTable.objects.bulk_create(
        TargetTable(jurisdiction=city, participant=each) for each in units
    )
    assert questions() == few


def test_a_token_for_reviewing_alone_does_not_write_the_scheme(declared, dept_head, calling):
    program = calling(dept_head, Verb.TARGET_REVIEW, Verb.SHEET_READ)
    assert program.post(f"/target-tables/{declared.pk}/review", {}).status_code == 403
    declared.refresh_from_db()
    assert declared.state == "declared"
