"""Where a unit's points went (分数的去处): from 100 down to the composite, as rows of a picture.

All figures are exact fractions until they are printed with two digits; the last row is the
composite itself, so a printed row may differ from the sum of the others by one hundredth.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kaohe.documents.blocks import MINUS
from kaohe.locale import Translate
from kaohe.locale.words import N_

WHOLE = Fraction(100)
SMALL = Fraction(1, 200)  # what would be printed as 0.00
SHORT = {"common": N_("common"), "individual": N_("individual"), "social": N_("social")}


@dataclass(frozen=True, slots=True)
class Step:
    """One row: what it is, how many points of the composite, and where they went."""

    label: str
    change: Fraction  # below 0: lost
    source: str = ""


def two_digits(value: Fraction, *, sign: bool = False) -> str:
    """A figure with two digits, half up; a real minus.

    >>> two_digits(Fraction(-5, 1000), sign=True), two_digits(Fraction(2), sign=True)
    ('−0.01', '+2.00')
    """
    hundredths = int(abs(value) * 100 + Fraction(1, 2))
    text = f"{hundredths // 100}.{hundredths % 100:02d}"
    if hundredths == 0:
        return text
    return (MINUS if value < 0 else "+" if sign else "") + text


def steps(explanation: Mapping[str, Any], translate: Translate) -> list[Step]:
    """The rows between 100 and the composite, in the order of the components.

    Source: docs/rules/scoring.md, C-1 to C-4.
    """
    found = list(_steps(explanation, translate))
    result = explanation["result"]
    for key, label, sign in (
        ("bonus", N_("bonus"), 1),
        ("deduction", N_("extra deduction"), -1),
    ):
        points = sign * Fraction(result[key])
        if points:
            found.append(Step(translate(label), points, _matters(explanation, key)))
    rest = Fraction(result["composite"]) - WHOLE - sum(step.change for step in found)
    if abs(rest) > 2 * SMALL:
        found.append(Step(translate(N_("held within the limits")), rest))
    return found


def _matters(explanation: Mapping[str, Any], kind: str) -> str:
    rows = explanation["composite"]["adjustments"]
    return " ".join(row["document"] for row in rows if row["kind"] == kind and row["counted"])


def _steps(explanation: Mapping[str, Any], translate: Translate) -> Iterator[Step]:
    parts = [part for part in explanation["composite"]["components"] if part["counted"]]
    total = sum(Fraction(part["weight"]) for part in parts)
    sections = {section["component"]: section for section in explanation["components"]}
    for part in parts:
        share = Fraction(part["weight"]) / total
        name = translate(SHORT[part["component"]])
        if part["score"] is None:
            yield Step(name, -WHOLE * share, translate(N_("a component is missing")))
            continue
        section = sections[part["component"]]
        lost = _by_round(section) if part["component"] == "social" else _by_element(section)
        for label, points, source in lost:
            if points * share > SMALL:
                text = f"{name}·{label}" if label else name
                yield Step(text, -points * share, translate(source[0]).format(source[1]))
        moved = Fraction(part["adjusted"]) - Fraction(part["score"])
        if moved:
            text = translate(N_("tier {0}")).format(part["tier"])
            yield Step(f"{name}·{text}", moved * share, f"{part['score']} → {part['adjusted']}")


Lost = tuple[str, Fraction, tuple[str, object]]  # label, points of the component, source


def _by_element(section: Mapping[str, Any]) -> Iterator[Lost]:
    """What the items of each element lost, in points of the component."""
    sums: dict[str, Fraction] = {}
    counts: dict[str, int] = {}
    for item in section["items"]:
        lost = Fraction(item["lost"] or 0)
        label = item["element"] or item["aspect"] or ""
        sums[label] = sums.get(label, Fraction(0)) + lost
        counts[label] = counts.get(label, 0) + (lost > 0)
    whole = sum(sums.values())
    for label, lost in sums.items():
        if lost:
            points = lost / whole * (WHOLE - Fraction(section["score"]))
            yield label, points, (N_("{0} items"), counts[label])


def _by_round(section: Mapping[str, Any]) -> Iterator[Lost]:
    rounds = [part for part in section["rounds"] if part["score"] is not None]
    total = sum(Fraction(part["weight"]) for part in rounds)
    for part in rounds:
        lost = (WHOLE - Fraction(part["score"])) * Fraction(part["weight"]) / total
        yield part["name"], lost, (N_("score {0}"), part["score"])


def picture(explanation: Mapping[str, Any], translate: Translate) -> dict[str, object]:
    """The rows with the places of their bars, and the axis, for the template.

    Returns:
        low, high: the ends of the axis in points; ticks: its marks; cut: whether the axis begins
        above 0; rows: label, value, source, kind ("total", "loss", "gain"), start and end.
    """
    composite = Fraction(explanation["result"]["composite"])
    found = steps(explanation, translate)
    level, lowest, highest = WHOLE, min(WHOLE, composite), max(WHOLE, composite)
    rows: list[dict[str, object]] = [
        _row(translate(N_("full marks")), "100.00", "", "total", (None, WHOLE))
    ]
    for step in found:
        before, level = level, level + step.change
        lowest, highest = min(lowest, level), max(highest, level)
        kind = "gain" if step.change > 0 else "loss"
        value = two_digits(step.change, sign=True)
        rows.append(_row(step.label, value, step.source, kind, (before, level)))
    label = translate(N_("composite"))
    rows.append(_row(label, two_digits(composite), "", "total", (None, composite)))
    span = highest - lowest
    mark = next(m for m in (1, 2, 5, 10, 20) if span <= 6 * m or m == 20)
    low = max(0, (int(lowest) - mark // 2 - 1) // mark * mark)
    high = -(-int(highest * 100) // (100 * mark)) * mark
    return {
        "low": low,
        "high": high,
        "ticks": list(range(low if low == 0 else low + mark, high + 1, mark)),
        "cut": low > 0,
        "rows": rows,
    }


def _row(
    label: str, value: str, source: str, kind: str, ends: tuple[Fraction | None, Fraction]
) -> dict[str, object]:
    start, end = ends
    return {
        "label": label,
        "value": value,
        "source": source,
        "kind": kind,
        "start": None if start is None else float(start),
        "end": float(end),
    }
