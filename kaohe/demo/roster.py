"""The units of the demonstration city, and the part that each of them plays."""

from typing import NamedTuple

from kaohe.core.codes import ALPHABET, check_symbol
from kaohe.core.rows import Unit
from kaohe.demo import plan
from kaohe.demo.chance import Chance

_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
_DIGITS = "〇一二三四五六七八九"
PLACES = 10_000  # the best unit of a group has a place near 0, the worst one near PLACES
SMALLEST = 40  # below this many units nobody stands apart

# Group, how far down its ranking in percent, part.
_PARTS = (
    ("市直中小学组", 7, "barred"),  # would be A, and is barred from it
    ("卫生组", 9, "low_social"),  # would be A, but people are not content
    ("卫生组", 50, "merged"),
    ("农林水组", 12, "low_common"),  # would be A, but the ledgers are full
    ("农林水组", 45, "absorbing"),
    ("学前教育组", 0, "continued"),  # under a new code
    ("镇街中小学组", 70, "forced"),  # a veto
    ("镇街中小学组", 50, "twice_reversed"),
    ("市直中小学组", 40, "no_complaints"),
    ("镇街中小学组", 85, "no_measurement"),
    ("卫生组", 80, "no_milestones"),
    ("民政社保组", 85, "no_marks"),
    ("执法组", 60, "unsurveyed"),
    ("民政社保组", 55, "half_surveyed"),
    ("城建交通组", 50, "one_cause"),  # one paper, two deductions
    ("镇街所属组", 60, "split"),
    ("综合服务组", 100, "failing"),  # C, as the year before
)
_TIED_GROUP = "文化旅游组"  # two units share the last seat; the committee decides


class Member(NamedTuple):
    """A unit with what the facts of its year are made from."""

    unit: Unit
    kind: str
    place: int  # how good a year it has: 0 (best) to PLACES
    part: str = ""


class _Slot(NamedTuple):
    name: str
    group: str
    department: str
    kind: str
    traits: plan.Table


def credit_code(body: int, jurisdiction: str = plan.JURISDICTION) -> str:
    """The unified social credit code of a public institution with the given eight digits.

    Source: GB 32100-2015, GB 11714-1997; docs/rules/folder.md, F-4.

    >>> credit_code(49458013, "370683")
    '123706834945801398'
    """
    digits = f"{body:08d}"
    total = sum(int(digit) * by for digit, by in zip(digits, _INNER_WEIGHTS, strict=True))
    inner = "0123456789X0"[11 - total % 11]
    stem = f"12{jurisdiction}{digits}{inner}"
    symbol = check_symbol(stem)
    if symbol is None:
        raise ValueError(f"{stem} holds a symbol outside {ALPHABET}")
    return stem + symbol


def numeral(number: int) -> str:
    """A number below 10,000 as it is written in names.

    >>> numeral(7), numeral(12), numeral(40), numeral(305)
    ('七', '十二', '四十', '三〇五')
    """
    if number < 10:
        return _DIGITS[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return (_DIGITS[tens] if tens > 1 else "") + "十" + (_DIGITS[ones] if ones else "")
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def town_hall(town: str) -> str:
    """The body that runs a town or a subdistrict."""
    return f"{town}办事处" if town.endswith("街道") else f"{town}人民政府"


def _slots(group: plan.Table) -> list[_Slot]:
    """The units that the plan names for a group."""
    towns = plan.city()["towns"]
    slots = []
    for block in group["units"]:
        named = [(name, towns[0]) for name in block.get("names", ())]
        named += [(town + tail, town) for tail in block.get("per_town", ()) for town in towns]
        for name, town in named:
            if name not in block.get("skip", ()):
                department = block["department"].replace("{town}", town_hall(town))
                slots.append(_Slot(name, group["name"], department, block["kind"], block))
    return slots


def _sized(group: plan.Table, size: int) -> list[_Slot]:
    """As many units as wanted: some of those named, or those and numbered ones."""
    slots = _slots(group)
    if size <= len(slots):
        return [slots[place * len(slots) // size] for place in range(size)]
    return slots + [
        slots[extra % len(slots)]._replace(name=group["more"].format(n=numeral(extra + 1)))
        for extra in range(size - len(slots))
    ]


def _group_sizes(graded: int) -> list[int]:
    """The graded units divided among the groups as the plan divides them (largest remainder)."""
    planned = [group["size"] for group in plan.city()["groups"]]
    shares = [divmod(size * graded, sum(planned)) for size in planned]
    sizes = [whole for whole, _ in shares]
    by_rest = sorted(range(len(sizes)), key=lambda place: (-shares[place][1], place))
    for place in by_rest[: graded - sum(sizes)]:
        sizes[place] += 1
    return sizes


def _parts(group: str, size: int) -> dict[int, str]:
    """The parts of a group by rank, the best first."""
    parts: dict[int, str] = {}
    if size < 5:
        return parts
    for name, down, part in _PARTS:
        if name == group:
            parts[(size - 1) * down // 100] = part
    if group == _TIED_GROUP and 10 <= size <= 20:
        seat = size // 5 - 1
        parts = {rank: "above" if rank < seat else "below" for rank in range(size)}
        parts |= {seat: "tied", seat + 1: "tied_too"}
    return parts


def _unit(slot: _Slot, number: int, chance: Chance) -> Unit:
    traits = slot.traits
    return Unit(
        unit=credit_code(49_458_000 + 17 * number),
        name=slot.name,
        group=slot.group,
        department=slot.department,
        status=traits.get("status", "graded"),
        funding_basis=traits["funding_basis"],
        staff=chance.between(*traits["staff"]),
        status_reason=traits.get("status_reason"),
        category=traits["category"],
        sector=traits["sector"],
    )


def _apart() -> list[_Slot]:
    return [
        _Slot(row["name"], row["group"], row["department"], row["kind"], row)
        for row in plan.city()["apart"]
    ]


def default_size() -> int:
    """How many units the city has when nobody asks for another number."""
    city = plan.city()
    graded: int = sum(group["size"] for group in city["groups"])
    return graded + len(city["apart"])


def roster(units: int, seed: int) -> list[Member]:
    """The units of the city, in the order of their codes.

    Args:
        units: how many in all.  From ``SMALLEST`` on one of them is ungraded and one exempt.
        seed: who has a good year and who a bad one.
    """
    apart = _apart() if units >= SMALLEST else []
    members: list[Member] = []
    sizes = _group_sizes(units - len(apart))
    for group, size in zip(plan.city()["groups"], sizes, strict=True):
        ranks = Chance(seed, "places", group["name"]).shuffled(range(size))
        parts = _parts(group["name"], size)
        for slot, rank in zip(_sized(group, size), ranks, strict=True):
            unit = _unit(slot, len(members), Chance(seed, "unit", slot.name))
            place = (2 * rank + 1) * PLACES // (2 * size)
            members.append(Member(unit, slot.kind, place, parts.get(rank, "")))
    for slot in apart:
        unit = _unit(slot, len(members), Chance(seed, "unit", slot.name))
        members.append(Member(unit, slot.kind, PLACES // 2, unit.status))
    return members
