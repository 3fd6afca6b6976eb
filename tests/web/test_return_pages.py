"""What a reviewer sees after a return, what can be marked, and where findings lead."""

import pytest
from django.test import Client
from django.urls import reverse

from kaohe.indicators.services import parts
from kaohe.web.indicators.finding_places import place_of


def seen_by(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def resubmitted(draft, template, submit, office_chief, dept_clerk):
    """Returned with two marks and a long reason; one cell is changed, and it is handed in again."""
    submit(version=draft)
    marks = [parts.Marked("indicators/J07/target", "目标偏低"), parts.Marked("preface", "写明依据")]
    row = parts.return_part(
        by=office_chief, version=draft, seen=None, reason="核" * 4900, marks=marks
    )
    content = {**row.content, "indicators": [dict(each) for each in row.content["indicators"]]}
    next(each for each in content["indicators"] if each["item"] == "J07")["target"] = "7"
    row = parts.edit_part(by=dept_clerk, version=row, seen=None, content=content)
    return submit(version=row)


@pytest.mark.parametrize(
    "address", ["/indicators/parts/{}?tab=changes", "/indicators/scheme-versions/{}/approve"]
)
def test_what_changed_since_the_return_comes_first_with_each_mark(
    address, resubmitted, office_chief
):
    page = seen_by(office_chief).get(address.format(resubmitted.pk)).content.decode()

    assert page.index('id="since"') < page.index('id="h-diff"')
    since = page[page.index('id="since"') : page.index('id="h-diff"')]
    for text in ("自上次退回以来", "展开全文（4900字）", "目标偏低", "未改动", "st-done"):
        assert text in since
    assert since.count("chg-mod") == 1


def test_a_version_that_was_not_returned_shows_no_return(draft, template, submit, office_chief):
    row = submit(version=draft)

    page = seen_by(office_chief).get(f"/indicators/parts/{row.pk}?tab=changes").content.decode()
    assert 'id="since"' not in page


def test_every_cell_of_an_indicator_can_be_marked_where_it_is_read(
    draft, template, submit, office_chief, dept_clerk
):
    row = submit(version=draft)

    page = seen_by(office_chief).get(f"/indicators/parts/{row.pk}").content.decode()
    for field in ("points", "target", "definition", "source"):
        assert f'value="indicators/J07/{field}" form="marking"' in page
    theirs = seen_by(dept_clerk).get(f"/indicators/parts/{row.pk}").content.decode()
    assert 'form="marking"' not in theirs


def test_findings_lead_to_the_form_that_mends_them(draft, school):
    def place(path, *, edits=True):
        return place_of(draft, path, edits=edits)

    root = f"/indicators/parts/{draft.pk}"
    assert place("indicators/J01/source") == f"{root}/indicators/J01/edit"
    assert place("indicators/J01/source", edits=False) == f"{root}/indicators/J01"
    assert place("indicators/J01/base") == f"{root}#sheets"
    sheet = f"{root}/sheets/{school.code}"
    assert place(f"sheets/{school.code}/J01/base") == f"{sheet}/edit#i-J01"
    assert place(f"sheets/{school.code}/J01/base", edits=False) == f"{sheet}#i-J01"
    assert place(f"sheets/{school.code}") == sheet
    assert place("sheets/nobody") == f"{root}/scheme-units"
    assert place("indicators") == root


def test_findings_of_the_template_lead_to_its_items(template):
    root = f"/indicators/parts/{template.pk}"

    there = place_of(template, "indicators/R01/points", edits=True)
    assert there == reverse("web:edit-item", args=[template.pk, "R01"])
    assert place_of(template, "indicators", edits=True) == root
