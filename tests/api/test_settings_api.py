"""Settings and common template over the API."""

import pytest

from kaohe.core.access import Role
from kaohe.indicators.models import PartVersion
from kaohe.indicators.queries.parts import plan_in, scheme_in
from kaohe.journal.models import JournalEntry


@pytest.fixture
def office(office_clerk, calling):
    return calling(office_clerk)


@pytest.fixture
def draft(office, year):
    return office.post(f"/years/{year.pk}/settings", {}).json()


def values(office, draft):
    told = office.get(f"/settings-versions/{draft['id']}/settings").json()
    return {each["key"]: each for each in told["items"]}


def change(office, draft, headers=None, **settings):
    rows = [{"key": key.replace("__", "."), "value": value} for key, value in settings.items()]
    where = f"/settings-versions/{draft['id']}/settings"
    return office.patch(where, {"settings": rows}, **(headers or {}))


def test_settings_are_begun_and_read_with_their_meaning(office, draft):
    found = values(office, draft)

    assert draft["state"] == "draft"
    share = found["grading.a_share"]
    assert (share["value"], share["default"], share["is_default"]) == ("20", "20", True)
    assert (share["tag"], share["tag_words"], share["clause"]) == ("practice", "通行做法", "G-3")
    assert found["tier_policy.ties"]["choices"][0]["code"] == "down"
    assert [each["code"] for each in found["survey.channels"]["columns"]] == [
        "code",
        "weight",
        "minimum",
    ]


def test_what_is_read_can_be_sent_back(office, draft):
    found = {key: each["value"] for key, each in values(office, draft).items()}
    answer = change(office, draft, **{key.replace(".", "__"): v for key, v in found.items()})

    assert answer.status_code == 200
    assert answer.json()["version"] == draft["version"]


def test_settings_are_changed_together_and_leave_one_entry(office, draft):
    answer = change(
        office,
        draft,
        grading__a_share="25",
        weights_by_group={"教育组": {"common": "20", "individual": "50", "social": "30"}},
        survey__rounds=[{"code": "h2", "weight": "1"}],
    )
    scheme = scheme_in(PartVersion.objects.get())

    assert answer.status_code == 200
    assert "a_share = 25" in answer.json()["content"]["toml"]
    assert [each.code for each in scheme.survey.rounds] == ["h2"]
    assert list(scheme.weights_by_group) == ["教育组"]
    assert JournalEntry.objects.filter(action="part.edited").count() == 1


def test_every_problem_is_told_and_nothing_is_changed(office, draft):
    answer = change(office, draft, grading__a_share="120", linkages__a_streak="0", title="新")
    told = answer.json()

    assert answer.status_code == 422
    assert told["code"] == "settings.unsound"
    assert told["facts"]["settings"] == ["grading.a_share", "linkages.a_streak"]
    assert "A 等比例上限" in told["detail"]
    assert scheme_in(PartVersion.objects.get()).title != "新"


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("grading.nonsense", "1", "settings.unknown"),
        ("grading.a_share", ["20"], "settings.misshapen"),
        ("tier_policy.tiers", "Ⅰ", "settings.misshapen"),
        ("survey.scale", [{"a": "1"}], "settings.misshapen"),
        ("survey.rounds", [{"code": "h1", "colour": "1"}], "settings.misshapen"),
        ("weights_by_group", {"水务组": {"common": "1"}}, "settings.unsound"),
        ("tier_policy.tiers", [], "settings.unsound"),
        ("title", "长" * 201, "settings.misshapen"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_its_code(office, draft, key, value, code):
    answer = change(office, draft, **{key.replace(".", "__"): value})

    assert answer.json()["code"] == code


def test_a_stale_change_is_refused(office, draft):
    change(office, draft, grading__a_share="25")
    stale = change(office, draft, {"If_Match": f'"{draft["version"]}"'}, grading__a_share="30")

    assert stale.status_code == 412


def test_without_an_earlier_year_the_preview_is_empty(office, draft):
    told = office.get(f"/settings-versions/{draft['id']}/preview").json()

    assert (told["year"], told["moves"]) == (None, [])


def test_the_preview_says_who_moves(office, past_year, year):
    earlier = PartVersion.objects.get(part__assessment_year=past_year, part__sort="settings")
    draft = office.post(f"/years/{year.pk}/settings", {"like": earlier.pk}).json()
    change(office, draft, grading__c_below="0", survey__rounds=[{"code": "h9", "weight": "1"}])
    told = office.get(f"/settings-versions/{draft['id']}/preview").json()

    assert told["year"] == 2025
    assert told["changed"] == ["survey.rounds", "grading.c_below"]
    assert [each["key"] for each in told["not_tried"]] == ["survey.rounds"]
    assert told["counts"]["grade"] == len(
        [each for each in told["moves"] if each["before"]["grade"] != each["after"]["grade"]]
    )
    assert {"name", "units", "before", "after"} == set(told["groups"][0])


def test_settings_of_another_sort_or_city_are_not_there(
    office, template, calling, person, other_city
):
    assert office.get(f"/settings-versions/{template.pk}/settings").status_code == 404
    other = calling(person(Role.OFFICE_CLERK, jurisdiction=other_city))
    assert other.get(f"/template-versions/{template.pk}/items").status_code == 404


ITEM = {
    "item": "R21",
    "name": "证书正副本保管",
    "ledger": "registration",
    "aspect": "法人登记",
    "points": "1",
    "kinds": [{"kind": "遗失", "points": "0.5", "cap": "1"}],
}


@pytest.fixture
def draft_template(office, year):
    return office.post(f"/years/{year.pk}/template", {}).json()


def test_the_template_is_read_as_two_ledgers(office, draft_template):
    told = office.get(f"/template-versions/{draft_template['id']}/items").json()

    assert told["points"] == "100"
    assert [(each["code"], each["count"], each["points"]) for each in told["ledgers"]] == [
        ("registration", 20, "60"),
        ("establishment", 12, "40"),
    ]
    assert told["ledgers"][0]["words"] == "登记管理日常监管台账"
    assert told["ledgers"][0]["aspects"][0]["items"][0]["item"] == "R01"


def test_items_are_entered_changed_and_taken_out(office, draft_template):
    where = f"/template-versions/{draft_template['id']}"
    assert office.post(f"{where}/items", ITEM).status_code == 200
    assert office.post(f"{where}/items", ITEM).json()["code"] == "plan.item-there"
    changed = office.patch(f"{where}/items/R21", {**ITEM, "points": "2"})
    assert changed.status_code == 200
    assert office.post(f"{where}/items/R20/remove", None).status_code == 200
    gone = office.post(f"{where}/items/R20/remove", None)
    assert (gone.status_code, gone.json()["code"]) == (409, "plan.item-gone")
    assert office.post(f"{where}/preface", {"preface": "本年度起执行。"}).status_code == 200

    plan = plan_in(PartVersion.objects.get())
    assert plan.preface == "本年度起执行。"
    made = next(each for each in plan.indicators if each.item == "R21")
    assert (made.component, made.rule, made.points) == ("common", "deduction", 20_000)


def test_the_template_of_an_earlier_year_begins_the_next(office, past_year, year):
    earlier = PartVersion.objects.get(part__assessment_year=past_year, part__sort="template")
    made = office.post(f"/years/{year.pk}/template", {"like": earlier.pk}).json()

    assert made["content"] == earlier.content
    assert office.post(f"/years/{year.pk}/template", {"like": made["id"]}).status_code == 409
    assert office.post(f"/years/{year.pk}/settings", {"like": earlier.pk}).status_code == 404
