"""The API as a whole: its areas, its description, its addresses."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from kaohe import __version__
from kaohe.api import me
from kaohe.api.administration import installation, jobs, roles, tokens, users
from kaohe.api.answers import JSON_UTF8, conditional, digest_tag
from kaohe.api.callers import ParametersUnsound
from kaohe.api.handlers import handle
from kaohe.api.indicators import (
    adjustments,
    books,
    folders,
    participants,
    parts,
    schemes,
    settings,
    sheets,
    targets,
    template,
    years,
)
from kaohe.api.organization import (
    batches,
    committee,
    departments,
    documents,
    imports,
    matters,
    overview,
    people,
    search,
    sittings,
    snapshots,
    successions,
    units,
    versions,
)
from kaohe.api.parsing import StrictParser
from kaohe.api.problems import MEDIA, as_json
from kaohe.api.record import entries, erasures, log
from kaohe.core.errors import Refusal

AREAS = (
    me.router,
    departments.router,
    units.router,
    people.router,
    snapshots.router,
    successions.router,
    imports.router,
    batches.router,
    search.router,
    committee.router,
    sittings.router,
    matters.router,
    documents.router,
    versions.router,
    overview.router,
    years.router,
    participants.router,
    folders.router,
    parts.router,
    settings.router,
    template.router,
    schemes.router,
    sheets.router,
    targets.router,
    adjustments.router,
    books.router,
    entries.router,
    log.router,
    erasures.router,
    users.router,
    roles.router,
    tokens.router,
    installation.router,
    jobs.router,
)
ABOUT = (
    "Everything that the pages do, for other systems. Each operation names its verb (x-verb): the"
    " scope that a token needs. Days are 2026-03-05, instants RFC 3339 in UTC, decimals texts."
    " Refusals are problems (RFC 9457)."
)
_TEXT = {"type": "string"}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Why it was not done, and what to do (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance", "code", "facts"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "instance": _TEXT,
        "code": {**_TEXT, "description": "Stable; docs/errors.md lists them all."},
        "facts": {"type": "object"},
        "field": {**_TEXT, "description": "The name in the request that it is about."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "what", "how", "code"],
                "properties": {"where": _TEXT, "what": _TEXT, "how": _TEXT, "code": _TEXT},
            },
        },
    },
}


class Api(NinjaAPI):
    """NinjaAPI with our problems, and a description that names them."""

    def get_openapi_schema(self, **given: Any) -> Any:
        """The description, in OpenAPI 3.1."""
        found = super().get_openapi_schema(**given)
        parts = found["components"]
        parts.setdefault("schemas", {})["Problem"] = PROBLEM
        content = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        parts["responses"] = {"Problem": {"description": "A problem.", "content": content}}
        return found


api = Api(
    title="考核 Kaohe",
    version=__version__,
    description=ABOUT,
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    parser=StrictParser(),
)
for _kind in (Refusal, ParametersUnsound, ValidationError, HttpError):
    api.add_exception_handler(_kind, handle)
for _area in AREAS:
    api.add_router("", _area)


@lru_cache(maxsize=1)
def description() -> bytes:
    """The description as JSON; it is the same for everybody."""
    return as_json(api.get_openapi_schema(path_prefix="api/v1/"))


def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API, open to anybody."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    body = description()
    answer = conditional(request, body, digest_tag(body), JSON_UTF8)
    answer["Cache-Control"] = "public, max-age=300"
    return answer


_urls, _app, _namespace = api.urls
urls = ([path("openapi.json", openapi, name="openapi"), *_urls], "api", "api")
