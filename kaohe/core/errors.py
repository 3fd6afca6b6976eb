"""What the platform refuses to do, and why.

A refusal is part of the product: someone will read it and act on it.  So every refusal is a class
with a stable ``code``, the facts that led to it, and a sentence that says what is wrong and what to
do.  Pages turn a *family* into a status; nothing else about HTTP is known here.  What is wrong with
a table of rows is a ``Problem`` (``core.problems``); a refusal is about one deed.

Bugs are not refusals: they are left to crash.  See docs/errors.md for the catalogue.
"""

from collections.abc import Callable, Mapping
from typing import ClassVar


class Refusal(Exception):
    """The platform will not do this.  Catch a family, never this base.

    A subclass sets ``code`` and ``sentence``, an English message id with ``{facts}``; the facts are
    given by keyword.  ``words`` names the facts that are message ids themselves.
    """

    code: ClassVar[str] = ""
    sentence: ClassVar[str] = ""
    field: ClassVar[str] = ""  # the field of a form that it is about, where there is one
    words: ClassVar[frozenset[str]] = frozenset()
    catalogue: ClassVar[dict[str, type["Refusal"]]] = {}

    def __init_subclass__(cls) -> None:
        if code := cls.__dict__.get("code"):
            if code in Refusal.catalogue:
                raise ValueError(f"two refusals share the code {code}")
            Refusal.catalogue[code] = cls

    def __init__(self, **facts: object) -> None:
        self.facts: Mapping[str, object] = facts
        super().__init__(facts)

    def say(self, translate: Callable[[str], str] = str) -> str:
        """The sentence in the language of ``translate``."""
        facts = {
            name: translate(str(fact)) if name in self.words else fact
            for name, fact in self.facts.items()
        }
        return translate(self.sentence).format_map(facts)

    def __str__(self) -> str:
        return self.say()


class Invalid(Refusal):
    """What was given breaks a rule; giving something else may work.  (422)"""


class NotPermitted(Refusal):
    """This person may not do this here.  (403)"""


class NotFound(Refusal):
    """No such thing, or not one this person may know of.  (404)"""


class Conflict(Refusal):
    """It was possible a moment ago; someone else moved first.  (409)"""
