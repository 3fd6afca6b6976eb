"""``/healthz``: whether this installation can serve."""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from kaohe import __version__


def healthz(request: HttpRequest) -> JsonResponse:
    """200 where the database answers, else 503; says nothing about anybody."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok", "version": __version__})


def stay(request: HttpRequest) -> HttpResponse:
    """What the warning before the idle time-out asks: that the person is still there."""
    return HttpResponse(status=204)
