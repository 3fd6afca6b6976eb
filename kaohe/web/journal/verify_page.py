"""The page on which anybody verifies a receipt, and the same page as a file for a USB stick.

Everything is checked in the reader's browser.  The server adds only what the reader may want to
know beforehand: the keys of its log and of its witnesses, and words for the codes of entries.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import json_script
from django.utils.translation import gettext as _
from django.utils.translation import override

from kaohe.core.errors import Refusal
from kaohe.journal.log import is_made, open_log
from kaohe.journal.proofs import own_policy
from kaohe.organization.queries.accounts import public_face
from kaohe.web.words import ACTIONS, CHOICES, FIELDS, NUMBERED

FILE = Path(__file__).parents[1] / "static" / "dist" / "verify.html"
DATA = "verify-data"  # the id of the element that carries what the server adds
LANGUAGES = {"zh": "zh-hans", "en": "en"}  # of the page → of the catalogues


def verify(request: HttpRequest) -> HttpResponse:
    """Verify a receipt here; whoever trusts no server takes the file instead."""
    data = {**_data(), "download": reverse("web:verify-page")}
    return render(request, "journal/verify.html", {"face": public_face(), "data": data})


def verify_file(request: HttpRequest) -> HttpResponse:
    """The page as a single file that needs no network, with the keys of this installation."""
    page = FILE.read_text(encoding="utf-8")
    filled = page.replace(json_script({}, DATA), json_script(_data(), DATA), 1)
    return HttpResponse(
        filled,
        content_type="text/html; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="kaohe-verify.html"'},
    )


def _data() -> dict[str, Any]:
    """What the server adds; of a damaged log no keys, since the page has to work above all then."""
    face = public_face()
    keys: list[str] = []
    witnesses: list[str] = []
    try:
        if is_made():
            log = open_log()
            keys = log.ring.vkeys
            witnesses = [key.vkey for key in own_policy(log).witnesses.values()]
    except Refusal:
        pass
    return {
        "keys": keys,
        "witnesses": witnesses,
        "place": face.place,
        "office": face.office,
        "words": {name: _words(code) for name, code in LANGUAGES.items()},
    }


@cache
def _words(language: str) -> Mapping[str, Any]:
    """Words for actions, facts and their values."""
    with override(language):
        return {
            "actions": _said(ACTIONS),
            "numbered": _said(NUMBERED),
            "fields": _said(FIELDS),
            "choices": {name: _said(codes) for name, codes in CHOICES.items()},
        }


def _said(words: Mapping[str, str]) -> dict[str, str]:
    return {code: _(text) for code, text in words.items() if text}
