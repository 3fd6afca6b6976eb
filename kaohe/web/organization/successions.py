"""Pages: what has become of units, and the steps by which it is entered: choose, fill in, look,
carry out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.access import Verb
from kaohe.core.errors import NotFound
from kaohe.core.problems import N_
from kaohe.core.register import FIELD
from kaohe.core.successions import Deed, Form, Runs
from kaohe.organization.queries.access import allows, one, visible_units
from kaohe.organization.queries.departments import open_departments
from kaohe.organization.queries.successions import (
    Outlook,
    chosen_units,
    outlook,
    successions_of,
    units_to_choose,
)
from kaohe.organization.services import successions as services
from kaohe.web.lists import has_any, listing
from kaohe.web.organization.succession_forms import FORM_OF, DeedForm
from kaohe.web.refusals import refusals_shown_on
from kaohe.web.requests import SignedIn, here, key_in
from kaohe.web.story import word
from kaohe.web.words.successions import DEEDS, EXPLAINED, FATES, FORMS, MERGERS
from kaohe.web.words.units import SUCCESSIONS
from kaohe.web.writing import show, written

if TYPE_CHECKING:
    from kaohe.organization.models import Jurisdiction, Unit

LEAST = {Deed.MERGE: 2}  # units that a deed needs; one where it is not said
MOST = {Deed.RENAME: 1, Deed.SPLIT: 1}


class NoSuchDeed(NotFound):
    """An address with a deed that there is not."""

    code = "succession.no-such-deed"
    sentence = N_("There is no such deed. Begin again from the choice of what becomes of a unit.")


class SuccessionTable(tables.Table):
    """What has followed what."""

    on = tables.DateColumn(verbose_name=lazy("From"), format="Y.m.d")
    kind = tables.Column(lazy("What happened"))
    predecessor = tables.Column(
        lazy("Unit before"), linkify=("web:unit", {"key": tables.A("predecessor_id")})
    )
    predecessor_code = tables.Column(
        lazy("Code before"), default="—", attrs={"td": {"class": "code"}}
    )
    unit = tables.Column(lazy("Unit after"), linkify=("web:unit", {"key": tables.A("unit_id")}))
    code = tables.Column(lazy("Code after"), default="—", attrs={"td": {"class": "code"}})
    document = tables.Column(lazy("Document"), default="—")

    class Meta:
        order_by = ("-on",)

    def render_kind(self, value: str) -> str:
        """In words."""
        return word("succession", value)


class SuccessionFilter(filters.FilterSet):
    """What the list can be narrowed by."""

    q = filters.CharFilter(label=lazy("Name or code"), method="by_text")
    kind = filters.ChoiceFilter(
        label=lazy("What happened"),
        choices=[(code, lazy(words)) for code, words in SUCCESSIONS.items()],
    )
    year = filters.NumberFilter(label=lazy("Year"), field_name="year")

    def by_text(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Either unit, by a name or a code."""
        return rows.filter(
            Q(unit__name__icontains=value)
            | Q(predecessor__name__icontains=value)
            | Q(code__istartswith=value)
            | Q(predecessor_code__istartswith=value)
        )


def successions(request: SignedIn) -> HttpResponse:
    """What has followed what."""
    place = here(request, Verb.UNIT_READ)
    rows = successions_of(request.user, place)
    return listing(
        request,
        "organization/successions.html",
        rows=rows,
        table=SuccessionTable,
        filters=SuccessionFilter,
        title=_("Successions of units"),
        context={
            "tab": "units",
            "place": place,
            "any": has_any(rows),
            "may_succeed": allows(request.user, Verb.UNIT_SUCCEED, place),
        },
    )


def succession(request: SignedIn, key: int) -> HttpResponse:
    """The choice for one unit."""
    unit = one(visible_units(request.user, Verb.UNIT_SUCCEED), key)
    return redirect(f"{reverse('web:new-succession')}?{urlencode({'unit': unit.pk})}")


def new_succession(request: SignedIn) -> HttpResponse:
    """Step 1: what becomes of which units."""
    place = here(request, Verb.UNIT_SUCCEED)
    units = chosen_units(request.user, place, _keys(request.GET.getlist("unit")))
    chosen, text = request.GET.get("deed", ""), request.GET.get("q", "")
    deed, _dot, how = chosen.partition(".")
    complaint = ""
    if "go" in request.GET:
        complaint = _complaint(deed, len(units))
        if not complaint:
            address = reverse("web:succession-deed", args=[deed])
            return redirect(f"{address}?{_query(units, form=how)}")
    found = units_to_choose(request.user, place, text)
    context = {
        "tab": "units",
        "place": place,
        "units": units,
        "deed": chosen,
        "deeds": _deeds(),
        "q": text,
        "found": [unit for unit in found if unit not in units],
        "complaint": complaint,
    }
    status = 422 if complaint else 200
    return render(request, "organization/succession_new.html", context, status=status)


def _deeds() -> list[tuple[str, str, str]]:
    """What may become of units, in words; the two ways to merge stand apart."""
    found = []
    for deed, words in DEEDS.items():
        if deed is Deed.MERGE:
            for form, how in FORMS.items():
                said = _("{deed}: {how}").format(deed=capfirst(_(words)), how=_(how))
                found.append((f"{deed}.{form}", said, _(MERGERS[form])))
        else:
            found.append((str(deed), capfirst(_(words)), _(EXPLAINED[deed])))
    return found


