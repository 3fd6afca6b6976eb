"""Server time of the platform's pages: each asked for again and again, beside an empty one.

``python -m bench.pages HOME`` calls the WSGI application in this process, as a web server would,
the pages in turn so that a busy machine is busy for all of them, and prints seconds as JSON.
"""

import io
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from wsgiref.util import setup_testing_defaults

from bench import platform_home

ROUNDS, WARM = 40, 3
EMPTY = "bench-empty"


def addresses() -> dict[str, str]:
    """What is asked for, by name."""
    from kaohe.demo.platform import CITY
    from kaohe.organization.models import Document, Jurisdiction, Unit

    city = Jurisdiction.objects.get(code=CITY)
    unit = Unit.objects.filter(jurisdiction=city, closed_on__isnull=True).order_by("pk")[0]
    document = Document.objects.filter(jurisdiction=city).order_by("pk")[0]
    return {
        "an empty view behind the same middleware": f"/{EMPTY}",
        "desk": "/",
        "overview of the organization": "/organization/",
        "register of units, first page": _url("units"),
        "register of units, searched": f"{_url('units')}?q=%E4%B8%AD%E5%AD%A6",
        "a unit's page": _url("unit", unit.pk),
        "committee": _url("committee"),
        "departments": _url("departments"),
        "people and posts": _url("people"),
        "documents": _url("documents"),
        "a document with its versions": _url("document", document.pk),
    }


def _url(name: str, *keys: int) -> str:
    from django.urls import reverse

    return reverse(f"web:{name}", args=keys)


def ask(application: Any, address: str, cookies: Mapping[str, str]) -> float:
    """The seconds that one answer takes, down to its last byte.

    Raises:
        RuntimeError: it is not the page.
    """
    path, _, query = address.partition("?")
    environ: dict[str, Any] = {
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "HTTP_ACCEPT_LANGUAGE": "zh-CN",
        "wsgi.input": io.BytesIO(),
    }
    setup_testing_defaults(environ)
    told: list[str] = []
    began = time.perf_counter()
    answer = application(environ, lambda status, headers, info=None: told.append(status))
    b"".join(answer)
    spent = time.perf_counter() - began
    answer.close()
    if not told[0].startswith("200"):
        raise RuntimeError(f"{address}: {told[0]}")
    return spent


def main(home: Path) -> None:
    """Measure, and print."""
    platform_home.begin(home)
    from django.conf import settings

    settings.ROOT_URLCONF = "bench.page_urls"
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    cookies = platform_home.session_of("office_head")
    asked = addresses()
    spent: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(WARM + ROUNDS):
        for name, address in asked.items():
            seconds = ask(application, address, cookies)
            if turn >= WARM:
                spent[name].append(seconds)
    print(
        json.dumps(
            {name: [median(each), quantiles(each, n=20)[-1]] for name, each in spent.items()}
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
