"""Answers: an object with its version, a part of a list, and a deed that is done once."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from kaohe.api.callers import Caller
from kaohe.api.cursors import part_of
from kaohe.api.problems import as_json
from kaohe.api.refusals import HeaderUnsound
from kaohe.api.shapes import Paging, ShownOnce
from kaohe.core.problems import N_
from kaohe.organization.services.once import Answer, answered_once

JSON_UTF8 = "application/json; charset=utf-8"
_TAGS = re.compile(r'\s*(?:W/)?"[\x21\x23-\x7e]*"\s*(?:,\s*(?:W/)?"[\x21\x23-\x7e]*"\s*)*')
_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e]*)"')
_KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")
NO_VERSION = -1  # no object ever has it


def shown(request: Caller, shape: type[BaseModel], row: Any) -> HttpResponse:
    """An object, or nothing where the caller has this version of it already."""
    body = shape.model_validate(row).model_dump_json().encode()
    return conditional(request, body, etag_of(row) or digest_tag(body))


def part(
    request: Caller, shape: type[BaseModel], rows: QuerySet[Any], by: Sequence[str], page: Paging
) -> HttpResponse:
    """A part of a list, with the cursor of the next part in the body and as a link."""
    found, following = part_of(rows, by=by, limit=page.limit, cursor=page.cursor)
    items = [shape.model_validate(row).model_dump(mode="json") for row in found]
    body = as_json({"items": items, "next": following})
    answer = conditional(request, body, digest_tag(body))
    if following is not None:
        query = request.GET.copy()
        query["cursor"] = following
        answer["Link"] = f'<{request.path}?{query.urlencode()}>; rel="next"'
    return answer


def conditional(
    request: HttpRequest, body: bytes, etag: str, content_type: str = JSON_UTF8
) -> HttpResponse:
    """An answer with its tag; 304 where the caller named this tag."""
    wanted = request.META.get("HTTP_IF_NONE_MATCH", "")
    if wanted and (
        wanted.strip() == "*" or etag in [f'"{tag}"' for _, tag in _TAG.findall(wanted)]
    ):
        return HttpResponse(status=304, headers={"ETag": etag})
    return HttpResponse(body, content_type=content_type, headers={"ETag": etag})


def etag_of(row: Any) -> str:
    """The tag of an object: its version; empty where it has none."""
    version = getattr(row, "version", None)
    return "" if version is None else f'"{version}"'


def digest_tag(body: bytes) -> str:
    """The tag of an answer without a version: what it holds."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def seen(request: Caller) -> int | None:
    """The version that the caller has seen, from ``If-Match``; None: whatever it is now.

    Raises:
        HeaderUnsound: the header names no version, or several.
    """
    sent = request.META.get("HTTP_IF_MATCH", "").strip()
    if sent in ("", "*"):
        return None
    tags = _TAG.findall(sent) if _TAGS.fullmatch(sent) else []
    if len(tags) != 1:
        raise HeaderUnsound(name="If-Match", how=N_("Send one ETag as an answer gave it."))
    weak, tag = tags[0]
    return int(tag) if not weak and tag.isdecimal() and len(tag) < 10 else NO_VERSION


def unconditioned(request: Caller) -> None:
    """Of a deed that is about no version that one has seen.

    Raises:
        HeaderUnsound: the caller relies on ``If-Match`` all the same.
    """
    if request.META.get("HTTP_IF_MATCH", "").strip() not in ("", "*"):
        how = N_("This deed is not about one version of an object: leave the header out.")
        raise HeaderUnsound(name="If-Match", how=how)


def written(
    request: Caller, do: Callable[[], Any], shape: type[BaseModel] | None, status: int
) -> HttpResponse:
    """Carry out a deed and show what came of it; with an ``Idempotency-Key``, only once.

    Raises:
        HeaderUnsound: the key is none.
        KeyReused: the key came before with another request.
    """

    shown_once: list[str] = []  # stands in no store, and not in the second answer

    def carry_out() -> Answer:
        row = do()
        if shape is None:
            return Answer(status, {}, "")
        headers = {"ETag": etag} if (etag := etag_of(row)) else {}
        if status == 201 and getattr(row, "pk", None):
            headers["Location"] = f"{request.path}/{row.pk}"
        told = shape.model_validate(row)
        if isinstance(told, ShownOnce):
            shown_once.append(told.model_dump_json())
            told = told.kept()
        return Answer(status, headers, told.model_dump_json())

    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return _response(_whole(carry_out(), shown_once))
    if not _KEY.fullmatch(key):
        how = N_("Send 1 to 255 visible ASCII characters, such as a UUID.")
        raise HeaderUnsound(name="Idempotency-Key", how=how)
    kept = hashlib.sha256(f"api {key}".encode()).hexdigest()
    answer, again = answered_once(by=request.user, key=kept, digest=_digest(request), do=carry_out)
    answer = _whole(answer, shown_once)
    return _response(answer, {"Idempotent-Replayed": "true"} if again else {})


def _whole(answer: Answer, shown_once: Sequence[str]) -> Answer:
    """An answer with what is shown only now."""
    return answer._replace(body=shown_once[-1]) if shown_once else answer


def _response(answer: Answer, more: Mapping[str, str] | None = None) -> HttpResponse:
    headers = {**answer.headers, **(more or {})}
    return HttpResponse(
        answer.body.encode(), status=answer.status, content_type=JSON_UTF8, headers=headers
    )


def _digest(request: Caller) -> str:
    """Of all that a request says."""
    found = hashlib.sha256()
    condition = request.META.get("HTTP_IF_MATCH", "")
    for part in (str(request.method), request.get_full_path(), condition):
        found.update(f"{part}\n".encode("utf-8", "surrogatepass"))
    found.update(request.body)
    return found.hexdigest()
