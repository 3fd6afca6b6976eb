"""The pages that tell what the API offers, read from its own description."""

import json
import re

import pytest
from django.utils import translation

from kaohe.core.access import Role, Verb
from kaohe.web.accounts.api_reference import AREAS, KINDS, areas

CHINESE = re.compile("[一-鿿]")
OPERATIONS = [(area.key, each) for area in areas().values() for each in area.operations]


@pytest.fixture
def reader(person, signed_in):
    return signed_in(person(Role.SURVEYOR))


def page_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_every_operation_of_the_description_is_told(client):
    told = client.get("/api/v1/openapi.json").json()
    described = {each["operationId"] for way in told["paths"].values() for each in way.values()}

    assert {each.key for _area, each in OPERATIONS} == described
    assert set(areas()) == set(AREAS)
    assert {each.verb for _area, each in OPERATIONS} <= set(Verb)


def test_everything_that_is_told_is_told_in_chinese():
    with translation.override("zh-hans"):
        said = {each.says for _area, each in OPERATIONS}
        for _area, each in OPERATIONS:
            for field in (*each.parameters, *each.body, *each.answer):
                said |= {field.says, field.kind}
        bare = [text for text in said if text and not CHINESE.search(translation.gettext(text))]

    assert sorted(bare) == ["UUID"]


def test_every_kind_of_value_has_words():
    kinds = {
        field.kind
        for _area, each in OPERATIONS
        for field in (*each.parameters, *each.body, *each.answer)
    }

    assert kinds <= set(KINDS.values())


def test_the_index_names_each_operation_with_its_scope(reader):
    page = page_of(reader, "/account/api/")

    assert all(f'href="/account/api/{area}#{each.key}"' in page for area, each in OPERATIONS)
    assert "unit.manage" in page
    assert "http://testserver/api/v1" in page


@pytest.mark.parametrize("area", list(areas()))
def test_an_area_shows_parameters_bodies_and_examples(reader, area):
    page = page_of(reader, f"/account/api/{area}")

    for each in areas()[area].operations:
        assert f'id="{each.key}"' in page
        assert each.path in page
        for field in (*each.parameters, *each.body):
            assert field.name in page


def test_fields_in_fields_are_told_with_their_bounds(reader):
    [batch] = [each for _area, each in OPERATIONS if each.key == "enter_many_units"]
    [grant] = [each for _area, each in OPERATIONS if each.key == "grant_role"]

    assert "rows[].name" in [field.name for field in batch.body]
    role = next(field for field in grant.body if field.name == "role")
    assert (role.required, "office_clerk" in role.choices) == (True, True)
    document = next(field for field in grant.body if field.name == "document")
    assert (document.required, document.limit) == (False, "≤ 120")
    charge = next(field for field in grant.body if field.name == "charge")
    assert (charge.is_list, charge.kind) == (True, "a whole number")
    assert json.loads(grant.example)["role"] == "office_clerk"


def test_an_unknown_area_is_not_there(reader):
    page_of(reader, "/account/api/kitchen", 404)


def test_the_tokens_lead_there(reader):
    assert 'href="/account/api/"' in page_of(reader, "/account/tokens/")
