"""How few of the ways would have been enough for a better grade, by the exact rules."""

from collections.abc import Sequence

from kaohe.core.problems import N_
from kaohe.core.quantities import show_hundredths
from kaohe.inquiry.case import Case
from kaohe.inquiry.keeps import Keep
from kaohe.inquiry.trial import Change, Outcome, outcome

Section = dict[str, object]
_BETTER = {"C": "B", "B": "A"}
_ORDER = "ABC"


def enough(case: Case, keeps: Sequence[Keep]) -> Section | None:
    """The fewest keeps from the front of the list that would have reached the next grade.

    From the front, one after another is kept until the grade is reached; then each that turns out
    not to be needed is given up again.  None where the unit is A or not graded, or where all of
    them together would not have been enough.

    Source: docs/rules/grading.md, G-2, G-3.
    """
    wanted = _BETTER.get(case.result.grade)
    if wanted is None:
        return None
    useful = [(place, keep) for place, keep in enumerate(keeps, 1) if keep.gain > 0]
    chosen: dict[int, tuple[int, Keep]] = {}  # by cause: one way each
    for place, keep in useful:
        if not _stronger(keep, chosen.get(keep.way.number)):
            continue
        chosen[keep.way.number] = (place, keep)
        if _reaches(_together(case, chosen), wanted):
            return _section(case, wanted, _needed(case, wanted, chosen))
    return None


def _stronger(keep: Keep, before: tuple[int, Keep] | None) -> bool:
    return before is None or keep.gain > before[1].gain


def _together(case: Case, chosen: dict[int, tuple[int, Keep]]) -> Outcome:
    whole = Change()
    for _place, keep in chosen.values():
        whole = whole | keep.way.change
    return outcome(case, whole)


def _reaches(after: Outcome, wanted: str) -> bool:
    return after.result.grade in _ORDER[: _ORDER.index(wanted) + 1]


def _needed(
    case: Case, wanted: str, chosen: dict[int, tuple[int, Keep]]
) -> dict[int, tuple[int, Keep]]:
    """What is left when all that is not needed is given up, the dearest first."""
    for number in reversed(list(chosen)):
        fewer = {key: way for key, way in chosen.items() if key != number}
        if fewer and _reaches(_together(case, fewer), wanted):
            chosen = fewer
    return chosen


def _section(case: Case, wanted: str, chosen: dict[int, tuple[int, Keep]]) -> Section:
    _ = case.translate
    result = _together(case, chosen).result
    ways = sorted(chosen.values(), key=lambda each: each[0])
    text = N_(
        "Keeping {number} of them (no. {places}) would have given a composite of {composite},"
        " rank {rank} and {grade}."
    )
    composite = show_hundredths(result.composite or 0)
    return {
        "grade": result.grade,
        "places": [place for place, _keep in ways],
        "changes": [change for _place, keep in ways for change in keep.way.sets],
        "composite": composite,
        "rank": result.rank,
        "sentence": _(text).format(
            number=len(ways),
            places=_(N_(", ")).join(str(place) for place, _keep in ways),
            composite=composite,
            rank=result.rank,
            grade=case.say("grade", result.grade),
        ),
    }
