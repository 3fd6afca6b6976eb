"""Keeps away from the log what pages need: whoever asks for it is nobody in particular."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kaohe.web.journal.public_log import UNDER

OF_PAGES = ("Vary", "Content-Language", "Content-Security-Policy", "X-Frame-Options")


class PublicLogMiddleware:
    """Takes the cookies from a request for the log, and what is only for pages from its answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Other requests pass as they are."""
        if not request.path_info.startswith(UNDER):
            return self.get_response(request)
        request.COOKIES = {}  # no session is looked up, none is kept alive
        answer = self.get_response(request)
        answer.cookies.clear()
        for name in OF_PAGES:
            answer.headers.pop(name, None)
        return answer
