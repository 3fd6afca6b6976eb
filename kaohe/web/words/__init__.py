"""What people read where the record or a table holds a code: actions, fields, choices.

Each area declares its words in a module of its own; the texts are English message ids.
"""

from collections.abc import Callable, Mapping

from kaohe.core.problems import N_

FROM = N_(", from {day}")
ACTIONS: dict[str, str] = {}  # action of an entry → a sentence without its doer
NUMBERED: dict[str, str] = {}  # the same with %(number)s, for entries that have the fact
FIELDS: dict[str, str] = {}  # name of a fact → its label
DAYS: dict[str, str] = {}  # action of an entry → how its day is told, where not as ``FROM``
TEXTS: dict[str, Callable[[str], str]] = {}  # "kind.name" of a sealed text → how it is told
CHOICES: dict[str, dict[str, str]] = {}  # name of a fact → its codes → words


def declare_words(
    *,
    actions: Mapping[str, str] | None = None,
    numbered: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
    choices: Mapping[str, Mapping[str, str]] | None = None,
    days: Mapping[str, str] | None = None,
    texts: Mapping[str, Callable[[str], str]] | None = None,
) -> None:
    """Add the words of an area.

    Args:
        days: for actions whose day is not the first on which something holds.
        texts: for sealed texts that hold codes: what is shown in their place.

    Raises:
        ValueError: a code already has other words.
    """
    for known, given in (
        (ACTIONS, actions or {}),
        (NUMBERED, numbered or {}),
        (FIELDS, fields or {}),
        (DAYS, days or {}),
    ):
        for code, text in given.items():
            if known.setdefault(code, text) != text:
                raise ValueError(f"{code} has two wordings")
    TEXTS.update(texts or {})
    for name, words in (choices or {}).items():
        CHOICES.setdefault(name, {}).update(words)
