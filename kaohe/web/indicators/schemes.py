"""Pages: the departments' schemes of a year; one begun; its preface, its units, one indicator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.core.indicators import Values
from kaohe.core.part_path import OPEN, STATE_WORDS, State
from kaohe.core.quantities import show_plain
from kaohe.indicators.queries.checkup import checked_in
from kaohe.indicators.queries.libraries import libraries
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.past_years import past_of
from kaohe.indicators.queries.schemes import (
    SchemeLine,
    carried_over,
    departments_with_units,
    last_plan,
    scheme_lines,
    scheme_of_year,
    units_of,
)
from kaohe.indicators.services import scheme_part
from kaohe.organization.queries.access import allows, one
from kaohe.web.fields import LongText, Ticks
from kaohe.web.indicators.curve import curve_of, supposed_own
from kaohe.web.indicators.frame import about_year, year_page
from kaohe.web.indicators.scheme_content import percent_shown, said_of
from kaohe.web.indicators.scheme_frame import (
    about_scheme,
    back_to,
    indicator_in,
    scheme_page,
    scheme_to_edit,
)
from kaohe.web.indicators.scheme_library import likely_library
from kaohe.web.lists import listing
from kaohe.web.requests import SignedIn
from kaohe.web.words.indicators import ELEMENTS, PERIODS, VISIBILITY
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion

STATE_SIGNS = {
    State.DRAFT: "st-run",
    State.SUBMITTED: "st-hold",
    State.RETURNED: "st-back",
    State.APPROVED: "st-soon",
    State.ISSUED: "st-done",
    State.ARCHIVED: "st-done",
}
RIGHT = {"td": {"class": "num"}, "th": {"class": "num"}}


class SchemeRow(NamedTuple):
    """A department in the list of a year's schemes."""

    department: str
    url: str
    begin: str
    state: str
    number: int | None
    units: int
    indicators: int | None
    quantified: str
    latent: str
    findings: Mapping[str, int] | None
    moved_at: Any


class SchemeTable(tables.Table):
    """The list of departments' schemes."""

    department = tables.Column(lazy("Department"))
    state = tables.Column(lazy("State"), empty_values=())
    number = tables.Column(lazy("Version"), attrs=RIGHT, default="—")
    units = tables.Column(lazy("Units"), attrs=RIGHT)
    indicators = tables.Column(lazy("Number of indicators"), attrs=RIGHT, default="—")
    quantified = tables.Column(lazy("Quantified"), attrs=RIGHT)
    latent = tables.Column(lazy("latent"), attrs=RIGHT)
    findings = tables.Column(lazy("Check-up"), default="—", orderable=False)
    moved_at = tables.DateTimeColumn(verbose_name=lazy("Last move"), format="Y.m.d", default="—")

    def render_department(self, value: str, record: SchemeRow) -> str | SafeString:
        """With the way to the scheme."""
        return format_html('<a href="{}">{}</a>', record.url, value) if record.url else value

    def value_department(self, value: str) -> str:
        """The name alone."""
        return value

    def render_state(self, record: SchemeRow) -> str | SafeString:
        """Sign and word; where there is none yet, the way to begin one."""
        if not record.state:
            begin = format_html(' <a href="{}">{}</a>', record.begin, _("Begin"))
            sign = format_html('<span class="st st-todo">{}</span>', _("not begun"))
            return format_html("{}{}", sign, begin if record.begin else "")
        words = _(STATE_WORDS[State(record.state)])
        css = STATE_SIGNS.get(State(record.state), "st-todo")
        return format_html('<span class="st {}">{}</span>', css, words)

    def render_findings(self, value: Mapping[str, int]) -> SafeString:
        """How many errors, or else warnings, with the sign of whose turn it is."""
        for severity, css in (("error", "st-back"), ("warning", "st-soon")):
            if value[severity]:
                return format_html(
                    '<span class="st {}">{}</span>',
                    css,
                    f"{_(severity)} {value[severity]}",
                )
        return format_html('<span class="st st-done">{}</span>', _("nothing found"))

    def value_findings(self, value: Mapping[str, int]) -> int:
        """How many errors and warnings."""
        return value["error"] + value["warning"]

    def value_state(self, record: SchemeRow) -> str:
        """The word alone."""
        return _(STATE_WORDS[State(record.state)]) if record.state else _("not begun")


