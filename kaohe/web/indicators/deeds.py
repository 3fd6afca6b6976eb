"""A page with one form about a year: show it, carry it out, go back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from kaohe.web.indicators.frame import about_year
from kaohe.web.requests import SignedIn
from kaohe.web.writing import WritingForm, show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import AssessmentYear

FORM = "indicators/form.html"


def deed_page(
    request: SignedIn,
    year: AssessmentYear,
    tab: str,
    form: WritingForm,
    do: Callable[[], Any],
    *,
    title: str,
    back: str,
    said: Callable[[Any], str] | str,
    to: Callable[[Any], str] | None = None,
    template: str = FORM,
    **context: Any,
) -> HttpResponse:
    """The page of a deed of a year.

    Args:
        tab: to which it belongs.
        do: calls the service.
        back: where "cancel" leads, and where it goes on if ``to`` says nothing else.
        said: the sentence of success.
        context: what else the template needs: about, lead, save.
    """
    answer = written(
        request,
        form,
        do,
        to=to or (lambda _done: back),
        said=said if callable(said) else (lambda _done: said),
    )
    if answer:
        return answer
    full = {**about_year(request, year, tab), "title": title, "back": back, **context}
    return show(request, template, full, form)
