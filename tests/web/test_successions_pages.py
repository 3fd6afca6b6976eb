"""Pages of successions: choose, fill in, look, carry out; the list of what has followed what."""

from datetime import date

import pytest

from kaohe.core.access import Role
from kaohe.organization.models import Succession, Unit
from tests.fixtures.people import make_department, make_unit
from tests.organization.workbooks import code

LIST = "/organization/successions/"
NEW = f"{LIST}new"


@pytest.fixture
def office(chief, signed_in):
    return signed_in(chief)


@pytest.fixture
def two(city, education):
    return [
        make_unit(city, education, f"示例市第{name}中学", number, opened_on=date(2000, 9, 1))
        for name, number in (("一", 1), ("二", 2))
    ]


def merge_of(two, **more):
    """What the form of a merger sends."""
    return {
        "units": ",".join(f"{unit.pk}:{unit.version}" for unit in two),
        "form": "into_existing",
        "survivor": two[0].pk,
        "day": "2026-03-01",
        "document": "示编〔2026〕8号",
        "once_key": "k",
        **more,
    }


def address(deed, units):
    return f"{NEW}/{deed}?" + "&".join(f"unit={unit.pk}" for unit in units)


def test_an_empty_list_teaches_and_offers_the_first_step(office):
    page = office.get(LIST).content.decode()

    assert "k-empty" in page
    assert NEW in page


def test_units_are_found_and_stay_chosen_while_one_searches(office, two):
    page = office.get(
        NEW, {"unit": two[0].pk, "q": "第二", "deed": "merge.into_new"}
    ).content.decode()

    assert f'value="{two[0].pk}" checked' in page
    assert f'value="{two[1].pk}"' in page
    assert 'value="merge.into_new" checked' in page


@pytest.mark.parametrize("deed", ["", "merge", "burn"])
def test_a_choice_that_is_not_complete_says_what_is_missing(office, two, deed):
    answer = office.get(NEW, {"unit": two[0].pk, "deed": deed, "go": "1"})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_a_complete_choice_leads_to_the_form(office, two):
    chosen = {"unit": [unit.pk for unit in two], "deed": "merge", "go": "1"}

    assert office.get(NEW, chosen)["Location"] == address("merge", two)


def test_one_looks_before_anything_is_written(office, two):
    answer = office.post(address("merge", two), merge_of(two, step="look"))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="do"' in page
    assert "2026.02.28" in page
    assert 'name="document" value="示编〔2026〕8号"' in page
    assert Succession.objects.count() == 0


def test_what_was_looked_at_is_carried_out_once(office, two):
    sent = merge_of(two, step="do")

    first = office.post(address("merge", two), sent)
    second = office.post(address("merge", two), sent)

    assert first.status_code == second.status_code == 302
    assert first["Location"] == f"/organization/units/{two[0].pk}"
    assert Succession.objects.count() == 1


def test_one_can_go_back_and_what_was_filled_in_is_still_there(office, two):
    page = office.post(address("merge", two), merge_of(two, step="edit")).content.decode()

    assert "示编〔2026〕8号" in page
    assert 'value="look"' in page


def test_a_stale_version_is_refused_and_nothing_is_written(office, two):
    sent = merge_of(two, step="do")
    Unit.objects.filter(pk=two[1].pk).update(version=2)

    answer = office.post(address("merge", two), sent)

    assert answer.status_code == 422
    assert Succession.objects.count() == 0


def test_a_refusal_stands_at_its_field(office, two):
    sent = merge_of(two, step="look", survivor="")

    page = office.post(address("merge", two), sent).content.decode()

    assert "id_survivor_error" in page


def test_each_deed_has_its_form(office, two, health):
    for deed in ("rename", "split", "transfer", "close"):
        assert office.get(address(deed, two[:1])).status_code == 200
    sent = {
        "units": f"{two[0].pk}:1",
        "continues": "on",
        "name_1": "示例市新校",
        "code_1": code(9),
        "day": "2026-03-01",
        "document": "示编〔2026〕9号",
        "step": "do",
    }
    assert office.post(address("split", two[:1]), sent).status_code == 302
    assert Unit.objects.get(name="示例市新校").code == code(9)


