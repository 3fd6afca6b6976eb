"""What every service does: take the object as it was seen, write it, tell the record."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol, TypeVar

from django.db.models import Model

from kaohe.core.errors import Conflict
from kaohe.core.leaf import Event, Fact
from kaohe.core.problems import N_
from kaohe.journal import services as journal
from kaohe.organization.models import Jurisdiction, User
from kaohe.organization.models.jurisdictions import fact


class Changed(Conflict):
    """The object is no longer what was on the screen."""

    code = "writing.changed-meanwhile"
    sentence = N_(
        "Somebody has changed this since you opened it. Nothing of yours was saved. Open it anew,"
        " compare, and enter again what still holds."
    )


class Named(Protocol):
    """What the record needs to know of an object."""

    @property
    def subject(self) -> str:
        """Its name in the record."""

    plain: Any
    sealed: Any
    version: Any


M = TypeVar("M", bound=Model)
_FACTS = frozenset({str, int, bool, type(None)})  # are written as they are


class State:
    """What the record keeps of an object at one moment."""

    def __init__(self, row: Any) -> None:
        self.facts: dict[str, Fact] = {
            name: value if type(value) in _FACTS else fact(value)
            for name in row.plain
            for value in (getattr(row, name),)
        }
        self.texts: dict[str, str] = {name: str(getattr(row, name) or "") for name in row.sealed}


def taken(model: type[M], key: object, seen: int | None) -> M:
    """The row, locked for the rest of the transaction, if it still is what the person saw.

    Args:
        seen: the version that was on the screen; None: whatever it is now.

    Raises:
        Changed: it is not.
    """
    row = model._default_manager.select_for_update(of=("self",)).get(pk=key)
    if seen is not None and getattr(row, "version", seen) != seen:
        raise Changed
    return row


def code_of(row: Any) -> str:
    """The code of the jurisdiction that an object belongs to; empty for the installation's own."""
    if isinstance(row, Jurisdiction):
        return row.code
    jurisdiction = getattr(row, "jurisdiction", None)
    return jurisdiction.code if jurisdiction else ""


def created(
    row: Any,
    action: str,
    *,
    unit: str = "",
    effective_on: date | None = None,
    extra: Mapping[str, Fact] | None = None,
    texts: Mapping[str, str] | None = None,
) -> Event:
    """The entry for an object that is new; ``extra`` and ``texts`` add to what it keeps itself."""
    state = State(row)
    return Event(
        action,
        row.subject,
        code_of(row),
        unit,
        facts={**_filled(state.facts), **(extra or {})},
        sealed={name: text for name, text in {**state.texts, **(texts or {})}.items() if text},
        effective_on=effective_on,
    )


def changed(
    row: Any,
    before: State,
    action: str,
    *,
    unit: str = "",
    effective_on: date | None = None,
    extra: Mapping[str, Fact] | None = None,
    texts: Mapping[str, str] | None = None,
) -> Event:
    """The entry for an object that was changed: what now holds, and what held before."""
    now = State(row)
    moved = [name for name, value in now.facts.items() if before.facts[name] != value]
    rewritten = [name for name, text in now.texts.items() if before.texts[name] != text]
    sealed = {name: now.texts[name] for name in rewritten}
    sealed |= {f"was.{name}": before.texts[name] for name in rewritten if before.texts[name]}
    return Event(
        action,
        row.subject,
        code_of(row),
        unit,
        facts={**{name: now.facts[name] for name in moved}, **(extra or {})},
        was={name: before.facts[name] for name in moved},
        sealed={**sealed, **{name: text for name, text in (texts or {}).items() if text}},
        effective_on=effective_on,
    )


def _filled(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    return {name: value for name, value in facts.items() if value not in (None, "")}


def is_same(row: Any, before: State) -> bool:
    """Whether nothing that the record keeps has changed; then there is nothing to write."""
    now = State(row)
    return now.facts == before.facts and now.texts == before.texts


def save(row: Any, *, by: User | None, event: Event) -> None:
    """Write a changed row as its next version, and tell the record."""
    row.version += 1
    row.save()
    journal.append(event, by=by)


def record(event: Event, *, by: User | None) -> None:
    """Tell the record of one thing done."""
    journal.append(event, by=by)


def record_all(events: Iterable[Event], *, by: User | None) -> None:
    """Tell the record of many things done, an entry for each."""
    journal.append_all(list(events), by=by)
