"""The rows of a list, written without a template: fifty rows of ten cells are most of a page."""

from typing import Any

from django import template
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def rows_of(table: Any) -> SafeString:
    """Each row of the page as ``tr``; empty where there is none.

    The attributes of a column's cells are the same in each row: no column of ours says otherwise.
    """
    opening = {
        column.name: f"<td {attributes}>" if (attributes := _attributes(column)) else "<td>"
        for column in table.columns
    }
    written = []
    for row in table.paginated_rows:
        written.append("<tr>")
        for column, cell in row.items():
            written.append(opening[column.name])
            written.append(conditional_escape(localize(cell)))
            written.append("</td>")
        written.append("</tr>\n")
    return mark_safe("".join(written))  # noqa: S308  # each cell is escaped above


def _attributes(column: Any) -> str:
    found = column.attrs.get("td")
    return str(found.as_html()) if found else ""
