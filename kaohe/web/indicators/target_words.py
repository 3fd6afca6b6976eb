"""Targets in words: values, states, where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kaohe.core.indicators import Indicator, Node, Values
from kaohe.core.quantities import show_plain
from kaohe.core.target_path import ADJUSTMENT_WORDS, TARGET_WORDS, AdjustmentState, TargetState
from kaohe.core.target_values import FIELD_WORDS, NODE, Change
from kaohe.web.organization.document_steps import Step
from kaohe.web.words.targets import ADJUSTMENT_SIGNS, SIGNS

if TYPE_CHECKING:
    from kaohe.indicators.models import Adjustment, TargetTable
    from kaohe.organization.models import User


def said_values(fields: Sequence[str], values: Values | None, nodes: Iterable[Node] = ()) -> str:
    """The values of an indicator in one line; — where nothing is entered."""
    parts = [
        _("%(name)s %(value)s") % {"name": _(FIELD_WORDS[name]), "value": show_plain(ticks)}
        for name in fields
        for ticks in (None if values is None else getattr(values, name),)
        if ticks is not None
    ]
    parts += [f"{node.milestone} {node.due_on:%Y.%m.%d}" for node in nodes]
    return _("; ").join(parts) or "—"


def field_label(name: str) -> str:
    """The name of a value, or of the day of a milestone."""
    if name.startswith(NODE):
        return _("%(milestone)s due on") % {"milestone": name.removeprefix(NODE)}
    return _(FIELD_WORDS[name])


def target_state(state: str) -> tuple[str, str]:
    """The sign and the words of where targets stand."""
    found = TargetState(state)
    return SIGNS[found], _(TARGET_WORDS[found])


def adjustment_state(state: str) -> tuple[str, str]:
    """The sign and the words of where an adjustment stands."""
    found = AdjustmentState(state)
    return ADJUSTMENT_SIGNS[found], _(ADJUSTMENT_WORDS[found])


def _who(user: User | None, at: datetime | None) -> tuple[str, date | None]:
    return (user.name if user else ""), (localdate(at) if at else None)


def target_steps(row: TargetTable) -> list[Step]:
    """Declared, reviewed, finalised: what is done, by whom and when."""
    state = TargetState(row.state)
    reached = {
        TargetState.OPEN: 0,
        TargetState.RETURNED: 0,
        TargetState.DECLARED: 1,
        TargetState.REVIEWED: 2,
        TargetState.FINALISED: 3,
    }[state]
    made = (
        (_("Declared by the unit"), _who(row.declared_by, row.declared_at)),
        (_("Reviewed by the department"), _who(row.reviewed_by, row.reviewed_at)),
        (_("Finalised by the office"), _who(row.finalised_by, row.finalised_at)),
    )
    return _steps(made, reached, is_back=state is TargetState.RETURNED)


def adjustment_steps(row: Adjustment) -> list[Step]:
    """Proposed, reviewed, finalised: what is done and by whom."""
    state = AdjustmentState(row.state)
    reached = {
        AdjustmentState.RETURNED: 0,
        AdjustmentState.PROPOSED: 1,
        AdjustmentState.REVIEWED: 2,
        AdjustmentState.FINALISED: 3,
    }.get(state, 0)
    made = (
        (_("Proposed"), _who(row.proposed_by, row.proposed_at)),
        (_("Reviewed by the department"), _who(row.reviewed_by, None)),
        (
            _("Finalised by the office"),
            _who(row.finalised_by, row.moved_at if row.finalised_by else None),
        ),
    )
    return _steps(made, reached, is_back=state is AdjustmentState.RETURNED)


def _steps(
    made: Sequence[tuple[str, tuple[str, date | None]]], reached: int, *, is_back: bool
) -> list[Step]:
    found = []
    for place, (words, (who, day)) in enumerate(made):
        look = "d" if place < reached else "now" if place == reached else ""
        if is_back and place == 0:
            look = "back"
        told = place < reached or look == "back"
        found.append(Step(words, look, who if told else "", day if told else None))
    return found


class ChangeLine(NamedTuple):
    """One value that an adjustment changes, in words."""

    item: str
    name: str
    label: str
    old: str
    new: str
    measure: str


def change_lines(changes: Iterable[Change], indicators: Iterable[Indicator]) -> list[ChangeLine]:
    """The changes of an adjustment, with the names of their indicators."""
    known = {each.item: each for each in indicators}
    return [
        ChangeLine(
            each.item,
            known[each.item].name if each.item in known else each.item,
            field_label(each.field),
            each.old.replace("-", ".") if each.field.startswith(NODE) else each.old,
            each.new.replace("-", ".") if each.field.startswith(NODE) else each.new,
            known[each.item].measure if each.item in known else "",
        )
        for each in changes
    ]