def schemes(request: SignedIn, key: int) -> HttpResponse:
    """The schemes of a year; who sees one department alone goes to its scheme."""
    year = year_page(request, key)
    lines = scheme_lines(request.user, year)
    if len(lines) == 1 and not allows(request.user, Verb.SCHEME_READ, year):
        found = lines[0]
        if found.version is not None:
            return HttpResponseRedirect(back_to(found.version))
        if year.state == "open" and allows(request.user, Verb.SCHEME_DRAFT, found.department):
            return HttpResponseRedirect(_begin(key, found))
    may_begin = year.state == "open"
    checked = checked_in([line.version for line in lines if line.version and is_on_its_way(line)])
    rows = [_row(request, key, line, may_begin, checked) for line in lines]
    return listing(
        request,
        "indicators/schemes.html",
        rows=cast("QuerySet[Any]", rows),
        table=SchemeTable,
        title=_("Departments' schemes"),
        context={
            **about_year(request, year, "schemes"),
            "any": bool(rows),
            "counts": _counts(lines),
        },
    )


def is_on_its_way(line: SchemeLine) -> bool:
    """Whether a scheme is not issued yet; what is issued was checked."""
    return line.version is not None and line.version.state in OPEN


def _begin(key: int, line: SchemeLine) -> str:
    return reverse("web:begin-scheme", args=[key, line.department.pk])


def _row(
    request: SignedIn,
    key: int,
    line: SchemeLine,
    may_begin: bool,
    checked: Mapping[int, Mapping[str, int]],
) -> SchemeRow:
    version = line.version
    name = line.department.name
    if version is None or line.outline is None:
        may = may_begin and allows(request.user, Verb.SCHEME_DRAFT, line.department)
        begin = _begin(key, line) if may else ""
        return SchemeRow(name, "", begin, "", None, line.units, None, "—", "—", None, None)
    whole = line.outline.shares
    return SchemeRow(
        name,
        back_to(version),
        "",
        version.state,
        version.number,
        line.units,
        line.outline.indicators,
        percent_shown(whole.percent("quantified")),
        percent_shown(whole.percent("latent")),
        checked.get(version.pk),
        version.moved_at,
    )


def _counts(lines: list[SchemeLine]) -> dict[str, int]:
    states = [line.version.state if line.version else "" for line in lines]
    return {
        "all": len(lines),
        "issued": states.count(State.ISSUED) + states.count(State.ARCHIVED),
        "missing": states.count(""),
    }


