"""A line of the desk."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the desk.

    ``kind``, ``deed`` and ``title`` are message ids, ``title`` with ``facts``.  ``url`` is the name
    of an address with ``key`` as its argument and ``query`` behind it.
    """

    kind: str
    title: str
    deed: str
    url: str
    key: int | None = None
    query: str = ""
    facts: dict[str, object] = field(default_factory=dict)
    due_on: date | None = None
    note: str = ""  # free text: a reason, a name
    calendar: bool = False  # its days are calendar days, not working days
    words: frozenset[str] = frozenset()  # the facts that are message ids themselves

    def say(self, translate: Callable[[str], str]) -> str:
        """The title in the language of ``translate``."""
        facts = {
            name: translate(str(value)) if name in self.words else value
            for name, value in self.facts.items()
        }
        return translate(self.title).format_map(facts)
