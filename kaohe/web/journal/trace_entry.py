"""Pages: one entry of the record, its place in the log, and what a check of it finds now."""

import hashlib
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from kaohe.organization.queries.audit import names_of_jurisdictions
from kaohe.organization.queries.erasures import may_ask_about
from kaohe.organization.queries.trace import Opened, get_traced, root_of
from kaohe.organization.queries.trace_checks import Check, checks_of
from kaohe.web.journal.trace import called
from kaohe.web.requests import SignedIn
from kaohe.web.story import story

SIGNS = {True: "done", False: "late", None: "hold"}


def facts_of(opened: Opened) -> dict[str, Any]:
    """What a page says of an entry: in words, and by its place in the log."""
    [line] = story([opened.told])
    return {
        "opened": opened,
        "told": opened.told,
        "line": line,
        "subject": called(opened.told.subject),
        "place": names_of_jurisdictions().get(opened.told.jurisdiction, ""),
        "standing": opened.standing,
        "root": root_of(opened.standing.size),
        "length": len(opened.leaf.encode()),
    }


def trace_entry(request: SignedIn, entry: str) -> HttpResponse:
    """One entry: in words, its place in the log, and the exact bytes that stand for it."""
    return _shown(request, get_traced(request.user, entry), None)


def verify_now(request: SignedIn, entry: str) -> HttpResponse:
    """Check the entry now, each step by itself; a part of the page where htmx asks for one."""
    opened = get_traced(request.user, entry)
    checks = checks_of(opened.row)
    if request.headers.get("HX-Request"):
        return render(request, "journal/trace_checks.html", {"opened": opened, **_said(checks)})
    return _shown(request, opened, checks)


def _shown(request: SignedIn, opened: Opened, checks: list[Check] | None) -> HttpResponse:
    may_ask = may_ask_about(request.user, opened.row)
    context = {"tab": "trace", "may_ask": may_ask, **facts_of(opened), **_said(checks)}
    return render(request, "journal/trace_entry.html", context)


def _said(checks: list[Check] | None) -> dict[str, Any]:
    """The checks in words, with the state that stands before each."""
    if checks is None:
        return {"checks": None}
    return {
        "checks": [(_(each.words), SIGNS[each.holds], each.say(_)) for each in checks],
        "failed": any(each.holds is False for each in checks),
        "waits": any(each.holds is None for each in checks[:-1]),
        "checked_at": timezone.now(),
    }


def fingerprint(vkey: str) -> str:
    """By which people compare a key: SHA-256 of its line, in groups of four."""
    digest = hashlib.sha256(vkey.encode()).hexdigest()
    return " ".join(digest[place : place + 4] for place in range(0, len(digest), 4))
