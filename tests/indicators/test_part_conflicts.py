"""A workbook of an old version: put together with the draft as it stands now."""

import pytest

from kaohe.core.errors import Refusal
from tests.indicators.books import apply, changed_book, codes, found_of, fresh


def edited(draft, by, place, **fields):
    from kaohe.indicators.services import parts

    content = fresh(draft).content
    content = {**content, "indicators": [dict(each) for each in content["indicators"]]}
    content["indicators"][place] |= fields
    return parts.edit_part(by=by, version=draft, seen=None, content=content)


def test_a_workbook_of_an_old_version_is_put_together_with_what_changed_since(
    bring, dept_clerk, draft
):
    data = changed_book(draft, ("方案", 2, "分值", 14))
    edited(draft, dept_clerk, 1, points="17")

    row = bring(data=data)

    assert codes(row) == {"book-old-version"}
    apply(row, dept_clerk)
    points = [each["points"] for each in fresh(draft).content["indicators"]]
    assert points[:2] == ["14", "17"]


def test_a_cell_that_both_changed_is_named_and_applied_only_if_insisted(bring, dept_clerk, draft):
    data = changed_book(draft, ("方案", 2, "分值", 14))
    edited(draft, dept_clerk, 0, points="13")

    row = bring(data=data)

    found = found_of(row)
    conflict = next(each for each in found.problems if each.code == "book-conflict")
    assert (conflict.column, conflict.facts) == (
        "indicators/J01/points",
        {"theirs": "13", "ours": "14"},
    )
    with pytest.raises(Refusal) as refused:
        apply(row, dept_clerk)
    assert refused.value.code == "part-file.conflicts"
    apply(row, dept_clerk, insist=True)
    assert fresh(draft).content["indicators"][0]["points"] == "14"


def test_a_draft_that_changed_after_the_reading_must_be_compared_anew(bring, dept_clerk, draft):
    from kaohe.indicators.services import part_imports as services

    row = bring(("方案", 2, "分值", 14))
    edited(draft, dept_clerk, 1, points="17")

    with pytest.raises(Refusal) as refused:
        apply(row, dept_clerk)
    assert refused.value.code == "part-file.stale"
    again = services.read_part_file(by=dept_clerk, key=row.pk)
    apply(again, dept_clerk)
    assert fresh(draft).content["indicators"][1]["points"] == "17"


def test_the_workbook_of_another_scheme_is_refused(bring, draft):
    other = fresh(draft)
    data = changed_book(other)

    def edit(book):
        import json

        page = book["版本"]
        facts = json.loads(page["A1"].value)
        page["A1"] = json.dumps({**facts, "part": 999, "title": "别的方案"})

    row = bring(edit=edit)
    assert data
    assert "book-other-part" in {each.code for each in found_of(row).errors}
