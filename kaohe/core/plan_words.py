"""What people call the cells of a plan: labels for the paths of ``core.plan_differences``."""

from collections.abc import Mapping
from typing import NamedTuple

from kaohe.core.problems import N_

FIELD_WORDS: Mapping[str, str] = {
    "name": N_("name of the indicator"),
    "component": N_("component"),
    "unit": N_("only for the unit"),
    "aspect": N_("aspect"),
    "element": N_("element"),
    "points": N_("points"),
    "rule": N_("scoring rule"),
    "zero_at": N_("no points at"),
    "full_at": N_("full points at"),
    "target": N_("target"),
    "minimum": N_("least share, percent"),
    "steps": N_("steps"),
    "kinds": N_("kinds of events"),
    "late_per_day": N_("taken off for a day late, percent"),
    "direction": N_("direction"),
    "trim": N_("highest and lowest mark left out"),
    "visibility": N_("visible or latent"),
    "measure": N_("unit of measure"),
    "definition": N_("definition"),
    "source": N_("source of the value"),
    "evidence": N_("evidence"),
    "basis": N_("basis it rests on"),
    "tag": N_("nature of the clause"),
    "period": N_("how often"),
    "person": N_("post in charge"),
    "judge": N_("how it is judged"),
    "ledger": N_("ledger"),
    "place": N_("place in the list"),
    "base": N_("base value"),
    "reason": N_("reason for a value of its own"),
    "not_applicable": N_("not applicable, because"),
    "nodes": N_("milestone"),
    "preface": N_("preface"),
    "sheet": N_("sheet of the unit"),
}
"""Every field of an indicator, of a unit's own values and of what else a plan holds."""


class Cell(NamedTuple):
    """A path taken apart; what it does not name is empty.

    ``detail``: the milestone, or the key of a setting.
    """

    item: str = ""
    unit: str = ""
    field: str = ""
    detail: str = ""


def cell_of(path: str) -> Cell:
    """What a path names.

    >>> cell_of("sheets/12370699495312705A/J01/target")
    Cell(item='J01', unit='12370699495312705A', field='target', detail='')
    """
    root, *rest = path.split("/")
    if root == "indicators" and rest:
        return Cell(item=rest[0], field="/".join(rest[1:]))
    if root == "sheets" and len(rest) >= 3:
        return Cell(rest[1], rest[0], rest[2], "/".join(rest[3:]))
    if root == "sheets" and rest:
        return Cell(unit=rest[0], field="sheet")
    if root == "settings":
        return Cell(detail="/".join(rest))
    return Cell(field=root)
