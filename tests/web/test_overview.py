"""The overview shows to each what lies within their reach, and counts nothing beyond it."""

from kaohe.core.access import Role
from tests.fixtures.people import make_jurisdiction, make_unit


def overview(client):
    answer = client.get("/organization/")
    assert answer.status_code == 200
    return answer


def test_a_data_provider_reads_no_number_of_units(person, signed_in, city, education, school):
    page = overview(signed_in(person(Role.DATA_PROVIDER))).content.decode()

    assert education.name in page
    assert "/organization/units/" not in page


def test_a_department_counts_its_own_units_alone(person, signed_in, education, school, hospital):
    answer = overview(signed_in(person(Role.DEPT_HEAD, department=education)))

    assert [each.name for each in answer.context["found"].departments] == [education.name]
    assert answer.context["found"].departments[0].unit_count == 1


def test_the_list_of_departments_counts_within_reach_too(
    person, signed_in, education, school, hospital
):
    client = signed_in(person(Role.DEPT_HEAD, department=education))

    rows = client.get("/organization/departments/").context["table"].rows

    assert {row.record.name: row.record.unit_count for row in rows} == {
        "市教育和体育局": 1,
        "市卫生健康局": 0,
    }


def test_a_province_sees_its_cities_and_may_look_at_one(person, signed_in, db):
    province = make_jurisdiction("379900", "示例省")
    below = make_jurisdiction("379901", "邻川市", parent=province)
    from tests.fixtures.people import make_department

    make_unit(below, make_department(below, "某局"), "某校", 7)
    reader = person(Role.PROVINCE_READER, jurisdiction=province)
    client = signed_in(reader)

    found = overview(client).context["found"].below
    assert [(each.name, each.unit_count) for each in found] == [("邻川市", 1)]

    client.post("/organization/choose", {"jurisdiction": below.pk})
    assert "某校" in client.get("/organization/units/").content.decode()


def test_a_jurisdiction_out_of_reach_cannot_be_chosen(person, signed_in, city, other_city):
    client = signed_in(person(Role.OFFICE_HEAD))

    client.post("/organization/choose", {"jurisdiction": other_city.pk})

    assert overview(client).context["place"] == city


def test_the_system_administrator_sees_no_business(person, signed_in, city):
    assert signed_in(person(Role.SYS_ADMIN)).get("/organization/").status_code == 403
