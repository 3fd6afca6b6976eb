"""From where on the check-up speaks (体检尺度): limits that are settings of a year.

They stand beside the engine's scheme, never in it: no score depends on them.  A value is text as
people write it; what a version does not hold has its default.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from kaohe.core.checkup import Limits
from kaohe.core.indicators import Element
from kaohe.core.problems import N_, Problem, declare
from kaohe.core.quantities import half_width, parse_ticks, show_plain
from kaohe.core.scheme_fields import Kind, Section, Setting
from kaohe.core.texts import clean, shortened

declare(
    "error",
    {
        "checkup-not-number": (
            "“{key}” must be a number, and “{found}” stands there",
            "write plain digits, for example 20 or 12.5; no percent sign",
        ),
        "checkup-out-of-range": (
            "“{key}” is {found}, and must be {low} to {high}",
            "correct the number",
        ),
        "checkup-shares": (
            "the shares of the three elements make {found} percent together, not 100",
            "correct them until they make exactly 100",
        ),
    },
)


class _Bound(NamedTuple):
    """A limit: its name in ``Limits``, how it is written, its default, least and most."""

    name: str
    kind: Kind
    default: str
    low: int
    high: int
    label: str
    meaning: str
    clause: str
    tag: str = "practice"


_P, _W = Kind.PERCENT, Kind.WHOLE
_BOUNDS = (
    _Bound(
        "fewest",
        _W,
        "8",
        1,
        40,
        N_("Indicators on a sheet at least"),
        N_("A sheet with fewer is told: results can hardly be told apart."),
        "K-9",
    ),
    _Bound(
        "heaviest",
        Kind.POINTS,
        "20",
        1,
        100,
        N_("Points of one indicator at most"),
        N_("An indicator with more decides too much by itself."),
        "K-9",
    ),
    _Bound(
        "business",
        _P,
        "50",
        0,
        100,
        N_("Share of performance of business, %"),
        N_("Of the points of a sheet; with the other two elements it makes 100."),
        "K-9",
    ),
    _Bound(
        "benefit",
        _P,
        "30",
        0,
        100,
        N_("Share of social benefit, %"),
        N_("Of the points of a sheet; with the other two elements it makes 100."),
        "K-9",
    ),
    _Bound(
        "management",
        _P,
        "20",
        0,
        100,
        N_("Share of internal management, %"),
        N_("Of the points of a sheet; with the other two elements it makes 100."),
        "K-9",
    ),
    _Bound(
        "element_play",
        _P,
        "10",
        0,
        100,
        N_("Give or take for each element, percentage points"),
        N_("So far a share may be off before it is told."),
        "K-9",
    ),
    _Bound(
        "quantified",
        _P,
        "70",
        0,
        100,
        N_("Measured or counted at least, % of the points"),
        N_("All rules but marks of judges are measured or counted."),
        "K-9",
    ),
    _Bound(
        "latent",
        _P,
        "20",
        0,
        100,
        N_("Latent achievements at least, % of the points"),
        N_("Foundations whose effect shows in later years."),
        "K-10",
    ),
    _Bound(
        "latent_fall",
        _P,
        "10",
        0,
        100,
        N_("Fall of latent achievements told beyond, percentage points"),
        N_("Against the latest earlier year."),
        "K-10",
    ),
    _Bound(
        "copied",
        _P,
        "90",
        50,
        100,
        N_("Sheets are copies when alike by more than, %"),
        N_("Only what is a unit's own is compared, with that of its sisters."),
        "K-12",
    ),
    _Bound(
        "overlap",
        _P,
        "50",
        20,
        100,
        N_("Names overlap when alike by more than, %"),
        N_("Names of indicators are compared with those of the common template."),
        "K-12",
    ),
    _Bound(
        "stretch",
        _P,
        "10",
        0,
        100,
        N_("Out of reach when beyond the best by more than, %"),
        N_("The best that any unit reached in the earlier years that are looked at."),
        "K-13",
    ),
    _Bound(
        "history",
        _W,
        "3",
        1,
        5,
        N_("Earlier years that are looked at"),
        N_("As far as their folders or schemes are kept."),
        "K-13",
    ),
    _Bound(
        "samples",
        _W,
        "3",
        2,
        20,
        N_("Units or values at least"),
        N_("From fewer nothing is concluded about targets and differences."),
        "K-13",
    ),
    _Bound(
        "review_days",
        _W,
        "10",
        1,
        60,
        N_("Days for the office's answer, working days"),
        N_("From the day on which a scheme is submitted; the queue and both desks show the day."),
        "K-18",
    ),
    _Bound(
        "returns",
        _W,
        "2",
        1,
        9,
        N_("Returns without more ado"),
        N_("A further return needs a reason of its own for the whole version."),
        "K-18",
    ),
)
ROOT = "checkup"
_BY_NAME = {each.name: each for each in _BOUNDS}
_ELEMENTS = {
    "business": str(Element.BUSINESS),
    "benefit": str(Element.BENEFIT),
    "management": str(Element.MANAGEMENT),
}

LIMIT_SETTINGS: tuple[Setting, ...] = tuple(
    Setting(
        f"{ROOT}.{each.name}",
        Section.CHECKUP,
        each.kind,
        each.label,
        each.meaning,
        each.tag,
        each.clause,
    )
    for each in _BOUNDS
)
LIMITS_BY_KEY: Mapping[str, Setting] = {each.key: each for each in LIMIT_SETTINGS}
LIMIT_DEFAULTS: Mapping[str, str] = {f"{ROOT}.{each.name}": each.default for each in _BOUNDS}


def limit_values(kept: Mapping[str, str]) -> dict[str, str]:
    """The value of every limit, by key of its setting; what is not kept has its default.

    Args:
        kept: name of a limit → text, as the content of a version of the settings holds it.

    Source: docs/rules/checkup.md, K-17.
    """
    return {f"{ROOT}.{each.name}": str(kept.get(each.name, each.default)) for each in _BOUNDS}


def limits_of(kept: Mapping[str, str]) -> Limits:
    """What a check-up goes by.

    Source: docs/rules/checkup.md, K-17.

    >>> limits_of({"fewest": "6"}).fewest, limits_of({}).fewest
    (6, 8)
    """
    found: dict[str, int] = {}
    for each in _BOUNDS:
        text = str(kept.get(each.name, each.default))
        ticks = parse_ticks(text) or 0
        found[each.name] = int(text) if each.kind is _W else ticks
    elements = {element: found.pop(name) for name, element in _ELEMENTS.items()}
    return replace(Limits(), elements=elements, **found)


def with_limits(
    kept: Mapping[str, str], given: Mapping[str, Any]
) -> tuple[dict[str, str], list[Problem]]:
    """All limits with some of them changed, and all that is wrong with those.

    Args:
        given: key of a setting → its new value; every key is one of ``LIMITS_BY_KEY``.

    Source: docs/rules/checkup.md, K-17.
    """
    values = {key.partition(".")[2]: text for key, text in limit_values(kept).items()}
    problems = []
    for key, value in given.items():
        bound = _BY_NAME[key.partition(".")[2]]
        text, wrong = _read(bound, key, value)
        values[bound.name] = text
        problems += wrong
    if not problems and (wrong_sum := _sum(values)):
        problems.append(wrong_sum)
    return values, problems


def _read(bound: _Bound, key: str, value: Any) -> tuple[str, list[Problem]]:
    text = half_width(clean(str(value)))
    ticks = parse_ticks(text)
    if ticks is None or (bound.kind is _W and not text.isdecimal()):
        facts = {"key": key, "found": shortened(text)}
        return text, [Problem("checkup-not-number", column=key, facts=facts)]
    plain = show_plain(ticks)
    low, high = (parse_ticks(str(end)) or 0 for end in (bound.low, bound.high))
    if not low <= ticks <= high:
        facts = {"key": key, "found": plain, "low": str(bound.low), "high": str(bound.high)}
        return plain, [Problem("checkup-out-of-range", column=key, facts=facts)]
    return plain, []


def _sum(values: Mapping[str, str]) -> Problem | None:
    total = sum(parse_ticks(values[name]) or 0 for name in _ELEMENTS)
    if show_plain(total) == "100":
        return None
    return Problem("checkup-shares", column=f"{ROOT}.business", facts={"found": show_plain(total)})
