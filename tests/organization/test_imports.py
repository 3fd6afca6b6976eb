"""Workbooks of the register: read, every mistake marked, compared with the register."""

import io
from datetime import date

import pytest

from kaohe.core.access import Role
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import tell
from kaohe.organization.models import Person, Tenure, Unit
from kaohe.organization.queries.access import NothingHere, RoleMissing
from kaohe.organization.queries.import_report import Options
from kaohe.organization.queries.imports import get_import, imports_of, report_of
from kaohe.organization.services import imports
from kaohe.organization.services.files import SheetsAlike
from kaohe.organization.services.imports import (
    ImportBad,
    ImportEmpty,
)
from tests.organization.workbooks import book, code, heads_of, problems, rewritten, row


@pytest.mark.parametrize(
    ("wrong", "column", "found"),
    [
        ({"统一社会信用代码": "12370683MB0000019O"}, "code", "register-code-"),
        ({"统一社会信用代码": 123706830000001}, "code", "register-code-as-number"),
        ({"主管部门": "市教育局"}, "department", "register-department-likely"),
        ({"主管部门": None}, "department", "register-empty"),
        ({"机构类别": "公益三类"}, "category", "register-not-choice"),
        ({"单位名称": "=HYPERLINK(1)"}, "name", "register-dangerous"),
        ({"单位名称": "校" * 200}, "name", "register-too-long"),
        ({"编制数": "约30"}, "posts_approved", "register-not-count"),
        ({"有效期止": "2026-02-30"}, "cert_to", "register-no-such-day"),
    ],
)
def test_each_mistake_is_marked_in_its_cell(bring, wrong, column, found):
    checked = bring(row(1, "一中", **wrong), row(2, "二中"))

    told = problems(checked)
    assert [each.startswith(found) for _, where, each in told if where == column] == [True]
    assert {number for number, *_ in told} == {2}
    assert (checked.counts["bad"], checked.counts["new"]) == (1, 1)


def test_all_mistakes_are_told_at_once_and_nothing_is_applied(bring, apply):
    checked = bring(
        row(1, "一中", 机构类别="x", 编制数="三十"), row(2, "二中"), row(2, "三中", 主管部门="y")
    )

    assert len(problems(checked)) >= 4
    with pytest.raises(ImportBad, match="2 rows"):
        apply(checked)
    assert Unit.objects.count() == 0


def test_marks_of_writing_direction_are_taken_out_of_names(bring, apply):
    apply(bring(row(1, "\u202e一\u200b中\u200f")))

    assert Unit.objects.get().name == "一中"


def test_a_missing_column_refuses_and_a_column_of_their_own_does_not(bring):
    line = row(1, "一中", 备注="x")
    assert (1, "", "register-column-unknown") in problems(bring(line))
    del line["主管部门"]

    found = bring(line, heads=("统一社会信用代码", "单位名称", "机构类别"))

    assert (1, "department", "register-column-missing") in problems(found)
    assert found.counts["errors"] == 1


def test_heads_may_stand_below_a_title_with_stars_and_beside_hidden_sheets(bring):
    heads = ("统一社会信用代码*", "单位名称＊", "主管部门 *", "机构类别*")
    line = (code(1), "一中", "市教育和体育局", "公益二类")

    found = bring(data=book([line], heads, sheet="Sheet1", hidden=("旧表",), before=2))

    assert found.counts["new"] == 1
    assert problems(found) == [(None, "", "import-hidden-sheet")]


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (book([]), "名录.xlsx", "import-no-rows"),
        (book([("a", "b")], heads=("甲", "乙")), "名录.xlsx", "import-no-sheet"),
        (b"a,b\n1,2\n", "名录.csv", "import-no-sheet"),
    ],
)
def test_a_workbook_without_units_says_so(bring, data, name, found):
    checked = bring(data=data, name=name)

    assert (None, "", found) in problems(checked)
    assert checked.counts["errors"] == 1


def test_a_text_of_an_older_program_is_read_too(bring):
    text = f"统一社会信用代码,单位名称,主管部门,机构类别\n{code(1)},一中,市教育和体育局,公益二类\n"

    found = bring(data=text.encode("gb18030"), name="名录.csv")

    assert found.counts["new"] == 1
    assert (None, "", "import-other-encoding") in problems(found)


def test_a_sheet_that_reaches_far_outside_is_refused_before_it_is_taken_into_memory(bring):
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        page = made.add_worksheet()
        for place, head in enumerate(heads_of()):
            page.write_string(0, place, head)
        page.write_string(1_048_575, 16_383, "x")

    assert problems(bring(data=out.getvalue())) == [(None, "", "import-sheet-too-large")]


