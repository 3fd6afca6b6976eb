"""Pages: one unit, the hub of all that concerns it, each part under an address of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kaohe.core.access import Verb
from kaohe.core.problems import N_
from kaohe.core.register import FIELDS, missing_for_year
from kaohe.journal.queries import tell
from kaohe.organization.queries.access import allows
from kaohe.organization.queries.snapshots import chosen_of_unit, differences, years_of_unit
from kaohe.organization.queries.trace import indexes_of
from kaohe.organization.queries.units import (
    get_unit,
    grades_of,
    last_in_post,
    lineage_of,
    names_over_time,
    posts_of,
    streak_of,
    trace_of,
    worth_a_look,
)
from kaohe.web.organization.certificates import clock_of
from kaohe.web.organization.people import with_words
from kaohe.web.organization.unit_fields import GROUPS
from kaohe.web.organization.unit_forms import edition_asked
from kaohe.web.organization.units import leading, posts_said, status_of
from kaohe.web.requests import SignedIn
from kaohe.web.story import label, story, word
from kaohe.web.words.people import POSTS
from kaohe.web.words.units import GRADES, SUCCESSIONS
from kaohe.web.writing import show

if TYPE_CHECKING:
    from kaohe.organization.models import PastGrade, Unit

PAGE = 50
WAITS = -1  # the index of an entry that has none yet
TABS = (
    (N_("Overview of the unit"), "unit"),
    (N_("Registered facts"), "unit-registration"),
    (N_("Posts of people"), "unit-people"),
    (N_("Names and succession"), "unit-names"),
    (N_("Earlier grades"), "unit-grades"),
    (N_("Snapshots"), "unit-years"),
    (N_("Record of the unit"), "unit-trace"),
)
LAST = {"principal": "principal", "legal": "legal_representative"}
IDENTITY = ("name", "department", "aliases", "former_names", "short_name", "purpose")
SHOWN = [
    *(each.name for each in FIELDS if each.name not in {*IDENTITY, *GROUPS[-1][1]}),
    "opened_on",
]


def _frame(request: SignedIn, row: Unit, tab: str) -> dict[str, Any]:
    """What every part of a unit's page shows: identity, tabs, what the person may do."""
    user, today = request.user, timezone.localdate()
    may_trace = allows(user, Verb.TRACE_READ, row)
    where = [_("unit page"), row.group, word("category", row.category) if row.category else ""]
    return {
        "unit": row,
        "where": "·".join(each for each in where if each),
        "unit_tab": tab,
        "unit_tabs": [
            (_(words), reverse(f"web:{name}", args=[row.pk]), name)
            for words, name in TABS
            if name != "unit-trace" or may_trace
        ],
        "clock": clock_of(row, today),
        "posts_words": posts_said(row),
        "principal": _in_post(row, "principal"),
        "legal": _in_post(row, "legal_representative"),
        **_last(row),
        "may_manage": allows(user, Verb.UNIT_MANAGE, row),
        "may_appoint": allows(user, Verb.PERSON_MANAGE, row),
        "may_succeed": allows(user, Verb.UNIT_SUCCEED, row),
        "may_see_people": allows(user, Verb.PERSON_READ, row),
        "may_trace": may_trace,
    }


def _last(row: Unit) -> dict[str, str]:
    """Who led a unit that has ended, up to its end."""
    if row.closed_on is None:
        return {}
    return {f"last_{key}": "、".join(last_in_post(row, post)) for key, post in LAST.items()}


def _in_post(row: Any, post: str) -> str:
    """Who is in a post today, with the title."""
    found = [each for each in row.leading if each.post == post]
    return "、".join(
        _("{name} ({title})").format(name=each.person.name, title=each.title)
        if each.title
        else each.person.name
        for each in found
    )


def unit(request: SignedIn, key: int) -> HttpResponse:
    """What decides about a unit at a glance."""
    row = get_unit(request.user, key)
    context = _frame(request, row, "unit")
    posts = _posts(row, context)
    known = grades_of(row)
    context |= {
        "posts": [each for each in posts if each.to_on is None][:8],
        "grades": _said(known)[2::-1],
        "streak": _streak(known),
        "remarks": [(each.sentence(_), each.remedy(_)) for each in worth_a_look(row)],
        "missing": [label(name, "unit") for name in _missing(row)],
        "status": status_of(row),
        "last_snapshot": years_of_unit(row).first(),
        "history": story(tell(trace_of(row)[:5])) if context["may_trace"] else None,
    }
    return _shown(request, "unit", context)


