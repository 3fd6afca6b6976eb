"""What is wrong with a value of a request, and how to mend it, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from kaohe.api.parsing import printable
from kaohe.api.problems import FieldError
from kaohe.core.problems import N_

MOST = 100  # errors that are listed

# kind of error → our code, what is wrong, how to mend it
_KINDS: dict[str, tuple[str, str, str]] = {
    "missing": ("missing", N_("It is missing."), N_("Send it.")),
    "extra_forbidden": (
        "unknown",
        N_("There is no such name here."),
        N_("Correct its spelling or leave it out."),
    ),
    "string": ("not-text", N_("It is not a text."), N_("Send a text in quotes.")),
    "too_long": (
        "too-long",
        N_("It is longer than {most}."),
        N_("Shorten it."),
    ),
    "too_short": ("too-short", N_("It is shorter than {least}."), N_("Fill it in.")),
    "int": (
        "not-whole",
        N_("It is not a whole number."),
        N_("Send a whole number without quotes."),
    ),
    "bool": ("not-truth", N_("It is neither true nor false."), N_("Send true or false.")),
    "day": (
        "not-a-day",
        N_("It is not a day between {first} and {last}."),
        N_("Write it as 2026-03-05."),
    ),
    "decimal": (
        "not-a-decimal",
        N_("It is not a number with at most {places} decimal places, as a text."),
        N_('Write it as "12.5", in quotes.'),
    ),
    "choice": ("not-a-choice", N_("It is none of {choices}."), N_("Send one of these.")),
    "formula": (
        "formula",
        N_("It begins with {sign}, which a spreadsheet would run as a formula."),
        N_("Begin it otherwise."),
    ),
    "too_small": ("too-small", N_("It is less than {least}."), N_("Send a larger number.")),
    "too_large": ("too-large", N_("It is more than {most}."), N_("Send a smaller number.")),
    "list": ("not-a-list", N_("It is not a list."), N_("Send a list in square brackets.")),
    "object": ("not-an-object", N_("It is not an object."), N_("Send an object in braces.")),
    "twice": ("twice", N_("It stands twice in the address."), N_("Leave one of them out.")),
    "other": (
        "not-fitting",
        N_("It is not what is asked for here."),
        N_("Compare it with /api/v1/openapi.json."),
    ),
}
# what pydantic calls it → a kind above
_ALIASES = {
    "string_type": "string",
    "string_unicode": "string",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "int_type": "int",
    "int_parsing": "int",
    "int_parsing_size": "int",
    "int_from_float": "int",
    "bool_type": "bool",
    "bool_parsing": "bool",
    "literal_error": "choice",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "list_type": "list",
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
}
_FACTS = {"ge": "least", "le": "most", "min_length": "least", "max_length": "most"}


def field_error(where: str, kind: str, facts: Mapping[str, Any]) -> FieldError:
    """One error, in words."""
    found = _ALIASES.get(kind, kind)
    code, what, how = _KINDS.get(found, _KINDS["other"])
    told = {_FACTS.get(name, name): value for name, value in facts.items()}
    if found == "choice":
        told["choices"] = str(told.get("expected", told.get("choices", ""))).replace("'", "")
    return FieldError(where, _(what).format_map(told), _(how), code)


def field_errors(found: Iterable[Mapping[str, Any]]) -> list[FieldError]:
    """The errors of a request, as ninja found them, in words."""
    errors = []
    for each in found:
        errors.append(field_error(_where(each["loc"]), each["type"], each.get("ctx") or {}))
        if len(errors) == MOST:
            break
    return errors


def _where(loc: Iterable[Any]) -> str:
    """Where a value stands: ``/rows/3/name`` in the body, or the name of a parameter."""
    source, *path = loc
    if source == "body":
        return "/" + "/".join(_escaped(part) for part in path[1:]) if path[1:] else ""
    return printable(str(path[-1])) if path else str(source)


def _escaped(part: Any) -> str:
    return printable(str(part)).replace("~", "~0").replace("/", "~1")