def test_merged_cells_are_explained_and_not_called_empty(bring):
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        page = made.add_worksheet()
        for place, head in enumerate(heads_of()):
            page.write_string(0, place, head)
        for line in (1, 2):
            page.write_string(line, 0, code(line))
            page.write_string(line, 1, f"第{line}中学")
            page.write_string(line, 3, "公益二类")
        page.merge_range(1, 2, 2, 2, "市教育和体育局")

    found = bring(data=out.getvalue())

    assert problems(found) == [(3, "department", "import-merged")]


def test_ranges_without_measure_are_refused_before_they_are_taken_into_memory(bring):
    end = "</sheetData>"
    many = "".join(f'<mergeCell ref="A{line}:C1048576"/>' for line in range(2, 10_003))

    data = rewritten(
        book([row(1, "一中")]),
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace(end, f"{end}<mergeCells>{many}</mergeCells>"),
    )

    assert problems(bring(data=data)) == [(None, "", "sheet-too-many-merged")]


def test_ranges_that_lie_over_each_other_are_named_once_for_a_cell(bring):
    end = "</sheetData>"
    many = "".join(f'<mergeCell ref="C{line}:C1048576"/>' for line in range(2, 9_002))

    data = rewritten(
        book([row(line, f"第{line}中学") for line in (1, 2)]),
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace(end, f"{end}<mergeCells>{many}</mergeCells>"),
    )

    assert problems(bring(data=data)) == [(3, "department", "import-merged")]


def test_two_sheets_of_one_name_are_refused(bring):
    data = rewritten(
        book([row(1, "一中")], hidden=("别的",)),
        "xl/workbook.xml",
        lambda text: text.replace("别的", "名录"),
    )

    with pytest.raises(SheetsAlike, match="two sheets of one name"):
        bring(data=data)


def test_formulas_are_read_at_their_values_and_errors_are_refused(bring):
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        page = made.add_worksheet()
        for place, head in enumerate((*heads_of(), "编制数")):
            page.write_string(0, place, head)
        for line, value in ((1, 30), (2, "#REF!")):
            for place, cell in enumerate(
                (code(line), f"第{line}中学", "市教育和体育局", "公益二类")
            ):
                page.write_string(line, place, cell)
            page.write_formula(line, 4, "=10+20", None, value)

    found = bring(data=out.getvalue())

    assert (3, "posts_approved", "register-cell-error") in problems(found)
    assert next(report_of(found).lines("new")).values["posts_approved"] == 30


def test_a_workbook_that_says_the_same_changes_nothing(bring, apply, registered, chief, city):
    from kaohe.documents.register_book import register_book
    from kaohe.organization.queries.imports import register_rows

    data = register_book(register_rows(chief, city), ["市教育和体育局"], str)

    found = bring(data=data)

    assert (found.counts["same"], found.counts["bad"]) == (1, 0)
    with pytest.raises(ImportEmpty):
        apply(found)


def test_what_differs_is_changed_field_by_field(bring, apply, registered, city):
    line = row(
        1,
        "示例市第一中学",
        简称="一中",
        加挂牌子="少年宫、科技馆",
        编制数=120,
        主要负责人="王建国",
        主要负责人职务="党委书记",
        联络员="赵敏",
        联络员电话="13812345678",
    )
    found = bring(line)
    shown = next(report_of(found).lines("changed"))
    assert shown.changes == {
        "aliases": (["少年宫"], ["少年宫", "科技馆"]),
        "posts_approved": (100, 120),
        "principal_title": ("校长", "党委书记"),
        "contact_phone": ("0535-2212345", "13812345678"),
    }
    before = JournalEntry.objects.latest("id").pk

    apply(found)

    registered.refresh_from_db()
    assert registered.posts_approved == 120
    assert Tenure.objects.get(post="principal").title == "党委书记"
    assert Person.objects.get(name="赵敏").phone == "13812345678"
    events = list(tell(JournalEntry.objects.filter(pk__gt=before).order_by("id")))
    assert [each.action for each in events] == [
        "unit.corrected",
        "tenure.corrected",
        "person.corrected",
        "import.applied",
    ]
    assert (events[0].was["posts_approved"], events[0].facts["posts_approved"]) == (100, 120)
    assert events[0].facts["plates"] == ["少年宫", "科技馆"]


