"""What becomes of units over the API: looked at, then carried out."""

import pytest

from kaohe.core.access import Role
from kaohe.demo.roster import credit_code
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import Succession, Unit
from tests.fixtures.people import make_department, make_unit

NEW = credit_code(49458077, "370699")


@pytest.fixture
def office(person, calling):
    return calling(person(Role.OFFICE_HEAD))


@pytest.fixture
def second(city, education):
    return make_unit(city, education, "示例市第二中学", 49458013)


def deed(*units, **more):
    return {
        "units": [{"unit": unit.pk, "version": unit.version} for unit in units],
        "day": "2026-03-01",
        "document": "编〔2026〕12号",
        **more,
    }


def actions():
    return sorted(JournalEntry.objects.values_list("action", flat=True))


def test_a_unit_is_renamed_after_it_was_looked_at(office, school):
    sent = deed(school, name="示例市第一高级中学")

    seen = office.post("/successions/rename/preview", sent).json()

    assert seen["names_begin"] == [
        {"unit": "示例市第一中学", "value": "示例市第一高级中学", "on": "2026-03-01"}
    ]
    assert seen["names_end"][0]["on"] == "2026-02-28"
    assert JournalEntry.objects.count() == 0
    done = office.post("/successions/rename", sent).json()["units"]
    assert [(each["name"], each["version"]) for each in done] == [("示例市第一高级中学", 2)]
    assert actions() == ["unit.renamed"]


def test_units_that_changed_meanwhile_are_not_touched(office, school):
    sent = deed(school, name="示例市第一高级中学")
    office.patch(f"/units/{school.pk}", {"staff": 305})

    answer = office.post("/successions/rename", sent)

    assert (answer.status_code, answer.json()["code"]) == (409, "writing.changed-meanwhile")
    sent["units"] = [{"unit": school.pk}]  # whatever it is now
    assert office.post("/successions/rename", sent).status_code == 200


def test_units_merge_into_one_of_them(office, school, second):
    sent = deed(school, second, form="into_existing", survivor=school.pk)

    seen = office.post("/successions/merge/preview", sent).json()
    done = office.post("/successions/merge", sent).json()["units"]

    assert [each["unit"] for each in seen["closings"]] == ["示例市第二中学"]
    assert [(each["id"], each["closed_on"]) for each in done] == [
        (school.pk, None),
        (second.pk, "2026-02-28"),
    ]
    (row,) = office.get("/successions").json()["items"]
    assert (row["kind"], row["unit_name"], row["predecessor_name"]) == (
        "absorption",
        "示例市第一中学",
        "示例市第二中学",
    )
    assert office.get("/successions?kind=merger").json()["items"] == []
    assert len(office.get("/successions?q=第二&year=2026").json()["items"]) == 1
    after = office.get(f"/units/{second.pk}/names").json()["successors"]
    assert [each["unit"] for each in after] == [school.pk]


def test_units_merge_into_a_new_one(office, school, second):
    newcomer = {"name": "示例市教育中心", "code": NEW}

    done = office.post(
        "/successions/merge", deed(school, second, form="into_new", newcomer=newcomer)
    ).json()["units"]

    assert [(each["name"], each["closed_on"]) for each in done] == [
        ("示例市教育中心", None),
        ("示例市第一中学", "2026-02-28"),
        ("示例市第二中学", "2026-02-28"),
    ]
    assert actions() == ["unit.formed", "unit.merged", "unit.merged"]


def test_a_unit_is_split(office, school, health):
    newcomer = {"name": "示例市校医院", "code": NEW, "department": health.pk}
    sent = deed(school, newcomers=[newcomer])

    seen = office.post("/successions/split/preview", sent).json()
    done = office.post("/successions/split", sent).json()["units"]

    assert seen["departments_begin"][0]["value"] == "市卫生健康局"
    assert [(each["name"], each["after"] - each["before"]) for each in seen["numbers"]] == [
        ("市卫生健康局", 1)
    ]
    assert [each["name"] for each in done] == ["示例市第一中学", "示例市校医院"]
    assert Unit.objects.get(code=NEW).department == health


def test_units_are_transferred_and_closed(office, school, second, health):
    sent = deed(school, second, department=health.pk)

    assert len(office.post("/successions/transfer/preview", sent).json()["numbers"]) == 2
    assert office.post("/successions/transfer", sent).status_code == 200
    school.refresh_from_db()
    assert school.department == health
    close = deed(school) | {"day": "2026-04-01"}
    assert office.post("/successions/close/preview", close).json()["posts_ending"] == 0
    done = office.post("/successions/close", close).json()["units"]
    assert done[0]["closed_on"] == "2026-03-31"
    assert Succession.objects.count() == 0


@pytest.mark.parametrize(
    ("path", "more", "code"),
    [
        ("rename", {"name": ""}, "succession.nothing-changes"),
        ("rename", {"name": "新名", "day": "2099-01-01"}, "succession.day-in-future"),
        ("merge", {"form": "into_new"}, "succession.too-few-units"),
        ("split", {"newcomers": [{"name": "新", "code": "错"}]}, "succession.code-unsound"),
    ],
)
def test_what_a_rule_refuses_is_refused_when_looked_at_and_when_carried_out(
    office, school, path, more, code
):
    for where in (f"/successions/{path}/preview", f"/successions/{path}"):
        answer = office.post(where, deed(school, **more))
        assert answer.status_code in (409, 422)
        assert answer.json()["code"] == code
    assert JournalEntry.objects.count() == 0


def test_a_unit_of_another_city_is_not_there(office, other_city):
    away = make_unit(other_city, make_department(other_city, "外市某局"), "外市小学", 1)

    for where in ("/successions/close/preview", "/successions/close"):
        assert office.post(where, deed(away)).status_code == 404
    away.refresh_from_db()
    assert away.closed_on is None


def test_the_same_deed_sent_again_is_carried_out_once(office, school):
    sent = deed(school, name="示例市第一高级中学")
    first = office.post("/successions/rename", sent, Idempotency_Key="k")
    second = office.post("/successions/rename", sent, Idempotency_Key="k")

    assert first.content == second.content
    assert actions() == ["unit.renamed"]
