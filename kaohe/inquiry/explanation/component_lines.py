"""The three components of one unit and its composite, with the tier and its reason."""

from collections.abc import Sequence
from fractions import Fraction

from kaohe.core.problems import N_
from kaohe.core.quantities import FULL, TICK, show_hundredths, show_ticks
from kaohe.core.rows import Adjustment, ComponentScore, Item
from kaohe.core.scheme import Tier
from kaohe.core.tables import COMPONENTS
from kaohe.inquiry.explanation.arithmetic import (
    FOUR,
    TWO,
    Line,
    four,
    plain,
    points,
    quotient,
    said,
    total,
    value_of,
    weighted_line,
    worked,
)
from kaohe.inquiry.explanation.case import Case
from kaohe.inquiry.explanation.item_lines import item_section
from kaohe.inquiry.explanation.survey_lines import social_lines, survey_sections
from kaohe.inquiry.explanation.tier_lines import seat_lines, tier_reason, tier_scope

Section = dict[str, object]


def component_sections(case: Case) -> list[Section]:
    """The three components, in the order of ``COMPONENTS``.

    Source: docs/rules/scoring.md, C-1, C-2, C-3.
    """
    return [_component(case, case.parts[component]) for component in COMPONENTS]


def _component(case: Case, part: ComponentScore) -> Section:
    name = part.component
    items = [item for item in case.sheet.items if item.component == name]
    individual = name == "individual"
    lines = social_lines(case) if name == "social" else _sums(case, part, items)
    if individual:
        lines = [*lines, *_tier_lines(case, part)]
    return {
        "component": name,
        "name": case.say("component", name),
        "weight": show_ticks(case.weight(name)),
        "score": points(part.score),
        "adjusted": points(part.adjusted),
        "tier": part.tier,
        "lost": None if part.score is None else show_ticks(FULL - part.score),
        "flags": case.coded("flag", part.flags),
        "lines": lines,
        "items": [item_section(case, item) for item in items],
        "rounds": survey_sections(case) if name == "social" else [],
        "scope": tier_scope(case) if individual else None,
    }


def counted_items(case: Case, component: str) -> list[tuple[Item, int]]:
    """The items that enter a component's sums, each with what it counts as earned (ticks).

    Source: docs/rules/scoring.md, C-1.
    """
    found = []
    for item in case.sheet.items:
        earned = case.cells[item.item].earned
        if item.component != component:
            continue
        if earned is None and case.scheme.not_applicable == "full":
            earned = item.points
        if earned is not None:
            found.append((item, earned))
    return found


def _sums(case: Case, part: ComponentScore, items: Sequence[Item]) -> list[Line]:
    """From the items to S: what is left of the points, then in percent of them."""
    _ = case.translate
    counted = counted_items(case, part.component)
    if part.score is None:
        text = N_("No item applies: the component is missing.")
        if not items:
            text = N_("There is no item: the component is missing.")
        return [said("C-1", _(text))]
    possible = sum(item.points for item, _earned in counted)
    earned = sum(amount for _item, amount in counted)
    losses = [item.points - amount for item, amount in counted if amount < item.points]
    lines = []
    if len(counted) < len(items):
        text = _(N_("Items that do not apply are left out; the others make {points} points."))
        lines.append(said("C-1", text.format(points=show_ticks(possible))))
    elif any(case.cells[item.item].earned is None for item in items):
        lines.append(said("C-1", _(N_("Items that do not apply count as earned in full."))))
    if losses:
        kept = " − ".join(show_ticks(amount) for amount in (possible, *losses))
        chain = [kept, show_ticks(earned)]
        lines.append(worked(_(N_("points kept")), "C-1", chain, translate=_))
    lines.append(
        quotient(
            _(N_("score of the component")),
            "C-1",
            f"100 × {show_ticks(earned)} ÷ {show_ticks(possible)}",
            value=100 * Fraction(earned, possible),
            result=part.score,
            translate=_,
        )
    )
    return lines


def _tier_lines(case: Case, part: ComponentScore) -> list[Line]:
    if part.tier is None or part.score is None or part.adjusted is None:
        return []
    policy = case.scheme.tier_policy
    tier = next(each for each in policy.tiers if each.name == part.tier)
    lines = [*seat_lines(case), said("C-2", tier_reason(case))]
    if policy.effect != "none" and tier.value is not None:
        lines.append(_effect(case, tier, part.score, part.adjusted))
    return lines


def _effect(case: Case, tier: Tier, score: int, adjusted: int) -> Line:
    effect, value = case.scheme.tier_policy.effect, tier.value or 0
    exact = None
    if effect == "subtract":
        expression, raw = f"{show_ticks(score)} − {show_ticks(value)}", score - value
    elif effect == "ceiling":
        expression, raw = f"MIN({show_ticks(score)}, {show_ticks(value)})", min(score, value)
    elif effect == "coefficient":
        expression = f"{show_ticks(score)} × {plain(value)}"
        exact = value_of(score) * Fraction(value, TICK)
        raw = adjusted
        if exact > 100:
            expression, exact = f"MIN(100, {expression})", None
    else:
        expression, raw = show_ticks(value), value
    if raw < 0:
        expression = f"MAX(0, {expression})"
    elif raw > FULL:
        expression = f"MIN(100, {expression})"
    return worked(
        case.translate(N_("score after tier {tier}")).format(tier=tier.name),
        "C-3",
        [expression, show_ticks(adjusted)],
        exact=exact,
        rounding=FOUR if effect == "coefficient" else "exact",
        translate=case.translate,
    )


