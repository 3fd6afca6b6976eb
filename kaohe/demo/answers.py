"""Social evaluation (社会评价): what people answered, round by round and channel by channel."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from kaohe.core.quantities import TICK
from kaohe.core.rows import Response
from kaohe.demo.chance import Chance
from kaohe.demo.roster import Member

QUESTIONS = 10
ROUNDS = ("h1", "h2")
MINIMUMS = {"on_site": 30, "telephone": 30, "visit": 10}
_SIZES = {"on_site": (50, 80), "telephone": (44, 72), "visit": (14, 26)}
_THIN_SIZES = {"on_site": (12, 28), "telephone": (18, 36), "visit": (4, 12)}
_SMALL_STAFF = 14

# Answers 1 … 5 in ten thousand, where people are content and where they are not, and what the
# usual scale makes of them.
_CONTENT = (10, 30, 260, 2500, 7200)
_CONTENT_SCORE = 936_500
_DISCONTENT = (400, 1000, 2600, 4200, 1800)
_DISCONTENT_SCORE = 702_000


def _thresholds(score: int) -> list[int]:
    """Where in 65,536 the answers 1 … 5 end, so that their mean comes to ``score`` ticks."""
    width = _CONTENT_SCORE - _DISCONTENT_SCORE
    mix = score - _DISCONTENT_SCORE
    shares = [
        max(low + (high - low) * mix // width, 0)
        for low, high in zip(_DISCONTENT, _CONTENT, strict=True)
    ]
    total = sum(shares)
    return [65_536 * part // total for part in accumulate(shares)][:4]


def _answers(chance: Chance, ends: list[int], mood: int) -> tuple[int | None, ...]:
    """One person's answers: mostly the mood, sometimes another, now and then no opinion."""
    answers: list[int | None] = []
    for _ in range(QUESTIONS):
        bits = chance.bits()
        if bits & 0xFF < 7:
            answers.append(None)
        elif (bits >> 8) & 0xFF < 150:
            answers.append(mood)
        else:
            answers.append(bisect_right(ends, (bits >> 16) & 0xFFFF) + 1)
    return tuple(answers)


def _sizes(member: Member, chance: Chance) -> Iterator[tuple[str, str, int]]:
    """Round, channel and how many answered."""
    sizes = _THIN_SIZES if member.unit.staff <= _SMALL_STAFF else _SIZES
    for round_code in ROUNDS:
        if member.part in {"half_surveyed", "ungraded"} and round_code == "h1":
            continue
        for channel, (least, most) in sizes.items():
            yield round_code, channel, chance.between(least, most)


def answers_of(member: Member, score: int, seed: int) -> list[Response]:
    """A unit's responses, without numbers; their score comes to ``score`` ticks, about.

    A few are invalid, a few people break off early, and one in a thousand answers nothing.
    """
    if member.part == "unsurveyed" or member.unit.status == "exempt":
        return []
    chance = Chance(seed, "answers", member.unit.unit)
    responses = []
    for round_code, channel, size in _sizes(member, chance):
        ends = _thresholds(score + chance.around_zero(2 * TICK))
        for _ in range(size):
            mood = bisect_right(ends, chance.below(65_536)) + 1
            answers = _answers(chance, ends, mood)
            luck = chance.below(1000)
            if luck < 20:
                answers = answers[: 3 + luck % 3] + (None,) * (QUESTIONS - 3 - luck % 3)
            elif luck == 20:
                answers = (None,) * QUESTIONS
            valid = luck >= 40 or luck <= 20
            unit = member.unit.unit
            responses.append(Response("", unit, round_code, channel, valid, answers))
    return responses


def copied(responses: list[Response], unit: str, seed: int) -> list[Response]:
    """The same answers about another unit, in another order."""
    same = [response._replace(unit=unit) for response in responses]
    mixed = Chance(seed, "copied", unit).shuffled(same)
    return sorted(mixed, key=lambda response: (response.round, response.channel))


def numbered(responses: list[Response], year: int) -> tuple[Response, ...]:
    """With their numbers, in the order in which they stand."""
    return tuple(
        response._replace(response=f"W{year}-{number:06d}")
        for number, response in enumerate(responses, start=1)
    )
