"""The journey of a year as pages show it: nine stages with bars, a sign and a line below."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from kaohe.core.year_steps import SIGN_WORDS, STAGE_WORDS, Sign
from kaohe.indicators.queries.journey import StageState, StepState, counted, journey_of
from kaohe.web.words.years import BARS, SIGNS

if TYPE_CHECKING:
    from kaohe.indicators.models import AssessmentYear


class StageBox(NamedTuple):
    """One stage as the page shows it."""

    words: str
    place: str  # past, now or fut: how it is drawn
    done: int
    held: int
    bars: list[tuple[str, str]]  # class of the bar, words of the step
    sign: str
    state: str
    note: str


def journey_boxes(year: AssessmentYear, today: date) -> dict[str, Any]:
    """What ``indicators/journey.html`` needs of a year; nothing where it has no calendar."""
    stages = journey_of(year, today)
    count = counted(stages)
    if not count:
        return {"journey": []}
    facts = {
        "all": sum(count.values()),
        "done": count[Sign.DONE],
        "running": count[Sign.RUNNING],
        "late": count[Sign.LATE],
        "ahead": count[Sign.AHEAD],
    }
    note = _(
        "{all} steps, 9 stages · done {done}, under way {running}, late {late}, not begun {ahead}"
    )
    return {
        "journey": [_box(each) for each in stages if each.steps],
        "journey_title": _("Journey of the year {year}").format(year=year.year),
        "journey_note": note.format_map(facts),
        "journey_year": year,
    }


def _box(stage: StageState) -> StageBox:
    sign, state = _sign(stage)
    now = any(each.sign is Sign.RUNNING for each in stage.steps)
    begun = stage.sign is not Sign.AHEAD
    return StageBox(
        _(STAGE_WORDS[stage.stage]),
        "now" if now else "past" if begun else "fut",
        stage.done,
        stage.held,
        [(BARS[each.sign], _(each.step.words)) for each in stage.steps],
        sign,
        state,
        _note(stage),
    )


def _sign(stage: StageState) -> tuple[str, str]:
    """The class of a stage's sign, and its words."""
    if stage.late:
        return "late", _("late steps: {n}").format(n=len(stage.late))
    ending = stage.next_end
    if ending is not None and ending.soon:
        if ending.left == 0:
            return "soon", _("due today")
        return "soon", _("{n} working days left").format(n=ending.left)
    if stage.sign is Sign.RUNNING and ending is None:
        return "todo", _("next step not begun")
    return SIGNS[stage.sign], _(SIGN_WORDS[stage.sign])


def _note(stage: StageState) -> str:
    """What is late, what ends next, or the months of the stage."""
    if stage.late:
        return _(stage.late[0].step.words)
    ending = stage.next_end
    if ending is not None:
        return _("until {day}").format(day=f"{ending.row.ends_on:%m.%d}".lstrip("0"))
    held = [each for each in stage.steps if each.sign is not Sign.DROPPED] or stage.steps
    return _months(held)


def _months(steps: list[StepState]) -> str:
    first = min(each.row.starts_on for each in steps)
    last = max(each.row.ends_on for each in steps)
    year = steps[0].row.assessment_year.year
    said = [
        _("month {m} of the next year").format(m=first.month)
        if first.year > year
        else _("month {m}").format(m=first.month),
        _("month {m} of the next year").format(m=last.month)
        if last.year > max(first.year, year)
        else _("month {m}").format(m=last.month),
    ]
    return "–".join(dict.fromkeys(said))
