"""What the pages of the register say: ends, days of the record, chips, cells."""

import io
import re
from datetime import date
from urllib.parse import quote

import openpyxl
import pytest
from django import forms
from django.test import SimpleTestCase

from kaohe.core.access import Role
from kaohe.core.successions import Deed
from kaohe.organization.queries.successions import Asked
from kaohe.organization.services import people, snapshots, successions
from kaohe.web.fields import PlainSelect
from tests.fixtures.people import make_unit

LIST = "/organization/units/"


@pytest.fixture
def head(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def office(head, signed_in):
    return signed_in(head)


def text(answer):
    return answer.content.decode()


def test_a_unit_that_has_ended_does_not_contradict_itself(office, head, school):
    post = {"by": head, "place": school, "from_on": date(2020, 1, 1)}
    people.appoint(**post, post="principal", name="陈某某")
    asked = Asked(Deed.CLOSE, (school.pk,), date(2026, 3, 1), "示编〔2026〕8号")
    successions.carry_out(by=head, jurisdiction=school.jurisdiction, asked=asked, seen={})

    page = text(office.get(f"{LIST}{school.pk}"))
    facts = text(office.get(f"{LIST}{school.pk}/facts"))
    row = text(office.get(f"{LIST}?open=closed")).split("<tbody>")[1]

    assert "原任：陈某某" in page
    assert "无现任人员" in page
    assert "尚未录入。" not in page
    for told in (page, facts, row):
        assert "已终止（截至 2026.02.28）" in told
        assert "正常" not in told
    sheet = openpyxl.load_workbook(io.BytesIO(office.get(f"{LIST}?open=all&export=xlsx").content))
    assert "已终止" in [cell.value for cell in sheet.active[2]]


def test_a_unit_leads_back_to_the_register(office, school):
    page = text(office.get(f"{LIST}{school.pk}"))

    assert f'<p class="k-crumb noprint"><a href="{LIST}">' in page
    assert "data-print" in page


def test_a_month_that_narrows_the_list_is_told_and_taken_away(office, school):
    page = text(office.get(f"{LIST}?certificate_month=2026-12&q=一&page=1"))

    assert "证书到期月份：2026 年 12 月" in page
    assert f'href="?q={quote("一")}" aria-label="取消筛选：证书到期月份"' in page
    assert "k-fold" in page
    assert 'id="k-fold" checked' in page
    assert 'id="k-fold" checked' not in text(office.get(f"{LIST}?sort=name"))


def test_a_list_is_written_as_the_library_would_write_it(office, city, education, hospital):
    for number, name in enumerate(("一", "二", "三")):
        make_unit(city, education, f"示例市第{name}小学<b>", 49460000 + number, group="教育组")
    answer = office.get(LIST)
    table = answer.context["table"]

    cells = [[str(cell) for _column, cell in row.items()] for row in table.paginated_rows]

    shown = re.findall(r"<td[^>]*>(.*?)</td>", text(answer).split("<tbody>")[1], re.DOTALL)
    assert shown == [cell for row in cells for cell in row]


def test_a_plain_select_offers_what_a_select_offers():
    choices = [("", "全部"), ("a&b", "甲<乙>"), ("c", "丙")]
    ours = PlainSelect.like(forms.Select(attrs={"class": "form-select"}, choices=choices))

    found = ours.render("name", "a&b", {"id": "id_name"})

    assert_html = SimpleTestCase().assertHTMLEqual
    plain = forms.Select(attrs={"class": "form-select"}, choices=choices)
    assert_html(found, plain.render("name", "a&b", {"id": "id_name"}))


def test_the_record_tells_each_day_as_what_it_is(office, head, city, school):
    row = people.appoint(
        by=head, place=school, post="principal", name="陈某某", from_on=date(2020, 1, 1)
    )
    people.end_tenure(by=head, tenure=row, seen=row.version, on=date(2026, 5, 31))
    snapshots.take_snapshot(by=head, jurisdiction=city, year=2025, on=date(2025, 12, 31))

    page = text(office.get(f"{LIST}{school.pk}/record"))

    assert "，任职至 2026.05.31" in page
    assert "，自 2020.01.01 起任职" in page
    assert "，截至 2025.12.31" in page
    assert "起生效" not in page