def test_empty_cells_leave_the_register_unless_they_are_to_empty_it(bring, apply, registered):
    line = row(1, "示例市第一中学", 编制数=None, 简称=None)
    heads = heads_of(line)

    kept = bring(line, heads=heads)
    assert kept.counts["same"] == 1
    assert {each.code for each in report_of(kept).problems} == {"import-blank-kept"}

    apply(bring(line, heads=heads, options=Options(clear=True)))
    registered.refresh_from_db()
    assert registered.posts_approved is None
    assert not registered.names.filter(kind="short", to_on__isnull=True).exists()


def test_who_follows_in_a_post_needs_a_day_and_relieves(bring, apply, registered):
    line = row(1, "示例市第一中学", 主要负责人="李新")
    assert (2, "principal", "import-since-missing") in problems(bring(line))
    early = line | {"任职日期": "2019-01-01"}
    assert (2, "principal_from", "import-since-early") in problems(bring(early))

    apply(bring(line | {"任职日期": "2026-03-01"}))

    old, new = Tenure.objects.filter(post="principal").order_by("id")
    assert (old.person.name, old.to_on) == ("王建国", date(2026, 2, 28))
    assert (new.person.name, new.from_on, new.to_on) == ("李新", date(2026, 3, 1), None)


def test_another_name_or_department_is_a_deed_of_its_own_or_a_correction(
    bring, apply, registered, health
):
    line = row(1, "示例市第一高级中学", "市卫生健康局")
    found = bring(line)
    assert {each for _, _, each in problems(found)} == {
        "import-name-changed",
        "import-department-changed",
    }

    apply(bring(line, options=Options(corrections=True)))

    registered.refresh_from_db()
    assert (registered.name, registered.department) == ("示例市第一高级中学", health)
    assert [each.name for each in registered.names.filter(kind="name")] == ["示例市第一高级中学"]
    assert registered.affiliations.get().department == health


def test_a_code_for_a_unit_that_had_none_is_filled_in(bring, apply, registered):
    Unit.objects.update(code=None)

    apply(bring(row(1, "示例市第一中学")))

    assert Unit.objects.get().code == code(1)


def test_a_unit_does_not_come_in_twice_under_another_code(bring, registered):
    found = bring(row(2, "示例市第一中学"))

    assert (2, "code", "import-unit-has-code") in problems(found)


def test_a_code_of_another_city_is_refused_without_saying_whose(bring, other_city):
    from tests.fixtures.people import make_department, make_unit

    make_unit(other_city, make_department(other_city, "邻市教育局"), "邻市一中", 7)
    theirs = row(7, "一中") | {"统一社会信用代码": code(7, "370698")}

    found = bring(theirs)

    assert (2, "code", "import-code-elsewhere") in problems(found)
    assert "邻市" not in str(list(report_of(found).lines()))


def test_a_closed_unit_does_not_come_back(bring, registered):
    Unit.objects.update(closed_on=date(2026, 1, 1))

    assert (2, "code", "import-unit-closed") in problems(bring(row(1, "示例市第一中学")))


def test_a_clerk_imports_units_of_the_departments_in_charge_only(
    person, bring, apply, city, education
):
    clerk = person(Role.OFFICE_CLERK, charge=[education])
    theirs = row(2, "人民医院", "市卫生健康局")

    mixed = bring(row(1, "一中"), theirs, by=clerk)
    assert (3, "department", "import-not-in-charge") in problems(mixed)
    with pytest.raises(ImportBad):
        apply(mixed, by=clerk)

    apply(bring(row(1, "一中"), by=clerk), by=clerk)
    assert [unit.name for unit in Unit.objects.all()] == ["一中"]


def test_a_workbook_of_the_chief_is_not_applied_by_a_clerk_of_one_department(
    person, bring, apply, education
):
    clerk = person(Role.OFFICE_CLERK, charge=[education])

    with pytest.raises(RoleMissing):
        apply(bring(row(2, "人民医院", "市卫生健康局")), by=clerk)

    assert Unit.objects.count() == 0


@pytest.mark.parametrize("role", [Role.DEPT_HEAD, Role.LEDGER_KEEPER, Role.SYS_ADMIN])
def test_others_may_not(person, city, education, role):
    with pytest.raises(RoleMissing):
        imports.start_import(
            by=person(role, department=education),
            jurisdiction=city,
            name="a.csv",
            stream=io.BytesIO(b"a\n"),
        )


def test_an_import_of_another_city_or_of_others_is_not_there(person, bring, other_city, education):
    found = bring(row(1, "一中"))
    foreign = person(Role.OFFICE_HEAD, jurisdiction=other_city)
    clerk = person(Role.OFFICE_CLERK, charge=[education])

    for who in (foreign, clerk):
        with pytest.raises(NothingHere):
            get_import(who, found.pk)
    assert imports_of(clerk, found.jurisdiction).count() == 0
