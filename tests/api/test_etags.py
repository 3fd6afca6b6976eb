"""What has not changed is not sent again; what has changed is not overwritten."""

import pytest

from kaohe.core.access import Role
from kaohe.organization.models import Department


@pytest.fixture
def office(person, calling):
    return calling(person(Role.OFFICE_HEAD))


@pytest.fixture
def where(education):
    return f"/departments/{education.pk}"


@pytest.mark.parametrize("wanted", ['"1"', 'W/"1"', '"7", "1"', "*"])
def test_what_the_caller_has_is_not_sent_again(office, where, wanted):
    answer = office.get(where, If_None_Match=wanted)

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", '"1"')


@pytest.mark.parametrize("wanted", ['"2"', "1", "", '"11"'])
def test_what_the_caller_does_not_have_is_sent(office, where, wanted):
    assert office.get(where, If_None_Match=wanted).status_code == 200


def test_a_list_has_a_tag_of_what_it_shows(office, where):
    tag = office.get("/departments")["ETag"]
    assert office.get("/departments", If_None_Match=tag).status_code == 304

    office.patch(where, {"short_name": "教体局"})

    assert office.get("/departments", If_None_Match=tag).status_code == 200


@pytest.mark.parametrize("condition", ['"2"', 'W/"1"', '"abc"', '"99999999999999"', '""'])
def test_who_saw_another_version_overwrites_nothing(office, where, condition):
    answer = office.patch(where, {"short_name": "教体局"}, If_Match=condition)

    assert (answer.status_code, answer.json()["code"]) == (412, "writing.changed-meanwhile")
    assert Department.objects.get().short_name == ""


@pytest.mark.parametrize("condition", ['"1"', "*", "", ' "1" '])
def test_who_saw_this_version_may_change_it(office, where, condition):
    answer = office.patch(where, {"short_name": "教体局"}, If_Match=condition)

    assert (answer.status_code, answer["ETag"]) == (200, '"2"')


@pytest.mark.parametrize("condition", ["1", '"1', '"1", "2"', "W/1"])
def test_a_condition_that_names_no_version_is_refused(office, where, condition):
    answer = office.patch(where, {"short_name": "教体局"}, If_Match=condition)

    assert (answer.status_code, answer.json()["code"]) == (400, "api.header-unsound")
    assert Department.objects.get().short_name == ""


def test_head_says_what_get_says_without_a_body(office, where):
    answer = office.send("HEAD", where)

    assert (answer.status_code, answer.content, answer["ETag"]) == (200, b"", '"1"')
