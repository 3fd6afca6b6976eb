"""The lists inside cells of ``items``: steps (90:100;75:80) and kinds of events (late:1;lost:2)."""

import duckdb

from kaohe.core.item_lists import STEP_RULES, ListReader
from kaohe.core.tables import EVENT_RULES
from kaohe.folder.findings import Findings
from kaohe.folder.rows import store_rows
from kaohe.folder.typed import PARSED_TABLES

StepRow = tuple[str, int, int, int]
KindRow = tuple[str, str, int, int | None]


def make_item_lists(con: duckdb.DuckDBPyConnection, findings: Findings) -> None:
    """Makes ``item_steps`` and ``item_kinds`` from the typed table ``items``.

    Lists are read where the item's rule uses them.

    Source: docs/rules/folder.md, F-2; docs/rules/scoring.md, I-4, I-5, I-7, I-8.
    """
    steps: list[StepRow] = []
    kinds: list[KindRow] = []
    items = con.execute(
        "SELECT row, item, rule, steps, kinds FROM items"
        " WHERE rule IS NOT NULL AND (steps IS NOT NULL OR kinds IS NOT NULL) ORDER BY row"
    ).fetchall()
    for row, item, rule, steps_text, kinds_text in items:
        if rule in STEP_RULES and steps_text:
            reader = _reader(findings, row, "steps", steps_text)
            steps.extend(
                (item or "", place, *step) for place, step in enumerate(reader.steps(rule), 1)
            )
        if rule in EVENT_RULES and kinds_text:
            reader = _reader(findings, row, "kinds", kinds_text)
            kinds.extend((item or "", *kind) for kind in reader.kinds())
    store_rows(con, "item_steps", PARSED_TABLES["item_steps"], steps)
    store_rows(con, "item_kinds", PARSED_TABLES["item_kinds"], kinds)


def _reader(findings: Findings, row: int, column: str, text: str) -> ListReader:
    def note(code: str, **facts: object) -> None:
        findings.add(code, "items", row, column, **facts)

    return ListReader(note, text)
