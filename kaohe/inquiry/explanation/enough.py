"""How few of the ways would have been enough for a better grade, by the exact rules."""

from collections.abc import Sequence

from kaohe.core.problems import N_
from kaohe.core.quantities import show_hundredths, show_plain
from kaohe.core.rows import Measurement
from kaohe.core.sheets import measured
from kaohe.inquiry.explanation.arithmetic import comma, sentences
from kaohe.inquiry.explanation.case import Case
from kaohe.inquiry.explanation.keeps import Keep
from kaohe.inquiry.explanation.trial import Change, Outcome, changed, outcome

Section = dict[str, object]
Chosen = dict[int, tuple[int, Keep]]  # by cause: the place of one way, and the way
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
    chosen: Chosen = {}
    for place, keep in useful:
        if not _stronger(keep, chosen.get(keep.way.number)):
            continue
        chosen[keep.way.number] = (place, keep)
        if _reaches(_together(case, chosen), wanted):
            return _section(case, wanted, _needed(case, wanted, chosen))
    return None


def _stronger(keep: Keep, before: tuple[int, Keep] | None) -> bool:
    return before is None or keep.gain > before[1].gain


def _together(case: Case, chosen: Chosen, more: Change | None = None) -> Outcome:
    whole = Change()
    for _place, keep in chosen.values():
        whole = whole | keep.way.change
    return outcome(case, whole | (more or Change()))


def _reaches(after: Outcome, wanted: str) -> bool:
    return after.result.grade in _ORDER[: _ORDER.index(wanted) + 1]


def _needed(case: Case, wanted: str, chosen: Chosen) -> Chosen:
    """What is left when all that is not needed is given up, the dearest first."""
    for number in reversed(list(chosen)):
        fewer = {key: way for key, way in chosen.items() if key != number}
        if fewer and _reaches(_together(case, fewer), wanted):
            chosen = fewer
    return chosen


def _section(case: Case, wanted: str, chosen: Chosen) -> Section:
    _ = case.translate
    result = _together(case, chosen).result
    least = _least(case, wanted, chosen)
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
        "least": least,
        "sentence": sentences(
            [
                _(text).format(
                    number=len(ways),
                    places=comma(_).join(str(place) for place, _keep in ways),
                    composite=composite,
                    rank=result.rank,
                    grade=case.say("grade", result.grade),
                ),
                *([str(least["sentence"])] if least else []),
            ],
            _,
        ),
    }


def _least(case: Case, wanted: str, chosen: Chosen) -> Section | None:
    """Of the dearest way, where it is a measured value: the least value that would have done."""
    _place, keep = max(chosen.values(), key=lambda each: each[0])
    if keep.way.action != "reach" or len(keep.way.change.rows) != 1:
        return None
    row = next(iter(keep.way.change.rows.values()))
    before = case.sheet.measurements.get(getattr(row, "item", ""))
    if not isinstance(row, Measurement) or row.value is None or before is None:
        return None
    short, done = measured(before), row.value
    if short is None or any(i.item == row.item and i.rule == "rank" for i in case.sheet.items):
        return None
    while abs(done - short) > 1:
        middle = (done + short) // 2
        tried = changed(row._replace(value=middle))
        others = {key: way for key, way in chosen.items() if way[1] is not keep}
        if _reaches(_together(case, others, tried), wanted):
            done = middle
        else:
            short = middle
    if done == row.value:
        return None
    _ = case.translate
    text = _(N_("Of {item}, {value} would have been enough."))
    name = next(item.name for item in case.sheet.items if item.item == row.item)
    value = show_plain(done)
    sentence = text.format(item=name, value=value)
    return {"item": row.item, "value": value, "sentence": sentence}
