"""Search over the API: units, people, departments and documents at once."""

from typing import Any

from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from kaohe.api.callers import Caller
from kaohe.api.routes import read
from kaohe.api.shapes import Shape
from kaohe.core.access import Verb
from kaohe.organization.queries.search import SHOWN
from kaohe.organization.queries.search import search as find

router = Router(tags=["search"])


class Text(BaseModel):
    """What is looked for."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(min_length=1, max_length=100)


class Named(Shape):
    """Something by its key and name."""

    id: int
    name: str


class NamedUnit(Named):
    """A unit; ``other_name``: the earlier or further name that was found."""

    code: str | None
    other_name: str


class Titled(Shape):
    """A document."""

    id: int
    title: str


class FoundShape(Shape):
    """What a text finds, at most 20 of a kind."""

    units: list[NamedUnit]
    people: list[Named]
    departments: list[Named]
    documents: list[Titled]
    more: list[str] = Field(description="Kinds of which there are more.")


@read(router, "/search", Verb.DESK_READ, FoundShape)
def search(request: Caller, filters: Query[Text]) -> dict[str, Any]:
    """Find units, people, departments and documents by a part of a name, a code or a number."""
    found = find(request.user, filters.q)
    kinds = ("units", "people", "departments", "documents")
    told: dict[str, Any] = {kind: getattr(found, kind)[:SHOWN] for kind in kinds}
    told["units"] = [
        {
            "id": unit.pk,
            "name": unit.name,
            "code": unit.code,
            "other_name": found.other_names.get(unit.pk, ""),
        }
        for unit in told["units"]
    ]
    return {**told, "more": [kind for kind in kinds if len(getattr(found, kind)) > SHOWN]}
