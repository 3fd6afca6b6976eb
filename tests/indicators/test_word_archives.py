"""Archives of Word files: names as they were written, limits, what cannot be opened."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.indicators.reading import word_archives
from kaohe.indicators.reading.word_archives import UnfitArchive, encoding_of, open_archive
from tests.indicators.word_files import packed


def names(data):
    with open_archive(io.BytesIO(data)) as (_archive, found):
        return [each.name for each in found]


def unfit(data):
    with pytest.raises(UnfitArchive) as refused:
        names(data)
    return refused.value.code


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", ""])
def test_names_are_read_as_they_were_written(encoding):
    data = packed({"联通学校/考核单.docx": b"1", "誠信.docx": b"2"}, encoding)

    assert names(data) == ["联通学校/考核单.docx", "誠信.docx"]


@given(st.lists(st.text("一中示例市第十考核单联通誠", min_size=3, max_size=12), min_size=1))
def test_chinese_names_in_gbk_or_utf8_are_told_apart(some):
    for encoding in ("gbk", "utf-8"):
        raw = "/".join(some).encode(encoding)
        assert raw.decode(encoding_of(raw)) == "/".join(some)


def test_what_a_system_adds_and_what_leads_out_is_not_taken():
    data = packed(
        {
            "__MACOSX/._a.docx": b"1",
            "~$a.docx": b"1",
            "部门/Thumbs.db": b"1",
            "部门/": b"",
            "../../外面.docx": b"1",
            "\\盘\\里面.docx": b"1",
        }
    )

    assert names(data) == ["外面.docx", "盘/里面.docx"]


def test_links_are_no_files():
    out = io.BytesIO()
    link = zipfile.ZipInfo("a.docx")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")

    assert names(out.getvalue()) == []


def test_what_would_unpack_to_far_more_is_not_opened(monkeypatch):
    bomb = packed({"a.docx": bytes(30 << 20)})
    assert unfit(bomb) == "suspicious"
    monkeypatch.setattr(word_archives, "MOST_ENTRIES", 1)
    assert unfit(packed({"a.docx": b"1", "b.docx": b"2"})) == "suspicious"


def test_what_is_damaged_or_locked_is_told():
    assert unfit(b"PK\x03\x04 nonsense") == "damaged"
    data = bytearray(packed({"a.docx": b"1"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the flag of the entry: encrypted
    assert unfit(bytes(data)) == "protected"


@given(st.binary(max_size=300), st.integers(0, 200))
def test_bytes_at_random_are_refused_or_read(noise, place):
    data = bytearray(packed({"甲.docx": b"1", "乙.docx": b"2"}, "gbk"))
    data[place : place + len(noise)] = noise
    code = ""
    try:
        names(bytes(data))
    except UnfitArchive as refused:
        code = refused.code

    assert code in ("", "damaged", "protected", "suspicious")
