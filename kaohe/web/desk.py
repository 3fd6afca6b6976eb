"""The first page: my work."""

from django.http import HttpResponse
from django.shortcuts import render

from kaohe.web.requests import SignedIn


def desk(request: SignedIn) -> HttpResponse:
    """What waits for me, by deadline; what I sent on; reminders."""
    return render(request, "web/desk.html", {})
