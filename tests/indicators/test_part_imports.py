"""Files for a scheme: brought, read, applied whole or not at all, given up."""

import io
from datetime import date

import pytest

from kaohe.core.access import Role
from kaohe.core.errors import Refusal
from kaohe.core.part_path import PartMoveNotOpen
from kaohe.journal.models import JournalEntry
from kaohe.organization.queries.access import RoleMissing
from tests.indicators.books import apply, changed_book, codes, found_of, fresh


def test_a_workbook_that_changes_nothing_is_not_applied(bring, dept_clerk):
    row = bring()

    assert (found_of(row).changes, found_of(row).problems) == ([], [])
    with pytest.raises(Refusal) as refused:
        apply(row, dept_clerk)
    assert refused.value.code == "part-file.nothing"


def test_what_was_typed_becomes_the_draft_with_its_entries(bring, draft, school, dept_clerk):
    row = bring(
        ("方案", 2, "指标名称", "教学常规检查优良率"),
        ("方案", 3, "分值", 16.5),
        ("单位目标", 3, "目标值", 98),
        ("单位目标", 3, "理由", "新校区启用"),
        ("节点", 2, "单位代码", school.code),
        ("节点", 2, "编号", "J07"),
        ("节点", 2, "节点", "完成第一次演练"),
        ("节点", 2, "占比%", 100),
        ("节点", 2, "完成期限", date(2026, 6, 30)),
    )
    before = JournalEntry.objects.count()

    applied = apply(row, dept_clerk)

    content = fresh(draft).content
    assert content["indicators"][0]["name"] == "教学常规检查优良率"
    assert content["indicators"][1]["points"] == "16.5"
    sheet = content["sheets"][school.code]
    assert sheet["values"] == {"J02": {"target": "98", "reason": "新校区启用"}}
    assert sheet["nodes"]["J07"][0]["due_on"] == "2026-06-30"
    assert applied.state == "applied"
    actions = list(JournalEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[before:] == ["part.edited", "part-import.applied"]


def test_reading_leaves_one_entry_and_read_again_the_same_leaves_none(bring, dept_clerk):
    from kaohe.indicators.services import part_imports as services

    row = bring(("方案", 2, "分值", 14))
    entries = [each.action for each in JournalEntry.objects.filter(subject=row.subject)]
    services.read_part_file(by=dept_clerk, key=row.pk)

    assert sorted(entries) == ["part-import.brought", "part-import.read"]
    assert JournalEntry.objects.filter(subject=row.subject).count() == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ([("方案", 2, "分值", "很多")], "book-number"),
        ([("方案", 2, "分值", "1.23456")], "book-number"),
        ([("方案", 2, "计分规则", "随便")], "book-choice"),
        ([("方案", 3, "编号", "J01")], "book-item-twice"),
        ([("方案", 2, "编号", "J/1")], "book-item-code"),
        ([("方案", 2, "指标名称", None)], "book-item-nameless"),
        ([("方案", 2, "适用单位", "某单位")], "book-unit-unknown"),
        ([("方案", 2, "分档", "90:100")], "book-steps-rule"),
        ([("方案", 2, "事项分值", "逾期")], "kind-form"),
        ([("方案", 2, "指标说明", "长" * 5001)], "book-too-long"),
        ([("单位目标", 2, "编号", "Z9"), ("单位目标", 2, "目标值", 1)], "book-item-unknown"),
        ([("单位目标", 2, "单位代码", "x"), ("单位目标", 2, "目标值", 1)], "book-unit-unknown"),
        ([("单位目标", 2, "单位代码", None), ("单位目标", 2, "目标值", 1)], "book-unit-needed"),
        ([("单位目标", 2, "编号", None), ("单位目标", 2, "目标值", 1)], "book-item-needed"),
        (
            [
                ("单位目标", 2, "目标值", 2),
                ("单位目标", 3, "编号", "J01"),
                ("单位目标", 3, "目标值", 1),
            ],
            "book-row-twice",
        ),
        ([("节点", 2, "完成期限", "六月")], "book-day"),
    ],
)
def test_a_cell_that_is_not_right_keeps_the_whole_from_being_applied(
    bring, dept_clerk, changes, code
):
    row = bring(*changes, ("方案", 4, "分值", 21))

    assert code in {each.code for each in found_of(row).errors}
    with pytest.raises(Refusal) as refused:
        apply(row, dept_clerk)
    assert refused.value.code == "part-file.bad"


