"""Files that were made to do harm, or broke on their way: each ends in a sentence."""

import io
import json
import zipfile

import pytest

from kaohe.documents.plan_book_columns import STAMP
from kaohe.documents.plan_book_marks import marked_book
from kaohe.indicators.reading.book_sheets import open_book
from kaohe.indicators.reading.word_sheets import WordReader
from kaohe.indicators.reading.word_units import UnitNames
from tests.indicators.books import changed_book
from tests.indicators.word_files import HEADS, word

STAMPS = (
    '{"indicators": 3}',
    '{"indicators": [3]}',
    '{"indicators": [{}]}',
    '{"indicators": [{"item": 5, "name": "甲"}]}',
    '{"indicators": [{"item": {"a": 1}, "name": "甲"}]}',
    '{"indicators": [{"item": "J01", "name": 3}]}',
    '{"sheets": []}',
    '{"sheets": {"a": {"values": 3}}}',
    '{"sheets": {"a": {"nodes": {"b": [{"milestone": null}]}}}}',
    "[" * 30_000,
    '{"a":' * 6_000,
)
PARTS = ("docProps/core.xml", "[Content_Types].xml", "xl/styles.xml", "xl/workbook.xml")
BREAKS = {"garbage": lambda data: b"<<", "empty": lambda data: b"", "half": lambda data: data[:99]}


@pytest.fixture
def book(draft, tmp_path):
    """A function: the workbook of the draft, edited, as a file."""

    def go(edit=None, repack=None):
        data = changed_book(draft, ("方案", 2, "指标名称", "改了"), edit=edit)
        path = tmp_path / "a.xlsx"
        path.write_bytes(repack(data) if repack else data)
        return path

    return go


def broken(data, part, damage):
    """An archive with one of its parts damaged."""
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            found = source.read(name)
            target.writestr(name, damage(found) if name == part else found)
    return out.getvalue()


@pytest.mark.parametrize("text", STAMPS)
def test_a_stamp_that_holds_no_plan_is_none(book, text):
    def edit(pages):
        page = pages[STAMP]
        facts = json.loads(page.cell(1, 1).value)
        page.delete_rows(2, page.max_row)
        page.cell(1, 1).value = json.dumps(facts | {"digest": "0" * 64})
        page.cell(2, 1).value = text

    found = open_book(book(edit))

    assert (found.base, found.stamp) == (None, {})
    assert found.sheets["方案"].rows[0].cells["name"] == "改了"


def test_a_stamp_that_would_not_fit_into_memory_is_refused(book):
    def edit(pages):
        pages[STAMP].cell(1_048_576, 16_384).value = "x"

    assert {each.code for each in open_book(book(edit)).problems} == {"sheet-too-large"}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("how", sorted(BREAKS))
def test_a_workbook_with_a_broken_part_is_read_or_told(book, part, how):
    path = book(repack=lambda data: broken(data, part, BREAKS[how]))
    found = open_book(path)
    assert found.sheets or found.problems
    assert marked_book(path, []) is None or part != "[Content_Types].xml"


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("how", sorted(BREAKS))
def test_a_word_file_with_a_broken_part_is_told(tmp_path, part, how):
    path = tmp_path / "a.docx"
    path.write_bytes(broken(word("一中", [list(HEADS)]), part, BREAKS[how]))
    file = WordReader(UnitNames({}), {}, str).read(path)
    assert "word-unreadable" in {each.code for each in file.problems}
