"""The platform's addresses, and one that does nothing, for comparison."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from bench.pages import EMPTY
from kaohe.config import urls


def nothing(request: HttpRequest) -> HttpResponse:
    """An answer of two letters."""
    return HttpResponse("ok")


nothing.verb = None  # type: ignore[attr-defined]  # the gate lets anybody through

urlpatterns = [path(EMPTY, nothing), *urls.urlpatterns]
handler404 = urls.handler404
handler500 = urls.handler500
