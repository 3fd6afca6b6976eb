"""The register as a workbook: every field, under the heads that an import reads again."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from kaohe.core.register import FIELDS, Field, Kind
from kaohe.web.lists import XLSX
from kaohe.web.story import word

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.organization.models import Unit

WIDTHS = {
    Kind.CODE: 22,
    Kind.NAME: 18,
    Kind.NAMES: 24,
    Kind.TEXT: 30,
    Kind.DATE: 12,
    Kind.COUNT: 10,
    Kind.MONEY: 12,
}
CHUNK = 2000


def register_workbook(rows: QuerySet[Unit], title: str) -> HttpResponse:
    """The units with all that the register says of them, in the order given."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for column, each in enumerate((*FIELDS, None)):
        width = WIDTHS.get(each.kind, 14) if each else 12
        sheet.set_column(column, column, 30 if each and each.name == "name" else width)
        sheet.write_string(0, column, _(each.head) if each else _("closed on"), bold)
    sheet.freeze_panes(1, 2)
    line = 0
    for line, unit in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
        for column, value in enumerate(_values(unit)):
            _write(sheet, line, column, value, day)
    sheet.autofilter(0, 0, line, len(FIELDS))
    book.close()
    return _answer(out, title)


def plain_workbook(
    heads: Sequence[str], lines: Iterable[Sequence[str]], title: str
) -> HttpResponse:
    """Lines of text under their heads."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet.set_column(0, len(heads) - 1, 18)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for number, line in enumerate(lines, start=1):
        for column, value in enumerate(line):
            sheet.write_string(number, column, value)
    sheet.freeze_panes(1, 0)
    book.close()
    return _answer(out, title)


def _answer(out: io.BytesIO, title: str) -> HttpResponse:
    name = f"{title}-{timezone.localdate():%Y%m%d}.xlsx"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        out.getvalue(), content_type=XLSX, headers={"Content-Disposition": disposition or ""}
    )


def _write(sheet: Any, line: int, column: int, value: Any, day: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, date):
        sheet.write_datetime(line, column, value, day)
    elif isinstance(value, str):
        sheet.write_string(line, column, value)
    else:
        sheet.write_number(line, column, value)


def _values(unit: Any) -> Iterable[Any]:
    """What the register says of a unit, in the order of ``FIELDS``; then its last day."""
    known = _others(unit)
    for each in FIELDS:
        yield known[each.name] if each.name in known else _own(unit, each)
    yield unit.closed_on


def _own(unit: Any, field: Field) -> Any:
    if field.name == "status" and unit.closed_on is not None:
        return _("ended")
    value = getattr(unit, field.name)
    if field.choices:
        return word(field.name, value) if value else ""
    return value


def _others(unit: Any) -> dict[str, Any]:
    """What stands in other tables: names, department, people in post."""
    names = [each for each in unit.all_names if each.to_on is None]
    former = [
        each.name
        for each in unit.all_names
        if each.kind == "name" and (each.to_on is not None or each.name != unit.name)
    ]
    posts: dict[str, Any] = {}
    for each in unit.leading:
        posts.setdefault(each.post, each)
    principal, legal, contact = (
        posts.get(post) for post in ("principal", "legal_representative", "contact")
    )
    return {
        "department": unit.department.name,
        "short_name": next((each.name for each in names if each.kind == "short"), ""),
        "aliases": "、".join(each.name for each in names if each.kind == "plate"),
        "former_names": "、".join(dict.fromkeys(former)),
        "principal": principal.person.name if principal else "",
        "principal_title": principal.title if principal else "",
        "principal_from": principal.from_on if principal else None,
        "legal_representative": legal.person.name if legal else "",
        "legal_from": legal.from_on if legal else None,
        "contact": contact.person.name if contact else "",
        "contact_phone": contact.person.phone if contact else "",
    }