class BeginForm(WritingForm):
    """What a scheme is begun from."""

    source = forms.ChoiceField(
        label=lazy("Begin with"), widget=forms.Select(attrs={"class": "form-select"})
    )

    def __init__(self, *args: Any, last: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [("last-year", last)] if last else []
        found += [
            (f"library:{code}", _("the library of the sector: %(title)s") % {"title": title})
            for code, title in libraries()
        ]
        field: Any = self.fields["source"]
        field.choices = [*found, ("nothing", _("nothing: enter it, or read a Word file next"))]

    @property
    def chosen(self) -> dict[str, str]:
        """Source and library, as the service takes them."""
        source, _colon, library = self.cleaned_data["source"].partition(":")
        return {"source": source, "library_code": library}


def begin_scheme(request: SignedIn, key: int, department: int) -> HttpResponse:
    """Begin a department's scheme: from last year's, from a library, or from nothing."""
    year = year_page(request, key)
    row = one(departments_with_units(request.user, year, Verb.SCHEME_DRAFT), department)
    there = scheme_of_year(year, row)
    if there is not None and request.method != "POST":
        return HttpResponseRedirect(back_to(there))
    last = last_plan(year, row)
    said = ""
    if last:
        facts = {"year": last.year, "n": len(last.plan.indicators)}
        said = _("the scheme of %(year)s, indicators: %(n)s, bases and targets moved on") % facts
    first = {} if last else {"source": f"library:{likely_library(row)}"}
    form = BeginForm(request.POST or None, last=said, initial=first)
    answer = written(
        request,
        form,
        lambda: scheme_part.begin_scheme(by=request.user, year=year, department=row, **form.chosen),
        to=back_to,
        said=lambda _row: _("The scheme of %(name)s is begun.") % {"name": row.name},
    )
    context = {
        **about_year(request, year, "schemes"),
        "department": row,
        "units": list(units_of(year, row).values()),
        "last": last,
        "without_base": len(carried_over(last, year, row).without_base) if last else 0,
        "back": reverse("web:schemes", args=[year.pk]),
    }
    return answer or show(request, "indicators/scheme_begin.html", context, form)


class PrefaceForm(WritingForm):
    """What the scheme says before its indicators."""

    preface = LongText(label=lazy("Preface"), required=False, rows=10)


def scheme_preface(request: SignedIn, key: int) -> HttpResponse:
    """Write the preface."""
    version = scheme_to_edit(request, key)
    start = {"preface": plan_in(version).preface}
    form = PrefaceForm(request.POST or None, seen=version.version, initial=start)
    answer = written(
        request,
        form,
        lambda: scheme_part.write_preface(
            by=request.user, version=version, seen=form.was_seen, **form.given
        ),
        to=back_to,
        said=lambda _row: _("The preface is saved."),
    )
    context = {
        **about_scheme(request, version),
        "title": _("Preface of the scheme"),
        "lead": _("Guiding ideas, scope, how it is assessed: printed before the indicators."),
        "back": back_to(version),
    }
    return answer or show(request, "indicators/form.html", context, form)


class UnitsForm(WritingForm):
    """Units without a sheet that are taken in."""

    units = forms.MultipleChoiceField(
        label=lazy("Units"), widget=Ticks(attrs={"aria-label": lazy("Units")})
    )


def scheme_units(request: SignedIn, key: int) -> HttpResponse:
    """Take units in that have no sheet in the scheme yet."""
    version = scheme_to_edit(request, key)
    part = version.part
    sheets = plan_in(version).sheets
    units = units_of(part.assessment_year, part.department)
    missing = [(code, row.name) for code, row in units.items() if code not in sheets]
    form = UnitsForm(
        request.POST or None,
        seen=version.version,
        initial={"units": [code for code, _name in missing]},
    )
    field: Any = form.fields["units"]
    field.choices = missing
    answer = written(
        request,
        form,
        lambda: scheme_part.take_units_in(
            by=request.user,
            version=version,
            seen=form.was_seen,
            units=form.cleaned_data["units"],
        ),
        to=lambda row: f"{back_to(row)}#sheets",
        said=lambda _row: _("Taken in: %(n)s.") % {"n": len(form.cleaned_data["units"])},
    )
    context = {
        **about_scheme(request, version),
        "title": _("Take units into the scheme"),
        "none": not missing,
        "back": back_to(version),
    }
    return answer or show(request, "indicators/scheme_units.html", context, form)


def indicator(request: SignedIn, key: int, item: str) -> HttpResponse:
    """One indicator: what it is, how it is scored, and what each unit is held against."""
    version = scheme_page(request, key)
    row = indicator_in(version, item)
    context = {
        **about_scheme(request, version),
        "indicator": row,
        "points": "—" if row.points is None else show_plain(row.points),
        "element": _(ELEMENTS[row.element]) if row.element in ELEMENTS else "",
        "visibility": _(VISIBILITY[row.visibility]) if row.visibility else "",
        "period": _(PERIODS[row.period]) if row.period in PERIODS else "",
        "curve": curve_of(row, supposed_own(row)),
        "rows": _unit_rows(version, item),
        "back": back_to(version),
    }
    return show(request, "indicators/indicator.html", context)


def _unit_rows(version: PartVersion, item: str) -> list[dict[str, Any]]:
    """What each unit is held against under an indicator, with three years before."""
    part, plan = version.part, plan_in(version)
    row = indicator_in(version, item)
    units = units_of(part.assessment_year, part.department)
    past = past_of(part.jurisdiction, part.assessment_year.year)
    found = []
    for code, sheet in plan.sheets.items():
        if row.unit in ("", code):
            own = sheet.values.get(item, Values())
            found.append(
                {
                    "code": code,
                    "name": units[code].name if code in units else code,
                    "said": said_of(row, own),
                    "is_own": own != Values(),
                    "waived": sheet.not_applicable.get(item, ""),
                    "history": [
                        (each.year, "—" if each.value is None else show_plain(each.value))
                        for each in past.values(code, row.name)
                    ],
                }
            )
    return found
