"""Every table of the second pillar comes as a workbook, in words, and as it is narrowed."""

import io

import openpyxl
import pytest

from kaohe.indicators.services import settings_part


@pytest.fixture
def office(office_chief, signed_in):
    return signed_in(office_chief)


@pytest.fixture
def submitted(draft, template, submit):
    submit(version=draft)
    draft.refresh_from_db()
    return draft


def rows_of(client, address):
    """The cells of a page's workbook, without the heads."""
    page = client.get(address).content.decode()
    assert "export=xlsx" in page, "the page has no way to its workbook"
    joint = "&" if "?" in address else "?"
    answer = client.get(f"{address}{joint}export=xlsx")
    assert answer["Content-Type"].endswith("sheet")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [list(row) for row in book.active.iter_rows(min_row=2, values_only=True)]


def test_lists_of_a_year(office, year, scheme, school):
    department = scheme.part.department.name
    home = f"/indicators/years/{year.pk}"
    for address, found in (
        ("/indicators/years/", year.title),
        (f"{home}/groups", year.groups.get(closed=False).name),
        (f"{home}/units", school.name),
        (f"{home}/schemes", department),
        (f"{home}/sheets", department),
    ):
        assert [found in row for row in rows_of(office, address)].count(True) == 1, address


def test_the_calendar_has_a_row_for_each_step_with_its_stage_in_words(office, year):
    rows = rows_of(office, f"/indicators/years/{year.pk}/calendar")

    assert len(rows) == year.steps.count()
    assert {row[0] for row in rows} == {each.number for each in year.steps.all()}


def test_the_queue_says_what_stands_in_the_way(office, year, submitted):
    (row,) = rows_of(office, f"/indicators/years/{year.pk}/approvals")

    assert submitted.part.department.name in row[0]
    assert submitted.submitted_by.name in row


def test_the_content_of_a_scheme_has_a_row_for_each_indicator(office, submitted):
    rows = rows_of(office, f"/indicators/parts/{submitted.pk}")

    assert len(rows) == len(submitted.content["indicators"])
    assert {row[0] for row in rows} <= {"主体业务开展", "经济社会效益", "管理运行状况"}


def test_the_content_of_the_template_and_of_the_settings(office, office_clerk, year, template):
    settings = settings_part.begin_settings(by=office_clerk, year=year)

    items = rows_of(office, f"/indicators/parts/{template.pk}")
    lines = rows_of(office, f"/indicators/parts/{settings.pk}")

    assert len(items) == len(template.content["indicators"])
    assert {row[0] for row in lines} >= {"权重"}
    assert all(row[1] and row[3] for row in lines)


@pytest.mark.parametrize("tab", ["changes", "cells", "check", "marks"])
def test_each_tab_of_a_version(office, submitted, tab):
    shown = office.get(f"/indicators/parts/{submitted.pk}?tab={tab}").context

    rows = rows_of(office, f"/indicators/parts/{submitted.pk}?tab={tab}")

    counts = {
        "changes": lambda: len(shown["rows"]),
        "cells": lambda: len(shown["cells"]),
        "check": lambda: shown["checkup"].total,
        "marks": lambda: len(shown["marks"]),
    }
    assert len(rows) == counts[tab]()


def test_who_may_not_read_drafts_gets_no_more_by_the_workbook_than_by_the_page(
    signed_in, unit_clerk, scheme
):
    client = signed_in(unit_clerk)
    address = f"/indicators/parts/{scheme.pk}?tab=check"

    assert client.get(f"{address}&export=xlsx").status_code == client.get(address).status_code
