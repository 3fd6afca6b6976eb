"""The API's own way in: nothing of sessions, cookies, forms and pages is asked or answered."""

from collections.abc import Callable

from django.conf import settings
from django.core.signals import got_request_exception
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from kaohe.api.handlers import answer_to
from kaohe.api.problems import problem
from kaohe.api.refusals import BodyTooLarge, MethodUnknown

MEGABYTE = 1024 * 1024
UNDER = "/api/"
Answer = Callable[[HttpRequest], HttpResponseBase]


class ApiMiddleware:
    """Answers everything under /api/ itself, and so stands before all that pages need."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Whatever happens is answered in the language of the request, as JSON."""
        if not request.path_info.startswith(UNDER):
            return self.get_response(request)
        with translation.override(language_of(request)):
            answer = self._answer(request)
            answer["Content-Language"] = translation.get_language() or ""
        answer["Vary"] = "Accept-Language, Authorization"
        answer["Cache-Control"] = answer.get("Cache-Control") or "no-store, private"
        return answer

    @staticmethod
    def _answer(request: HttpRequest) -> HttpResponseBase:
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"  # the server leaves out the body
        try:
            request.get_host()
            _must_be_bearable(request)
            match = resolve(request.path_info)
            request.resolver_match = match
            answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
            if answer.status_code == 405:
                allowed = answer.get("Allow", "")
                refusal = MethodUnknown(method=str(request.method)[:20], allowed=allowed)
                answer = problem(request, refusal, headers={"Allow": allowed})
        except Exception as exception:
            answer = answer_to(request, exception)
            if answer.status_code == 500:
                got_request_exception.send(sender=ApiMiddleware, request=request)
        if is_head:
            request.method = "HEAD"
        return answer


def _must_be_bearable(request: HttpRequest) -> None:
    """Nothing is taken in that no operation takes; each asks for its own limit later.

    Raises:
        BodyTooLarge: it is larger than anything here.
    """
    stated = str(request.META.get("CONTENT_LENGTH") or "0")
    if not stated.isdecimal() or int(stated) > settings.UPLOAD_LIMIT:
        raise BodyTooLarge(megabytes=settings.UPLOAD_LIMIT // MEGABYTE)


def language_of(request: HttpRequest) -> str:
    """The first language of the request that is spoken here; Chinese where it asks for none."""
    for code, _weight in parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "")):
        if code == "*":
            break
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
