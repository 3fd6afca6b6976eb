"""Where a finding of the check-up is mended: the page or the form of the cell that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from kaohe.core.part_path import Sort
from kaohe.core.plan_words import cell_of

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion

ON_SHEETS = ("base", "reason", "not_applicable", "nodes")  # no form of an indicator has these


def place_of(version: PartVersion, path: str, *, edits: bool) -> str:
    """The address at which a cell is entered or, for whoever does not edit, read; empty: none.

    A base stands on the sheets of the units only, so its finding leads there.
    """
    cell = cell_of(path)
    page = reverse("web:part-version", args=[version.pk])
    items = {each["item"] for each in version.content.get("indicators", ())}
    if version.part.sort == Sort.TEMPLATE:
        name = "web:edit-item" if edits else ""
        return reverse(name, args=[version.pk, cell.item]) if name and cell.item in items else page
    if cell.unit:
        if cell.unit not in version.content.get("sheets", ()):
            return reverse("web:scheme-units", args=[version.pk]) if edits else page
        name = "web:edit-draft-sheet" if edits and cell.item else "web:draft-sheet"
        anchor = f"#i-{cell.item}" if cell.item else ""
        return reverse(name, args=[version.pk, cell.unit]) + anchor
    if cell.field in ON_SHEETS:
        return f"{page}#sheets"
    if cell.item in items:
        name = "web:edit-indicator" if edits else "web:indicator"
        return reverse(name, args=[version.pk, cell.item])
    return page
