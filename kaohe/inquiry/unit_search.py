"""Finding a unit by its code, its name, or part of its name."""

from collections.abc import Iterable, Sequence
from heapq import nlargest

from kaohe.core.problems import Problem
from kaohe.core.quantities import half_width
from kaohe.inquiry.refusals import QuestionRefused

NEAR = 5  # near ones that a refusal lists

Name = tuple[str, str]  # credit code, name


def find_unit(names: Sequence[Name], asked: str) -> str:
    """The code of the one unit that is meant.

    Args:
        names: code and name of every unit.
        asked: a code, a name, or a part of a name or code that only one unit has.

    Raises:
        QuestionRefused: none has it, or several.

    >>> find_unit([("A1", "市人民医院"), ("A2", "市中医医院")], "人民")
    'A1'
    """
    found = matching(names, asked)
    if len(found) == 1:
        return found[0][0]
    text = asked.strip()
    if found:
        facts = {"asked": text, "number": len(found), "near": _listed(found[:NEAR])}
        raise QuestionRefused([Problem("unit-ambiguous", facts=facts)])
    near = near_ones(text, names)
    raise QuestionRefused(
        [Problem("unit-unknown", facts={"asked": text, "near": _listed(near) or "—"})]
    )


def matching(names: Sequence[Name], asked: str) -> list[Name]:
    """The units that ``asked`` names: by code, else by whole name, else by part of either."""
    text = half_width(asked.strip())
    code = text.upper()
    plain = text.casefold()
    for fits in (
        lambda unit: unit[0] == code,
        lambda unit: half_width(unit[1]).casefold() == plain,
        lambda unit: bool(plain) and (plain in half_width(unit[1]).casefold() or code in unit[0]),
    ):
        found = [unit for unit in names if fits(unit)]
        if found:
            return found
    return []


def near_ones(asked: str, names: Iterable[Name]) -> list[Name]:
    """The units whose name or code shares the most pairs of neighbouring signs with ``asked``."""
    wanted = _pairs(half_width(asked).upper())

    def likeness(unit: Name) -> float:
        return max(_share(wanted, _pairs(text.upper())) for text in unit)

    scored = ((likeness(unit), unit) for unit in names)
    best = nlargest(NEAR, (each for each in scored if each[0] > 0), key=lambda each: each[0])
    return [unit for _, unit in best]


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)} or {text}


def _share(wanted: set[str], found: set[str]) -> float:
    return 2 * len(wanted & found) / (len(wanted) + len(found))


def _listed(names: Iterable[Name]) -> str:
    return "; ".join(f"{name} ({code})" for code, name in names)
