"""The API's own description, read for people: areas, operations, fields, examples."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import resolve, reverse

from kaohe.core.problems import N_

# area → its heading, in the order of the page
AREAS = {
    "me": N_("The token itself"),
    "overview": N_("Overview and desk"),
    "search": N_("Search"),
    "departments": N_("Departments"),
    "units": N_("Register of units"),
    "people": N_("People and posts"),
    "snapshots": N_("Snapshots of the years"),
    "successions": N_("Successions"),
    "imports": N_("Imports"),
    "batches": N_("Many at once"),
    "committee": N_("Committee"),
    "sittings": N_("Sittings"),
    "matters": N_("Matters and decisions"),
    "documents": N_("Rules and documents"),
    "versions": N_("Versions of documents"),
    "years": N_("Assessment years"),
    "participants": N_("Groups and units of a year"),
    "year-folders": N_("Folders of years"),
    "record": N_("Record"),
    "log": N_("Log and witnesses"),
    "erasures": N_("Erasures"),
    "users": N_("Users"),
    "roles": N_("Roles"),
    "tokens": N_("Tokens"),
    "installation": N_("Installation"),
    "jobs": N_("Jobs"),
    "indicator-settings": N_("Settings and common template"),
    "indicator-schemes": N_("Departments' schemes"),
    "indicator-path": N_("Schemes and their approval"),
    "sheets": N_("Assessment sheets"),
    "scheme-files": N_("Schemes as files, and papers"),
    "targets": N_("Targets"),
}
KINDS = {
    "string": N_("a text"),
    "integer": N_("a whole number"),
    "number": N_("a number"),
    "boolean": N_("true or false"),
    "date": N_("a day"),
    "date-time": N_("an instant"),
    "uuid": "UUID",
    "binary": N_("a file"),
    "object": N_("an object"),
    "any": N_("any value"),
}
DEEPEST = 3  # levels of fields that are shown
LONGEST = 1_000  # keys of this size and more say nothing to people


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body or an answer.  ``kind`` is a message id."""

    name: str
    kind: str
    is_list: bool
    required: bool
    nullable: bool
    choices: tuple[str, ...]
    limit: str
    says: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; ``says`` is a message id."""

    key: str
    method: str
    path: str
    verb: str
    says: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    media: str
    answer: tuple[Field, ...]
    gives: str
    example: str


@dataclass(frozen=True, slots=True)
class Area:
    """Operations that belong together; ``heading`` is a message id."""

    key: str
    heading: str
    operations: tuple[Operation, ...]


@lru_cache(maxsize=1)
def areas() -> Mapping[str, Area]:
    """Every area of the API, by its key, read from what the API says of itself."""
    described = _described()
    found: dict[str, list[Operation]] = {}
    for path, methods in described["paths"].items():
        for method, told in methods.items():
            found.setdefault(told["tags"][0], []).append(
                _operation(method.upper(), path, told, described["components"]["schemas"])
            )
    order = [*(key for key in AREAS if key in found), *sorted(set(found) - set(AREAS))]
    return {key: Area(key, AREAS.get(key, key), tuple(found[key])) for key in order}


def _described() -> Any:
    """The description, as anybody gets it."""
    request = HttpRequest()
    request.method = "GET"
    return json.loads(resolve(reverse("api:openapi")).func(request).content)


def _operation(method: str, path: str, told: Any, schemas: Any) -> Operation:
    media, schema = _content(told.get("requestBody"))
    answers = told["responses"]
    gives, answer = _content(answers.get("200") or answers.get("201"))
    return Operation(
        key=told["operationId"],
        method=method,
        path=path,
        verb=told["x-verb"],
        says=told["summary"],
        parameters=tuple(_parameters(told.get("parameters", ()), schemas)),
        body=tuple(_fields(schema, schemas)),
        media=media,
        answer=tuple(_fields(answer, schemas)) if "json" in gives else (),
        gives=gives,
        example=_example(_resolved(schema, schemas)),
    )


def _content(told: Any) -> tuple[str, Any]:
    """The media type of a body or an answer, and its schema; of one without, nothing."""
    for media, found in ((told or {}).get("content") or {}).items():
        return media, found.get("schema", {})
    return "", {}


def _parameters(told: Any, schemas: Any) -> Iterator[Field]:
    for each in told:
        if each["in"] != "header":  # these are the same for all, and explained once
            says = each.get("description", "")
            yield _field(each["name"], each["schema"], schemas, each.get("required", False), says)


def _fields(schema: Any, schemas: Any, before: str = "", depth: int = 0) -> Iterator[Field]:
    """The fields of an object, those of objects in it behind theirs."""
    schema = _resolved(schema, schemas)
    required = set(schema.get("required", ()))
    for name, told in schema.get("properties", {}).items():
        yield _field(before + name, told, schemas, name in required)
        inner, is_list, _nullable = _plain(told, schemas)
        if inner.get("properties") and depth + 1 < DEEPEST:
            dots = f"{before}{name}{'[]' if is_list else ''}."
            yield from _fields(inner, schemas, dots, depth + 1)


def _field(name: str, told: Any, schemas: Any, required: bool, says: str = "") -> Field:
    inner, is_list, nullable = _plain(told, schemas)
    kind = inner.get("format") if inner.get("format") in KINDS else inner.get("type", "any")
    return Field(
        name=name,
        kind=KINDS.get(str(kind), str(kind)),
        is_list=is_list,
        required=required,
        nullable=nullable,
        choices=tuple(str(each) for each in inner.get("enum", ())),
        limit=_limit(inner),
        says=says or told.get("description", ""),
    )


def _plain(told: Any, schemas: Any) -> tuple[Any, bool, bool]:
    """A schema without its wrappings: whether it is a list of that, and whether it may be null."""
    told = _resolved(told, schemas)
    several = told.get("anyOf", ())
    nullable = any(each.get("type") == "null" for each in several)
    rest = [each for each in several if each.get("type") != "null"]
    if rest:
        told = _resolved(next((each for each in rest if each.get("enum")), rest[0]), schemas)
    is_list = told.get("type") == "array"
    if is_list:
        inner, _list, _null = _plain(told.get("items", {}), schemas)
        return inner, True, nullable
    return told, False, nullable


def _limit(told: Any) -> str:
    """Between which bounds a value lies, as signs."""
    least = told.get("minimum", told.get("minLength"))
    most = told.get("maximum", told.get("maxLength"))
    if most is None or (told.get("type") == "integer" and most > LONGEST**4):
        return ""
    return f"{least}–{most}" if least is not None else f"≤ {most}"


def _resolved(told: Any, schemas: Any) -> Any:
    name = told.get("$ref", "")
    return schemas.get(name.rpartition("/")[2], {}) if name else told


def _example(schema: Any) -> str:
    examples = schema.get("examples") or ()
    return json.dumps(examples[0], ensure_ascii=False, indent=2) if examples else ""
