"""One indicator of one unit: its rule with numbers, its events and their evidence."""

from collections.abc import Sequence
from fractions import Fraction

from kaohe.core.events import counting, event_points
from kaohe.core.items import FEWEST_JUDGES_TO_TRIM
from kaohe.core.problems import N_
from kaohe.core.quantities import FULL, show_ticks
from kaohe.core.rows import Event, EventKind, Item, ItemScore, Mark, Milestone
from kaohe.core.tables import EVENT_RULES, MEASURED_RULES, RULES
from kaohe.inquiry.explanation.arithmetic import (
    Line,
    plain,
    points,
    quotient,
    said,
    total,
    value_of,
    worked,
)
from kaohe.inquiry.explanation.case import Case
from kaohe.inquiry.explanation.measured_lines import measured_inputs, measured_lines

Section = dict[str, object]


def clause_of(rule: str) -> str:
    """The clause of an item rule.

    >>> clause_of("interval"), clause_of("marks")
    ('I-1', 'I-11')
    """
    return f"I-{RULES.index(rule) + 1}"


def item_section(case: Case, item: Item) -> Section:
    """Everything that made the points of one item, as ``explain`` documents it.

    Source: docs/rules/scoring.md, N-3, R-1, R-2, R-3, R-5.
    """
    cell = case.cells[item.item]
    row = case.sheet.measurements.get(item.item)
    reasons = {r.item: r.reason for r in case.own.not_applicable}
    applies = cell.earned is not None
    return {
        "item": item.item,
        "name": item.name,
        "aspect": item.aspect,
        "element": item.element,
        "rule": item.rule,
        "rule_words": case.say("rule", item.rule),
        "clause": clause_of(item.rule),
        "points": show_ticks(item.points),
        "earned": points(cell.earned),
        "lost": None if cell.earned is None else show_ticks(item.points - cell.earned),
        "facts": cell.facts,
        "applies": applies,
        "reason": reasons.get(item.item),
        "flags": case.coded("flag", cell.flags),
        "inputs": measured_inputs(case, item, row) if item.rule in MEASURED_RULES else [],
        "lines": _lines(case, item, cell),
        "events": [event_line(case, item, e) for e in case.events if e.item == item.item],
        "milestones": _milestones(case, item),
        "marks": _marks(case, item),
        "document": row.document if row else None,
    }


def _lines(case: Case, item: Item, cell: ItemScore) -> list[Line]:
    _ = case.translate
    clause = clause_of(item.rule)
    if "not-applicable" in cell.flags:
        return [said("C-1", _(N_("The item does not apply to this unit.")))]
    if "missing" in cell.flags:
        text = _(N_("Nothing was reported: 0 points. Missing is never full marks."))
        return [said("R-3", text)]
    if item.rule in EVENT_RULES:
        return _event_lines(case, item, cell.earned or 0)
    if item.rule == "milestones":
        return [_milestone_line(case, item, clause, cell.earned or 0)]
    if item.rule == "marks":
        return _mark_lines(case, item, clause, cell.earned or 0)
    return measured_lines(case, item, case.sheet.measurements[item.item], cell.earned)


def event_line(case: Case, item: Item, event: Event) -> Section:
    """One row of a ledger: whether it counts, what it is worth, and what it took or brought.

    Source: docs/rules/scoring.md, R-1, R-5.
    """
    effect = case.effects.get(event.event)
    return {
        "event": event.event,
        "kind": event.kind,
        "occurred_on": event.occurred_on.isoformat(),
        "status": event.status,
        "status_words": case.say("event_status", event.status),
        "self_corrected": event.self_corrected,
        "points": show_ticks(event_points(event, item, case.scheme.self_correction_relief)),
        "effect": points(effect),
        "counted": effect is not None,
        "why": "" if effect is not None else why_not(case, event),
        "document": event.document,
        "note": event.note,
        "reverses": event.reverses,
        "clause": "R-5" if effect is not None else "R-1",
    }


def why_not(case: Case, event: Event) -> str:
    """Why an event does not count."""
    _ = case.translate
    if event.status != "confirmed":
        return _(N_("It counts only when it is confirmed."))
    if event.reverses is not None:
        return _(N_("It undoes the event {event} and never counts itself.")).format(
            event=event.reverses
        )
    undoing = [e.event for e in case.events if e.reverses == event.event]
    if undoing:
        return _(N_("It was undone by the event {event}.")).format(event=", ".join(undoing))
    return _(N_("The item does not apply to this unit."))


def _event_lines(case: Case, item: Item, earned: int) -> list[Line]:
    _ = case.translate
    counted = [e for e in counting(case.events) if e.item == item.item]
    if not counted:
        none = N_("No event counts: all points stand.")
        if item.rule == "accrual":
            none = N_("No event counts: no points were gained.")
        return [said(clause_of(item.rule), _(none))]
    lines = [line for event in counted for line in _relief(case, item, event)]
    sums = []
    for kind in item.kinds:
        mine = [event for event in counted if event.kind == kind.kind]
        if mine:
            amount, line = _kind_line(case, item, kind, mine)
            sums.append(amount)
            lines.append(line)
    amounts = [show_ticks(amount) for amount in sums]
    if item.rule == "deduction":
        rest = " − ".join([show_ticks(item.points), *amounts])
        expression = f"MAX(0, {rest})" if sum(sums) > item.points else rest
    else:
        expression = total(amounts)
        if sum(sums) > item.points:
            expression = f"MIN({show_ticks(item.points)}, {expression})"
    label = _(N_("points earned"))
    chain = [expression, show_ticks(earned)]
    return [*lines, worked(label, clause_of(item.rule), chain, translate=_)]


