"""Pages of the register: the list, the unit's own page, the forms."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.core.register import FIELDS, Known, errors_in, read_head, read_rows
from kaohe.demo.roster import credit_code
from kaohe.organization.models import Succession, Unit
from kaohe.organization.services import history, people, snapshots, units
from kaohe.organization.services.people import InPost
from tests.fixtures.people import make_department, make_unit

LIST = "/organization/units/"
CODE = credit_code(49458077, "370699")
PARTS = ("", "/facts", "/people", "/names", "/grades", "/years", "/record")


@pytest.fixture
def head(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def office(head, signed_in):
    return signed_in(head)


def text(answer):
    return answer.content.decode()


def queries_of(client, address):
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def fill(head, city, department, count):
    """So many units more, each with people, names, a grade and an entry."""
    first = Unit.objects.count()
    for number in range(first, first + count):
        row = units.enter_unit(
            by=head,
            jurisdiction=city,
            department=department,
            name=f"示例市第{number}小学",
            code=credit_code(49460000 + number, city.code),
            plates=[f"示例市第{number}少年宫"],
            group="教育组",
            posts=[
                InPost("principal", f"陈{number}"),
                InPost("legal_representative", f"赵{number}"),
            ],
        )
        history.record_past_grade(by=head, unit=row, year=2025, grade="A", document="文")


def test_an_empty_register_teaches_and_offers_both_ways(office, education):
    page = text(office.get(LIST))

    assert "k-empty" in page
    assert "/organization/imports/new" in page
    assert "/organization/units/new" in page


def test_the_list_takes_as_many_queries_for_sixty_units_as_for_three(office, head, city, education):
    fill(head, city, education, 3)
    office.get(LIST)
    few = queries_of(office, LIST)
    fill(head, city, education, 57)

    assert queries_of(office, LIST + "?per_page=60") == few


@pytest.mark.parametrize("part", PARTS)
def test_a_unit_page_takes_as_many_queries_for_much_as_for_little(
    office, head, city, school, education, part
):
    def more(count):
        first = school.tenures.count()
        for number in range(first, first + count):
            people.appoint(by=head, place=school, post="deputy", name=f"人{number}", title="副校长")
            other = make_unit(city, education, f"并入单位{number}", 50_000_000 + number)
            Succession.objects.create(
                jurisdiction=city,
                unit=school,
                predecessor=other,
                kind="absorption",
                year=2025,
                on=timezone.localdate(),
            )
            snapshots.take_snapshot(
                by=head, jurisdiction=city, year=2025, on=timezone.datetime(2025, 12, 31).date()
            )

    more(2)
    history.record_past_grade(by=head, unit=school, year=2024, grade="A", document="文")
    office.get(f"{LIST}{school.pk}{part}")
    few = queries_of(office, f"{LIST}{school.pk}{part}")
    more(5)
    history.record_past_grade(by=head, unit=school, year=2025, grade="A", document="文")

    assert queries_of(office, f"{LIST}{school.pk}{part}") == few


def test_a_unit_is_found_by_a_former_name_a_plate_a_short_name_and_its_code(
    office, head, city, education, hospital
):
    units.enter_unit(
        by=head,
        jurisdiction=city,
        department=education,
        name="示例市实验小学",
        code=CODE,
        short_name="实小",
        plates=["示例市少年宫"],
        former_names=["莱县师范附小"],
    )

    for asked in ("师范附小", "少年宫", "实小", CODE.lower(), "示例市 实验小学"):
        page = text(office.get(LIST, {"q": asked}))
        assert "示例市实验小学" in page, asked
        assert "示例市人民医院" not in page, asked


def test_the_list_is_narrowed_by_certificate_and_posts(office, school, hospital):
    today = timezone.localdate()
    Unit.objects.filter(pk=school.pk).update(
        cert_to=today - timedelta(days=3), posts_approved=10, posts_filled=12
    )
    Unit.objects.filter(pk=hospital.pk).update(cert_to=today + timedelta(days=45))

    for query, shown, hidden in (
        ("certificate=expired", "第一中学", "人民医院"),
        ("certificate=soon", "人民医院", "第一中学"),
        ("post=over", "第一中学", "人民医院"),
    ):
        page = text(office.get(f"{LIST}?{query}"))
        assert shown in page, query
        assert hidden not in page.split("<tbody>")[1], query
    assert "人民医院" not in text(office.get(f"{LIST}?certificate=near")).split("<tbody>")[1]


def test_signs_go_with_words(office, school):
    Unit.objects.filter(pk=school.pk).update(
        cert_to=timezone.localdate() - timedelta(days=3), posts_approved=10, posts_filled=12
    )

    page = text(office.get(LIST))

    assert '<span class="st st-late">已过期 3 个日历日</span>' in page
    assert '<span class="st st-soon">超编 2 名</span>' in page


def test_what_is_not_known_is_a_dash_and_not_nought(office, school):
    row = text(office.get(LIST)).split("<tbody>")[1].split("</tr>")[0]

    assert "—／—" in row


def test_closed_units_are_shown_when_they_are_asked_for(office, school):
    Unit.objects.filter(pk=school.pk).update(closed_on=timezone.localdate())

    assert "示例市第一中学" not in text(office.get(LIST)).split("<tbody>")[1]
    assert "示例市第一中学" in text(office.get(LIST + "?open=closed"))
    assert "示例市第一中学" in text(office.get(LIST + "?open=all"))


def test_the_workbook_has_every_field_as_filtered_and_can_be_imported_again(
    office, head, city, education, hospital
):
    units.enter_unit(
        by=head,
        jurisdiction=city,
        department=education,
        name="示例市实验小学",
        code=CODE,
        plates=["甲牌", "乙牌"],
        category="public_first",
        staff=12,
        start_up="120.5",
        cert_to=timezone.localdate(),
        posts=[InPost("principal", "陈某某", "校长", timezone.localdate())],
    )

    answer = office.get(LIST, {"export": "xlsx", "department": education.pk})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    heads, *rows = sheet.iter_rows(values_only=True)
    places, problems = read_head(heads)
    cells = {field.name: rows[0][place] for place, field in places.items()}
    reading = read_rows([(2, cells)], Known({education.name: "1"}))

    assert len(places) == len(FIELDS)
    assert len(rows) == 1
    assert not errors_in([*problems, *reading.problems])
    values = reading.records[0].values
    assert values["aliases"] == ("甲牌", "乙牌")
    assert (values["principal"], values["staff"], values["category"]) == (
        "陈某某",
        12,
        "public_first",
    )


def test_a_unit_is_entered_with_its_people_once(office, education):
    sent = {
        "name": "示例市实验小学",
        "code": CODE,
        "department": education.pk,
        "category": "public_first",
        "status": "normal",
        "aliases": "甲牌、乙牌",
        "principal": "陈某某",
        "principal_title": "校长",
        "principal_from": "2022-08-15",
        "legal_representative": "陈某某",
        "once_key": "k1",
    }

    first = office.post(f"{LIST}new", sent)
    second = office.post(f"{LIST}new", sent)

    assert first.status_code == second.status_code == 302
    row = Unit.objects.get()
    assert first["Location"] == second["Location"] == f"{LIST}{row.pk}"
    assert row.tenures.count() == 2
    page = text(office.get(first["Location"]))
    assert "陈某某（校长）" in page


def test_a_wrong_code_is_refused_on_its_field_with_a_suggestion(office, education):
    sent = {
        "name": "示例市实验小学",
        "code": CODE.replace("0", "O", 1),
        "department": education.pk,
        "category": "public_first",
        "status": "normal",
    }

    answer = office.post(f"{LIST}new", sent)

    assert answer.status_code == 422
    assert CODE in text(answer)
    assert 'id="id_code_error"' in text(answer)


def test_a_department_of_another_city_cannot_be_chosen(office, other_city, education):
    foreign = make_department(other_city, "邻市教育局")

    answer = office.post(
        f"{LIST}new",
        {"name": "某", "department": foreign.pk, "category": "public_first", "status": "normal"},
    )

    assert answer.status_code == 422
    assert Unit.objects.count() == 0


def test_a_stale_form_is_refused_and_says_so(office, head, school):
    units.correct_unit(by=head, unit=school, seen=1, staff=5)

    answer = office.post(
        f"{LIST}{school.pk}/correct", {"status": "normal", "category": "public_first", "seen": 1}
    )

    assert answer.status_code == 422
    school.refresh_from_db()
    assert school.staff == 5


def test_names_and_grades_are_entered_on_their_pages(office, school):
    office.post(
        f"{LIST}{school.pk}/names/set",
        {"short_name": "市一中", "plates": "甲牌；乙牌", "on": "2026-03-01", "seen": 1},
    )
    for sent in (
        {"year": 2024, "grade": "A", "document": "示考〔2025〕3号"},
        {"year": 2025, "grade": "A", "document": "示考〔2026〕3号"},
    ):
        assert office.post(f"{LIST}{school.pk}/grades/new", sent).status_code == 302

    assert "乙牌" in text(office.get(f"{LIST}{school.pk}/names"))
    assert "截至 2025 年度，连续 A 2 年" in text(office.get(f"{LIST}{school.pk}"))
    again = office.post(
        f"{LIST}{school.pk}/grades/new", {"year": 2025, "grade": "B", "document": "x"}
    )
    assert again.status_code == 422


def test_the_unit_page_compares_a_snapshot_with_today(office, head, city, school):
    units.correct_unit(by=head, unit=school, seen=1, staff=100)
    today = timezone.localdate()
    snapshots.take_snapshot(by=head, jurisdiction=city, year=today.year, on=today)
    units.correct_unit(by=head, unit=school, seen=2, staff=90)

    page = text(office.get(f"{LIST}{school.pk}/years"))

    assert '<td class="old">100</td><td class="new">90</td>' in page
    assert office.get(f"{LIST}{school.pk}/years?year=1991").status_code == 404
    assert office.get(f"{LIST}{school.pk}/years?year=x").status_code == 404


@pytest.mark.parametrize("part", PARTS)
def test_a_unit_of_another_city_is_not_there(office, other_city, part):
    row = make_unit(other_city, make_department(other_city, "邻市教育局"), "邻市一小", 49458014)

    assert office.get(f"{LIST}{row.pk}{part}").status_code == 404


def test_a_department_sees_its_own_units_only(person, signed_in, education, school, hospital):
    client = signed_in(person(Role.DEPT_HEAD, department=education))

    page = text(client.get(LIST))

    assert school.name in page
    assert hospital.name not in page
    assert "/organization/units/new" not in page
    assert client.get(f"{LIST}{school.pk}").status_code == 200
    assert client.get(f"{LIST}{hospital.pk}").status_code == 404
    assert client.get(f"{LIST}{school.pk}/correct").status_code == 403


def test_a_unit_sees_itself_only_and_may_change_nothing(person, signed_in, school, hospital):
    client = signed_in(person(Role.UNIT_CLERK, unit=school))

    page = text(client.get(LIST))
    own = text(client.get(f"{LIST}{school.pk}"))

    assert hospital.name not in page
    assert "/correct" not in own
    assert "/appoint" not in own
    assert client.get(f"{LIST}{hospital.pk}/record").status_code == 404


def test_a_province_reads_the_register_of_its_city_and_changes_nothing(city, school, signed_in, db):
    from tests.fixtures.people import make_jurisdiction, make_user

    province = make_jurisdiction("370000", "某省")
    city.parent, city.path = province, f"{province.path}{city.pk}/"
    city.save()
    client = signed_in(make_user(Role.PROVINCE_READER, jurisdiction=province))

    page = text(client.get(f"{LIST}{school.pk}"))

    assert school.name in page
    assert "/correct" not in page
    assert client.post(f"{LIST}{school.pk}/correct", {}).status_code == 403