def test_a_milestone_needs_its_name_its_share_and_its_day(bring, school):
    who = [("节点", 2, "单位代码", school.code), ("节点", 2, "编号", "J01")]
    row = bring(*who, ("节点", 2, "节点", "一"), ("节点", 2, "占比%", 5))

    assert [each.code for each in found_of(row).errors] == ["book-milestone-needed"]


def test_all_mistakes_are_told_at_once_with_their_places(bring):
    row = bring(("方案", 2, "分值", "x"), ("方案", 5, "目标值", "y"), ("单位目标", 4, "基数", "z"))

    assert [(each.table, each.row, each.column) for each in found_of(row).errors] == [
        ("方案", 2, "分值"),
        ("方案", 5, "目标值"),
        ("单位目标", 4, "基数"),
    ]


def test_full_width_digits_and_signs_around_a_number_are_read_and_told(bring, dept_clerk, draft):
    row = bring(("方案", 2, "满分值", "９６"), ("方案", 3, "目标值", "≥99.5%"))

    assert codes(row) == {"book-full-width", "book-number-text"}
    apply(row, dept_clerk)
    first, second = fresh(draft).content["indicators"][:2]
    assert (first["full_at"], second["target"]) == ("96", "99.5")


def test_columns_sheets_and_hidden_things_are_told_and_columns_gone_keep_the_draft(
    bring, dept_clerk, draft
):
    def edit(book):
        page = book["方案"]
        page.cell(1, page.max_column + 1).value = "备注"
        page.row_dimensions[4].hidden = True
        from tests.indicators.books import column_of

        page.delete_cols(column_of(page, "数据来源"))
        book.create_sheet("草稿")["A1"] = "x"
        book["节点"].sheet_state = "hidden"
        del book["方案正文"]

    row = bring(("方案", 2, "分值", 14), edit=edit)

    assert codes(row) == {
        "book-column-unknown",
        "book-column-gone",
        "book-hidden-rows",
        "book-hidden-sheet",
        "book-sheet-unknown",
        "book-sheet-gone",
    }
    apply(row, dept_clerk)
    content = fresh(draft).content
    assert content["indicators"][0]["source"] == "年报"
    assert content["preface"] == "市教育和体育局个性指标考核方案"


def test_a_row_that_is_gone_is_named_and_taken_out_when_applied(bring, dept_clerk, draft):
    row = bring(edit=lambda book: book["方案"].delete_rows(3))

    assert "book-rows-gone" in codes(row)
    apply(row, dept_clerk)
    assert [each["item"] for each in fresh(draft).content["indicators"]][:2] == ["J01", "J03"]


def test_a_unit_taken_off_the_list_gets_no_sheet_and_its_rows_do_not_count(bring, school):
    row = bring(("单位目标", 2, "目标值", 1), edit=lambda book: book["单位"].delete_rows(2))

    assert "book-unit-left-out" in codes(row)
    assert found_of(row).tree["sheets"] == {}


def test_merged_cells_and_formulas_without_a_value_are_mistakes(bring):
    def edit(book):
        page = book["方案"]
        page.merge_cells("B2:B3")
        page["D5"] = "=1+1"

    row = bring(edit=edit)

    assert {each.code for each in found_of(row).errors} >= {"book-merged", "book-formula-empty"}


