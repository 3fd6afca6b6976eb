"""Pages: who stands aside in a matter of a sitting, and what is decided on it."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kaohe.organization.queries import committee as queries
from kaohe.organization.services import decisions as services
from kaohe.web.organization.sitting_forms import (
    DecisionForm,
    RecusalForm,
    WithdrawForm,
    standing_reason,
)
from kaohe.web.organization.sittings import deed
from kaohe.web.requests import SignedIn
from kaohe.web.writing import show


def recuse(request: SignedIn, key: int) -> HttpResponse:
    """Record that somebody stands aside."""
    item = queries.get_item(request.user, key)
    form = RecusalForm(
        request.POST or None,
        seats=queries.seats_to_recuse(item),
        initial={"seat": request.GET.get("seat"), "reason": _reason(request)},
    )

    def do() -> object:
        return services.recuse(by=request.user, item=item, **form.given)

    said = _("The recusal is recorded.")
    return deed(request, item.sitting, form, _("Record a recusal"), do, said)


def _reason(request: SignedIn) -> str:
    """The reason that the page itself has seen, where it proposed the recusal."""
    if "seat" not in request.GET:
        return ""
    return standing_reason()


def withdraw_recusal(request: SignedIn, key: int) -> HttpResponse:
    """Take back a recusal that was recorded by mistake."""
    row = queries.get_recusal(request.user, key)
    form = WithdrawForm(request.POST or None)

    def do() -> object:
        return services.withdraw_recusal(by=request.user, recusal=row, **form.given)

    said = _("The recusal is taken back.")
    return deed(request, row.item.sitting, form, _("Take back the recusal"), do, said)


def decide(request: SignedIn, key: int) -> HttpResponse:
    """Record the decision on a matter; locked until somebody is noted as present."""
    item = queries.get_item(request.user, key)
    voters, flagged = queries.voters_on(item), queries.flagged_on(item)
    form = DecisionForm(request.POST or None, voters=voters, flagged=flagged)
    if item.sitting.state == "open" and not queries.is_roll_noted(item.sitting):
        context = {
            "tab": "committee",
            "title": _("Record the decision"),
            "about": item.title,
            "sitting": item.sitting,
        }
        return show(request, "organization/sitting_locked.html", context)

    def do() -> object:
        return services.decide(by=request.user, item=item, answers=form.answers, **form.decided)

    said = _("The decision is recorded.")
    return deed(request, item.sitting, form, _("Record the decision"), do, said)
