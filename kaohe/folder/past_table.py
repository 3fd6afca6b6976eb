"""One more table beside the results of an earlier year: each unit's indicators, as they came out.

It is made of the folder and of its results, so that what is asked most often (what was measured,
against which target, and earned) need not read the whole folder again.
"""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from kaohe.core.quantities import parse_ticks, show_plain
from kaohe.core.rows import Inputs, Item, ItemScore
from kaohe.core.sheets import addressed, ends_of, measured
from kaohe.folder.delimited import line

NAME = "indicators.csv"
_COLUMNS = ("unit", "department", "item", "name", "points", "value", "target", "earned")
_UNKNOWN = ("missing", "nothing-to-measure")  # 0 points for want of data say nothing of the past


class PastRow(NamedTuple):
    """One indicator of one unit in an earlier year; decimals are ticks."""

    unit: str
    department: str
    item: str
    name: str
    points: int
    value: int | None
    target: int | None
    earned: int | None


def past_rows(inputs: Inputs, scores: Iterable[ItemScore]) -> list[PastRow]:
    """What each unit had under each indicator that addresses it, by unit and item.

    Args:
        scores: the rows of ``item_scores``.

    Source: docs/rules/year_folder.md, YF-4.
    """
    found = {(row.unit, row.item): row for row in scores}
    targets = {(row.unit, row.item): row for row in inputs.targets}
    values = {(row.unit, row.item): measured(row) for row in inputs.measurements}
    items_of = addressed(inputs.items)
    rows = []
    for unit in sorted(inputs.units, key=lambda row: row.unit):
        for item in items_of(unit):
            key = (unit.unit, item.item)
            ends = ends_of(item, targets.get(key))
            target = ends.target if ends.target is not None else ends.full_at
            earned = _earned(found.get(key))
            rows.append(_row(unit.unit, unit.department, item, values.get(key), target, earned))
    return rows


def _earned(score: ItemScore | None) -> int | None:
    if score is None or not set(score.flags.split(";")).isdisjoint(_UNKNOWN):
        return None
    return score.earned


def _row(
    unit: str,
    department: str,
    item: Item,
    value: int | None,
    target: int | None,
    earned: int | None,
) -> PastRow:
    return PastRow(unit, department, item.item, item.name, item.points, value, target, earned)


def write_past(rows: Iterable[PastRow], folder: Path) -> None:
    """Write the table into a folder of results."""
    with (folder / NAME).open("w", encoding="utf-8", newline="") as file:
        file.write(line(_COLUMNS))
        for row in rows:
            numbers = ("" if ticks is None else show_plain(ticks) for ticks in row[4:])
            file.write(line((*row[:4], *numbers)))


def read_past(folder: Path) -> list[PastRow]:
    """The table of a folder of results."""
    with (folder / NAME).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return [_read(*cells) for cells in rows]


def _read(
    unit: str,
    department: str,
    item: str,
    name: str,
    points: str,
    value: str,
    target: str,
    earned: str,
) -> PastRow:
    numbers = _ticks(points) or 0, _ticks(value), _ticks(target), _ticks(earned)
    return PastRow(unit, department, item, name, *numbers)


def _ticks(text: str) -> int | None:
    return parse_ticks(text) if text else None
