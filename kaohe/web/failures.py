"""Pages for what goes wrong outside the domain."""

from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.defaults import bad_request

from kaohe.organization.faults import is_database_busy, is_disk_full


def bad(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What no browser sends; or a session that ended while its own request was carried out.

    Whoever ends all sessions of an account may end the one in use: what was asked for is done, and
    the person signs in again.
    """
    if isinstance(exception, SessionInterrupted):
        return redirect("account_login")
    return bad_request(request, exception or SuspiciousOperation())


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: the page lay open too long, or came from elsewhere."""
    sentence = _(
        "The page was open for too long, or you have signed in anew in another window. Nothing was"
        " saved. Go back, load the page again, and send it once more."
    )
    context = {"status": 403, "title": _("This page is out of date"), "sentence": sentence}
    return render(request, "web/refusal.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such address."""
    sentence = _(
        "There is nothing at this address. Begin at the desk, or ask who gave you the address."
    )
    context = {"status": 404, "title": _("Nothing here"), "sentence": sentence}
    return render(request, "web/refusal.html", context, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not for this person now; mostly a step of signing in that was left out."""
    sentence = _(
        "This page cannot be shown to you now. Begin at the desk; if you need it, ask the security"
        " administrator."
    )
    context = {"status": 403, "title": _("Not allowed"), "sentence": sentence}
    return render(request, "web/refusal.html", context, status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """The same thing tried too often in a short time."""
    sentence = _("This was tried too often in a short time. Wait a minute, then try once more.")
    context = {"status": 429, "title": _("Too often"), "sentence": sentence}
    return render(request, "web/refusal.html", context, status=429)


def too_large(request: HttpRequest, megabytes: int) -> HttpResponse:
    """More than a form or file may be; told before anything of it is read."""
    sentence = _(
        "What was sent is larger than %(n)s MB. Nothing was saved. Send a smaller file; a register"
        " of 10,000 units fits easily."
    ) % {"n": megabytes}
    context = {"status": 413, "title": _("Too large"), "sentence": sentence}
    return render(request, "web/refusal.html", context, status=413)


def broken(request: HttpRequest) -> HttpResponse:
    """A bug.  Plain, so that it shows whatever is broken."""
    return render(request, "web/broken.html", status=500)


def machine_page(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """A page for what the machine cannot do now: the disk is full, the database has no turn free.

    Returns:
        None where it is none of these; then it is a bug, and goes on as one.
    """
    full = is_disk_full(exception)
    if full:
        title = _("The disk is full")
        sentence = _(
            "Nothing was saved, and nothing is half done. Tell the system administrator that the"
            " disk of the installation is full; when there is room again, send the form once more."
        )
    elif is_database_busy(exception):
        title = _("Busy")
        sentence = _(
            "Another piece of work holds the database. Nothing was saved. Wait a minute, go back,"
            " and send the form once more."
        )
    else:
        return None
    status = 507 if full else 503
    context = {"status": status, "title": title, "sentence": sentence}
    return render(request, "web/refusal.html", context, status=status)