def _posts(row: Unit, context: dict[str, Any]) -> list[Any]:
    """The posts of a unit, each with its part in words, for those who may see people here."""
    posts = with_words(posts_of(row)) if context["may_see_people"] else []
    return sorted(posts, key=lambda each: each.to_on is None and list(POSTS).index(each.post))


def _missing(row: Unit) -> tuple[str, ...]:
    """What the unit still lacks before the register of a year; nothing for one that is closed."""
    if row.closed_on is not None:
        return ()
    values = {name: getattr(row, name) for name in ("group", "funding_basis", "staff")}
    lacking = missing_for_year(values)
    return lacking if row.code else ("code", *lacking)


def _shown(request: SignedIn, template: str, context: dict[str, Any]) -> HttpResponse:
    return show(request, f"organization/{template}.html", context)


def registration(request: SignedIn, key: int) -> HttpResponse:
    """All that the register says of a unit."""
    row = get_unit(request.user, key)
    facts = [(label(name, "unit"), _fact(row, name)) for name in SHOWN]
    half = (len(facts) + 1) // 2
    context = {"facts": [facts[:half], facts[half:]], "purpose": row.purpose}
    return _shown(request, "unit_registration", _frame(request, row, "unit-registration") | context)


def _fact(row: Unit, name: str) -> str:
    """A fact of the register as it is read; what is not filled in is told so."""
    if name == "status":
        return status_of(row)
    value = getattr(row, name)
    if value is None or value == "":
        return ""
    if hasattr(value, "strftime"):
        return f"{value:%Y.%m.%d}"
    if name == "start_up":
        return f"{value.normalize():f}"
    return word(name, value)


def people(request: SignedIn, key: int) -> HttpResponse:
    """Who is and was in post."""
    row = get_unit(request.user, key)
    context = _frame(request, row, "unit-people")
    posts = _posts(row, context)
    context["present"] = [each for each in posts if each.to_on is None]
    context["past"] = [each for each in posts if each.to_on is not None]
    return _shown(request, "unit_people", context)


def names(request: SignedIn, key: int) -> HttpResponse:
    """Names, departments, predecessors and successors over time."""
    row = get_unit(request.user, key)
    before, after = lineage_of(row)
    context = {
        "names": names_over_time(row),
        "affiliations": row.affiliations.select_related("department").order_by("-id"),
        "before": [(each, _(SUCCESSIONS.get(each.kind, each.kind))) for each in before],
        "after": [(each, _(SUCCESSIONS.get(each.kind, each.kind))) for each in after],
    }
    return _shown(request, "unit_names", _frame(request, row, "unit-names") | context)


def grades(request: SignedIn, key: int) -> HttpResponse:
    """Grades of earlier years, with what they add up to."""
    row = get_unit(request.user, key)
    known = grades_of(row)
    context = {"grades": _said(known), "streak": _streak(known)}
    return _shown(request, "unit_grades", _frame(request, row, "unit-grades") | context)


def _said(known: list[PastGrade]) -> list[tuple[PastGrade, str]]:
    return [(each, _(GRADES[each.grade])) for each in known]


def _streak(known: list[PastGrade]) -> str:
    """The sentence of the run of years that the last known grade ends."""
    found = streak_of(known)
    if found is None:
        return ""
    years = len(found.years)
    return _("{grade} for {n} years in a row, up to {year}").format(
        grade=found.grade, n=years, year=found.years[0]
    )


def years(request: SignedIn, key: int) -> HttpResponse:
    """The snapshots of a unit, and what is another today."""
    row = get_unit(request.user, key)
    context = _frame(request, row, "unit-years")
    editions = list(years_of_unit(row))
    context["editions"] = editions
    if editions:
        chosen = chosen_of_unit(editions, *edition_asked(request))
        today = {post: leading(row, post) for post in ("principal", "legal_representative")}
        context["chosen"] = chosen
        context["differences"] = [
            (
                label(each.name, "unit"),
                _then(each.name, each.then, chosen.department_name),
                _then(each.name, each.now, row.department.name),
            )
            for each in differences(row, chosen, today)
        ]
    return _shown(request, "unit_years", context)


def _then(name: str, value: Any, department: str) -> str:
    return department if name == "department_id" else word(name, value)


def trace(request: SignedIn, key: int) -> HttpResponse:
    """Everything on record that concerns a unit."""
    row = get_unit(request.user, key)
    context = _frame(request, row, "unit-trace")
    if context["may_trace"]:
        page = Paginator(trace_of(row), PAGE).get_page(request.GET.get("page"))
        rows = list(page.object_list)
        indexes = indexes_of(rows)
        lines = story(tell(rows))
        context |= {
            "page": page,
            "traced": [(line, indexes.get(line.number, WAITS)) for line in lines],
        }
    return _shown(request, "unit_trace", context)
