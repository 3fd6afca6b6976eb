"""Files that are brought for schemes."""

import io
from functools import partial

from kaohe.indicators.services import part_imports, part_undoing, word_columns, word_uploads
from tests.indicators.books import changed_book
from tests.indicators.word_files import word
from tests.record.cases import leaves
from tests.record.indicator_path import drafter, version


def brought(city):
    """A workbook in which one cell was typed anew, and who brought it."""
    by = drafter(city)
    row = version(city, by=by)
    data = io.BytesIO(changed_book(row, ("方案", 2, "分值", 14)))
    made = part_imports.bring_part_file(by=by, version=row, name="方案.xlsx", stream=data)
    return by, made


def looked_at(city):
    by, made = brought(city)
    return by, part_imports.read_part_file(by=by, key=made.pk)


@leaves("part_imports.bring_part_file", "file.added", "part-import.brought")
def _(city):
    by = drafter(city)
    row = version(city, by=by)
    data = io.BytesIO(changed_book(row))
    return partial(part_imports.bring_part_file, by=by, version=row, name="方案.xlsx", stream=data)


@leaves("part_imports.read_part_file", "part-import.read")
def _(city):
    by, made = brought(city)
    return partial(part_imports.read_part_file, by=by, key=made.pk)


@leaves("part_imports.apply_part_file", "part.edited", "part-import.applied")
def _(city):
    by, made = looked_at(city)
    return partial(part_imports.apply_part_file, by=by, row=made, seen=made.version)


@leaves("part_imports.drop_part_file", "part-import.dropped")
def _(city):
    by, made = looked_at(city)
    return partial(part_imports.drop_part_file, by=by, row=made, seen=made.version)


@leaves("word_columns.set_word_columns", "word-columns.set")
def _(city):
    return partial(
        word_columns.set_word_columns,
        by=drafter(city),
        department=city.education,
        columns={"重点事项": "definition"},
        seen=None,
    )


@leaves("word_columns.set_word_columns#again", "word-columns.set")
def _(city):
    by = drafter(city)
    given = {"by": by, "department": city.education, "seen": None}
    word_columns.set_word_columns(columns={"重点事项": "definition"}, **given)
    return partial(word_columns.set_word_columns, columns={"重点事项": "name"}, **given)


def words(city):
    """Two Word files that were brought together, and who brought them."""
    by = drafter(city)
    row = version(city, by=by)
    made = word_uploads.bring_word_files(by=by, version=row, files=two_files(city))
    return by, made


def two_files(city):
    table = [["指标名称", "分值"], ["课程开设率", "60"]]
    names = (f"{city.school.name}.docx", "考核单.docx")
    return [word_uploads.WordSent(name, io.BytesIO(word(table))) for name in names]


@leaves("word_uploads.bring_word_files", "file.added", "file.added", "part-import.brought")
def _(city):
    by = drafter(city)
    row = version(city, by=by)
    files = two_files(city)
    return partial(word_uploads.bring_word_files, by=by, version=row, files=files)


@leaves("word_uploads.place_word_files", "part-import.placed")
def _(city):
    by, made = words(city)
    chosen = {made.files.last().pk: "out"}
    return partial(word_uploads.place_word_files, by=by, row=made, seen=made.version, chosen=chosen)


@leaves("part_undoing.undo_part_file", "part.edited", "part-import.undone")
def _(city):
    by, made = looked_at(city)
    made = part_imports.apply_part_file(by=by, row=made, seen=made.version)
    return partial(part_undoing.undo_part_file, by=by, row=made, seen=made.version)
