"""What entries of the record look like over the API."""

from datetime import date
from typing import Any, Literal, Self

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from kaohe.api.shapes import Instant, Paging, Shape
from kaohe.core.leaf import Fact
from kaohe.organization.queries.trace import Opened


class EntryLine(Shape):
    """An entry in a list."""

    id: int = Field(description="№: the number of its row.")
    entry: str = Field(description="Its own number: 32 hexadecimal digits.")
    index: int | None = Field(description="In the log; null: it waits to be sealed.")
    at: Instant
    jurisdiction: str
    unit: str = Field(description="The credit code, of that day.")
    subject: str = Field(description="The object: its kind and number.")
    action: str
    actor: str = Field(description="The pseudonym that stands in the public log.")
    actor_name: str | None = Field(description="Who that is; null: the installation itself.")


class SeenShape(Shape):
    """A witness that has cosigned the checkpoint, by its own clock."""

    name: str
    vkey: str
    at: Instant


class EntryShape(Shape):
    """An entry with all that it says, and the exact bytes that bind."""

    id: int
    entry: str
    index: int | None
    at: Instant
    jurisdiction: str
    unit: str
    subject: str
    action: str
    actor: str
    actor_name: str | None
    role: str = Field(description="In which it was done.")
    effective_on: date | None
    facts: dict[str, Fact]
    was: dict[str, Fact] = Field(description="The facts that were others before.")
    texts: dict[str, str | None] = Field(description="Names and free texts; null: erased.")
    leaf: str = Field(description="Canonical JSON; its UTF-8 bytes are the leaf.")
    sha256: str = Field(description="Of the leaf's bytes.")
    leaf_hash: str = Field(description="What stands for them in the tree.")
    checkpoint: int | None = Field(description="The size of the one that covers it.")
    signed_at: Instant | None
    seen_by: list[SeenShape]

    @classmethod
    def of(cls, opened: Opened, actor_name: str | None) -> Self:
        """From an entry that was opened."""
        told, standing = opened.told, opened.standing
        same = ("entry", "at", "jurisdiction", "unit", "subject", "action", "actor", "role")
        said: dict[str, Any] = {name: getattr(told, name) for name in same}
        return cls(
            **said,
            id=told.number,
            index=standing.index if standing.size is not None else None,
            actor_name=actor_name,
            effective_on=told.effective_on,
            facts=told.facts,
            was=told.was,
            texts=told.sealed,
            leaf=opened.leaf,
            sha256=opened.digest,
            leaf_hash=opened.leaf_hash,
            checkpoint=standing.size,
            signed_at=standing.signed_at,
            seen_by=[SeenShape.model_validate(each) for each in standing.seen_by],
        )


class CheckShape(Shape):
    """One thing that was checked."""

    about: str
    holds: bool | None = Field(description="null: it could not be looked at yet.")
    found: str

    @model_validator(mode="before")
    @classmethod
    def _said(cls, row: Any) -> Any:
        return {"about": _(row.words), "holds": row.holds, "found": row.say(_)}


class ChecksShape(Shape):
    """Every check of one entry, each building on those before."""

    outcome: Literal["holds", "waits", "fails"]
    checks: list[CheckShape]


class EntryFilters(Paging):
    """What the record can be narrowed by."""

    about: str = Field("", max_length=120, description="unit:12, a kind, a code, or a name.")
    unit: str = Field("", max_length=18, description="A credit code.")
    actor: str = Field("", max_length=60, description="A part of the name, or a pseudonym.")
    action: str = Field("", max_length=60, description="The action's code.")
    number: str = Field("", max_length=40, description="№, index, or the entry's own number.")
    since: Instant | None = Field(None, description="From this instant on.")
    before: Instant | None = Field(None, description="Before this instant.")
