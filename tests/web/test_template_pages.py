"""Pages of the common template: taught, begun, edited item by item."""

import pytest

from kaohe.core.access import Role
from kaohe.core.quantities import TICK
from kaohe.indicators.models import PartVersion
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.services import template_part


@pytest.fixture
def office(office_clerk, signed_in):
    return signed_in(office_clerk)


@pytest.fixture
def draft(year, office_clerk):
    return template_part.begin_template(by=office_clerk, year=year)


ITEM = {
    "name": "证书正副本保管",
    "item": "",
    "ledger": "registration",
    "aspect": "法人登记",
    "definition": "正本、副本齐全。",
    "tag": "practice",
    "judge": "inspection",
    "rule": "deduction",
    "points": "1",
    "kinds-0-kind": "遗失",
    "kinds-0-points": "0.5",
    "kinds-0-cap": "1",
}


def items(draft):
    draft.refresh_from_db()
    return {each.item: each for each in plan_in(draft).indicators}


def test_before_there_is_a_template_the_page_teaches(office, year, signed_in, dept_clerk):
    page = office.get(f"/indicators/years/{year.pk}/template").content.decode()
    other = signed_in(dept_clerk).get(f"/indicators/years/{year.pk}/template").content.decode()

    assert "template/begin" in page
    assert "k-empty" in other
    assert "template/begin" not in other


def test_it_is_begun_with_the_one_that_comes_along(office, year):
    address = f"/indicators/years/{year.pk}/template/begin"
    assert "32" in office.get(address).content.decode()
    answer = office.post(address, {"source": "", "once_key": "k"})
    row = PartVersion.objects.get()

    assert answer["Location"] == f"/indicators/parts/{row.pk}"
    assert len(items(row)) == 32


def test_the_page_shows_two_ledgers_with_sums(office, draft):
    page = office.get(f"/indicators/parts/{draft.pk}").content.decode()

    for text in ("20项，60分", "12项，40分", "32项，100分", "6项，18分", "R01", "E12", "上级规定"):
        assert text in page
    assert f"/indicators/parts/{draft.pk}/items/R01" in page
    assert "须合计100分" not in page


def test_an_item_is_entered_under_the_next_code(office, draft):
    address = f"/indicators/parts/{draft.pk}/items/new"
    assert (
        "法人登记" in office.get(f"{address}?ledger=registration&aspect=法人登记").content.decode()
    )
    answer = office.post(address, {**ITEM, "once_key": "k"})

    assert answer["Location"] == f"/indicators/parts/{draft.pk}#i-R21"
    made = items(draft)["R21"]
    assert (made.component, made.points, made.judge) == ("common", TICK, "inspection")
    assert [(each.kind, each.points, each.cap) for each in made.kinds] == [
        ("遗失", TICK // 2, TICK)
    ]
    assert "须合计100分" in office.get(f"/indicators/parts/{draft.pk}").content.decode()


def test_an_item_is_changed(office, draft):
    address = f"/indicators/parts/{draft.pk}/items/R02"
    assert "变更逾期10日内" in office.get(address).content.decode()
    answer = office.post(address, {**ITEM, "item": "R02", "points": "4"})

    assert answer.status_code == 302
    assert (items(draft)["R02"].name, items(draft)["R02"].points) == ("证书正副本保管", 4 * TICK)


def test_what_cannot_be_taken_is_refused_at_its_field(office, draft):
    address = f"/indicators/parts/{draft.pk}/items/new"
    answer = office.post(address, {**ITEM, "points": "x", "kinds-0-kind": "", "name": ""})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "points", "kinds"}
    taken = office.post(address, {**ITEM, "item": "R01"})
    assert (taken.status_code, list(taken.context["form"].errors)) == (422, ["item"])


def test_choosing_a_rule_only_shows_its_fields(office, draft):
    address = f"/indicators/parts/{draft.pk}/items/new"
    page = office.post(address, {"rule": "interval", "choose": "1"})

    assert page.status_code == 200
    assert "zero_at" in page.content.decode()
    assert len(items(draft)) == 32


def test_an_item_is_taken_out(office, draft):
    address = f"/indicators/parts/{draft.pk}/items/R20/remove"
    assert "R20" in office.get(address).content.decode()
    office.post(address, {"once_key": "k"})

    assert "R20" not in items(draft)
    assert office.get(address).status_code == 404
    assert office.get(f"/indicators/parts/{draft.pk}/items/R20").status_code == 404


def test_the_preface_is_written(office, draft):
    address = f"/indicators/parts/{draft.pk}/preface"
    assert "满分100分" in office.get(address).content.decode()
    office.post(address, {"preface": "本年度起执行。", "once_key": "k"})
    draft.refresh_from_db()

    assert plan_in(draft).preface == "本年度起执行。"


def test_what_is_issued_is_not_edited(office, template):
    address = f"/indicators/parts/{template.pk}"
    for page in ("items/new", "items/R01", "items/R01/remove", "preface"):
        assert office.get(f"{address}/{page}")["Location"] == address
    assert office.post(f"{address}/items/new", ITEM).status_code == 422


def test_a_department_sees_what_is_issued_and_edits_nothing(signed_in, dept_clerk, template):
    reader = signed_in(dept_clerk)
    page = reader.get(f"/indicators/parts/{template.pk}").content.decode()

    assert "R01" in page
    assert "items/new" not in page
    assert reader.get(f"/indicators/parts/{template.pk}/items/new").status_code == 403


def test_a_draft_of_another_city_is_not_there(signed_in, person, other_city, draft):
    other = signed_in(person(Role.OFFICE_CLERK, jurisdiction=other_city))

    assert other.get(f"/indicators/parts/{draft.pk}/items/new").status_code == 404
    assert other.post(f"/indicators/parts/{draft.pk}/preface", {}).status_code == 404


def test_an_empty_template_offers_its_first_item(office, draft, office_clerk):
    for item in list(items(draft)):
        template_part.remove_common_item(by=office_clerk, version=draft, seen=None, item=item)
    page = office.get(f"/indicators/parts/{draft.pk}").content.decode()

    assert "k-empty" in page
    assert "items/new" in page
