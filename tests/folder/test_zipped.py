"""Folders as zips: the same bytes for the same files, and nothing unsafe is unpacked."""

import io
import stat
import zipfile

import pytest

from kaohe.folder import zipped
from kaohe.folder.zipped import UnfitZip, empty, files_below, pack, unpack, unpack_whole


@pytest.fixture
def made(tmp_path):
    """A function: a zip of names with their contents."""

    def make(*entries, **more):
        path = tmp_path / "sent.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in entries:
                archive.writestr(name, content)
            for info in more.get("infos", ()):
                archive.writestr(info, "x")
        return path

    return make


@pytest.fixture
def into(tmp_path):
    place = tmp_path / "into"
    place.mkdir()
    return place


def unfit(archive, into):
    with pytest.raises(UnfitZip) as refused:
        unpack(archive, into)
    return refused.value.code


SCHEME = ("scheme.toml", "a")


def test_the_same_files_give_the_same_bytes_whenever_they_were_written(tmp_path):
    for name in ("a", "b"):
        folder = tmp_path / name
        (folder / "units.parquet").mkdir(parents=True)
        (folder / "scheme.toml").write_text("x")
        (folder / "units.parquet" / "part-0.parquet").write_text("y")

    assert pack(files_below(tmp_path / "a")) == pack(files_below(tmp_path / "b"))


def test_what_was_packed_is_unpacked(tmp_path, into):
    folder = tmp_path / "a"
    (folder / "units.parquet").mkdir(parents=True)
    (folder / "scheme.toml").write_text("x")
    (folder / "units.parquet" / "part-0.parquet").write_text("y")
    archive = tmp_path / "x.zip"
    archive.write_bytes(pack(files_below(folder)))

    unpack(archive, into)

    assert set(files_below(into)) == {"scheme.toml", "units.parquet/part-0.parquet"}


@pytest.mark.parametrize("top", ["", "2025年考核/", "a/b/", "2025年考核\\"])
def test_the_folder_is_where_the_scheme_lies(made, into, top):
    archive = made(
        (f"{top}scheme.toml", "s"),
        (f"{top}units.csv", "u"),
        ("other/units.csv", "no"),
        ("__MACOSX/a/scheme.toml", "no"),
        (f"{top}.DS_Store", "no"),
        (f"{top}a/b/c/d.csv", "too deep"),
    )

    unpack(archive, into)

    found = {name for name in files_below(into) if not name.startswith("other")}
    assert found == {"scheme.toml", "units.csv"}
    assert (into / "units.csv").read_text() == "u"


def test_without_a_scheme_there_is_no_folder(made, into):
    assert unfit(made(("units.csv", "u")), into) == "no-folder"


def test_what_is_no_zip_is_damaged(tmp_path, into):
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK\x03\x04 nothing more")

    assert unfit(path, into) == "damaged"
    with pytest.raises(UnfitZip):
        unpack_whole(path, into)


def test_a_truncated_file_in_it_is_damage(made, into):
    archive = made(SCHEME, ("units.csv", "u" * 5_000))
    data = bytearray(archive.read_bytes())
    place = data.index(b"u" * 100)
    data[place] = ord("v")  # the checksum no longer fits
    archive.write_bytes(bytes(data))

    assert unfit(archive, into) == "damaged"


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packed_file_that_broke_on_its_way_is_damage(tmp_path, into, method):
    path = tmp_path / "sent.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("scheme.toml", "".join(map(str, range(2_000))))
    data = bytearray(path.read_bytes())
    data[60:90] = bytes(30)
    path.write_bytes(bytes(data))

    with pytest.raises((UnfitZip, OSError)):  # bzip2 breaks with an OSError
        unpack(path, into)
    with pytest.raises(UnfitZip):
        unpack_whole(path, into)


@pytest.mark.parametrize("name", ["../x.csv", "a/../../x.csv", "..\\x.csv"])
def test_a_way_out_of_the_folder_is_suspicious(made, into, tmp_path, name):
    assert unfit(made(SCHEME, (name, "x")), into) == "suspicious"
    assert not (tmp_path / "x.csv").exists()


def test_an_absolute_path_is_not_taken(made, into):
    unpack(made(SCHEME, ("/etc/x.csv", "x")), into)

    assert set(files_below(into)) == {"scheme.toml"}


def test_a_link_is_suspicious(made, into):
    link = zipfile.ZipInfo("units.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16

    assert unfit(made(SCHEME, infos=[link]), into) == "suspicious"


def test_a_password_is_told(made, into):
    archive = made(SCHEME)
    data = bytearray(archive.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(bytes(data))

    assert unfit(archive, into) == "protected"


def test_too_many_files_or_bytes_are_suspicious(made, into, monkeypatch):
    archive = made(SCHEME, ("units.csv", "u" * 100))
    monkeypatch.setattr(zipped, "MOST_FILES", 1)
    assert unfit(archive, into) == "suspicious"
    monkeypatch.setattr(zipped, "MOST_FILES", 2)
    unpack(archive, into)
    monkeypatch.setattr(zipped, "MOST_BYTES", 100)

    assert unfit(archive, into) == "suspicious"


def test_a_size_that_lies_is_found_out_on_the_way(made, into, monkeypatch):
    archive = made(SCHEME, ("units.csv", "u" * 100))
    monkeypatch.setattr(zipped, "_refuse_suspicious", lambda entries: None)
    monkeypatch.setattr(zipped, "MOST_BYTES", 50)

    assert unfit(archive, into) == "suspicious"


def test_nothing_is_left_of_a_folder_that_is_emptied(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)

    empty(tmp_path / "a")
    empty(tmp_path / "a")

    assert not (tmp_path / "a").exists()


def test_results_come_back_flat(tmp_path, into):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("results.csv", "r")
    path = tmp_path / "r.zip"
    path.write_bytes(stream.getvalue())

    unpack_whole(path, into)

    assert (into / "results.csv").read_text() == "r"
