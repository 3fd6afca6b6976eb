"""Page: search for units, people, departments and documents at once."""

from django.http import HttpResponse

import kaohe.web.words.people  # noqa: F401  # the words of what is shown
from kaohe.organization.queries.search import SHOWN, search
from kaohe.web.organization.people import seats_of
from kaohe.web.requests import SignedIn
from kaohe.web.story import word
from kaohe.web.writing import show

LONGEST = 100


def search_page(request: SignedIn) -> HttpResponse:
    """What a text finds among all that the person may see."""
    query = request.GET.get("q", "").strip()[:LONGEST]
    found = search(request.user, query)
    people = [
        (
            person,
            [(post, word("post", post.post)) for post in person.posts[:3]],  # type: ignore[attr-defined]  # prefetched
            seats_of(person)[:3],
        )
        for person in found.people[:SHOWN]
    ]
    return show(
        request,
        "organization/search.html",
        {
            "query": query,
            "found": found,
            "units": [(unit, found.other_names.get(unit.pk, "")) for unit in found.units[:SHOWN]],
            "people": people,
            "departments": found.departments[:SHOWN],
            "documents": found.documents[:SHOWN],
            "most": SHOWN,
        },
    )
