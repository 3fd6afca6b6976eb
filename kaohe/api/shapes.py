"""What objects look like over the API: the parts that every body and every answer is made of.

Names in snake_case; days ``2026-03-05``; instants RFC 3339 in UTC; decimals as text.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from kaohe.core.leaf import instant
from kaohe.core.texts import clean, clean_long

DEFAULT, MOST = 50, 500  # rows of a page
LARGEST_KEY = 2**63 - 1
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,4})?")
LONG = 5000


JurisdictionChoice = Annotated[str, Field(pattern="^[0-9]{0,12}$")]  # by its code; empty: one's own


class Body(BaseModel):
    """What a request brings.  Unknown names are refused, and nothing is guessed."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def given(self, *but: str) -> dict[str, Any]:
        """What was sent, without what was left out, and without the names in ``but``."""
        return {name: getattr(self, name) for name in self.model_fields_set if name not in but}


class Shape(BaseModel):
    """What an answer shows; read from the attributes of a row."""

    model_config = ConfigDict(from_attributes=True)


class Object(Shape):
    """An object with a key and a version, which is its ETag."""

    id: int
    version: int


class ShownOnce(Shape):
    """An answer that holds a secret: the first holds it, and nothing keeps it."""

    def kept(self) -> Self:
        """The same without it, for a request that comes again with its key."""
        raise NotImplementedError


class Paging(BaseModel):
    """Which part of a list; filters are added by the list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(DEFAULT, ge=1, le=MOST, description="How many at most.")
    cursor: str = Field("", max_length=1000, description="“next” of the answer before.")


class Place(Paging):
    """A part of a list of one jurisdiction."""

    jurisdiction: JurisdictionChoice = Field(
        "", description="Its code; needed where you may see several."
    )


class Where(BaseModel):
    """Of which jurisdiction."""

    model_config = ConfigDict(extra="forbid")

    jurisdiction: JurisdictionChoice = Field(
        "", description="Its code; needed where you may see several."
    )


class Page(BaseModel):
    """What an answer to a list holds beside its items."""

    next: str | None = Field(description="The cursor of the next part; null: this was the last.")


def _day(value: Any) -> date:
    """A day that is written as it must be; the very first one where it is not."""
    try:
        return date.fromisoformat(value if _DAY.fullmatch(value) else "")
    except (TypeError, ValueError):
        return date.min


def _day_between(first: int, last: int) -> BeforeValidator:
    def read(value: Any) -> Any:
        if isinstance(value, date):
            return value
        day = _day(value)
        if not first <= day.year <= last:
            raise PydanticCustomError(
                "day", "not a day", {"first": f"{first}-01-01", "last": f"{last}-12-31"}
            )
        return day

    return BeforeValidator(read)


def _day_schema(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "format": "date", "pattern": pattern})


_REST = "-[0-9]{2}-[0-9]{2}$"
Day = Annotated[
    date, _day_between(1949, 2100), _day_schema(f"^(19(49|[5-9][0-9])|20[0-9]{{2}}|2100){_REST}")
]
OldDay = Annotated[  # of what may be older than the republic
    date, _day_between(1800, 2100), _day_schema(f"^(1[89][0-9]{{2}}|20[0-9]{{2}}|2100){_REST}")
]
FarDay = Annotated[  # of certificates, some of which hold without end
    date, _day_between(1800, 9999), _day_schema(f"^(1[89]|[2-9][0-9])[0-9]{{2}}{_REST}")
]


def _no_formula(text: str) -> str:
    found = clean(text)
    if found[:1] in ("=", "+", "-", "@"):
        raise PydanticCustomError("formula", "begins like a formula", {"sign": found[0]})
    return found


def _filled(text: str) -> str:
    if not text:
        raise PydanticCustomError("too_short", "nothing that can be seen", {"least": 1})
    return text


def _short(most: int) -> AfterValidator:
    """Counted again once it is clean: some characters become two."""

    def counted(text: str) -> str:
        if len(text) > most:
            raise PydanticCustomError("too_long", "too long", {"most": most})
        return text

    return AfterValidator(counted)


_CLEAN = AfterValidator(_no_formula)
_FILLED = AfterValidator(_filled)
Line = Annotated[str, Field(max_length=120), _CLEAN, _short(120)]  # one line; may be empty
Name = Annotated[str, Field(min_length=1, max_length=120), _CLEAN, _short(120), _FILLED]
Short = Annotated[str, Field(max_length=60), _CLEAN, _short(60)]
Brief = Annotated[str, Field(max_length=40), _CLEAN, _short(40)]
Phone = Annotated[str, Field(max_length=30), _CLEAN, _short(30)]
PersonName = Annotated[str, Field(min_length=1, max_length=60), _CLEAN, _short(60), _FILLED]
Heading = Annotated[str, Field(min_length=1, max_length=200), _CLEAN, _short(200), _FILLED]
Aside = Annotated[str, Field(max_length=200), _CLEAN, _short(200)]
CreditCode = Annotated[str, Field(max_length=18), _CLEAN, _short(18)]
Text = Annotated[str, Field(max_length=LONG), AfterValidator(clean_long), _short(LONG)]
Minutes = Annotated[str, Field(max_length=50_000), AfterValidator(clean_long), _short(50_000)]
Rules = Annotated[str, Field(max_length=200_000), AfterValidator(clean_long), _short(200_000)]
Reason = Annotated[
    str, Field(min_length=1, max_length=LONG), AfterValidator(clean_long), _short(LONG), _FILLED
]
Key = Annotated[int, Field(ge=1, le=LARGEST_KEY)]


def _decimal(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise PydanticCustomError("decimal", "not a decimal", {"places": 4})
    return Decimal(value)


Amount = Annotated[  # a decimal, as text both ways
    Decimal,
    BeforeValidator(_decimal),
    PlainSerializer(lambda value: f"{value.normalize():f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": rf"^{_DECIMAL.pattern}$"}),
]


def _aware(moment: datetime) -> str:
    return instant(moment.astimezone(UTC))


Instant = Annotated[
    datetime,
    PlainSerializer(_aware, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


def _code(value: Any) -> Any:
    return getattr(value, "code", value)


JurisdictionCode = Annotated[str, BeforeValidator(_code)]  # from a row of the table, or its code
