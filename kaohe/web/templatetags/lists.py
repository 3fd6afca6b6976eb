"""The rows of a list, written without a template: fifty rows of ten cells are most of a page."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django_tables2 import Column, DateColumn, DateTimeColumn
from django_tables2.utils import Accessor, call_with_appropriate, signature

register = template.Library()


@dataclass(frozen=True, slots=True)
class _Cells:
    """A column: what each of its cells needs, looked up once and not in every row."""

    name: str
    opening: str
    accessor: Accessor
    empty: Collection[object]
    default: Any
    render: Callable[..., Any]
    wanted: frozenset[str] | None  # the arguments that ``render`` takes; None: all there are
    link: Callable[..., Any] | None
    bound: Any
    is_plain: bool  # else django-tables2 renders the cell itself

    def written(self, row: Any) -> Any:
        """What stands in the cell of a row, as ``row.get_cell`` says it."""
        if not self.is_plain:
            return row.get_cell(self.name)
        try:
            value = self.accessor.resolve(row.record)
        except Exception:  # as in django-tables2: a column may have no value at all
            value = None
        if value in self.empty:
            return self.default
        given = {
            "value": value,
            "record": row.record,
            "column": self.bound.column,
            "bound_column": self.bound,
            "bound_row": row,
            "table": row.table,
        }
        if self.wanted is None:
            content = call_with_appropriate(self.render, given)
        else:
            content = self.render(**{name: given[name] for name in self.wanted})
        return content if self.link is None else self.link(content, **given)


def _cells(column: Any) -> _Cells:
    found = column.attrs.get("td")
    attributes = str(found.as_html()) if found else ""
    kind = type(column.column)
    is_day = kind in (DateColumn, DateTimeColumn)
    render = _day_of(column) if is_day else column.render
    names, keywords = signature(render)
    return _Cells(
        name=column.name,
        opening=f"<td {attributes}>" if attributes else "<td>",
        accessor=Accessor(column.accessor),
        empty=column.column.empty_values,
        default=column.default,
        render=render,
        wanted=None if keywords else frozenset(names),
        link=column.link,
        bound=column,
        is_plain=is_day or kind is Column,
    )


def _day_of(column: Any) -> Callable[..., Any]:
    """What writes the day of a cell; django-tables2 compiles its template anew for each."""
    compiled, default = template.Template(column.column.template_code), column.default

    def render(value: Any) -> Any:
        return compiled.render(template.Context({"value": value, "default": default}))

    return render


@register.simple_tag
def rows_of(table: Any) -> SafeString:
    """Each row of the page as ``tr``; empty where there is none.

    The attributes of a column's cells are the same in each row, and no field of ours has choices
    of its own: no column says otherwise.
    """
    columns = [_cells(column) for column in table.columns]
    written = []
    for row in table.paginated_rows:
        written.append("<tr>")
        for column in columns:
            cell = conditional_escape(localize(column.written(row)))
            written += (column.opening, cell, "</td>")
        written.append("</tr>\n")
    return mark_safe("".join(written))  # noqa: S308  # each cell is escaped above
