"""Lists: filter, sort and page in the address, and the same rows as a workbook."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
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
_BARRED = re.compile(r"[\[\]:*?/\\]")  # what the name of a sheet may not hold
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\+\d\d:\d\d")  # in UTC
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
    if is_export(request):
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
    """The rows of a list as .xlsx."""
    return rows_workbook(title, table.as_values(exclude_columns=("deeds",)))


def is_export(request: SignedIn) -> bool:
    """Whether a page is asked for as a workbook."""
    return request.GET.get("export") == "xlsx"


def rows_workbook(title: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Rows, the heads first, as .xlsx: each value as text or number, never as a formula.

    Args:
        title: of the sheet and of the file.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_BARRED.sub(" ", title)[:31].strip("' "))
    bold = book.add_format({"bold": True, "bottom": 1})
    for line, row in enumerate(rows):
        for place, value in enumerate(row):
            value = _local(value)
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


def _local(value: object) -> object:
    """A moment as people write it where they are; anything else as it is."""
    text = str(value) if isinstance(value, str | datetime) else ""
    if not _MOMENT.fullmatch(text):
        return value
    return f"{timezone.localtime(datetime.fromisoformat(text)):%Y.%m.%d %H:%M}"


def has_any(rows: QuerySet[Model]) -> bool:
    """Whether the list has rows before any filter; an empty page teaches."""
    return rows.exists()
