"""What stands of each unit between its own scores and the grades of its group.

A unit's components are its own affair.  Its tier depends on its scope, its grade on its group:
these two steps take standings, so that a whole year and one unit rescored go the same way.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kaohe.core import composite as totals
from kaohe.core import tiers
from kaohe.core.grading import Contender, Decision, Grades, grade_group
from kaohe.core.problems import Problem, declare
from kaohe.core.rows import Adjustment, ComponentScore, Result, Unit
from kaohe.core.scheme import Scheme, Tier
from kaohe.core.tables import COMPONENTS

declare(
    "error",
    {
        "seat-not-tied": (
            "the committee chose {unit}, which is not tied at the last seat of A",
            "take the adjustment out: a choice only decides such a tie, and only where"
            " tie_at_last_seat is committee",
        ),
        "seats-too-many": (
            "the committee chose {unit} and others tied with it, more than the seats of A left",
            "choose no more of the tied units than there are seats left",
        ),
    },
)

INDIVIDUAL = COMPONENTS.index("individual")


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit that is not exempt: its component scores S, its adjustments, its manual tier."""

    unit: Unit
    scores: tuple[int | None, ...]  # S in the order of COMPONENTS, ticks; None: missing
    adjustments: tuple[Adjustment, ...] = ()
    manual_tier: str | None = None

    def has(self, kind: str) -> bool:
        """Whether the unit has an adjustment of a kind."""
        return any(adjustment.kind == kind for adjustment in self.adjustments)


def scope_of(scheme: Scheme, unit: Unit) -> str:
    """What names the scope in which a unit's tier is decided.

    Source: docs/rules/scoring.md, C-2.
    """
    scope = scheme.tier_policy.scope
    if scope == "department":
        return unit.department
    return unit.group if scope == "group" else ""


def tiers_of(scheme: Scheme, standings: Iterable[Standing]) -> dict[str, str]:
    """The tier of each unit that has one.

    Args:
        standings: all units of each scope that occurs among them.

    Source: docs/rules/scoring.md, C-2.
    """
    policy = scheme.tier_policy
    found: dict[str, str] = {}
    if policy.assign == "none":
        return found
    scopes: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for standing in standings:
        unit, score = standing.unit, standing.scores[INDIVIDUAL]
        if score is None:
            continue
        if policy.assign == "manual":
            if standing.manual_tier is None:
                raise ValueError(f"{unit.unit} has no tier in the table of tiers")
            found[unit.unit] = standing.manual_tier
        elif unit.status == "graded":
            scopes[scope_of(scheme, unit)][unit.unit] = score
        else:
            found[unit.unit] = tiers.tier_by_threshold(policy, score)
    for scores in scopes.values():
        found |= tiers.divide(policy, scores)
    return found


def adjusted_scores(scheme: Scheme, standing: Standing, tier: str | None) -> tuple[int | None, ...]:
    """S′ of a unit's components, in the order of ``COMPONENTS``, ticks; None: missing.

    Source: docs/rules/scoring.md, C-3.
    """
    policy = scheme.tier_policy
    found = list(standing.scores)
    score = found[INDIVIDUAL]
    if score is not None and tier is not None:
        held: Tier = next(each for each in policy.tiers if each.name == tier)
        found[INDIVIDUAL] = totals.adjusted_score(score, held, policy.effect)
    return tuple(found)


def component_scores(
    standing: Standing, tier: str | None, adjusted: Sequence[int | None]
) -> list[ComponentScore]:
    """The three rows of a unit in ``component_scores``.

    Source: docs/rules/outputs.md, O-1, O-5.
    """
    return [
        ComponentScore(
            standing.unit.unit,
            component,
            score,
            tier if component == "individual" else None,
            after,
            "component-missing" if score is None else "",
        )
        for component, score, after in zip(COMPONENTS, standing.scores, adjusted, strict=True)
    ]


def group_results(
    scheme: Scheme, members: Iterable[Standing], tier_of: Mapping[str, str]
) -> tuple[list[Result], list[Problem]]:
    """Rank and grade of every unit of one group that is not exempt.

    Args:
        members: all units of the group that are not exempt.
        tier_of: tier by unit code, for those that have one.

    Returns:
        The rows of ``results``; and the problems, where the committee's choices of seats do not
        fit the tie that they are to resolve.

    Source: docs/rules/grading.md, G-1, G-3, G-4; docs/rules/outputs.md, O-1, O-5.
    """
    by_unit = {member.unit.unit: member for member in members}
    after = {
        code: adjusted_scores(scheme, member, tier_of.get(code)) for code, member in by_unit.items()
    }
    sums = {
        code: totals.composite(scheme, member.unit.group, after[code], member.adjustments)
        for code, member in by_unit.items()
    }
    contenders = [
        Contender(
            code,
            sums[code].composite,
            after[code],
            tier_of.get(code),
            forced=member.has("force_c"),
            barred=member.has("bar_a"),
            chosen=member.has("seat"),
        )
        for code, member in by_unit.items()
        if member.unit.status == "graded"
    ]
    grades = grade_group(scheme, contenders)
    decided = {decision.unit: decision for decision in grades.decisions}
    rows = [
        _result(member, sums[code], decided.get(code), len(contenders))
        for code, member in by_unit.items()
    ]
    return rows, _unsound_seats(by_unit.values(), grades)


def _unsound_seats(members: Iterable[Standing], grades: Grades) -> list[Problem]:
    ungraded = [
        member.unit.unit
        for member in members
        if member.unit.status == "ungraded" and member.has("seat")
    ]
    units = [("seat-not-tied", unit) for unit in (*ungraded, *grades.not_tied)]
    units += [("seats-too-many", unit) for unit in grades.too_many]
    return [
        Problem(code, "adjustments", column="unit", facts={"unit": unit}) for code, unit in units
    ]


def _result(
    member: Standing, sums: totals.Composite, decision: Decision | None, size: int
) -> Result:
    unit = member.unit
    flags = {"component-missing"} if None in member.scores else set()
    if decision is not None:
        flags |= set(decision.flags)
    graded = decision is not None
    return Result(
        unit.unit,
        unit.name,
        unit.group,
        unit.department,
        *sums,
        rank=decision.rank if decision else None,
        group_size=size if graded else None,
        grade=decision.grade if decision else "none",
        reasons=";".join(sorted(decision.reasons)) if decision else "ungraded",
        flags=";".join(sorted(flags)),
    )
