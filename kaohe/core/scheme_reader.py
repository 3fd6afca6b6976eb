"""Reading values out of a parsed TOML tree: typed, and loud about what it does not understand.

Each method takes one key, gives back a sound value, and notes a problem where there is none.
After a problem the value is the default, so that reading goes on and all problems are found.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from kaohe.core.problems import Problem, declare
from kaohe.core.quantities import FULL, LIMIT, TICK, parse_ticks, show_plain

FILE = "scheme.toml"
DANGEROUS = ("=", "+", "-", "@")

declare(
    "error",
    {
        "scheme-unknown-key": (
            "there is no setting “{key}”",
            "correct the spelling (allowed here: {allowed}) or delete the line",
        ),
        "scheme-key-missing": (
            "the setting “{key}” is missing",
            "add the line {key} = … with its value",
        ),
        "scheme-not-table": (
            "“{key}” must be a table of settings, and “{found}” stands there",
            "write it as [{key}] with one setting a line below",
        ),
        "scheme-not-list": (
            "“{key}” must be a list, and “{found}” stands there",
            "write it in square brackets, entries parted by commas",
        ),
        "scheme-not-text": (
            "“{key}” must be text, and “{found}” stands there",
            "write it in double quotes, not empty",
        ),
        "scheme-not-choice": (
            "“{key}” cannot be “{found}”",
            "write one of: {allowed}",
        ),
        "scheme-not-decimal": (
            "“{key}” must be a number with at most 4 digits after the point, and “{found}” "
            "stands there",
            "write plain digits, for example 20 or 12.5; no exponent, no quotes, no percent sign",
        ),
        "scheme-not-whole": (
            "“{key}” must be a whole number, and “{found}” stands there",
            "write digits without a point",
        ),
        "scheme-out-of-range": (
            "“{key}” is {found}, and must be {range}",
            "correct the number",
        ),
        "scheme-duplicate": (
            "“{found}” stands twice in “{key}”",
            "keep one of them, or give the other a code of its own",
        ),
        "scheme-danger": (
            "“{found}” in “{key}” begins with a sign that a spreadsheet would run as a formula",
            "begin the code with a letter or a digit, not with =, +, - or @",
        ),
    },
)


class Decimal(str):
    """A TOML number with a point or an exponent, as it was written."""


class Reader:
    """Reads one table of the scheme; ``problems`` is shared by all readers of a scheme."""

    def __init__(
        self, tree: Mapping[str, object], path: str = "", problems: list[Problem] | None = None
    ) -> None:
        self.tree = tree
        self.path = path
        self.problems: list[Problem] = [] if problems is None else problems

    def refuse(self, code: str, key: str, **facts: object) -> None:
        """Notes a problem at ``key`` of this table."""
        place = self.place(key)
        self.problems.append(Problem(code, FILE, None, place, {"key": place, **facts}))

    def place(self, key: str) -> str:
        """The dotted name of ``key`` in the whole scheme."""
        return f"{self.path}.{key}" if self.path else key

    def only(self, *allowed: str) -> None:
        """Refuses every key that is not one of these: a misspelt minimum must not pass."""
        for key in self.tree:
            if key not in allowed:
                near = get_close_matches(key, allowed, 3) or sorted(allowed)
                self.refuse("scheme-unknown-key", key, allowed=", ".join(near))

    def table(self, key: str, *, required: bool = False) -> "Reader":
        """The table at ``key``; an empty one where it is left out."""
        value = self._take(key, required)
        if value is not None and not isinstance(value, Mapping):
            self.refuse("scheme-not-table", key, found=shown(value))
            value = None
        return Reader(value or {}, self.place(key), self.problems)

    def entries(self, key: str) -> "list[Reader] | None":
        """The tables in the list at ``key``; None where it is left out."""
        value = self._take(key, False)
        if value is None:
            return None
        if not isinstance(value, list):
            self.refuse("scheme-not-list", key, found=shown(value))
            return None
        readers = []
        for number, entry in enumerate(value, 1):
            path = f"{key}[{number}]"
            if isinstance(entry, Mapping):
                readers.append(Reader(entry, self.place(path), self.problems))
            else:
                self.refuse("scheme-not-table", path, found=shown(entry))
        return readers

    def text(self, key: str, default: str | None = None, *, code: bool = True) -> str:
        """Text; where it is a code it may not be empty, padded or begin like a formula."""
        value = self._take(key, default is None)
        if value is None:
            return default or ""
        return self._text(key, value, code=code) or default or ""

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of different codes."""
        value = self._take(key, default is None)
        if value is None:
            return default or ()
        if not isinstance(value, list):
            self.refuse("scheme-not-list", key, found=shown(value))
            return default or ()
        codes = [self._text(key, entry, code=True) for entry in value]
        self.different(key, [code for code in codes if code])
        return tuple(code for code in codes if code)

    def choice(self, key: str, default: str | None, *allowed: str) -> str:
        """One of the words ``allowed``."""
        value = self._take(key, default is None)
        if value is None:
            return default or allowed[0]
        if not isinstance(value, str) or isinstance(value, Decimal) or value not in allowed:
            self.refuse("scheme-not-choice", key, found=shown(value), allowed=", ".join(allowed))
            return default or allowed[0]
        return value

    def ticks(self, key: str, default: int | None, *, top: int = LIMIT - 1, low: int = 0) -> int:
        """A decimal as ticks, between ``low`` and ``top``; ``default`` None: required."""
        value = self._take(key, default is None)
        if value is None:
            return default or low
        return self.number(key, value, low=low, top=top)

    def percent(self, key: str, default: int | None) -> int:
        """A percentage from 0 to 100, as ticks."""
        return self.ticks(key, default, top=FULL)

    def weight(self, key: str) -> int:
        """A weight: more than 0, below 10,000, as ticks."""
        return self.ticks(key, None, low=1, top=10_000 * TICK - 1)

    def whole(
        self, key: str, default: int | None, *, low: int = 0, top: int = LIMIT // TICK - 1
    ) -> int:
        """A whole number, not as ticks."""
        value = self._take(key, default is None)
        if value is None:
            return default or low
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse("scheme-not-whole", key, found=shown(value))
            return default or low
        if not low <= value <= top:
            self.refuse("scheme-out-of-range", key, found=value, range=f"{low} … {top}")
            return default or low
        return value

    def number(self, key: str, value: object, *, low: int, top: int) -> int:
        """One value as ticks; a problem and ``low`` where it is none."""
        ticks: int | None = None
        if isinstance(value, int) and not isinstance(value, bool):
            ticks = value * TICK
        elif isinstance(value, Decimal):
            ticks = parse_ticks(value)
        if ticks is None:
            self.refuse("scheme-not-decimal", key, found=shown(value))
            return low
        if not low <= ticks <= top:
            bounds = f"{show_plain(low)} … {show_plain(top)}"
            self.refuse("scheme-out-of-range", key, found=show_plain(ticks), range=bounds)
            return low
        return ticks

    def different(self, key: str, codes: Iterable[str]) -> None:
        """Refuses what stands twice."""
        seen: set[str] = set()
        for code in codes:
            if code in seen:
                self.refuse("scheme-duplicate", key, found=code)
            seen.add(code)

    def _take(self, key: str, required: bool) -> object:
        value = self.tree.get(key)
        if value is None and required:
            self.refuse("scheme-key-missing", key)
        return value

    def _text(self, key: str, value: object, *, code: bool) -> str:
        if not isinstance(value, str) or isinstance(value, Decimal):
            self.refuse("scheme-not-text", key, found=shown(value))
            return ""
        if not code:
            return value
        bare = value.strip()
        if not bare:
            self.refuse("scheme-not-text", key, found=value)
        elif bare.startswith(DANGEROUS):
            self.refuse("scheme-danger", key, found=bare)
        return bare


def shown(value: object) -> str:
    """A value of the tree as its writer would recognise it, cut to one short line."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
