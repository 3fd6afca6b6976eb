"""Lists: filter, sort and page in the address, and the same rows as a workbook."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import django_tables2 as tables
import xlsxwriter
from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django_filters import FilterSet

from kaohe.web.fields import PlainSelect
from kaohe.web.requests import SignedIn

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def listing(
    request: SignedIn,
    template: str,
    *,
    rows: QuerySet[Any],
    table: type[tables.Table],
    filters: type[FilterSet] | None = None,
    title: str,
    hide: Sequence[str] = (),
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A page with a list, or, asked with ``?export=xlsx``, the same list as a workbook.

    Args:
        rows: what the person may see, nothing else.
        title: of the workbook and its file.
        hide: columns that this person may not see.
    """
    chosen = filters(request.GET, queryset=rows, request=request) if filters else None
    if chosen is not None:
        dress(chosen)
    found = chosen.qs if chosen is not None else rows
    shown = table(found, request=request, exclude=hide)
    if request.GET.get("export") == "xlsx":
        tables.RequestConfig(request, paginate=False).configure(shown)
        return workbook(shown, title)
    tables.RequestConfig(request, paginate={"per_page": PAGE}).configure(shown)
    extra = {"table": shown, "filter": chosen, **narrowed_by(request, chosen), **(context or {})}
    return render(request, template, extra)


class Chip(NamedTuple):
    """What a list is narrowed to without a field of its own: in words, and the list without it."""

    label: str
    words: str
    url: str


def narrowed_by(request: SignedIn, chosen: FilterSet | None) -> dict[str, Any]:
    """Whether the person has narrowed the list, and by what that no field shows."""
    if chosen is None:
        return {}
    chips = []
    for field in chosen.form.hidden_fields():
        if value := field.value():
            rest = request.GET.copy()
            for name in (field.name, "page"):
                rest.pop(name, None)
            say = getattr(chosen, f"say_{field.name}", str)
            chips.append(Chip(str(field.label), say(value), f"?{rest.urlencode()}"))
    asked = any(request.GET.get(name) for name in chosen.form.fields)
    return {"is_narrowed": asked, "chips": chips}


def dress(chosen: FilterSet) -> None:
    """Give the fields of a filter the looks of ours."""
    for field in chosen.form.fields.values():
        if type(field.widget) is forms.Select:
            field.widget = PlainSelect.like(field.widget)
        kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control w-s"
        field.widget.attrs.setdefault("class", kind)


def workbook(table: tables.Table, title: str) -> HttpResponse:
    """The rows of a list as .xlsx: each value as text or number, never as a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "bottom": 1})
    for line, row in enumerate(table.as_values(exclude_columns=("deeds",))):
        for place, value in enumerate(row):
            if line and isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(line, place, value)
            else:
                sheet.write_string(
                    line, place, "" if value is None else str(value), *([] if line else [bold])
                )
    sheet.freeze_panes(1, 0)
    sheet.autofit()
    book.close()
    name = f"{title}-{timezone.localdate():%Y%m%d}.xlsx"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        out.getvalue(), content_type=XLSX, headers={"Content-Disposition": disposition or ""}
    )


def has_any(rows: QuerySet[Model]) -> bool:
    """Whether the list has rows before any filter; an empty page teaches."""
    return rows.exists()
