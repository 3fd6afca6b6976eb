"""The body of a request: strict JSON, within limits of our own."""

import json
from collections.abc import Sequence
from typing import Any, NoReturn

from django.http import HttpRequest
from django.http.request import UnreadablePostError
from ninja.parser import Parser

from kaohe.api.refusals import (
    BodyNoNumber,
    BodyNotJson,
    BodyNotTaken,
    BodyNotText,
    BodyTooDeep,
    BodyTooLarge,
    BodyTwiceNamed,
    RequestUnsound,
)

MEGABYTE = 1024 * 1024
PLAIN = 2 * MEGABYTE  # what a body may hold, unless its operation takes many rows
LEVELS = 32
JSON = "application/json"


class StrictParser(Parser):
    """JSON as RFC 8259 means it; what readers understand differently is refused."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The value of the body.

        Raises:
            BodyNotText, BodyNotJson, BodyNoNumber, BodyTwiceNamed, BodyTooDeep: it cannot be taken.
        """
        return parsed(request.body)


def parsed(body: bytes) -> Any:
    """The value of some JSON.

    Raises:
        BodyNotText, BodyNotJson, BodyNoNumber, BodyTwiceNamed, BodyTooDeep: it cannot be taken.
    """
    try:
        text = body.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except UnicodeDecodeError as wrong:
        raise BodyNotText(byte=wrong.start) from wrong
    except json.JSONDecodeError as wrong:
        raise BodyNotJson(line=wrong.lineno, column=wrong.colno) from wrong
    except ValueError as wrong:  # a number of thousands of digits
        raise BodyNoNumber(number="999…") from wrong
    except RecursionError as wrong:
        raise BodyTooDeep(levels=LEVELS) from wrong
    _must_be_shallow(value)
    return value


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BodyTwiceNamed(name=printable(twice))
    return found


def _no_number(name: str) -> NoReturn:
    """NaN and infinities are no JSON."""
    raise BodyNoNumber(number=name)


def _must_be_shallow(value: Any) -> None:
    """Level by level, so that no depth can exhaust the stack."""
    level = [value]
    for _ in range(LEVELS + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise BodyTooDeep(levels=LEVELS)


def printable(text: str) -> str:
    """What a stranger sent, short, and fit to be sent back."""
    return text.encode("utf-8", "replace").decode()[:80]


def take_body(request: HttpRequest, *, largest: int, media: str = JSON) -> None:
    """Read the body of a request, as long as it is of the right kind and size.

    Raises:
        BodyTooLarge: it says, or turns out, to be larger than ``largest`` bytes.
        BodyNotTaken: it is of another kind.
        RequestUnsound: it ended too soon.
    """
    stated = str(request.META.get("CONTENT_LENGTH") or "0")
    if not stated.isdecimal() or int(stated) > largest:
        raise BodyTooLarge(megabytes=largest // MEGABYTE)
    if int(stated) == 0:
        return
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    if request.content_type != media or charset not in ("utf-8", "utf8"):
        raise BodyNotTaken(wanted=media)
    try:
        request._body = request.read()  # ``body`` has another limit
    except UnreadablePostError as wrong:
        raise RequestUnsound from wrong