def _relief(case: Case, item: Item, event: Event) -> list[Line]:
    if not event.self_corrected or item.rule != "deduction":
        return []
    _ = case.translate
    relief = case.scheme.self_correction_relief
    full = event_points(event._replace(self_corrected=False), item, relief)
    label = _(N_("event {event}, self-corrected")).format(event=event.event)
    return [
        quotient(
            label,
            "R-1",
            f"{show_ticks(full)} × (100 − {plain(relief)}) ÷ 100",
            value=value_of(full) * Fraction(FULL - relief, FULL),
            result=event_points(event, item, relief),
            translate=_,
        )
    ]


def _kind_line(
    case: Case, item: Item, kind: EventKind, events: Sequence[Event]
) -> tuple[int, Line]:
    """What one kind took or brought, and the line that says so."""
    _ = case.translate
    relief = case.scheme.self_correction_relief
    worth = [event_points(event, item, relief) for event in events]
    expression = total(show_ticks(amount) for amount in worth)
    amount = sum(worth)
    if kind.cap is not None and kind.cap < amount:
        amount = kind.cap
        expression = f"MIN({show_ticks(kind.cap)}, {expression})"
    text = N_("deducted for “{kind}”") if item.rule == "deduction" else N_("gained by “{kind}”")
    chain = [expression, show_ticks(amount)]
    clause = clause_of(item.rule)
    return amount, worked(_(text).format(kind=kind.kind), clause, chain, translate=_)


def days_late(row: Milestone) -> int | None:
    """How many days after its day a milestone was done; None: it is not done.

    Source: docs/rules/scoring.md, I-9.
    """
    return None if row.done_on is None else max(0, (row.done_on - row.due_on).days)


def _kept(item: Item, row: Milestone) -> int:
    """The percent (ticks) of its share that a milestone keeps."""
    late = days_late(row)
    per_day = FULL if item.late_per_day is None else item.late_per_day
    return 0 if late is None else max(0, FULL - per_day * late)


def _milestones(case: Case, item: Item) -> list[Section]:
    rows = case.sheet.milestones.get(item.item, ())
    return [
        {
            "milestone": row.milestone,
            "share": show_ticks(row.share),
            "due_on": row.due_on.isoformat(),
            "done_on": row.done_on.isoformat() if row.done_on else None,
            "days_late": days_late(row),
            "kept": show_ticks(_kept(item, row)),
        }
        for row in sorted(rows, key=lambda row: (row.due_on, row.milestone))
    ]


def _milestone_line(case: Case, item: Item, clause: str, earned: int) -> Line:
    rows = sorted(case.sheet.milestones[item.item], key=lambda row: (row.due_on, row.milestone))
    pairs = [(row.share, _kept(item, row)) for row in rows]
    products = total(f"{plain(share)}×{plain(kept)}" for share, kept in pairs)
    worth = sum(share * kept for share, kept in pairs)
    return quotient(
        case.translate(N_("points earned")),
        clause,
        f"{plain(item.points)} × ({products}) ÷ 10000",
        value=value_of(item.points) * Fraction(worth, FULL * FULL),
        result=earned,
        translate=case.translate,
    )


def _trimmed(item: Item, rows: Sequence[Mark]) -> tuple[list[Mark], list[Mark]]:
    """The marks that count, and the two ends that are left out."""
    ordered = sorted(rows, key=lambda row: (row.points, row.judge))
    if item.trim and len(rows) >= FEWEST_JUDGES_TO_TRIM:
        return ordered[1:-1], [ordered[0], ordered[-1]]
    return ordered, []


def _marks(case: Case, item: Item) -> list[Section]:
    rows = case.sheet.marks.get(item.item, [])
    kept, _left = _trimmed(item, rows)
    return [
        {"judge": row.judge, "points": show_ticks(row.points), "counted": row in kept}
        for row in sorted(rows, key=lambda row: row.judge)
    ]


def _mark_lines(case: Case, item: Item, clause: str, earned: int) -> list[Line]:
    _ = case.translate
    kept, left = _trimmed(item, case.sheet.marks[item.item])
    lines = []
    if left:
        text = _(N_("One lowest ({low}) and one highest ({high}) mark are left out."))
        low, high = (show_ticks(row.points) for row in left)
        lines.append(said(clause, text.format(low=low, high=high)))
    given = sorted(kept, key=lambda row: row.judge)
    terms = total(show_ticks(row.points) for row in given)
    terms = terms if len(given) == 1 else f"({terms})"
    lines.append(
        quotient(
            _(N_("points earned")),
            clause,
            f"{terms} ÷ {len(given)}",
            value=value_of(sum(row.points for row in given)) / len(given),
            result=earned,
            translate=_,
        )
    )
    return lines
