"""How firm the ranks are, as one picture (名次区间图): SVG for papers, PNG for screens.

A panel for each group, in the order of ranks: the place that each unit has, the interval in which
its place lies, how likely each grade is, and the line of the last A seat (名额线).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kaohe.core.quantities import show_hundredths
from kaohe.documents.press import Press
from kaohe.locale import Translate
from kaohe.locale.words import N_

HEAD_ROWS = 4  # what a panel's heading takes, in rows


@dataclass(frozen=True, slots=True)
class RankedUnit:
    """One unit of a group.

    ``rank`` is its actual place, ``low`` and ``high`` the best and the worst place of the
    interval (1 is first), ``p_a``, ``p_b`` and ``p_c`` how likely each grade is (0 to 1, together
    1), ``composite`` in hundredths, ``grade`` A, B or C as it was given.
    """

    name: str
    composite: int
    rank: int
    grade: str
    low: int
    high: int
    p_a: float
    p_b: float
    p_c: float


@dataclass(frozen=True, slots=True)
class RankedGroup:
    """The ranked units of a group, and how many A seats it has."""

    name: str
    seats: int
    units: tuple[RankedUnit, ...]


def write_chart(
    path_svg: Path,
    path_png: Path,
    groups: Sequence[RankedGroup],
    *,
    title: str = "",
    note: str = "",
    translate: Translate = str,
    language: str = "zh",
    press: Press | None = None,
) -> None:
    """Writes the picture twice: as SVG, and as PNG of 144 dots an inch.

    Args:
        groups: one or more, each with one unit at least; their order is kept.
        title: above the picture; left out, it says what the picture is.
        note: how the intervals were found: it is for the caller to say.
        press: a press to use again.

    Raises:
        ValueError: no group, or a group without units.
        FontMissing: there is no Chinese typeface on this machine.
        CharacterMissing: a name has a character that none of the typefaces has.
    """
    if not groups or not all(group.units for group in groups):
        raise ValueError("a chart needs at least one group, and each group one unit")
    data = {
        "lang": language,
        "title": title or translate(N_("How firm the ranks are")),
        "note": " ".join(part for part in (translate(LEGEND), note) if part),
        "words": {key: translate(text) for key, text in WORDS.items()},
        "columns": [[_group(g, translate) for g in column] for column in in_columns(groups)],
    }
    made = press or Press()
    (picture,) = made.pages("chart", data, "svg")
    path_svg.write_bytes(picture)
    (picture,) = made.pages("chart", data, "png")
    path_png.write_bytes(picture)


LEGEND = N_(
    "Dot: actual rank. Bar: interval of the rank. Dashed line: last A seat. Likelihood: A dark, B"
    " pale, C red. For discussion of the boundary; it changes no rank."
)
WORDS = {
    "rank": N_("rank"),
    "unit": N_("unit"),
    "composite": N_("total"),
    "grade": N_("grade"),
    "odds_a": N_("A likely"),
    "odds": N_("likelihood of A, B, C"),
    "interval": N_("interval"),
    "seat_line": N_("seat line"),
}


def in_columns(groups: Sequence[RankedGroup]) -> list[list[RankedGroup]]:
    """The groups in one, two or three columns of about equal height, read downwards.

    >>> [len(column) for column in in_columns([RankedGroup("g", 1, ())] * 7)]
    [2, 3, 2]
    """
    number = 1 if len(groups) == 1 else 2 if len(groups) <= 6 else 3
    heights = [len(group.units) + HEAD_ROWS for group in groups]
    whole, before = sum(heights), 0
    columns: list[list[RankedGroup]] = [[] for _ in range(number)]
    for group, height in zip(groups, heights, strict=True):
        middle = before + height / 2
        columns[min(number - 1, int(middle * number / whole))].append(group)
        before += height
    return [column for column in columns if column]


def ticks(size: int) -> list[int]:
    """The marked places of an axis of so many: the first, the last, and round numbers between.

    >>> ticks(24), ticks(3), ticks(1)
    ([1, 5, 10, 15, 20, 24], [1, 2, 3], [1])
    """
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**6) if size <= 7 * step)
    inner = [tick for tick in range(step, size, step) if 1 < tick < size - step / 2]
    return sorted({1, size, *inner})


def likely(share: float) -> str:
    """A likelihood in percent, never 0 or 100 where it is not.

    >>> likely(0.364), likely(0.9994), likely(0.0004), likely(1.0), likely(0.0)
    ('36%', '>99%', '<1%', '100%', '0%')
    """
    if share in (0.0, 1.0):
        return f"{share:.0%}"
    if share > 0.99:
        return ">99%"
    return "<1%" if share < 0.01 else f"{share:.0%}"


def _group(group: RankedGroup, translate: Translate) -> dict[str, object]:
    note = translate(N_("{units} units, {seats} A seats"))
    return {
        "name": group.name,
        "note": note.format(units=len(group.units), seats=group.seats),
        "seats": group.seats,
        "ticks": ticks(len(group.units)),
        "units": [
            _unit(unit) for unit in sorted(group.units, key=lambda unit: (unit.rank, unit.name))
        ],
    }


def _unit(unit: RankedUnit) -> dict[str, object]:
    firm = unit.low == unit.high
    return {
        "name": unit.name,
        "composite": show_hundredths(unit.composite),
        "rank": unit.rank,
        "shown_rank": str(unit.rank),
        "grade": unit.grade,
        "low": unit.low,
        "high": unit.high,
        "interval": str(unit.low) if firm else f"{unit.low}–{unit.high}",
        "odds": likely(unit.p_a),
        "a": unit.p_a,
        "b": unit.p_b,
        "c": unit.p_c,
    }
