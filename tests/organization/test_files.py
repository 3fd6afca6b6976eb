"""Files: what they are is said by their bytes; kept once, whole or not at all."""

import errno
import io
import zipfile
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings

from kaohe.core.access import Role, Verb
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import StoredFile
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.queries.files import path_of
from kaohe.organization.services import files
from kaohe.organization.services.files import (
    FileDamaged,
    FileEmpty,
    FileLies,
    FileNotTaken,
    FileProtected,
    FileSuspicious,
    FileTooLarge,
    NoRoom,
    WithMacros,
)
from tests.organization.workbooks import book, row

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.FILES = tmp_path / "files"
    return settings.FILES


@pytest.fixture
def store(person, city):
    """``store_file`` of a name and bytes, by somebody who may."""
    keep = partial(
        files.store_file, by=person(Role.OFFICE_HEAD), jurisdiction=city, verb=Verb.UNIT_IMPORT
    )

    def store(name, data, **more):
        return keep(name=name, stream=io.BytesIO(data) if isinstance(data, bytes) else data, **more)

    return store


def left(folder):
    """Every file in the folder of files."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_lies_under_its_digest_and_is_on_record(store, folder):
    data = book([row(1, "一中")])

    kept = store("C:\\名录\\2026 名录.xlsx", data)

    assert path_of(kept.digest).read_bytes() == data
    assert (kept.name, kept.media, kept.size) == ("2026 名录.xlsx", "xlsx", len(data))
    [told] = tell(entries_of([kept.subject]))
    assert (told.action, told.facts["digest"]) == ("file.added", kept.digest)
    assert told.sealed["name"] == "2026 名录.xlsx"
    assert "name" not in told.facts


def test_the_same_bytes_are_kept_once(store, folder):
    data = book([row(1, "一中")])

    first, second = store("a.xlsx", data), store("b.xlsx", data)

    assert first.digest == second.digest
    assert len(left(folder)) == 1
    assert StoredFile.objects.count() == 2


def pack(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


BOMB = pack(xl__workbook_xml="<workbook/>", xl__worksheets__sheet1_xml=b"0" * (40 << 20))
MACRO = pack(xl__workbook_xml="<workbook/>", **{"xl__vbaProject.bin": "x"})


@pytest.mark.parametrize(
    ("name", "data", "refusal"),
    [
        ("名录.xlsx", b"%PDF-1.7 ...", FileLies),
        ("名录.xlsx", "代码,名称\n".encode(), FileLies),
        ("名录.xlsx", OLE + "Workbook".encode("utf-16-le"), FileLies),
        ("名录.csv", book([]), FileLies),
        ("名录.xlsx", pack(hello="x"), FileLies),
        ("名录.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), FileProtected),
        ("名录.xls", OLE + "_VBA_PROJECT".encode("utf-16-le"), WithMacros),
        ("名录.xlsm", MACRO, WithMacros),
        ("名录.xlsx", BOMB, FileSuspicious),
        ("名录.xlsx", book([row(1, "一中")])[:900], FileDamaged),
        ("名录.csv", bytes(range(256)) * 8, FileDamaged),
        ("名录.xlsx", b"", FileEmpty),
    ],
)
def test_what_is_not_what_it_says_is_refused_with_a_sentence(store, folder, name, data, refusal):
    with pytest.raises(refusal) as caught:
        store(name, data)

    assert name in caught.value.say()
    assert left(folder) == []
    assert StoredFile.objects.count() == 0


def test_a_kind_that_does_not_belong_here_is_refused(store, folder):
    with pytest.raises(FileNotTaken, match=r"\.xlsx"):
        store("证明.pdf", b"%PDF-1.7 ...", kinds={"xlsx"})

    assert left(folder) == []


def test_more_than_the_limit_is_refused_before_it_is_read_to_its_end(store, folder, settings):
    settings.UPLOAD_LIMIT = 1 << 20

    class Endless:
        read_so_far = 0

        def read(self, size):
            self.read_so_far += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(FileTooLarge, match="1 megabytes"):
        store("a.csv", stream)

    assert stream.read_so_far < 3 << 20
    assert left(folder) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_nothing_behind(store, folder, monkeypatch, number):
    monkeypatch.setattr(files.os, "fsync", _raise(OSError(number, "full")))

    with pytest.raises(NoRoom, match="disk"):
        store("a.xlsx", book([row(1, "一中")]))

    assert left(folder) == []
    assert StoredFile.objects.count() == 0


def test_another_fault_of_the_disk_is_not_called_a_full_one(store, monkeypatch):
    monkeypatch.setattr(files.os, "fsync", _raise(OSError(errno.EIO, "broken")))

    with pytest.raises(OSError, match="broken"):
        store("a.xlsx", book([row(1, "一中")]))


def _raise(error):
    def raising(*_):
        raise error

    return raising


def test_a_refused_deed_leaves_no_row_and_the_file_is_harmless(store, folder, person, city):
    with pytest.raises(RoleMissing):
        files.store_file(
            by=person(Role.UNIT_HEAD),
            jurisdiction=city,
            verb=Verb.UNIT_IMPORT,
            name="a.csv",
            stream=io.BytesIO(b"a,b\n"),
        )

    assert left(Path(settings.FILES)) == []


def test_texts_of_older_programs_are_texts(store):
    assert store("名录.csv", "代码,名称\n1,䶮中学\n".encode("gb18030")).media == "csv"
    assert store("名录.txt", "代码\t名称\n".encode("utf-16")).media == "csv"
