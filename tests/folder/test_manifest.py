"""The manifest names every file that was read and written, and nothing that changes by itself."""

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from kaohe import __version__
from kaohe.core.quantities import TICK
from kaohe.core.scheme_canonical import canonical
from kaohe.folder.author import write_folder
from kaohe.folder.load import LoadedFolder, load_folder
from kaohe.folder.manifest import scheme_digest, write_manifest
from tests.folder.mini_folder import INPUTS, SCHEME
from tests.folder.test_author import TEXT


def loaded_folder(path: Path, form: str = "csv") -> LoadedFolder:
    write_folder(INPUTS, TEXT, path, form)
    with duckdb.connect() as con:
        return load_folder(path, con)


def manifest_of(out: Path, loaded: LoadedFolder) -> str:
    write_manifest(out / "manifest.json", loaded, SCHEME)
    return (out / "manifest.json").read_text(encoding="utf-8")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    (folder / "item_scores.parquet").mkdir(parents=True)
    (folder / "item_scores.parquet" / "part-00000.parquet").write_bytes(b"p")
    (folder / "results.csv").write_bytes(b"r")
    (folder / "problems.csv").write_bytes(b"words")
    return folder


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_inputs_and_outputs_have_their_digests(tmp_path: Path, out: Path) -> None:
    loaded = loaded_folder(tmp_path / "in")

    found = json.loads(manifest_of(out, loaded))

    assert found["outputs"] == {
        "item_scores.parquet/part-00000.parquet": sha(b"p"),
        "results.csv": sha(b"r"),
    }
    files = sorted((tmp_path / "in").iterdir())
    assert found["inputs"] == {file.name: sha(file.read_bytes()) for file in files}


def test_a_workbook_is_one_input(tmp_path: Path, out: Path) -> None:
    loaded = loaded_folder(tmp_path / "in", "xlsx")

    found = json.loads(manifest_of(out, loaded))

    assert list(found["inputs"]) == ["assessment.xlsx", "scheme.toml"]


def test_engine_version_and_scheme_are_named(tmp_path: Path, out: Path) -> None:
    found = json.loads(manifest_of(out, loaded_folder(tmp_path / "in")))

    assert found["version"] == __version__
    assert re.fullmatch(r"duckdb [\d.]+ via narwhals", found["engine"])
    assert found["scheme"] == sha(canonical(SCHEME).encode())
    assert list(found) == ["format", "engine", "version", "scheme", "inputs", "outputs"]


def test_the_same_files_give_the_same_bytes_wherever_they_lie(tmp_path: Path, out: Path) -> None:
    here = manifest_of(out, loaded_folder(tmp_path / "in"))
    there = manifest_of(out, loaded_folder(tmp_path / "elsewhere" / "in"))

    assert here == there
    assert str(tmp_path) not in here
    assert here.endswith("}\n")


def test_another_scheme_has_another_digest() -> None:
    other = replace(SCHEME, bonus_cap=6 * TICK)

    assert scheme_digest(other) != scheme_digest(SCHEME)
    assert re.fullmatch("[0-9a-f]{64}", scheme_digest(SCHEME))


def test_problems_do_not_change_the_manifest(tmp_path: Path, out: Path) -> None:
    loaded = loaded_folder(tmp_path / "in")
    before = manifest_of(out, loaded)
    (out / "problems.csv").write_bytes(b"other words")

    assert manifest_of(out, loaded) == before
