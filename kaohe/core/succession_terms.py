"""What is decided of a succession of units, what it must agree with, and what follows from it."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from kaohe.core.problems import N_
from kaohe.core.rows import Succession


class Deed(StrEnum):
    """What may become of units."""

    RENAME = "rename"  # a new name, a new code, or both; the body stays the same
    MERGE = "merge"
    SPLIT = "split"
    TRANSFER = "transfer"
    CLOSE = "close"


class Form(StrEnum):
    """How units merge."""

    INTO_EXISTING = "into_existing"  # one of them continues
    INTO_NEW = "into_new"  # all of them end


DEED_WORDS: Mapping[Deed, str] = {
    Deed.RENAME: N_("rename a unit"),
    Deed.MERGE: N_("merge units"),
    Deed.SPLIT: N_("split a unit"),
    Deed.TRANSFER: N_("transfer to another department"),
    Deed.CLOSE: N_("close a unit"),
}
FORM_WORDS: Mapping[Form, str] = {
    Form.INTO_EXISTING: N_("into one of the units"),
    Form.INTO_NEW: N_("into a new unit"),
}


class Standing(NamedTuple):
    """A unit as it stands; ``changed_on``: since when it has its present name and department."""

    code: str
    name: str
    department: str
    opened_on: date
    changed_on: date | None = None
    closed_on: date | None = None


class Newcomer(NamedTuple):
    """A unit that begins; without a department it has that of the first unit it comes from."""

    code: str
    name: str
    department: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is decided of a deed; ``day`` is the first of the new state.

    ``name`` and ``code`` are of a rename (empty: unchanged), ``name`` also of an absorption;
    ``department`` of a transfer; ``form``, ``survivor`` of a merger; ``newcomers`` of a merger into
    a new unit and of a split; ``continues``: whether the unit that is split stays.
    """

    day: date
    name: str = ""
    code: str = ""
    department: str = ""
    form: Form | None = None
    survivor: str = ""
    newcomers: tuple[Newcomer, ...] = ()
    continues: bool = True


@dataclass(frozen=True, slots=True)
class Ground:
    """What a deed must agree with.

    ``codes``: every code that any unit has or had.  ``names``: present names of open units to
    their codes.  ``open_from``: the first day that lies in no closed year.
    """

    codes: Set[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    open_from: date = date.min


class Ends(NamedTuple):
    """A name or an affiliation of a unit that ends; ``last_day`` is its last."""

    unit: str
    value: str
    last_day: date


class Begins(NamedTuple):
    """A name or an affiliation of a unit that begins on ``first_day``."""

    unit: str
    value: str
    first_day: date


class Recoding(NamedTuple):
    """A unit that goes on under another code."""

    old: str
    new: str
    first_day: date


class Closing(NamedTuple):
    """A unit that ends with ``last_day``."""

    unit: str
    last_day: date


class Opening(NamedTuple):
    """A unit that begins on ``first_day``."""

    unit: str
    name: str
    department: str
    first_day: date


@dataclass(frozen=True, slots=True)
class Plan:
    """All that follows from a deed.

    Rows on a recoded unit name it by its old code.  ``successions`` are rows of the table of that
    name, with the first assessment year of the new state.
    """

    deed: Deed
    day: date
    units: tuple[str, ...]
    names_end: tuple[Ends, ...] = ()
    names_begin: tuple[Begins, ...] = ()
    affiliations_end: tuple[Ends, ...] = ()
    affiliations_begin: tuple[Begins, ...] = ()
    recodings: tuple[Recoding, ...] = ()
    closings: tuple[Closing, ...] = ()
    openings: tuple[Opening, ...] = ()
    successions: tuple[Succession, ...] = ()
