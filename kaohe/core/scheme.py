"""The scheme of one assessment year (考核方案) as a frozen tree of settings.

Every decimal is ticks (``quantities``).  ``core.scheme_text`` reads one from TOML and finds its
problems; a ``Scheme`` that exists is sound.  Defaults are those of docs/rules/scheme.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kaohe.core.quantities import FULL, TICK
from kaohe.core.tables import COMPONENTS

FORMAT = "kaohe-scheme/1"


@dataclass(frozen=True, slots=True)
class Tier:
    """Ⅰ, Ⅱ, Ⅲ (档次): the share of seats, the threshold, and the value of the effect."""

    name: str
    share: int | None = None  # percent
    threshold: int | None = None  # points
    value: int | None = None  # points, or a coefficient


@dataclass(frozen=True, slots=True)
class TierPolicy:
    """How the individual component is divided into tiers, and what a tier does to the score."""

    assign: str = "quota_and_threshold"  # none | quota | threshold | quota_and_threshold | manual
    scope: str = "department"  # department | group | jurisdiction
    effect: str = "subtract"  # none | subtract | ceiling | coefficient | fixed
    small_scope: int = 3  # units
    ties: str = "down"  # down | up
    tiers: tuple[Tier, ...] = (
        Tier("Ⅰ", share=30 * TICK, threshold=90 * TICK, value=0),
        Tier("Ⅱ", threshold=75 * TICK, value=3 * TICK),
        Tier("Ⅲ", value=6 * TICK),
    )


@dataclass(frozen=True, slots=True)
class Dimension:
    code: str
    weight: int
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Channel:
    code: str
    weight: int
    minimum: int  # responses


@dataclass(frozen=True, slots=True)
class Round:
    code: str
    weight: int


@dataclass(frozen=True, slots=True)
class Survey:
    """Social evaluation (社会评价)."""

    scale: tuple[int, ...] = (0, 30 * TICK, 60 * TICK, 80 * TICK, FULL)  # points of answers 1…5
    answered_share: int = 60 * TICK  # percent
    thin_channel: str = "shrink"  # shrink | drop | keep
    dimensions: tuple[Dimension, ...] = ()
    channels: tuple[Channel, ...] = ()
    rounds: tuple[Round, ...] = ()

    @property
    def questions(self) -> tuple[str, ...]:
        """All question codes, in the order of the dimensions."""
        return tuple(question for dimension in self.dimensions for question in dimension.questions)


@dataclass(frozen=True, slots=True)
class SeatsAtLeast:
    seats: int = 1
    from_group_size: int = 5


@dataclass(frozen=True, slots=True)
class Grading:
    a_share: int = 20 * TICK  # percent
    seats_rounding: str = "floor"  # floor | half_up | ceil
    seats_at_least: SeatsAtLeast = field(default_factory=SeatsAtLeast)
    a_minimum: int = 90 * TICK
    a_component_minimum: Mapping[str, int] = field(
        default_factory=lambda: {"common": 80 * TICK, "social": 80 * TICK}
    )
    a_barred_tiers: tuple[str, ...] = ("Ⅲ",)
    c_below: int = 60 * TICK
    c_share: int = 0  # percent
    c_share_below: int = 70 * TICK
    tie_break: tuple[str, ...] = ("individual", "social", "common")
    tie_at_last_seat: str = "committee"  # committee | all_in | all_out


@dataclass(frozen=True, slots=True)
class Linkages:
    excellent_quota: str = "fixed"  # fixed | points | ratio | ratio_of_rounded
    fixed_share: Mapping[str, int] = field(
        default_factory=lambda: {"A": 25 * TICK, "B": 20 * TICK, "C": 15 * TICK}
    )
    base_share: int = 15 * TICK
    uplift: int = 10 * TICK
    share_cap: int = 25 * TICK
    principal_months: int = 6
    a_streak: int = 3
    c_streak: int = 2
    a_gap: str = "break"  # break | bridge
    c_gap: str = "bridge"


@dataclass(frozen=True, slots=True)
class Scheme:
    """Everything that one year's scores, ranks, grades and consequences follow from."""

    year: int
    jurisdiction: str
    weights: Mapping[str, int]  # by component
    title: str = ""
    missing: Mapping[str, str] = field(
        default_factory=lambda: {
            "common": "zero",
            "individual": "zero",
            "social": "redistribute",
        }
    )
    weights_by_group: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    self_correction_relief: int = 50 * TICK  # percent
    not_applicable: str = "rescale"  # rescale | full
    tier_policy: TierPolicy = field(default_factory=TierPolicy)
    survey: Survey = field(default_factory=Survey)
    bonus_cap: int = 5 * TICK
    deduction_cap: int = 10 * TICK
    grading: Grading = field(default_factory=Grading)
    linkages: Linkages = field(default_factory=Linkages)

    def weights_of(self, group: str) -> tuple[int, ...]:
        """The weights of a group's units, in the order of ``COMPONENTS``."""
        weights = self.weights_by_group.get(group, self.weights)
        return tuple(weights[component] for component in COMPONENTS)