def test_a_row_without_a_code_gets_the_next_one(bring, dept_clerk, draft):
    row = bring(("方案", 10, "指标名称", "新指标"), ("方案", 10, "分值", 5))

    assert "book-item-numbered" in codes(row)
    apply(row, dept_clerk)
    assert fresh(draft).content["indicators"][-1] == {
        "item": "J09",
        "name": "新指标",
        "points": "5",
    }


def test_without_its_stamp_a_workbook_is_compared_with_the_draft(bring):
    row = bring(edit=lambda book: book.__delitem__("版本"))

    assert codes(row) == {"book-no-stamp"}


def test_what_is_no_workbook_of_ours_is_told(bring):
    import openpyxl

    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    row = bring(data=out.getvalue())

    assert "book-no-scheme" in codes(row)


def test_a_sheet_that_reaches_far_down_is_not_read(bring, monkeypatch):
    from kaohe.indicators.reading import book_sheets

    monkeypatch.setattr(book_sheets, "MOST_ROWS", 50)
    row = bring(("单位目标", 90, "目标值", 1))

    assert "book-too-many-rows" in {each.code for each in found_of(row).errors}


def test_a_title_above_the_heads_is_no_hindrance(bring, dept_clerk, draft):
    def edit(book):
        page = book["方案"]
        page.insert_rows(1)
        page["A1"] = "市教育和体育局考核方案"
        page["D3"] = 14

    row = bring(edit=edit)

    assert [(each.code, each.row) for each in found_of(row).errors] == []
    apply(row, dept_clerk)
    assert fresh(draft).content["indicators"][0]["points"] == "14"


def test_cells_merged_over_the_whole_sheet_are_told_once(bring, monkeypatch):
    from kaohe.indicators.reading import book_sheets

    monkeypatch.setattr(book_sheets, "MOST_COVERED", 50)
    row = bring(edit=lambda book: book["方案"].merge_cells("B2:H20"))

    assert [each.code for each in found_of(row).errors].count("sheet-too-many-merged") == 1


def test_given_up_it_is_over(bring, dept_clerk):
    from kaohe.indicators.services import part_imports as services

    row = bring(("方案", 2, "分值", 14))
    dropped = services.drop_part_file(by=dept_clerk, row=row, seen=row.version)

    assert dropped.state == "dropped"
    for again in (
        lambda: services.read_part_file(by=dept_clerk, key=row.pk),
        lambda: services.drop_part_file(by=dept_clerk, row=row, seen=None),
        lambda: services.apply_part_file(by=dept_clerk, row=row, seen=None),
    ):
        with pytest.raises(Refusal) as refused:
            again()
        assert refused.value.code == "part-file.over"


def test_before_it_is_read_it_cannot_be_applied(files_aside, draft, dept_clerk):
    from kaohe.indicators.services import part_imports as services

    data = io.BytesIO(changed_book(draft))
    row = services.bring_part_file(by=dept_clerk, version=draft, name="a.xlsx", stream=data)

    with pytest.raises(Refusal) as refused:
        apply(row, dept_clerk)
    assert refused.value.code == "part-file.not-read"


def test_a_version_that_was_handed_in_takes_no_file(bring, draft, submit):
    submit(version=draft)

    with pytest.raises(PartMoveNotOpen):
        bring(version=fresh(draft))


def test_the_template_takes_no_file(bring, template, office_clerk):
    with pytest.raises(Refusal) as refused:
        bring(by=office_clerk, version=template, data=b"x")
    assert refused.value.code in ("part-file.not-scheme", "access.role-missing")


def test_another_department_and_the_office_may_not(bring, person, health, draft):
    stranger = person(Role.DEPT_CLERK, department=health)

    for somebody in (
        stranger,
        person(Role.OFFICE_CLERK),
        person(Role.DEPT_HEAD, department=health),
    ):
        with pytest.raises(RoleMissing):
            bring(by=somebody)
