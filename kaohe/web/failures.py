"""Pages for what goes wrong outside the domain."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: the page lay open too long, or came from elsewhere."""
    sentence = _(
        "The page was open for too long, or you have signed in anew in another window. Nothing was"
        " saved. Go back, load the page again, and send it once more."
    )
    context = {"status": 403, "title": _("Not allowed"), "sentence": sentence}
    return render(request, "web/refusal.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such address."""
    sentence = _(
        "There is nothing at this address. Begin at the desk, or ask who gave you the address."
    )
    context = {"status": 404, "title": _("Nothing here"), "sentence": sentence}
    return render(request, "web/refusal.html", context, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """A bug.  Plain, so that it shows whatever is broken."""
    return render(request, "web/broken.html", status=500)
