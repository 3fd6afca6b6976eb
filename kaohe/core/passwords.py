"""What a password must be, and until when it may be used."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from unicodedata import category, normalize

from kaohe.core.problems import N_

SHORTEST = 10
LONGEST = 128
CLASSES = 3  # of four: upper case, other letters, digits, everything else
REMEMBERED = 5  # passwords that may not come again
DAYS = 90  # for which one may be used
_SHORTEST_NAME = 2  # characters; a shorter name cannot be kept out of a password

_SENTENCES = {
    "too-short": N_("the password has {count} characters; at least {least} are needed"),
    "too-long": N_("the password has {count} characters; at most {most} are possible"),
    "too-plain": N_(
        "the password has {count} of four kinds of characters; use at least {least} of: "
        "capital letters, other letters, digits, signs"
    ),
    "unseen": N_("the password has a character that cannot be seen; type it anew"),
    "user-name": N_("the password contains the user name; leave it out"),
    "person-name": N_("the password contains your name; leave it out"),
    "used-before": N_("the password is one of your last {count}; choose another"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a password; it never holds the password itself."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The message id, with ``{facts}``."""
        return _SENTENCES[self.code]

    def say(self, translate: Callable[[str], str] = str) -> str:
        """What is wrong and what to do, in the language of ``translate``."""
        return translate(self.sentence).format_map(self.facts)


def problems_of(
    password: str,
    *,
    user_name: str = "",
    person_name: str = "",
    used_before: Callable[[str], bool] = lambda _: False,
) -> list[Fault]:
    """Everything that is wrong with a new password, at once; nothing: it may be used.

    Args:
        used_before: whether a password is one of the person's last ``REMEMBERED``; asked only of
            one that is right in all else, for it is dear.

    Source: docs/rules/passwords.md, P-1, P-2, P-3.

    >>> [fault.code for fault in problems_of("zhangsan", user_name="zhangsan")]
    ['too-short', 'too-plain', 'user-name']
    >>> problems_of("春风又绿江南岸2026!")
    []
    """
    faults = [*_of_form(password), *_of_names(password, user_name, person_name)]
    if not faults and used_before(password):
        faults.append(Fault("used-before", {"count": REMEMBERED}))
    return faults


def _of_form(password: str) -> Iterator[Fault]:
    count = len(password)
    if count < SHORTEST:
        yield Fault("too-short", {"count": count, "least": SHORTEST})
    if count > LONGEST:
        yield Fault("too-long", {"count": count, "most": LONGEST})
    kinds = len({_kind(character) for character in password})
    if kinds < CLASSES:
        yield Fault("too-plain", {"count": kinds, "least": CLASSES})
    if any(category(character) in {"Cc", "Cf", "Cs"} for character in password):
        yield Fault("unseen")


def _kind(character: str) -> str:
    if character.isupper():
        return "capital"
    if character.isalpha():
        return "letter"
    return "digit" if character.isdigit() else "sign"


def _of_names(password: str, user_name: str, person_name: str) -> Iterator[Fault]:
    plain = _plain(password)
    for code, name in (("user-name", user_name), ("person-name", person_name)):
        if len(_plain(name)) >= _SHORTEST_NAME and _plain(name) in plain:
            yield Fault(code)


def _plain(text: str) -> str:
    return "".join(normalize("NFKC", text).casefold().split())


def expires_on(changed_on: date) -> date:
    """The first day on which a password can no longer be used, but only changed.

    Source: docs/rules/passwords.md, P-4.

    >>> expires_on(date(2026, 1, 1))
    datetime.date(2026, 4, 1)
    """
    return changed_on + timedelta(days=DAYS)
