"""Targets in words: values, states, where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from kaohe.core.indicators import Node, Values
from kaohe.core.quantities import show_plain
from kaohe.core.target_path import ADJUSTMENT_WORDS, TARGET_WORDS, AdjustmentState, TargetState
from kaohe.core.target_values import FIELD_WORDS, NODE, Asked, Change
from kaohe.indicators.queries.targets import TargetLine
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
    """One value that an adjustment changes, in words.

    ``latest``: what was measured in the latest year with a value; ``marks``: what is easier.
    """

    item: str
    name: str
    label: str
    old: str
    new: str
    measure: str
    latest: str
    marks: list[str]


def change_lines(changes: Iterable[Change], asked: Iterable[Asked]) -> list[ChangeLine]:
    """The changes of an adjustment, with the names of their indicators and what is easier by them.

    Args:
        asked: what the sheet before asks, as it is once adjusted, with the latest year.
    """
    known = {each.indicator.item: each for each in asked}
    return [_change_line(each, known.get(each.item)) for each in changes]


def _change_line(change: Change, asked: Asked | None) -> ChangeLine:
    is_day = change.field.startswith(NODE)
    old, new = (text.replace("-", ".") if is_day else text for text in (change.old, change.new))
    name, measure = (asked.indicator.name, asked.indicator.measure) if asked else (change.item, "")
    told = (change.item, name, field_label(change.field), old, new, measure)
    if asked is None:
        return ChangeLine(*told, "—", [])
    return ChangeLine(*told, latest_told(asked.actual, asked.actual_year), _marks(change, asked))


def _marks(change: Change, asked: Asked) -> list[str]:
    marks = []
    if change.field.startswith(NODE):
        if change.old and change.new > change.old:
            marks.append(_("later than on the sheet"))
    elif change.field in asked.easier:
        marks.append(_("easier than on the sheet"))
    if asked.is_below and change.field in ("target", "full_at"):
        marks.append(below_told(asked.actual_year))
    return marks


def latest_told(actual: int | None, year: int | None) -> str:
    """What was measured in the latest year that has a value, with the year; else: not compared."""
    if actual is None:
        return _("not compared")
    return _("%(year)s: %(value)s") % {"year": year, "value": show_plain(actual)}


def below_told(year: int | None) -> str:
    """The mark of a target that is easier than what was measured in a year."""
    return _("easier than the actual value of %(year)s") % {"year": year}


def easing_told(each: Asked | TargetLine) -> list[str]:
    """The marks of a target that asks less than the scheme, or than the latest year."""
    marks = [_("easier than in the scheme")] if each.easier else []
    return marks + ([below_told(each.actual_year)] if each.is_below else [])
