"""Files over the API: brought as a form of several parts, fetched as they are.

``upload`` takes a file beside the fields of a form, ``download`` answers with the bytes of one.
"""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.http import content_disposition_header
from ninja import Router
from pydantic import BaseModel

from kaohe.api.answers import conditional, digest_tag, unconditioned, written
from kaohe.api.callers import Bearer, Caller
from kaohe.api.refusals import OfRequest
from kaohe.api.routes import IF_NONE_MATCH, KEY, add
from kaohe.core.access import Verb
from kaohe.core.problems import N_

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM = "multipart/form-data"
ROOM = 64 * 1024  # bytes for the other fields of a form
View = TypeVar("View", bound=Callable[..., Any])


class BodyNotForm(OfRequest):
    """A form of several parts that cannot be taken apart."""

    code = "api.body-not-form"
    status: ClassVar[int] = 400
    sentence = N_(
        "The body is not a sound form of several parts (multipart/form-data). Let a library build"
        " it, with one part for the file."
    )


class FormBearer(Bearer):
    """As ``Bearer``, for a form with a file."""

    def __init__(self, verb: Verb) -> None:
        super().__init__(verb, largest=settings.UPLOAD_LIMIT + ROOM, media=FORM)

    def __call__(self, request: HttpRequest) -> Any:
        """The token, or a refusal; then the form is taken apart.

        Raises:
            BodyNotForm: it cannot be.
        """
        token = super().__call__(request)
        try:
            request._load_post_and_files()  # of the body that was read
        except (MultiPartParserError, SuspiciousOperation, UnicodeError, ValueError) as wrong:
            raise BodyNotForm from wrong
        return token


def upload(
    router: Router, path: str, verb: Verb, shape: type[BaseModel], *, status: int = 200
) -> Callable[[View], View]:
    """POST a file: the function takes it as ``File``, and options as ``Form``; as ``write``."""

    def made(view: View) -> View:
        def operation(request: Caller, /, **given: Any) -> HttpResponse:
            unconditioned(request)
            return written(request, lambda: view(request, **given), shape, status)

        add(
            router,
            "POST",
            path,
            verb,
            view,
            operation,
            {status: shape},
            headers=(KEY,),
            guard=FormBearer(verb),
        )
        return view

    return made


def download(router: Router, path: str, verb: Verb, *, media: str) -> Callable[[View], View]:
    """GET a file: the function gives its bytes and its name, or refuses.

    Args:
        media: its media type.
    """

    def made(view: View) -> View:
        def operation(request: Caller, /, **given: Any) -> HttpResponse:
            content, name = view(request, **given)
            answer = conditional(request, content, digest_tag(content), media)
            if answer.status_code == 200:
                said = content_disposition_header(as_attachment=True, filename=name)
                answer["Content-Disposition"] = said or "attachment"
            return answer

        schema = {"type": "string", "format": "binary"}
        found = {"description": "The file.", "content": {media: {"schema": schema}}}
        add(
            router,
            "GET",
            path,
            verb,
            view,
            operation,
            {200: None},
            headers=(IF_NONE_MATCH,),
            found=found,
        )
        return view

    return made
