"""Lists in parts: nothing twice, nothing left out, whatever happens meanwhile."""

import base64
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe.api.cursors import part_of
from kaohe.api.refusals import CursorUnsound
from kaohe.core.access import Role
from kaohe.organization.models import Department
from tests.fixtures.people import make_department


@pytest.fixture
def office(person, calling):
    return calling(person(Role.OFFICE_HEAD))


@pytest.fixture
def several(city):
    return [make_department(city, f"第{number:02}局") for number in range(7)]


def follow(office, query="limit=3"):
    """Every part of the list, by its links."""
    where = f"/departments?{query}"
    while where:
        answer = office.get(where)
        yield [each["name"] for each in answer.json()["items"]]
        link = answer.get("Link", "")
        where = link.partition("<")[2].partition(">")[0].removeprefix("/api/v1")
        assert bool(link) is (answer.json()["next"] is not None)


def test_all_parts_together_are_the_list(office, several):
    parts = list(follow(office))

    assert [len(part) for part in parts] == [3, 3, 1]
    assert [name for part in parts for name in part] == [row.name for row in several]


def test_a_link_keeps_the_filters(office, several):
    assert [len(part) for part in follow(office, "limit=2&part=charge")] == [2, 2, 2, 1]
    assert list(follow(office, "limit=2&part=member")) == [[]]


def test_a_full_last_part_has_no_next(office, several):
    assert [len(part) for part in follow(office, "limit=7")] == [7]


def test_rows_that_come_meanwhile_move_nothing(office, several, city):
    parts = follow(office)
    seen = next(parts)
    make_department(city, "第00甲局")
    make_department(city, "第07局")

    seen += [name for part in parts for name in part]

    assert seen == [*(row.name for row in several), "第07局"]


@pytest.mark.parametrize(
    "cursor",
    ["x", "!!!", "=", "e30", "W10", "bnVsbA", "WzFd", "%00", "你", "A" * 1001, "W1tbW1tbW1tb"],
)
def test_a_cursor_that_nobody_gave_is_refused(office, several, cursor):
    answer = office.get(f"/departments?cursor={cursor}")

    assert answer.status_code == 422
    assert answer.json()["code"] in ("api.cursor-unsound", "api.fields-unsound")


def test_a_cursor_that_was_changed_is_refused(office, several):
    given = office.get("/departments?limit=1").json()["next"]
    mark = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))[0]
    for values in ([], ["a"], ["a", "b"], ["a", 1, 2], [1, 1], [None, 1], ["a", True], ["a", [1]]):
        changed = base64.urlsafe_b64encode(json.dumps([mark, *values]).encode()).decode()
        answer = office.get(f"/departments?cursor={changed.rstrip('=')}")
        assert answer.status_code == 422, values
    for values in (["\x00", 1], ["a", 2**70]):
        changed = base64.urlsafe_b64encode(json.dumps([mark, *values]).encode()).decode()
        assert office.get(f"/departments?cursor={changed.rstrip('=')}").status_code == 422, values


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    orders=st.sampled_from(
        [("name", "id"), ("-name", "id"), ("short_name", "-name", "id"), ("-id",)]
    ),
    names=st.lists(st.sampled_from("甲乙丙丁戊"), min_size=1, max_size=9),
    limit=st.integers(1, 4),
)
def test_parts_are_the_list_in_any_order(city, orders, names, limit):
    Department.objects.all().delete()
    for number, name in enumerate(names):
        Department.objects.create(
            jurisdiction=city, name=name, short_name=str(number % 2), closed_on="2020-01-01"
        )
    rows, found, cursor = Department.objects.all(), [], ""
    while cursor is not None:
        part, cursor = part_of(rows, by=orders, limit=limit, cursor=cursor)
        found += part

    assert found == list(rows.order_by(*orders))


def test_a_cursor_of_another_list_is_refused(several):
    rows = Department.objects.all()
    _, cursor = part_of(rows, by=("name", "id"), limit=1, cursor="")

    with pytest.raises(CursorUnsound):
        part_of(rows, by=("-name", "id"), limit=1, cursor=cursor)
