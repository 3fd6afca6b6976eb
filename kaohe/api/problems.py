"""Problems: every refusal as ``application/problem+json`` (RFC 9457)."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kaohe.api.refusals import TITLES, FieldsUnsound, http_status
from kaohe.core.errors import Refusal

MEDIA = "application/problem+json"
TYPE = "urn:kaohe:problem:"  # with the code of the refusal behind it; never changes its meaning


class FieldError(NamedTuple):
    """One value that cannot be taken."""

    where: str  # a JSON pointer into the body, or the name of a parameter
    what: str
    how: str
    code: str


def problem(
    request: HttpRequest,
    refusal: Refusal,
    *,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer that says what is wrong and what to do, in the language of the request."""
    status = http_status(refusal, has_condition="HTTP_IF_MATCH" in request.META)
    content: dict[str, Any] = {
        "type": TYPE + refusal.code,
        "title": _(TITLES[status]),
        "status": status,
        "detail": refusal.say(_),
        "instance": request.path,
        "code": refusal.code,
        "facts": {name: _fact(value) for name, value in refusal.facts.items()},
    }
    if refusal.field and not errors:
        content["field"] = refusal.field
    if errors:
        content["errors"] = [each._asdict() for each in errors]
    answer = HttpResponse(as_json(content), status=status, content_type=MEDIA)
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="kaohe"'
    for name, value in (headers or {}).items():
        answer[name] = value
    return answer


def fields_problem(request: HttpRequest, errors: Sequence[FieldError]) -> HttpResponse:
    """The answer that names every value that cannot be taken, all at once."""
    return problem(request, FieldsUnsound(count=len(errors)), errors=errors)


def as_json(content: object) -> bytes:
    """Bytes of an answer."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def _fact(value: object) -> object:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_fact(each) for each in value]
    return str(value)
