"""Page: how a jurisdiction is organised; and choosing the jurisdiction that is looked at."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kaohe.core.access import Verb
from kaohe.organization.queries.access import allows, jurisdictions_of
from kaohe.organization.queries.overview import overview_of
from kaohe.organization.queries.readiness import readiness
from kaohe.web.requests import CHOSEN, SignedIn, here, key_in
from kaohe.web.stages import stage_lines
from kaohe.web.story import word


def overview(request: SignedIn) -> HttpResponse:
    """Committee, office, departments, members, register and rules on one page."""
    place = here(request, Verb.OVERVIEW_READ)
    today = timezone.localdate()
    found = overview_of(request.user, place, today)
    organises = allows(request.user, Verb.COMMITTEE_READ, place)
    stages = stage_lines(readiness(place, today)) if organises else []
    return render(
        request,
        "organization/overview.html",
        {
            "tab": "overview",
            "place": place,
            "places": jurisdictions_of(request.user, Verb.OVERVIEW_READ),
            "found": found,
            "members": [(each, word("member_part", each.member_part)) for each in found.members],
            "stages": stages,
            "stages_done": sum(stage.state == "done" for stage in stages),
            "above": bool(found.below) and not found.departments,  # it only stands above others
            "may_read_units": allows(request.user, Verb.UNIT_READ),
            "chart": _chart(found.expiring),
            "has_expiring": any(count for _month, count in found.expiring),
            "may_read_committee": organises,
        },
    )


def _chart(months: list[Any]) -> dict[str, Any]:
    """Certificates that end, month by month, as bars; each bar leads to its units."""
    units = reverse("web:units")
    return {
        "xAxis": {"type": "category", "data": [date_format(day, "y.n") for day, _n in months]},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": [
            {
                "type": "bar",
                "name": _("certificates"),
                "data": [
                    {"value": n, "url": f"{units}?certificate_month={day:%Y-%m}"}
                    for day, n in months
                ],
            }
        ],
    }


@require_POST
def choose_jurisdiction(request: SignedIn) -> HttpResponse:
    """Look at the pages of another jurisdiction that one may see."""
    choice = jurisdictions_of(request.user, Verb.OVERVIEW_READ)
    key = key_in(request.POST.get("jurisdiction", ""))
    if key is not None and choice.filter(pk=key).exists():
        request.session[CHOSEN] = key
    return HttpResponseRedirect(reverse("web:overview"))
