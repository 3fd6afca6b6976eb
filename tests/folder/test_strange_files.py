"""Garbage is never a crash: whatever lies in a folder, there is a list of problems."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.folder.mini_folder import SCHOOL
from tests.folder.reading import MARKS, SOUND, Read, write_files

QUIET = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PIECES = st.sampled_from(
    [b",", b'"', b"\n", b"\r\n", b"\r", b"\t", b";", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf",
     b"\xb9\xa4", "评".encode(), b"unit", b"points", b"1.5", b" ", b"=", b"''", b"\\", b"#"]
)  # fmt: skip
BYTES = st.one_of(st.binary(max_size=400), st.lists(PIECES, max_size=60).map(b"".join))


def workbook() -> bytes:
    """A workbook with one table and all that a sheet may hold."""
    book = openpyxl.Workbook()
    book.active.title = "marks"
    book.active.append(MARKS.split(","))
    for number in range(4):
        book.active.append([SCHOOL, "K1", f"评委{number}", number / 2])
    book.active["D3"] = "=1+1"
    book.active.merge_cells("A4:B4")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


WORKBOOK = workbook()
with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as _archive:
    PARTS = {name: _archive.read(name) for name in _archive.namelist()}
XML = st.sampled_from(
    [b"<", b">", b"/>", b'"', b"&", b"&#0;", b"<row r='99999999999'>", b"<c r='XFD9'><v>1</v></c>",
     b'<c r="ZZZZZZ1"><v>1</v></c>', b'<c r="A0" t="s"><v>99</v></c>', b"<c><f/></c>",
     b"<mergeCell ref='A1:ZZZ9'/>", b"</sheetData>", b"\xff\xfe", b""]
)  # fmt: skip
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), XML), min_size=1, max_size=4)


def changed(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for place, length, piece in changes:
        start = int(place * len(data))
        data = data[:start] + piece + data[start + length :]
    return data


def packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


@QUIET
@given(data=BYTES)
def test_any_bytes_as_csv(tmp_path, data):
    Read(write_files(tmp_path, {**SOUND, "marks.csv": data}))


@QUIET
@given(data=BYTES)
def test_any_bytes_below_a_sound_header(tmp_path, data):
    found = Read(write_files(tmp_path, {**SOUND, "marks.csv": MARKS.encode() + b"\n" + data}))
    rows = found.con.execute("SELECT count(*) FROM marks").fetchall()[0][0]
    assert rows == 0 or found.problems


@QUIET
@given(data=BYTES)
def test_any_bytes_as_scheme_and_items(tmp_path, data):
    read_scheme = Read(write_files(tmp_path, {**SOUND, "scheme.toml": data}))
    assert read_scheme.loaded.scheme is None
    Read(write_files(tmp_path, {**SOUND, "items.csv": data}))


@QUIET
@given(data=st.one_of(BYTES, BYTES.map(lambda data: b"PAR1" + data + b"PAR1")))
def test_any_bytes_as_parquet_are_refused(tmp_path, data):
    found = Read(write_files(tmp_path, {**SOUND, "marks.parquet": data}))
    assert found.codes == ["parquet-unreadable"]


@QUIET
@given(data=st.one_of(BYTES, BYTES.map(lambda data: b"PK\x03\x04" + data)))
def test_any_bytes_as_a_workbook_are_refused(tmp_path, data):
    found = Read(write_files(tmp_path, {**SOUND, "assessment.xlsx": data}))
    assert len(found.codes) == 1
    assert found.codes[0].startswith("workbook-")


@QUIET
@given(changes=CHANGES)
def test_a_workbook_with_changed_bytes(tmp_path, changes):
    Read(write_files(tmp_path, {**SOUND, "assessment.xlsx": changed(WORKBOOK, changes)}))


@settings(QUIET, max_examples=60)
@given(name=st.sampled_from(sorted(PARTS)), changes=CHANGES)
def test_a_workbook_with_changed_parts(tmp_path, name, changes):
    data = packed({**PARTS, name: changed(PARTS[name], changes)})
    Read(write_files(tmp_path, {**SOUND, "assessment.xlsx": data}))


@pytest.mark.parametrize("name", sorted(PARTS))
def test_a_workbook_without_one_of_its_parts(tmp_path, name):
    parts = {kept: content for kept, content in PARTS.items() if kept != name}
    Read(write_files(tmp_path, {**SOUND, "assessment.xlsx": packed(parts)}))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data,
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b",", b";"),
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.decode().encode("gb18030"),
        lambda data: data.decode().encode("utf-16"),
        lambda data: data.replace(b"\n", b"\n\n"),
    ],
)
def test_a_sound_folder_stays_sound_however_its_tables_are_saved(
    tmp_path, spoil: Callable[[bytes], bytes]
):
    files = {name: spoil(text.encode()) for name, text in SOUND.items() if name.endswith(".csv")}
    found = Read(write_files(tmp_path, {**SOUND, **files}))
    assert {problem.severity for problem in found.problems} <= {"warning"}
    expected = Read(write_files(tmp_path / "sound", SOUND))
    for table in ("units", "items"):
        kept = [row[1:] for row in found.rows(table)]
        assert kept == [row[1:] for row in expected.rows(table)]