def composite_section(case: Case) -> Section:
    """From the components to the composite.

    Source: docs/rules/scoring.md, C-4, C-5.
    """
    return {
        "components": [_share(case, component) for component in COMPONENTS],
        "adjustments": [_adjustment(case, row) for row in _adjustments(case)],
        "lines": [*_bracket(case), *_extras(case), *_total(case)],
    }


def enters(case: Case, component: str) -> bool:
    """Whether a component enters the weighted mean: it is there, or counts 0.

    Source: docs/rules/scoring.md, C-4.
    """
    return case.parts[component].score is not None or case.scheme.missing[component] == "zero"


def _share(case: Case, component: str) -> Section:
    part = case.parts[component]
    return {
        "component": component,
        "name": case.say("component", component),
        "weight": show_ticks(case.weight(component)),
        "score": points(part.score),
        "tier": part.tier,
        "adjusted": points(part.adjusted),
        "counted": enters(case, component),
    }


def _bracket(case: Case) -> list[Line]:
    _ = case.translate
    lines = []
    for component in COMPONENTS:
        if case.parts[component].score is None:
            text = N_("{component}: missing, its weight goes to the others.")
            if enters(case, component):
                text = N_("{component}: missing, counted as 0.")
            words = _(text).format(component=case.say("component", component))
            lines.append(said("C-4", words))
    pairs = [
        (case.weight(component), case.parts[component].adjusted or 0)
        for component in COMPONENTS
        if enters(case, component)
    ]
    if not pairs:
        return [*lines, said("C-4", _(N_("No component is left: the weighted score is 0.")))]
    label = _(N_("weighted score"))
    result = case.result.weighted or 0
    return [*lines, weighted_line(label, "C-4", pairs, result=result, translate=_)]


def _adjustments(case: Case) -> list[Adjustment]:
    return sorted(
        (row for row in case.inputs.adjustments if row.unit == case.unit.unit),
        key=lambda row: (row.kind, row.adjustment),
    )


def counted_adjustments(case: Case, kind: str) -> list[Adjustment]:
    """Of each matter the largest; of equals the first by its code.

    Source: docs/rules/scoring.md, C-4.
    """
    largest: dict[str, Adjustment] = {}
    for row in _adjustments(case):
        if row.kind == kind:
            before = largest.get(row.matter)
            if before is None or (row.points or 0) > (before.points or 0):
                largest[row.matter] = row
    return sorted(largest.values(), key=lambda row: row.adjustment)


def _adjustment(case: Case, row: Adjustment) -> Section:
    pointed = row.kind in ("bonus", "deduction")
    return {
        "adjustment": row.adjustment,
        "kind": row.kind,
        "kind_words": case.say("adjustment", row.kind),
        "matter": row.matter,
        "points": points(row.points) if pointed else None,
        "document": row.document,
        "note": row.note,
        "counted": not pointed or row in counted_adjustments(case, row.kind),
    }


def _extras(case: Case) -> list[Line]:
    _ = case.translate
    lines = []
    found = (
        ("bonus", N_("bonus that counts"), case.scheme.bonus_cap, case.result.bonus),
        (
            "deduction",
            N_("deduction that counts"),
            case.scheme.deduction_cap,
            case.result.deduction,
        ),
    )
    for kind, label, cap, result in found:
        rows = counted_adjustments(case, kind)
        if not rows:
            continue
        if len(rows) < sum(row.kind == kind for row in _adjustments(case)):
            text = _(N_("Of several for one matter only the largest counts."))
            lines.append(said("C-4", text))
        amounts = [row.points or 0 for row in rows]
        expression = total(show_ticks(amount) for amount in amounts)
        if sum(amounts) > cap:
            expression = f"MIN({show_ticks(cap)}, {expression})"
        chain = [expression, show_ticks(result or 0)]
        lines.append(worked(_(label), "C-4", chain, translate=_))
    return lines


def _total(case: Case) -> list[Line]:
    _ = case.translate
    result = case.result
    weighted, bonus, lost = result.weighted or 0, result.bonus or 0, result.deduction or 0
    expression, raw = show_ticks(weighted), weighted + bonus - lost
    if bonus:
        expression += f" + {show_ticks(bonus)}"
    if lost:
        expression += f" − {show_ticks(lost)}"
    highest = FULL + case.scheme.bonus_cap
    held = min(highest, max(0, raw))
    if raw < 0:
        expression = f"MAX(0, {expression})"
    elif raw > highest:
        expression = f"MIN({four(highest)}, {expression})"
    chain = [expression, show_ticks(held)] if expression != show_ticks(held) else [expression]
    printed = show_hundredths(result.composite or 0)
    return [
        worked(
            _(N_("composite")),
            "C-5",
            [*chain, printed],
            exact=value_of(held),
            rounding=TWO,
            translate=_,
        )
    ]
