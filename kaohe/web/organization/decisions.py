"""Pages: who stands aside in a matter of a sitting, and what is decided on it."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kaohe.organization.queries import committee as queries
from kaohe.organization.services import decisions as services
from kaohe.web.organization.sitting_forms import DecisionForm, RecusalForm, WithdrawForm
from kaohe.web.organization.sittings import deed
from kaohe.web.requests import SignedIn


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

    return deed(request, item, item.sitting, form, _("Record a recusal"), do)


def _reason(request: SignedIn) -> str:
    """The reason that the page itself has seen, where it proposed the recusal."""
    if "seat" not in request.GET:
        return ""
    return _("The matter is about the holder's own department, or about a unit under it.")


def withdraw_recusal(request: SignedIn, key: int) -> HttpResponse:
    """Take back a recusal that was recorded by mistake."""
    row = queries.get_recusal(request.user, key)
    form = WithdrawForm(request.POST or None)

    def do() -> object:
        return services.withdraw_recusal(by=request.user, recusal=row, **form.given)

    return deed(request, row.item, row.item.sitting, form, _("Take back the recusal"), do)


def decide(request: SignedIn, key: int) -> HttpResponse:
    """Record the decision on a matter."""
    item = queries.get_item(request.user, key)
    form = DecisionForm(request.POST or None, voters=queries.voters_on(item))

    def do() -> object:
        return services.decide(by=request.user, item=item, **form.decided)

    return deed(request, item, item.sitting, form, _("Record the decision"), do)
