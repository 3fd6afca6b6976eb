"""What the pages of the second pillar cost, and its reads over the API: each again and again.

All are asked for in turn, so that a busy machine is busy for all of them.
"""

from __future__ import annotations

import time
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.indicators_cost import City

ROUNDS, WARM = 20, 2
EMPTY = "an empty view behind the same middleware"


def pages_of(city: City) -> dict[str, Any]:
    """Pages seen by the head of the office: median and 95th percentile, and the median of CPU."""
    from django.conf import settings

    settings.ROOT_URLCONF = "bench.page_urls"
    from django.core.wsgi import get_wsgi_application

    from bench.pages import ask

    application, cookies = get_wsgi_application(), _session(city)
    asked = _addresses(city)
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in asked}
    for turn in range(WARM + ROUNDS):
        for name, address in asked.items():
            cpu = time.process_time()
            wall = ask(application, address, cookies)
            if turn >= WARM:
                spent[name].append((wall, time.process_time() - cpu))
    return {"pages": {name: _middle(each) for name, each in spent.items()}}


def _addresses(city: City) -> dict[str, str]:
    from django.urls import reverse

    from bench.pages import EMPTY as NOTHING
    from kaohe.indicators.models import Sheet

    part = reverse("web:part-version", args=[city.versions[-1].pk])
    sheet = Sheet.objects.order_by("pk")[0]
    year = [city.year.pk]
    return {
        EMPTY: f"/{NOTHING}",
        "desk": "/",
        "the year": reverse("web:year", args=year),
        "units of the year, first page": reverse("web:participants", args=year),
        "the schemes of the departments": reverse("web:schemes", args=year),
        "the queue of approvals": reverse("web:approvals", args=year),
        "a scheme of 40 sheets": part,
        "what changes in it": f"{part}?tab=changes",
        "its cells": f"{part}?tab=cells",
        "its check-up": f"{part}?tab=check",
        "the sheets, first page": reverse("web:sheets", args=year),
        "a sheet": reverse("web:sheet", args=[sheet.pk]),
        "a sheet as it is printed": reverse("web:sheet-paper", args=[sheet.pk]),
        "targets of the year": reverse("web:targets", args=year),
    }


def reads_of(city: City) -> dict[str, Any]:
    """Answers of the API: the median of CPU, token and scope included."""
    from django.core.wsgi import get_wsgi_application

    from bench.api_cost import Client
    from kaohe.indicators.models import Participant, Sheet

    client = Client(get_wsgi_application(), _token(city))
    year, version = city.year.pk, city.versions[-1]
    sheet = Sheet.objects.order_by("pk")[0]
    unit = Participant.objects.order_by("pk")[0]
    version_at = f"/scheme-versions/{version.pk}"
    asked = {
        "a year": f"/years/{year}",
        "its journey": f"/years/{year}/journey",
        "units of the year, 100": f"/years/{year}/participants?limit=100",
        "a unit of the year": f"/participants/{unit.pk}",
        "the schemes of the departments": f"/years/{year}/schemes",
        "a scheme of 40 sheets, whole": version_at,
        "what changes in it": f"{version_at}/differences",
        "its check-up": f"{version_at}/findings",
        "the sheets, 100": "/sheets?limit=100",
        "a sheet": f"/sheets/{sheet.pk}",
        "the tables of targets": "/target-tables",
        "the adjustments": "/adjustments",
    }
    spent: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(WARM + ROUNDS):
        for name, path in asked.items():
            cpu = client.call("GET", path)[1].cpu
            if turn >= WARM:
                spent[name].append(cpu)
    return {"reads": {name: median(each) for name, each in spent.items()}}


def _session(city: City) -> dict[str, str]:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(city.head)
    name = settings.SESSION_COOKIE_NAME
    return {name: client.cookies[name].value}


def _token(city: City) -> str:
    import secrets
    from datetime import timedelta

    from django.utils import timezone

    from kaohe.core.access import Verb
    from kaohe.organization.models import ApiToken
    from kaohe.organization.queries.tokens import PREFIX, digest_of

    secret = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        user=city.head,
        name="bench",
        digest=digest_of(secret),
        scopes=sorted(Verb),
        expires_at=timezone.now() + timedelta(days=1),
    )
    return secret


def _middle(spent: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Median and 95th percentile on the clock, and the median of the process."""
    walls = [wall for wall, _cpu in spent]
    return median(walls), quantiles(walls, n=20)[-1], median(cpu for _wall, cpu in spent)
