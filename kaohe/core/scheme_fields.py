"""The settings of a scheme as people set them (方案设置): what each means, and whence it comes.

A setting is known by its dotted key in ``scheme.toml``.  The tag says how far an office may change
it: from the model of the city that began this (seed), by law (reg), common practice (practice), or
what this program recommends (design).  The list itself is in ``core.scheme_settings``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from kaohe.core.problems import N_


class Section(StrEnum):
    """The pages on which settings stand."""

    WEIGHTS = "weights"
    GROUPS = "groups"
    TIERS = "tiers"
    SURVEY = "survey"
    ADJUSTMENTS = "adjustments"
    GRADING = "grading"
    LINKAGES = "linkages"
    CHECKUP = "checkup"  # beside the engine's scheme: core.checkup_limits


class Kind(StrEnum):
    """How the value of a setting is written."""

    LINE = "line"
    WEIGHT = "weight"
    PERCENT = "percent"
    POINTS = "points"
    WHOLE = "whole"
    CHOICE = "choice"
    LIST = "list"  # several of ``choices``, in an order; without choices, of the scheme's tiers
    NUMBERS = "numbers"  # as many as ``count``
    ROWS = "rows"  # a table with ``columns``
    GROUPS = "groups"  # a row of the three weights for each group that has its own


SECTION_WORDS: Mapping[Section, str] = {
    Section.WEIGHTS: N_("Weights"),
    Section.GROUPS: N_("Weights by group"),
    Section.TIERS: N_("Tiers"),
    Section.SURVEY: N_("Social evaluation"),
    Section.ADJUSTMENTS: N_("Scoring, bonuses and deductions"),
    Section.GRADING: N_("Grading"),
    Section.LINKAGES: N_("Use of results"),
    Section.CHECKUP: N_("Check-up and review"),
}

COMPONENT_LABELS: Mapping[str, str] = {
    "common": N_("Common indicators"),
    "individual": N_("Individual indicators"),
    "social": N_("Social evaluation"),
}

CUSTOMARY: Mapping[str, str] = {
    "duty": N_("performance of duties"),
    "integrity": N_("integrity"),
    "efficiency": N_("efficiency"),
    "effectiveness": N_("effectiveness"),
    "attitude": N_("attitude of service"),
    "on_site": N_("on-site questionnaire"),
    "telephone": N_("telephone survey"),
    "visit": N_("visits"),
    "h1": N_("first half-year"),
    "h2": N_("year end"),
    "year": N_("assessment year"),
    "jurisdiction": N_("jurisdiction"),
}
"""What people read for codes that a scheme usually has, and for what is no setting."""

TAG_WORDS: Mapping[str, str] = {
    "seed": N_("of the model"),
    "reg": N_("by law"),
    "practice": N_("common practice"),
    "design": N_("recommended here"),
}
TAG_MEANINGS: Mapping[str, str] = {
    "seed": N_("The model of “four in one” says so; the committee may decide otherwise."),
    "reg": N_("A rule from above says so; a change needs its own basis."),
    "practice": N_("Most published schemes do so; the committee decides."),
    "design": N_("This program recommends it; the committee decides."),
}


class Choice(NamedTuple):
    """One of the words that a setting may have, and what people read."""

    code: str
    words: str


class Column(NamedTuple):
    """A column of a setting that is a table."""

    name: str
    label: str
    kind: Kind
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    ``clause``: where docs/rules says what it does.  ``optional``: it may be empty, and then there
    is no such limit.
    """

    key: str
    section: Section
    kind: Kind
    label: str
    meaning: str
    tag: str
    clause: str
    choices: tuple[Choice, ...] = ()
    columns: tuple[Column, ...] = ()
    count: int = 0
    optional: bool = False

    @property
    def name(self) -> str:
        """Its name as a field of a form."""
        return self.key.replace(".", "__")

    def words_of(self, code: str) -> str:
        """What people read for a code; the code itself, where it has no words."""
        return next((each.words for each in self.choices if each.code == code), code)


@dataclass(frozen=True, slots=True)
class Preset:
    """Three weights that go together, to begin from; none is prescribed."""

    code: str
    label: str
    weights: Mapping[str, str] = field(default_factory=dict)


PRESETS = tuple(
    Preset(code, label, dict(zip(("common", "individual", "social"), weights, strict=True)))
    for code, label, weights in (
        ("P1", N_("the usual: individual indicators weigh most"), ("20", "60", "20")),
        ("P2", N_("stricter on registration and staffing"), ("30", "50", "20")),
        ("P3", N_("for the satisfaction of the public"), ("30", "40", "30")),
        ("P4", N_("for service windows"), ("20", "50", "30")),
        ("P5", N_("for specialised institutions"), ("10", "70", "20")),
    )
)
