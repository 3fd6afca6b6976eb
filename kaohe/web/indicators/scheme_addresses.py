"""The addresses of departments' schemes."""

from django.urls import URLPattern

from kaohe.core.access import Verb
from kaohe.web.indicators import (
    curve,
    indicator_form,
    scheme_library,
    schemes,
    sheet_plan,
    takeovers,
)
from kaohe.web.routes import page

_R, _D = Verb.SCHEME_READ, Verb.SCHEME_DRAFT
_Y = "indicators/years/<int:key>/schemes"
_P = "indicators/parts/<int:key>"
_I = f"{_P}/indicators/<path:item>"
_S = f"{_P}/sheets/<str:code>"

SCHEMES: list[URLPattern] = [
    page("indicators/curve", curve.curve_page, "curve", Verb.YEAR_READ),
    page(_Y, schemes.schemes, "schemes", _R),
    page(f"{_Y}/begin/<int:department>", schemes.begin_scheme, "begin-scheme", _D),
    page(f"{_P}/scheme-library", scheme_library.scheme_library, "scheme-library", _D),
    page(f"{_P}/scheme-preface", schemes.scheme_preface, "scheme-preface", _D),
    page(f"{_P}/scheme-units", schemes.scheme_units, "scheme-units", _D),
    page(f"{_P}/take-over/<str:code>", takeovers.take_over_sheet, "take-over-sheet", _D),
    page(f"{_P}/indicators/new", indicator_form.new_indicator, "new-indicator", _D),
    page(f"{_I}/edit", indicator_form.edit_indicator, "edit-indicator", _D),
    page(f"{_I}/remove", indicator_form.remove_indicator, "remove-indicator", _D),
    page(f"{_I}/move", indicator_form.move_indicator, "move-indicator", _D),
    page(f"{_I}/copy", indicator_form.copy_indicator, "copy-indicator", _D),
    page(_I, schemes.indicator, "indicator", _R),
    page(f"{_S}/edit", sheet_plan.edit_draft_sheet, "edit-draft-sheet", _D),
    page(f"{_S}/out", sheet_plan.take_out, "scheme-unit-out", _D),
    page(_S, sheet_plan.draft_sheet, "draft-sheet", _R),
]
