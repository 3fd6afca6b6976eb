"""The checklist of review (审核要点): every check of the check-up under the point that it serves.

Whoever drafts and whoever approves sees each point with its state, the findings behind it, and
what was looked at; a point for which there is nothing to look at says so.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from kaohe.core.checkup import Context, counted
from kaohe.core.checkup_answers import Told
from kaohe.core.indicators import Plan
from kaohe.core.problems import N_
from kaohe.core.texts import fold


class State(StrEnum):
    """How a point stands."""

    PASSED = "passed"
    WARNED = "warned"
    WRONG = "wrong"
    WAITS = "waits"  # for something outside the plan
    APART = "apart"  # there is nothing to look at


STATE_WORDS: Mapping[State, str] = {
    State.PASSED: N_("passed"),
    State.WARNED: N_("with warnings"),
    State.WRONG: N_("with errors"),
    State.WAITS: N_("not there yet"),
    State.APART: N_("not applicable"),
}


class Point(NamedTuple):
    """A point of the checklist.

    ``looked``: a message id for what was looked at.  ``template``: it is asked of the common
    template, too.  ``needs``: what there must be, a field of ``Looked``.
    """

    code: str
    label: str
    checks: tuple[str, ...]
    looked: str
    template: bool = False
    needs: str = "indicators"
    missing: str = ""


class Looked(NamedTuple):
    """What was looked at, in numbers."""

    sheets: int = 0
    indicators: int = 0
    common: int = 0
    years: int = 0  # earlier ones that are kept
    values: int = 0  # of the plan's indicators in those years
    tiers: int | None = None  # of the settings that are issued


class Line(NamedTuple):
    """A point of a plan: how it stands, how much was found, what was looked at."""

    point: Point
    state: State
    errors: int
    warnings: int
    answered: int
    notes: int
    looked: Looked

    @property
    def said(self) -> str:
        """What was looked at, or why nothing could be: a message id with the numbers' names."""
        if self.state is State.WAITS:
            return TIERS_WAIT
        if self.state is not State.APART:
            return self.point.looked
        return self.point.missing if self.looked.indicators else NOTHING_YET


_BOTH = N_("sheets: {sheets}; indicators: {indicators}")
_ALL = N_("indicators: {indicators}")

POINTS: tuple[Point, ...] = (
    Point(
        "sheets",
        N_("One sheet for each unit, none copied from another"),
        (
            "unit-without-sheet",
            "sheet-elsewhere",
            "sheet-gone",
            "sheet-unknown",
            "sheet-exempt",
            "indicator-unit",
            "cell-foreign",
            "sheets-copied",
        ),
        _BOTH,
    ),
    Point(
        "elements",
        N_("The three elements covered, weights balanced"),
        (
            "element-absent",
            "element-missing",
            "element-share",
            "indicators-few",
            "indicator-heavy",
        ),
        _BOTH,
    ),
    Point(
        "quantified",
        N_("Measured or counted rather than judged"),
        ("quantified-low",),
        _BOTH,
    ),
    Point(
        "targets",
        N_("Targets not below last year without a reason, within reach, telling units apart"),
        (
            "target-below-last",
            "target-below-many",
            "target-under-worst",
            "target-unreachable",
            "target-trivial",
            "never-separated",
        ),
        N_("earlier years: {years}; values compared: {values}"),
        template=True,
        needs="years",
        missing=N_("no earlier year is kept"),
    ),
    Point(
        "computable",
        N_("Every rule can be computed"),
        (
            "number-out-of-bounds",
            "rule-missing",
            "rule-needs",
            "not-positive",
            "steps-order",
            "curve-flat",
            "cell-not-used",
            "milestones-missing",
            "milestone-shares",
            "milestone-outside",
            "milestone-twice",
        ),
        _ALL,
        template=True,
    ),
    Point(
        "sources",
        N_("Sources that a third party can verify, definitions and evidence"),
        (
            "source-missing",
            "definition-missing",
            "evidence-missing",
            "tag-missing",
            "ledger-missing",
            "basis-missing",
        ),
        _ALL,
        template=True,
    ),
    Point(
        "overlap",
        N_("No overlap with common indicators"),
        ("overlap-common", "item-common"),
        N_("common indicators: {common}; indicators: {indicators}"),
        needs="common",
        missing=N_("there is no common template yet"),
    ),
    Point(
        "forbidden",
        N_("No indicator that the law forbids"),
        ("forbidden-fines", "forbidden-exams", "forbidden-income", "forbidden-perhaps"),
        N_("names, kinds of events and definitions of indicators: {indicators}"),
    ),
    Point(
        "points",
        N_("Points make exactly 100"),
        ("points-sum", "template-sum", "points-missing"),
        _BOTH,
        template=True,
    ),
    Point(
        "tiers",
        N_("The rule of tiers attached"),
        (),
        N_("tiers in the issued settings of the year: {tiers}"),
    ),
    Point(
        "achievements",
        N_("Visible and latent achievements marked, latent ones not neglected"),
        ("visibility-missing", "latent-low", "latent-falling"),
        _BOTH,
    ),
    Point(
        "codes",
        N_("Codes and names in order"),
        (
            "plan-empty",
            "item-code-missing",
            "item-twice",
            "item-elsewhere",
            "text-dangerous",
            "name-missing",
            "component-wrong",
        ),
        _ALL,
        template=True,
        needs="",
    ),
)
"""The ten points of review, and what else the check-up looks at; each check stands at one."""

NOTHING_YET = N_("there is no indicator yet")
TIERS_WAIT = N_("the settings of the year are not issued yet")
POINT_OF: Mapping[str, str] = {check: point.code for point in POINTS for check in point.checks}


def looked_at(plan: Plan, context: Context) -> Looked:
    """What a check-up of a plan looks at, in numbers."""
    names = {fold(each.name) for each in plan.indicators}
    values = sum(len(each) for (_unit, name), each in context.past.by_unit.items() if name in names)
    return Looked(
        len(plan.sheets),
        len(plan.indicators),
        len(context.common),
        len(context.past.years),
        values,
        context.tiers,
    )


def checklist(looked: Looked, told: Sequence[Told], *, is_template: bool) -> list[Line]:
    """Every point that is asked of a plan, in order, with its state.

    Source: docs/rules/checkup.md, K-16.
    """
    return [
        _line(point, looked, [each for each in told if each.finding.check in point.checks])
        for point in POINTS
        if point.template or not is_template
    ]


def _line(point: Point, looked: Looked, told: Sequence[Told]) -> Line:
    found = counted(each.finding for each in told)
    answered = sum(each.is_answered for each in told)
    state = _state(point, looked, found)
    return Line(point, state, found["error"], found["warning"], answered, found["note"], looked)


def _state(point: Point, looked: Looked, found: Mapping[str, int]) -> State:
    if found["error"]:
        return State.WRONG
    if found["warning"]:
        return State.WARNED
    if point.needs and not (looked.indicators and getattr(looked, point.needs)):
        return State.APART
    if point.code == "tiers" and looked.tiers is None:
        return State.WAITS
    return State.PASSED
