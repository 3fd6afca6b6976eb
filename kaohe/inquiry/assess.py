"""``kaohe assess``: a folder in, and everything that follows from it out, whole or not at all."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from kaohe.core.problems import N_, Problem
from kaohe.folder.manifest import write_manifest
from kaohe.folder.results import fetch_outputs
from kaohe.folder.rows import fetch_inputs
from kaohe.folder.write import CsvSink, ParquetSink, write_outputs, write_problems
from kaohe.inquiry.opening import Opened, opened, score_opened
from kaohe.inquiry.writing import MARK, check_out, written_aside
from kaohe.locale import Translate

MANY_UNITS = 20_000  # more than that no workbook holds and nobody reads as a report
NO_PAPERS = N_("results.xlsx and report.pdf are not made for more than {limit} units")


@dataclass(frozen=True)
class Wanted:
    """What is to be written: tables as "csv" or "parquet", with papers or without."""

    form: str = "csv"
    documents: bool = True
    force: bool = False
    translate: Translate = str
    language: str = "zh"


@dataclass(frozen=True)
class Assessed:
    """What was done: how many units got which grade, and what was odd about the folder.

    ``left_out`` says why there are no papers, or no report: a message id, or a sentence.
    """

    grades: dict[str, int]
    warnings: list[Problem]
    left_out: str = ""


def assess_folder(folder: Path, out: Path, wanted: Wanted) -> Assessed:
    """Assesses ``folder`` into ``out``.

    Raises:
        FolderRefused: the folder is not sound; nothing was written.
        OutTaken: ``out`` holds something that must not be replaced.

    Source: docs/rules/outputs.md, O-1, O-3, O-4.
    """
    check_out(out, force=wanted.force, folder=folder)
    with opened(folder) as ready, written_aside(out, replace=wanted.force) as aside:
        left_out = ""
        (units,) = ready.con.execute("SELECT count(*) FROM units").fetchone() or (0,)
        if wanted.documents and units <= MANY_UNITS:
            score_opened(ready)
            write_outputs(ready.con, aside, wanted.form)
            left_out = _write_documents(ready, aside, wanted)
        else:
            _score_to_files(ready, aside, wanted)
            if wanted.documents:
                left_out = wanted.translate(NO_PAPERS).format(limit=MANY_UNITS)
        write_problems(ready.warnings, aside / "problems.csv", wanted.translate)
        write_manifest(aside / MARK, ready.loaded, ready.scheme)
        counted = ready.con.execute("SELECT grade, count(*) FROM results GROUP BY grade")
        return Assessed(dict(counted.fetchall()), ready.warnings, left_out)


def _score_to_files(ready: Opened, aside: Path, wanted: Wanted) -> None:
    """Each table goes straight to its file, and only ``results`` stays as a table."""
    write = (ParquetSink if wanted.form == "parquet" else CsvSink)(ready.con, aside)

    def take(table: str, relation: duckdb.DuckDBPyRelation) -> None:
        if table == "results":
            relation.create("results")
            relation = ready.con.table("results").order("unit")
        write(table, relation)

    score_opened(ready, take)
    write.finish()


def _write_documents(ready: Opened, aside: Path, wanted: Wanted) -> str:
    """Writes workbook and report; says why the report had to be left out, "" where it was not."""
    # Typst and its typefaces are heavy: tables alone must not wait for them.
    from kaohe.documents.refusals import PaperRefused
    from kaohe.documents.report import write_report
    from kaohe.documents.workbook import write_workbook

    inputs = fetch_inputs(ready.con, ready.scheme)
    outputs = fetch_outputs(ready.con)
    write_workbook(
        aside / "results.xlsx",
        ready.scheme,
        inputs,
        outputs,
        problems=ready.warnings,
        translate=wanted.translate,
    )
    try:
        write_report(
            aside / "report.pdf",
            ready.scheme,
            inputs,
            outputs,
            problems=ready.warnings,
            translate=wanted.translate,
            language=wanted.language,
        )
    except PaperRefused as refused:
        return refused.sentence(wanted.translate)
    return ""
