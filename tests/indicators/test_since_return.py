"""What was changed since a return is read from the record of the edits."""

import pytest

from kaohe.indicators.queries.since_return import since_return
from kaohe.indicators.services import parts
from kaohe.journal.models import SealedText
from tests.fixtures.database import record_unlocked


@pytest.fixture
def returned(draft, template, submit, office_chief):
    """Returned with a mark on a target and one on a name."""
    submit(version=draft)
    marks = [
        parts.Marked("indicators/J07/target", "目标偏低"),
        parts.Marked("indicators/J01/name", "请核对"),
    ]
    return parts.return_part(
        by=office_chief, version=draft, seen=None, reason="请核对目标", marks=marks
    )


def edited(version, by, item, **fields):
    rows = [
        {**row, **fields} if row["item"] == item else row for row in version.content["indicators"]
    ]
    content = {**version.content, "indicators": rows}
    return parts.edit_part(by=by, version=version, seen=None, content=content)


def told(version):
    found = since_return(version)
    return {each.path: (each.old, each.new) for each in found.changes}


def test_a_version_that_was_never_returned_has_nothing_to_show(draft):
    assert since_return(draft) is None


def test_what_several_edits_came_to_is_one_change_a_cell(returned, dept_clerk, submit):
    was = {row["item"]: row for row in returned.content["indicators"]}
    row = edited(returned, dept_clerk, "J07", target="5")
    row = edited(row, dept_clerk, "J07", target="6")
    row = edited(row, dept_clerk, "J02", definition="第一行\n第二行 → 三")
    row = submit(version=row)

    assert told(row) == {
        "indicators/J02/definition": (was["J02"]["definition"], "第一行\n第二行 → 三"),
        "indicators/J07/target": (was["J07"]["target"], "6"),
    }
    found = since_return(row)
    assert (found.who, found.reason) == (returned.returned_by.name, "请核对目标")
    assert [(each.mark.path, each.mark.settled) for each in found.marks] == [
        ("indicators/J07/target", True),
        ("indicators/J01/name", False),
    ]
    assert not found.marks[1].is_near


def test_another_cell_of_a_marked_indicator_is_told_as_near(returned, dept_clerk):
    row = edited(returned, dept_clerk, "J01", definition="另行说明")

    [_target, name] = since_return(row).marks
    assert (name.is_near, name.mark.settled) == (True, False)


def test_a_cell_that_was_put_back_is_no_change(returned, dept_clerk):
    old = next(row for row in returned.content["indicators"] if row["item"] == "J01")["name"]
    row = edited(returned, dept_clerk, "J01", name="别的名称")
    row = edited(row, dept_clerk, "J01", name=old)

    assert told(row) == {}


def test_an_indicator_that_went_is_told_by_its_name(returned, dept_clerk):
    rows = returned.content["indicators"]
    content = {**returned.content, "indicators": rows[:-1]}
    row = parts.edit_part(by=dept_clerk, version=returned, seen=None, content=content)

    changes = since_return(row).changes
    gone = [each for each in changes if each.path.endswith("/name")]
    assert [(each.old, each.where.item) for each in gone] == [
        (rows[-1]["name"], f"{rows[-1]['item']} {rows[-1]['name']}")
    ]
    assert not [
        each for each in since_return(row).changes if each.path.startswith("indicators/J01")
    ]


def test_indicators_in_another_order_are_changes(returned, dept_clerk):
    first, second, *rest = returned.content["indicators"]
    content = {**returned.content, "indicators": [second, first, *rest]}
    row = parts.edit_part(by=dept_clerk, version=returned, seen=None, content=content)

    assert set(told(row)) == {
        f"indicators/{first['item']}/place",
        f"indicators/{second['item']}/place",
    }


def test_only_the_last_return_counts(returned, dept_clerk, office_chief, submit):
    row = submit(version=edited(returned, dept_clerk, "J07", target="5"))
    row = parts.return_part(by=office_chief, version=row, seen=None, reason="再核对")
    row = edited(row, dept_clerk, "J07", target="7")

    assert told(row) == {"indicators/J07/target": ("5", "7")}


def test_where_the_record_was_erased_the_changes_are_not_made_up(returned, dept_clerk):
    row = edited(returned, dept_clerk, "J07", target="5")
    with record_unlocked():
        for sealed in SealedText.objects.filter(entry__action="part.edited"):
            sealed.texts.pop("cells")
            sealed.save()

    found = since_return(row)
    assert found.changes is None
    assert len(found.marks) == 2
