"""A row of each table, as the exact evaluator takes and gives them.

Decimals are ticks, a composite and a margin are hundredths, an empty cell is None.
"""

from datetime import date
from typing import NamedTuple


class Unit(NamedTuple):
    """One institution of the year."""

    unit: str
    name: str
    group: str
    department: str
    status: str
    funding_basis: str
    staff: int
    status_reason: str | None = None
    category: str | None = None
    sector: str | None = None


class Step(NamedTuple):
    """One step of ``steps_up`` and ``steps_down``: from ``threshold`` on, ``percent`` (ticks)."""

    threshold: int
    percent: int


class EventKind(NamedTuple):
    """One kind of event of an item: its points, and the most that the kind may take or give."""

    kind: str
    points: int
    cap: int | None = None


class Item(NamedTuple):
    """One indicator, with the columns that its rule uses."""

    item: str
    component: str
    name: str
    points: int
    rule: str
    department: str | None = None
    unit: str | None = None
    aspect: str | None = None
    element: str | None = None
    zero_at: int | None = None
    full_at: int | None = None
    target: int | None = None
    minimum: int | None = None
    steps: tuple[Step, ...] = ()
    kinds: tuple[EventKind, ...] = ()
    late_per_day: int | None = None
    direction: str | None = None
    trim: bool | None = None


class Target(NamedTuple):
    """A unit's own values, in place of the item's."""

    unit: str
    item: str
    zero_at: int | None = None
    full_at: int | None = None
    target: int | None = None
    base: int | None = None


class NotApplicable(NamedTuple):
    unit: str
    item: str
    reason: str


class Event(NamedTuple):
    """One row of a ledger."""

    event: str
    unit: str
    item: str
    kind: str
    occurred_on: date
    status: str
    self_corrected: bool
    points: int | None = None
    reverses: str | None = None
    document: str | None = None
    note: str | None = None


class Measurement(NamedTuple):
    unit: str
    item: str
    value: int | None = None
    numerator: int | None = None
    denominator: int | None = None
    document: str | None = None


class Milestone(NamedTuple):
    unit: str
    item: str
    milestone: str
    share: int
    due_on: date
    done_on: date | None = None


class Mark(NamedTuple):
    unit: str
    item: str
    judge: str
    points: int


class Response(NamedTuple):
    """One person's answers, in the order of ``Survey.questions``: 1…5, or None for no opinion."""

    response: str
    unit: str
    round: str
    channel: str
    valid: bool
    answers: tuple[int | None, ...]


class Adjustment(NamedTuple):
    adjustment: str
    unit: str
    kind: str
    matter: str
    document: str
    points: int | None = None
    note: str | None = None


class ManualTier(NamedTuple):
    unit: str
    tier: str
    reason: str


class PastGrade(NamedTuple):
    unit: str
    year: int
    grade: str
    document: str | None = None


class Succession(NamedTuple):
    unit: str
    predecessor: str
    year: int
    kind: str


class Tenure(NamedTuple):
    """Somebody in a post: from the first day to the last, None: still there."""

    unit: str
    person: str
    post: str
    from_on: date
    to_on: date | None = None


class Inputs(NamedTuple):
    """All facts of one year, as rows.  The order of rows has no meaning."""

    units: tuple[Unit, ...]
    items: tuple[Item, ...]
    targets: tuple[Target, ...] = ()
    not_applicable: tuple[NotApplicable, ...] = ()
    events: tuple[Event, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    marks: tuple[Mark, ...] = ()
    responses: tuple[Response, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    tiers: tuple[ManualTier, ...] = ()
    history: tuple[PastGrade, ...] = ()
    successions: tuple[Succession, ...] = ()
    tenures: tuple[Tenure, ...] = ()


class ItemScore(NamedTuple):
    unit: str
    item: str
    component: str
    points: int
    earned: int | None
    facts: int
    flags: str = ""


class EventEffect(NamedTuple):
    event: str
    unit: str
    item: str
    effect: int


class SurveyScore(NamedTuple):
    unit: str
    round: str
    channel: str
    responses: int
    counted: int
    score: int | None
    weight_used: int
    margin: int | None  # hundredths of a point
    flags: str = ""


class ComponentScore(NamedTuple):
    unit: str
    component: str
    score: int | None
    tier: str | None
    adjusted: int | None
    flags: str = ""


class Result(NamedTuple):
    unit: str
    name: str
    group: str
    department: str
    weighted: int | None
    bonus: int | None
    deduction: int | None
    composite: int | None  # hundredths
    rank: int | None
    group_size: int | None
    grade: str
    reasons: str
    flags: str = ""


class Linkage(NamedTuple):
    unit: str
    link: str
    measure: str
    person: str | None
    amount: int | None
    basis: str


class Outputs(NamedTuple):
    """All that an assessment concludes, each table sorted by its key."""

    item_scores: tuple[ItemScore, ...]
    event_effects: tuple[EventEffect, ...]
    survey_scores: tuple[SurveyScore, ...]
    component_scores: tuple[ComponentScore, ...]
    results: tuple[Result, ...]
    linkages: tuple[Linkage, ...]
