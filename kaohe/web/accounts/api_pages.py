"""Pages: what the API offers, for those who write the programs that use it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kaohe.web.accounts.api_reference import Operation, areas
from kaohe.web.words.tokens import VERBS


def api_reference(request: HttpRequest) -> HttpResponse:
    """Every operation in a line, area by area."""
    found = list(areas().values())
    context = {
        "tab": "api",
        "areas": found,
        "count": sum(len(each.operations) for each in found),
        "base": request.build_absolute_uri("/api/v1"),
    }
    return render(request, "account/api.html", context)


def api_area(request: HttpRequest, area: str) -> HttpResponse:
    """The operations of an area with all that they take and give."""
    found = areas().get(area)
    if found is None:
        raise Http404
    shown = [
        (each, _(VERBS[each.verb]) if each.verb in VERBS else "", _curl(request, each))
        for each in found.operations
    ]
    context = {"tab": "api", "area": found, "operations": shown, "areas": list(areas().values())}
    return render(request, "account/api_area.html", context)


def _curl(request: HttpRequest, each: Operation) -> str:
    """A call that can be pasted into a terminal."""
    where = request.build_absolute_uri(each.path.replace("{", "<").replace("}", ">"))
    lines = [f"curl -sS -H \"Authorization: Bearer $TOKEN\" '{where}'"]
    if each.method != "GET":
        lines.append(f"  -X {each.method}")
        lines.append('  -H "Idempotency-Key: $(uuidgen)"')
    if each.media == "multipart/form-data":
        lines.append("  -F 'file=@register.xlsx'")
    elif each.example:
        lines.append('  -H "Content-Type: application/json"')
        lines.append(f"  -d '{each.example}'")
    return " \\\n".join(lines)
