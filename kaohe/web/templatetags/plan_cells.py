"""The cells of a version, written without a template: a large scheme has some thousands of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django import template
from django.template.loader import get_template
from django.utils.html import conditional_escape as safe
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from kaohe.web.indicators.part_cells import Row

register = template.Library()
LONG = 300  # characters of a cell that are shown


@register.simple_tag
def rows_of_cells(cells: Iterable[Row], may_mark: object = False) -> SafeString:
    """Each cell as ``tr``: where it stands, and what it holds; with a box for whoever may mark."""
    nothing = f'<span class="mu">{safe(_("not filled"))}</span>'
    written = []
    for row in cells:
        text = Truncator(row.new).chars(LONG) if len(row.new) > LONG else row.new
        held = safe(text) if row.new else nothing
        first = f"<tr>{_first(row, may_mark)}<td>{safe(row.label)}</td>"
        written.append(f"{first}<td>{held}{_marks(row)}</td></tr>\n")
    return mark_safe("".join(written))  # noqa: S308  # each text is escaped


@register.simple_tag
def rows_of_changes(rows: Iterable[Row], may_mark: object = False) -> SafeString:
    """Each cell that differs as ``tr``: what it held, and what it holds now."""
    signs = {
        "changed": f'<span class="chg chg-mod">{safe(_("changed"))}</span>',
        "added": f'<span class="chg chg-new">{safe(_("added"))}</span>',
        "removed": f'<span class="chg chg-gone">{safe(_("removed"))}</span>',
    }
    before, now = (f'data-label="{safe(words)}"' for words in (_("Before"), _("Now")))
    written = [
        f"<tr>{_first(row, may_mark)}<td>{safe(row.label)}</td><td>{signs[row.kind]}</td>"
        f'<td class="{"old" if row.old else "none"}" {before}>{safe(row.old or "—")}</td>'
        f'<td class="{"new" if row.new else "none"}" {now}>{safe(row.new or "—")}{_marks(row)}</td>'
        "</tr>\n"
        for row in rows
    ]
    return mark_safe("".join(written))  # noqa: S308  # each text is escaped


@register.simple_tag
def boxes_of_cells(cells: Iterable[tuple[str, str]], name: str) -> SafeString:
    """The cells of an indicator, each with a box to mark it; folded until they are asked for."""
    called = _("Mark cells of %(name)s") % {"name": name}
    boxes = "".join(
        '<label class="d-block nw"><input class="form-check-input" type="checkbox" name="cell"'
        f' value="{safe(path)}" form="marking"> {safe(label)}</label>'
        for path, label in cells
    )
    summary = f'<summary aria-label="{safe(called)}">{safe(_("Mark"))}</summary>'
    return mark_safe(  # noqa: S308  # each text is escaped
        f'<details class="k-more">{summary}{boxes}</details>'
    )


def _first(row: Row, may_mark: object) -> str:
    """The box to tick, if any, and where the cell stands."""
    place = f'<th scope="row">{safe(row.where or "—")}</th>'
    if not may_mark:
        return place
    label = _("mark %(where)s %(label)s") % {"where": row.where, "label": row.label}
    return (
        f'<td><input class="form-check-input" type="checkbox" name="cell" value="{safe(row.path)}"'
        f' form="marking" aria-label="{safe(label)}"></td>{place}'
    )


def _marks(row: Row) -> str:
    if not row.marks:
        return ""
    return get_template("indicators/part_cell_marks.html").render({"marks": row.marks})
