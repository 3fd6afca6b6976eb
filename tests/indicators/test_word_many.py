"""Many Word files at once: each to its unit, mapped once, applied together or not at all."""

import io

import pytest

from kaohe.core.access import Role
from kaohe.core.errors import Refusal
from kaohe.indicators.queries.word_matching import files_read, shapes_in, units_without
from kaohe.indicators.services import part_imports, word_columns, word_uploads
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import UnitName
from kaohe.organization.queries.access import RoleMissing
from tests.fixtures.people import make_unit
from tests.indicators.books import apply, codes, found_of, fresh
from tests.indicators.word_files import packed, word

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")
HEADS = ["指标名称", "分值", "目标值"]


def sheet(*lines, heads=HEADS):
    return word(*lines, [heads, ["课程开设率", "60", "98"], ["家长满意度", "40", "90"]])


@pytest.fixture
def second(city, education, year, dept_clerk, office_clerk):
    """Another school of the department that takes part, with a former and a short name."""
    from kaohe.indicators.models import Participant

    unit = make_unit(city, education, "示例市第二中学", 2)
    for kind, name in (("name", "示范初级中学"), ("short", "二中")):
        UnitName.objects.create(unit=unit, kind=kind, name=name, folded=name)
    given = {"code": unit.code, "name": unit.name, "department_name": education.name}
    Participant.objects.create(
        jurisdiction=city, assessment_year=year, unit=unit, department=education, **given
    )
    return unit


@pytest.fixture
def send(files_aside, draft, dept_clerk):
    """Files brought together for the draft, by their names, and read."""

    def go(files, by=dept_clerk):
        sent = [word_uploads.WordSent(name, io.BytesIO(data)) for name, data in files.items()]
        row = word_uploads.bring_word_files(by=by, version=draft, files=sent)
        return part_imports.read_part_file(by=by, key=row.pk)

    return go


def placed(row):
    return [(each.name, each.how, [code for code, _name in each.units]) for each in files_read(row)]


def place(row, by, **chosen):
    """The choice for some files, by the beginning of their names; read again."""
    keys = {each.name: each.pk for each in row.files.all()}
    said = {
        key: unit for name, key in keys.items() for wanted, unit in chosen.items() if wanted in name
    }
    made = word_uploads.place_word_files(by=by, row=row, seen=row.version, chosen=said)
    return part_imports.read_part_file(by=by, key=made.pk)


def refused(do, *args, **given):
    with pytest.raises(Refusal) as refusal:
        do(*args, **given)
    return refusal.value.code


def test_a_zip_and_files_beside_it_become_one_draft(send, draft, school, second, dept_clerk):
    inside = packed({"示范初级中学/考核单.docx": sheet(), "说明.pdf": b"%PDF-1.4"}, "gbk")
    row = send({"甲.docx": sheet(f"{school.name}2025年考核单"), "其余.zip": inside})

    assert placed(row) == [
        ("甲.docx", "inside", [school.code]),
        ("示范初级中学/考核单.docx", "name", [second.code]),
        ("说明.pdf", "out", []),
    ]
    assert codes(row) == {"word-other-kind"}
    assert row.count == 3
    apply(row, dept_clerk)
    content = fresh(draft).content
    assert set(content["sheets"]) == {school.code, second.code}
    shared = [each["name"] for each in content["indicators"] if not each.get("unit")]
    assert shared == ["课程开设率", "家长满意度"]


def test_code_short_name_and_the_name_of_the_file_find_the_unit(send, school, second):
    row = send({"a.docx": sheet(f"代码：{school.code}"), "二中2025.docx": sheet("绩效考核单")})

    assert [(how, units) for _name, how, units in placed(row)] == [
        ("inside", [school.code]),
        ("name", [second.code]),
    ]
    assert units_without(row) == []