def _query(units: list[Unit], **more: str) -> str:
    """The choice, as the end of an address."""
    chosen = [("unit", str(unit.pk)) for unit in units]
    return urlencode([*chosen, *((name, text) for name, text in more.items() if text)])


def _keys(texts: list[str]) -> list[int]:
    return [key for text in texts for key in (key_in(text),) if key is not None]


def _complaint(deed: str, count: int) -> str:
    """What is still missing in the choice."""
    if deed not in set(Deed):
        return _("Choose what becomes of the units.")
    least, most = LEAST.get(Deed(deed), 1), MOST.get(Deed(deed))
    if count < least:
        return _("Choose at least {least} unit(s): search for them and tick them.").format(
            least=least
        )
    if most is not None and count > most:
        return _("This concerns one unit; take the ticks off the others.")
    return ""


def succession_deed(request: SignedIn, deed: str) -> HttpResponse:
    """Steps 2 and 3: fill in, look at what follows, carry out."""
    if deed not in set(Deed):
        raise NoSuchDeed
    place = here(request, Verb.UNIT_SUCCEED)
    units = chosen_units(request.user, place, _keys(request.GET.getlist("unit")))
    if _complaint(deed, len(units)):
        return redirect(f"{reverse('web:new-succession')}?{_query(units, deed=deed)}")
    departments = open_departments(place).filter(in_charge=True)
    asked = request.GET.get("form", "")
    how = asked if deed == Deed.MERGE and asked in set(Form) else ""
    form = FORM_OF[Deed(deed)](request.POST or None, rows=units, departments=departments, how=how)
    step = request.POST.get("step", "")
    if step == "do":
        answer = _carried_out(request, place, form)
        if answer is not None:
            return answer
    elif step == "look" and form.is_valid():
        with refusals_shown_on(form):
            found = outlook(form.asked(), units, timezone.localdate())
            return _look(request, place, form, found)
    context = {**_frame(request, place, form), "step": 2}
    return show(request, "organization/succession_form.html", context, form)


def _frame(request: SignedIn, place: Jurisdiction, form: DeedForm) -> dict[str, Any]:
    title, chosen = capfirst(_(DEEDS[form.deed])), str(form.deed)
    if form.how:
        title = _("{deed}: {how}").format(deed=title, how=_(FORMS[Form(form.how)]))
        chosen = f"{chosen}.{form.how}"
    return {
        "tab": "units",
        "place": place,
        "title": title,
        "units": form.rows,
        "back": f"{reverse('web:new-succession')}?{_query(form.rows, deed=chosen)}",
        "address": request.get_full_path(),
    }


def _carried_out(request: SignedIn, place: Jurisdiction, form: DeedForm) -> HttpResponse | None:
    def to(done: list[Unit]) -> str:
        return reverse("web:unit", args=[done[0].pk])

    return written(
        request,
        form,
        lambda: services.carry_out(
            by=request.user, jurisdiction=place, asked=form.asked(), seen=form.versions
        ),
        to=to,
        said=lambda done: _("It is carried out; the record has an entry for each unit."),
    )


def _look(request: SignedIn, place: Jurisdiction, form: DeedForm, found: Outlook) -> HttpResponse:
    """Step 3: all that follows, before it is carried out."""
    made = found.plan
    departments = found.departments
    closed = {each.unit for each in made.closings}
    opened = {each.unit for each in made.openings}
    context = {
        **_frame(request, place, form),
        "step": 3,
        "hidden": [field.as_hidden() for field in form],
        "asked": form.asked(),
        "ends": [
            (found.name_of(each.unit), each.value, each.last_day)
            for each in made.names_end
            if each.unit not in closed
        ],
        "begins": [
            (found.name_of(each.unit), each.value, each.first_day)
            for each in made.names_begin
            if each.unit not in opened
        ],
        "moves": [
            (found.name_of(each.unit), departments[each.value].name, each.first_day)
            for each in made.affiliations_begin
        ],
        "recodings": made.recodings,
        "closings": [(found.name_of(each.unit), each.last_day) for each in made.closings],
        "openings": [(each.name, each.unit, each.first_day) for each in made.openings],
        "streaks": [
            (found.name_of(each.unit), _(FATES[each.fate]), _runs(each.before), _runs(each.after))
            for each in found.effects
        ],
        "numbers": found.numbers,
        "remarks": _remarks(found),
    }
    return render(request, "organization/succession_look.html", context)


def _runs(runs: Runs | None) -> str:
    """Runs of grades in words; a dash where there is no such unit."""
    return "—" if runs is None else _("A: {a}, C: {c}").format(a=runs.a, c=runs.c)


def _remarks(found: Outlook) -> list[str]:
    """What should be known before it is carried out."""
    said = []
    if found.posts:
        said.append(_("Posts that end with the units: {n}.").format(n=found.posts))
    if found.accounts:
        said.append(
            _(
                "Accounts with a role in a unit that ends: {n}. The security administrator ends"
                " these roles."
            ).format(n=found.accounts)
        )
    for year in found.snapshots:
        said.append(
            _(
                "The snapshot of {year} shows the state before. Take it anew if it should show the"
                " new one."
            ).format(year=year)
        )
    if found.taken_over:
        heads = "、".join(_(FIELD[name].head) for name in found.taken_over)
        said.append(
            _(
                "The new units take over what the old ones have in common: {heads}. Everything else"
                " is entered on their pages."
            ).format(heads=heads)
        )
    return said
