"""An entry of the record that concerns a unit, told in full."""

from datetime import date
from typing import Any

from pydantic import Field, model_validator

from kaohe.api.shapes import Instant, Shape
from kaohe.journal.queries import tell

Fact = str | int | bool | list[str] | None


class UnitEntry(Shape):
    """One thing done.  The row comes from ``queries.access.with_actors``."""

    entry: str = Field(description="Its own number, 32 hexadecimal digits.")
    at: Instant
    who: str | None = Field(description="Who did it; null: the installation.")
    role: str
    action: str
    subject: str
    jurisdiction: str
    unit: str = Field(description="The code of the unit that it concerns.")
    effective_on: date | None
    facts: dict[str, Fact] = Field(description="What now holds.")
    was: dict[str, Fact] = Field(description="What held before.")
    sealed: dict[str, str | None] = Field(description="Personal and free text; null: erased.")

    @model_validator(mode="before")
    @classmethod
    def _told(cls, row: Any) -> Any:
        told = next(tell([row]))
        names = (
            *("entry", "at", "role", "action", "subject", "jurisdiction", "unit"),
            *("effective_on", "facts", "was", "sealed"),
        )
        return {**{name: getattr(told, name) for name in names}, "who": row.who}