def test_a_file_of_no_unit_is_asked_about_and_the_choice_is_used(send, school, second, dept_clerk):
    row = send({"甲.docx": sheet(school.name), "乙.docx": sheet("某校考核单")})

    assert codes(row) == {"word-unit-none"}
    assert refused(apply, row, dept_clerk) == "part-file.bad"
    again = place(row, dept_clerk, 乙=second.code)
    assert codes(again) == set()
    assert placed(again)[1] == ("乙.docx", "chosen", [second.code])
    last = JournalEntry.objects.filter(subject=row.subject).order_by("-pk")
    assert [each.action for each in last][:2] == ["part-import.read", "part-import.placed"]


def test_a_file_that_names_two_units_is_not_guessed_at(send, school, second, dept_clerk):
    row = send({"甲.docx": sheet(f"{school.name}、{second.name}考核单"), "乙.docx": sheet("二中")})

    problem = next(each for each in found_of(row).problems if each.code == "word-unit-doubtful")
    assert (problem.facts["file"], problem.table) == ("甲.docx", "1")
    again = place(row, dept_clerk, 甲=school.code)
    assert codes(again) == set()


def test_two_files_for_one_unit_are_refused_until_one_is_left_out(send, school, dept_clerk):
    row = send({"甲.docx": sheet(school.name), "乙.docx": sheet(school.name)})

    assert codes(row) == {"word-unit-twice"}
    again = place(row, dept_clerk, 乙=word_uploads.OUT)
    assert codes(again) == set()
    assert placed(again)[1] == ("乙.docx", "out", [])


def test_one_file_may_be_for_all_units_and_two_may_not(send, dept_clerk, school):
    row = send({"甲.docx": sheet(), "乙.docx": sheet()})
    row = place(row, dept_clerk, 甲=word_uploads.ALL, 乙=word_uploads.ALL)

    assert codes(row) == {"word-all-twice"}
    row = place(row, dept_clerk, 乙=word_uploads.OUT)
    assert codes(row) == set()
    assert units_without(row) == []


def test_a_choice_against_what_the_file_says_is_told(send, school, second, dept_clerk):
    row = place(send({"甲.docx": sheet(school.name)}), dept_clerk, 甲=second.code)

    assert codes(row) == {"word-unit-other"}
    assert placed(row) == [("甲.docx", "chosen", [second.code])]


def test_of_many_sheets_in_one_file_what_names_no_unit_gets_the_chosen_one(
    send, school, second, dept_clerk
):
    table = [HEADS, ["课程开设率", "60", "98"]]
    data = word("某校", table, second.name, table, school.name, table)
    row = place(send({"甲.docx": data}), dept_clerk, 甲=school.code)

    ((_name, how, units),) = placed(row)
    assert (how, set(units)) == ("chosen", {school.code, second.code})


def test_what_cannot_be_read_is_listed_and_keeps_the_rest_back(send, school, dept_clerk):
    row = send(
        {
            "甲.docx": sheet(school.name),
            "旧.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "旧.wps": b"x",
            "坏.docx": b"PK\x03\x04 nonsense",
            "空.docx": b"",
            "宏.docm": b"x",
        }
    )

    told = {each.facts["file"]: each.code for each in found_of(row).problems}
    assert told == {
        "旧.doc": "word-old-form",
        "旧.wps": "word-old-form",
        "坏.docx": "word-damaged",
        "空.docx": "word-damaged",
        "宏.docm": "word-macros",
    }
    assert refused(apply, row, dept_clerk) == "part-file.bad"
    keys = {each.pk: word_uploads.OUT for each in row.files.filter(file=None)}
    made = word_uploads.place_word_files(by=dept_clerk, row=row, seen=None, chosen=keys)
    again = part_imports.read_part_file(by=dept_clerk, key=made.pk)
    assert apply(again, dept_clerk).state == "applied"


