"""What goes wrong, as problems: under /api/ nothing is ever answered as a page."""

import logging
from typing import Any

from django.core.exceptions import DisallowedHost, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.urls.exceptions import Resolver404
from ninja.errors import HttpError, ValidationError

from kaohe.api.callers import ParametersUnsound
from kaohe.api.field_errors import field_errors
from kaohe.api.parsing import MEGABYTE, PLAIN
from kaohe.api.problems import fields_problem, problem
from kaohe.api.refusals import (
    AddressUnknown,
    BodyTooLarge,
    Broken,
    DatabaseBusy,
    DiskFull,
    RequestUnsound,
)
from kaohe.core.errors import Refusal
from kaohe.organization.faults import is_database_busy, is_disk_full

log = logging.getLogger("django.request")


def answer_to(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The problem of an exception; a bug is written to the log and told as one."""
    if isinstance(exception, Refusal):
        return problem(request, exception, errors=getattr(exception, "errors", ()))
    if isinstance(exception, ParametersUnsound):
        return fields_problem(request, exception.errors)
    if isinstance(exception, ValidationError):
        return fields_problem(request, field_errors(exception.errors))
    if isinstance(exception, HttpError) and isinstance(exception.__cause__, Refusal):
        return problem(request, exception.__cause__)  # of the parser
    if isinstance(exception, Resolver404):
        return problem(request, AddressUnknown())
    return problem(request, _of_machine(request, exception))


def _of_machine(request: HttpRequest, exception: Exception) -> Refusal:
    if isinstance(exception, RequestDataTooBig):
        return BodyTooLarge(megabytes=PLAIN // MEGABYTE)
    if isinstance(exception, DisallowedHost | SuspiciousOperation | UnreadablePostError):
        return RequestUnsound()
    if is_disk_full(exception):
        return DiskFull()
    if is_database_busy(exception):
        return DatabaseBusy()
    log.error("A fault at %s", request.path, exc_info=exception)
    return Broken()


def handle(request: HttpRequest, exc: Any) -> HttpResponse:
    """For exceptions inside an operation, as ninja hands them on."""
    return answer_to(request, exc)
