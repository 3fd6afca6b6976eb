"""A line of the desk."""

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
