"""Keys that are no keys: superscripts, thousands of digits, digits of other scripts."""

import pytest
from django.urls import reverse

from kaohe.core.access import Role
from kaohe.web.organization.succession_forms import _pairs
from kaohe.web.organization.successions import _keys

ODD = ["²", "1" * 5000, "１", "x", "-1", ""]


@pytest.fixture
def clerk(signed_in, person):
    return signed_in(person(Role.OFFICE_CLERK))


@pytest.mark.django_db
@pytest.mark.parametrize("key", ODD)
def test_there_is_no_year_of_such_a_key(clerk, key):
    assert clerk.post(reverse("web:choose-year"), {"year": key}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("key", ODD)
def test_no_other_jurisdiction_is_looked_at_by_such_a_key(clerk, key):
    clerk.get(reverse("web:overview"))
    before = clerk.session.get("jurisdiction")
    answer = clerk.post(reverse("web:choose-jurisdiction"), {"jurisdiction": key})

    assert (answer.status_code, clerk.session.get("jurisdiction")) == (302, before)


def test_among_keys_of_units_they_are_passed_over():
    assert _keys([*ODD, "7"]) == [7]
    assert _pairs(",".join([*(f"{key}:1" for key in ODD), "7:2", "7:²"])) == [(7, 2)]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ODD)
def test_nor_among_ticked_units_and_versions(
    signed_in, office_clerk, office_chief, year, draft, submit, key
):
    submit(version=draft)
    units = reverse("web:assign-units", args=[year.pk])
    versions = reverse("web:approve-many", args=[year.pk])

    assert signed_in(office_clerk).post(units, {"units": [key]}).status_code == 422
    answer = signed_in(office_chief).post(versions, {"chosen": [f"{draft.pk}:{key}"]})
    assert answer.status_code < 500