def test_nothing_that_can_be_read_is_refused_with_what_to_do(send, draft, monkeypatch):
    assert refused(send, {"旧.doc": b"x"}) == "word-files.old-form"
    assert refused(send, {"旧.docx": OLD}) == "word-files.old-form"
    assert refused(send, {"旧.doc": b"x", "旧.wps": b"x"}) == "word-files.none"
    assert refused(send, {"空.docx": b""}) == "file.empty"
    assert refused(send, {"a.pdf": b"%PDF-1"}) == "file.not-taken"
    assert refused(send, {"a.zip": b"no zip"}) == "word-files.archive-unfit"
    assert refused(send, {"a.zip": packed({})}) == "word-files.archive-unfit"
    assert refused(send, {"a.zip": packed({"a.docx": bytes(30 << 20)})}) == (
        "word-files.archive-unfit"
    )
    monkeypatch.setattr(word_uploads, "MOST_FILES", 1)
    assert refused(send, {"a.docx": sheet(), "b.docx": sheet()}) == "word-files.too-many"
    assert draft.part.imports.count() == 0


def test_two_files_of_one_name_are_told_apart(send, school, second):
    row = send({"a/单.docx": sheet(school.name), "b.zip": packed({"a/单.docx": sheet("二中")})})

    assert [each.name for each in row.files.all()] == ["a/单.docx", "a/单 (2).docx"]


def test_files_of_other_heads_are_mapped_in_turn_and_once_for_all(
    send, school, second, dept_clerk, education
):
    odd = ["指标名称", "分值", "重点事项"]
    row = send({"甲.docx": sheet(school.name), "乙.docx": sheet(second.name, heads=odd)})

    shapes = shapes_in(row)
    assert [(each.names, each.is_open) for each in shapes] == [
        (("乙.docx",), True),
        (("甲.docx",), False),
    ]
    assert shapes[0].heads[0].head == "重点事项"
    word_columns.set_word_columns(
        by=dept_clerk, department=education, columns={"重点事项": "definition"}, seen=None
    )
    assert [each.is_open for each in shapes_in(row)] == [False, False]
    again = part_imports.read_part_file(by=dept_clerk, key=row.pk)
    tree = found_of(again).tree
    assert "98" in {each.get("definition") for each in tree["indicators"]}


def test_a_table_that_is_not_understood_is_asked_about_by_its_first_row(send, school, dept_clerk):
    row = send(
        {"甲.docx": word(school.name, [["甲栏", "乙栏", "丙栏"], ["课程开设率", "60", "98"]])}
    )

    assert "word-no-table" in codes(row)
    assert [each.head for each in shapes_in(row)[0].heads] == ["甲栏", "乙栏", "丙栏"]
    word_columns.set_word_columns(
        by=dept_clerk,
        department=row.part.department,
        columns={"甲栏": "name", "乙栏": "points", "丙栏": "target"},
        seen=None,
    )
    again = part_imports.read_part_file(by=dept_clerk, key=row.pk)
    assert codes(again) == set()


def test_a_choice_is_for_a_file_of_the_import_and_a_unit_of_the_department(
    send, school, dept_clerk
):
    row = send({"甲.docx": sheet(school.name)})
    key = row.files.get().pk

    def go(chosen, seen=None):
        return word_uploads.place_word_files(by=dept_clerk, row=row, seen=seen, chosen=chosen)

    assert refused(go, {key + 1: ""}) == "word-files.unknown"
    assert refused(go, {key: "x"}) == "word-files.unit-unknown"
    assert refused(go, {key: "out"}, seen=row.version + 1) == "writing.changed-meanwhile"
    count = JournalEntry.objects.count()
    assert go({key: ""}).version == row.version
    assert JournalEntry.objects.count() == count
    apply(row, dept_clerk)
    assert refused(go, {key: "out"}) == "part-file.over"


def test_another_department_may_neither_bring_nor_place(send, person, health, school):
    stranger = person(Role.DEPT_CLERK, department=health)
    row = send({"甲.docx": sheet(school.name)})

    with pytest.raises(RoleMissing):
        send({"甲.docx": sheet()}, by=stranger)
    with pytest.raises(RoleMissing):
        word_uploads.place_word_files(by=stranger, row=row, seen=None, chosen={})
