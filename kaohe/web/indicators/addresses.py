"""The addresses of the second pillar, a list for each area."""

from django.urls import URLPattern

from kaohe.core.access import Verb
from kaohe.web.indicators import years
from kaohe.web.routes import page

_R, _M = Verb.YEAR_READ, Verb.YEAR_MANAGE
_Y = "indicators/years/<int:key>"

YEARS = [
    page("indicators/", years.index, "indicators", _R),
    page("indicators/choose", years.choose_year, "choose-year", _R),
    page("indicators/years/", years.years, "years", _R),
    page("indicators/years/new", years.open_year, "open-year", _M),
    page(_Y, years.year, "year", _R),
]
SETTINGS: list[URLPattern] = []
SCHEMES: list[URLPattern] = []
PATH: list[URLPattern] = []
FOLDERS: list[URLPattern] = []
BOOKS: list[URLPattern] = []
TARGETS: list[URLPattern] = []

INDICATORS = [
    *YEARS,
    *SETTINGS,
    *SCHEMES,
    *PATH,
    *FOLDERS,
    *BOOKS,
    *TARGETS,
]
