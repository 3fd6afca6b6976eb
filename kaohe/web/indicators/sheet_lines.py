"""The lines of a sheet as a page shows them: common by ledger, individual by element."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from kaohe.core.indicators import Element, Indicator, Plan, SheetPlan, Values
from kaohe.core.problems import N_
from kaohe.core.quantities import show_plain
from kaohe.core.rule_words import rule_said
from kaohe.locale.words import say

LEDGERS = (
    ("registration", N_("Common indicators: registration")),
    ("establishment", N_("Common indicators: establishment")),
    ("", N_("Common indicators")),
)


class SheetLine(NamedTuple):
    """One indicator on a unit's sheet."""

    item: str
    name: str
    definition: str
    points: str
    rule: str
    base: str
    own: str  # the reason for a value of its own
    waived: str  # why it does not apply
    nodes: str


class Section(NamedTuple):
    """Indicators that stand together, with the sum of their points."""

    title: str
    lines: list[SheetLine]
    points: str


def sheet_sections(plan: Plan, unit: str) -> list[Section]:
    """The indicators of a unit in their sections; empty ones are left out."""
    sheet = plan.sheet(unit)
    rows = plan.of_unit(unit)
    found = []
    for ledger, words in LEDGERS:
        common = [each for each in rows if each.component == "common" and each.ledger == ledger]
        found.append(_section(_(words), common, sheet))
    own = [each for each in rows if each.component != "common"]
    elements = list(dict.fromkeys([*map(str, Element), *(each.element for each in own)]))
    for element in elements:
        said = say("element", element, _) or "—"
        title = _("Individual indicators: %(element)s") % {"element": said}
        found.append(_section(title, [each for each in own if each.element == element], sheet))
    return [each for each in found if each.lines]


def _section(title: str, rows: Iterable[Indicator], sheet: SheetPlan) -> Section:
    rows = list(rows)
    applied = [each.points or 0 for each in rows if each.item not in sheet.not_applicable]
    return Section(title, [_line(each, sheet) for each in rows], show_plain(sum(applied)))


def _line(row: Indicator, sheet: SheetPlan) -> SheetLine:
    values = sheet.values.get(row.item, Values())
    nodes = [
        f"{node.milestone} {show_plain(node.share)}% {node.due_on:%Y.%m.%d}"
        for node in sheet.nodes.get(row.item, ())
    ]
    return SheetLine(
        row.item,
        row.name,
        row.definition,
        "" if row.points is None else show_plain(row.points),
        _("; ").join(each.say(_) for each in rule_said(row, values)),
        "" if values.base is None else show_plain(values.base),
        values.reason,
        sheet.not_applicable.get(row.item, ""),
        _("; ").join(nodes),
    )
