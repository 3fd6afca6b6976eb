"""A preview of settings in words: what differs, what could not be tried, who moves, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from kaohe.core.errors import Refusal
from kaohe.core.scheme_settings import BY_KEY, values_of
from kaohe.core.scheme_trials import NOT_TRIED, SEATS_LEFT_OUT
from kaohe.indicators.queries.preview import GroupLine, Preview, peek, preview_of_version
from kaohe.web.indicators.setting_words import said_at

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion

MOST = 400  # moves that the page lists
SHORT = 12  # on the page of a version, or of its approval
UNGRADED = "none"


class TriedLine(NamedTuple):
    """A setting that differs from that year's: before, now, and why it could not be tried."""

    label: str
    before: str
    now: str
    why: str


class GradeLine(NamedTuple):
    """A group with its grades before and after, and what of it moved; at the end the ungraded."""

    name: str
    units: int
    cells: list[tuple[int, int, str]]
    ungraded: tuple[int, int, str]


def about_preview(version: PartVersion, most: int = MOST) -> dict[str, Any]:
    """What a preview's page or part needs, computed where it is not remembered.

    Without an earlier year, or where it cannot be made, that is said.

    Args:
        most: how many units that move are listed.
    """
    try:
        return shown(preview_of_version(version), most)
    except Refusal as refusal:
        return {"preview": None, "refused": refusal.say(_)}


def effect_of(version: PartVersion) -> dict[str, Any]:
    """The effect of settings, where it is remembered; else its page fetches it."""
    there = peek(version)
    return {"version": version, "ready": there.is_ready, **shown(there.preview, SHORT)}


def shown(found: Preview | None, most: int) -> dict[str, Any]:
    """A preview as its templates show it."""
    if found is None:
        return {"preview": None}
    return {
        "preview": found,
        "tried": tried(found),
        "totals": [grade_line(each) for each in found.grades],
        "groups": [grade_line(each) for each in found.groups],
        "moves": found.told(_, most),
        "left_out": max(0, len(found.moves) - most),
        "seats": _(SEATS_LEFT_OUT).format(year=found.year) if found.seats_left_out else "",
    }


def tried(found: Preview) -> list[TriedLine]:
    """The settings that differ, each with its reason where it could not be tried."""
    old, new = values_of(found.before), values_of(found.wished)
    reasons = {each.key: each for each in found.trial.not_tried}
    lines = []
    for key in found.trial.changed:
        why = ""
        if each := reasons.get(key):
            why = _(NOT_TRIED[each.why]).format(year=found.year, names=each.names)
        elif (
            key.startswith(("tier_policy.", "grading.a_barred")) and "tier_policy.assign" in reasons
        ):
            why = _(NOT_TRIED["manual"])
        lines.append(TriedLine(_(BY_KEY[key].label), said_at(key, old), said_at(key, new), why))
    return lines


def grade_line(line: GroupLine) -> GradeLine:
    """A group with, for A, B, C and ungraded: before, after, and the difference with its sign."""
    cells = []
    for grade in (*"ABC", UNGRADED):
        before, after = line.before.get(grade, 0), line.after.get(grade, 0)
        cells.append(
            (before, after, f"{after - before:+d}".replace("-", "−") if after != before else "")
        )
    return GradeLine(line.name, line.units, cells[:-1], cells[-1])