def test_units_that_do_not_fit_the_address_are_refused(office, two):
    sent = merge_of(two, step="do", units=f"{two[0].pk}:1")

    assert office.post(address("merge", two), sent).status_code == 422


def test_the_page_of_a_unit_leads_to_its_choice(office, two):
    answer = office.get(f"/organization/units/{two[0].pk}/succession")

    assert answer["Location"] == f"{NEW}?unit={two[0].pk}"


def test_a_unit_of_another_city_is_not_there(office, other_city):
    foreign = make_unit(other_city, make_department(other_city, "邻市教育局"), "邻市一中", 77)

    assert office.get(NEW, {"unit": foreign.pk}).status_code == 404
    assert office.get(f"/organization/units/{foreign.pk}/succession").status_code == 404
    assert office.post(address("close", [foreign]), {"step": "do"}).status_code == 404


def test_a_deed_that_there_is_not_is_not_there(office, two):
    assert office.get(address("burn", two)).status_code == 404


def test_the_list_tells_and_is_a_workbook(office, two):
    office.post(address("merge", two), merge_of(two, step="do"))

    page = office.get(LIST, {"q": "第二", "kind": "absorption", "year": "2026"}).content.decode()
    assert two[1].name in page
    assert office.get(LIST, {"export": "xlsx"}).content[:2] == b"PK"


@pytest.mark.parametrize("role", [Role.OFFICE_CLERK, Role.DEPT_HEAD])
def test_others_see_the_list_and_no_deed(person, client, education, two, role):
    client.force_login(person(role, department=education))

    assert NEW not in client.get(LIST).content.decode()
    assert client.get(NEW).status_code == 403
    assert client.post(address("close", two)).status_code == 403


def test_the_way_to_merge_is_chosen_first_and_its_form_has_nothing_else(office, two):
    keys = [unit.pk for unit in two]

    answer = office.get(NEW, {"unit": keys, "deed": "merge.into_new", "go": "1"})
    new = office.get(answer["Location"]).content.decode()
    existing = office.get(f"{address('merge', two)}&form=into_existing").content.decode()

    assert answer["Location"].endswith("form=into_new")
    assert "id_code" in new
    assert "id_survivor" not in new
    assert "id_survivor" in existing
    assert "id_code" not in existing
    sent = merge_of(two, step="do", form="into_new", name="示例市联合中学", code=code(9))
    done = office.post(f"{address('merge', two)}&form=into_new", sent)
    assert done.status_code == 302
    assert Unit.objects.get(name="示例市联合中学").code == code(9)


def split_of(unit, **more):
    return {
        "units": f"{unit.pk}:1",
        "continues": "on",
        "name_1": "示例市新校",
        "code_1": code(9),
        "day": "2026-03-01",
        "document": "示编〔2026〕9号",
        "step": "look",
        **more,
    }


def test_a_refused_new_unit_of_a_split_names_its_field(office, two):
    where = address("split", two[:1])

    wrong = office.post(where, split_of(two[0], name_2="示例市分校", code_2="12370683")).content
    without = office.post(where, split_of(two[0], name_2="示例市分校")).content
    taken = office.post(where, split_of(two[0], name_1=two[1].name)).content
    empty = office.post(where, split_of(two[0], name_1="", code_1="")).content

    assert "id_code_2_error" in wrong.decode()
    assert "id_code_1_error" not in wrong.decode()
    assert "id_code_2_error" in without.decode()
    assert "id_name_1_error" in taken.decode()
    assert "id_name_1_error" in empty.decode()
    assert "新设单位 2：代码" in wrong.decode()


def test_a_day_to_come_is_refused_with_what_to_do(office, two):
    answer = office.post(address("close", two[:1]), split_of(two[0], day="2099-01-01"))

    assert answer.status_code == 422
    assert "请于该日或之后办理；如日期填写有误，请更正。" in answer.content.decode()
