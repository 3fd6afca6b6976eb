"""``manifest.json``: what went in, what came out and by which rules, as digests."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb

from kaohe import __version__
from kaohe.core.scheme import Scheme
from kaohe.core.scheme_canonical import canonical
from kaohe.folder.load import LoadedFolder

FORMAT = "kaohe-manifest/1"
LEFT_OUT = frozenset({"problems.csv"})  # for people, and worded in their language


def write_manifest(path: Path, loaded: LoadedFolder, scheme: Scheme) -> None:
    """Writes the manifest of the results that stand beside ``path``.

    The same files give the same bytes: there is no clock, no name of a machine, no path outside.

    Args:
        path: the manifest itself; every other file of its folder is an output, problems.csv
            excepted.
        loaded: names the input files that were read.

    Source: docs/rules/outputs.md, O-3.
    """
    results = path.parent
    outputs = {
        name: file
        for name, file in _files(results, results)
        if file != path and name not in LEFT_OUT
    }
    inputs = {
        name: file
        for source in set(loaded.files.values())
        for name, file in _files(source, loaded.path)
    }
    manifest = {
        "format": FORMAT,
        "engine": f"duckdb {duckdb.__version__} via narwhals",
        "version": __version__,
        "scheme": scheme_digest(scheme),
        "inputs": {name: digest(inputs[name]) for name in sorted(inputs)},
        "outputs": {name: digest(outputs[name]) for name in sorted(outputs)},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    path.write_text(text, encoding="utf-8", newline="")


def scheme_digest(scheme: Scheme) -> str:
    """SHA-256, in hexadecimal, of the canonical form of a scheme.

    Source: docs/rules/outputs.md, O-3.
    """
    return hashlib.sha256(canonical(scheme).encode()).hexdigest()


def digest(file: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _files(source: Path, base: Path) -> Iterator[tuple[str, Path]]:
    """A file, or all files of a folder, each with its name below ``base``."""
    files = source.rglob("*") if source.is_dir() else [source]
    for file in files:
        if file.is_file():
            yield file.relative_to(base).as_posix(), file
