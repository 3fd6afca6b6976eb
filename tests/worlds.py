"""Whole sound years for property tests: a scheme with any setting, and inputs that pass all checks.

``worlds()`` is a Hypothesis strategy; ``world(seed, units)`` makes one of any size.  Every item
rule, tie, thin channel, reversal, self-correction, gap in the data, succession and number near the
bounds occurs.  The facts of each unit come from a seed of their own, so that a world with fewer
units keeps the facts of those that stay, and Hypothesis can shrink.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st

from kaohe.core.codes import ALPHABET, check_symbol
from kaohe.core.grading import seats
from kaohe.core.quantities import LIMIT, TICK
from kaohe.core.rows import (
    Adjustment,
    ComponentScore,
    Inputs,
    ManualTier,
    NotApplicable,
    PastGrade,
    Response,
    Result,
    Succession,
    Tenure,
    Unit,
)
from kaohe.core.scheme import Scheme
from kaohe.core.scoring import assess
from tests.world_items import items_for, rows_for
from tests.world_schemes import sound_scheme

GROUPS = ("教育组", "卫生组", "a,b 组")
DEPARTMENTS = ("教体局", "卫健局", '局"甲"', "𠮷局")
PEOPLE = ("张三", "李四", "𠮷田", "O'Neil", "王五")


class World(NamedTuple):
    """One year that a folder could hold."""

    scheme: Scheme
    inputs: Inputs


def _dice(seed: str) -> Random:
    return Random(seed)  # noqa: S311  (no secret depends on it)


def credit_code(number: int) -> str:
    """A valid code of a unit; codes do not rise with their numbers."""
    body = "12370683" + f"{number * 7919 % 10**6:06d}" + ALPHABET[number % 31] + "0X"
    symbol = check_symbol(body)
    if symbol is None:
        raise ValueError(body)
    return body + symbol


def _units(rng: Random, count: int) -> list[Unit]:
    groups = GROUPS[: rng.choice((1, 1, 2, 3))]
    departments = DEPARTMENTS[: rng.choice((1, 1, 2, 4))]
    return [
        Unit(
            credit_code(number),
            rng.choice((f"第{number}中学", f'"{number}" 号, 院', f"Unit {number}")),
            rng.choice(groups),
            rng.choice(departments),
            rng.choice(("graded",) * 8 + ("ungraded", "exempt")),
            rng.choice(("per_pupil", "appropriation")),
            rng.choice((20, 0, 1, 37, 134, 999_999)),
        )
        for number in range(count)
    ]


def _responses(rng: Random, scheme: Scheme, unit: str) -> list[Response]:
    survey = scheme.survey
    questions = len(survey.questions)
    full = tuple(rng.choice((5, 5, 4, 3, 1)) for _ in range(questions))
    sparse = tuple(rng.choice((None, 4, 2)) for _ in range(questions))
    other = tuple(rng.choice((1, 2, 3, 4, 5, None)) for _ in range(questions))
    patterns = (full, full, sparse, other, (None,) * questions)
    rows = []
    for each in survey.rounds:
        for channel in survey.channels:
            for number in range(rng.choice((2, 0, 0, 1, 3, 5))):
                code = f"{each.code}-{channel.code}-{unit[-8:]}-{number}"
                answers = rng.choice(patterns)
                valid = rng.random() < 0.9
                rows.append(Response(code, unit, each.code, channel.code, valid, answers))
    return rows


def _adjustments(rng: Random, unit: str) -> list[Adjustment]:
    points = (TICK, 0, 1, 33_333, 5 * TICK, LIMIT - 1)
    rows = []
    for number in range(rng.choice((0, 0, 0, 1, 3))):
        kind = rng.choice(("bonus", "deduction", "bonus", "deduction", "bonus", "force_c", "bar_a"))
        worth = rng.choice(points) if kind in ("bonus", "deduction") else None
        matter = rng.choice(("表彰", "通报"))
        code = f"adj-{unit[-8:]}-{number}"
        rows.append(Adjustment(code, unit, kind, matter, f"文〔2026〕{number}号", worth))
    return rows


def _history(rng: Random, unit: str, year: int) -> list[PastGrade]:
    usual = rng.choice("AACB")
    return [
        PastGrade(unit, year - back, rng.choice((usual, usual, usual, "none", "B")))
        for back in range(1, 7)
        if rng.random() < 0.85
    ]


def _successions(rng: Random, codes: Sequence[str], year: int) -> list[Succession]:
    """Each unit follows only codes further down the list, so that there is no cycle."""
    rows = []
    for place, unit in enumerate(codes[:-1]):
        kinds = rng.choice((("continuation",), (), (), ("merger", "absorption"), ("split",)))
        below = codes[place + 1 :]
        for kind, predecessor in zip(kinds, rng.sample(below, min(2, len(below))), strict=False):
            since = year - rng.choice((0, 1, 2, 3))
            rows.append(Succession(unit, predecessor, since, kind))
    return rows


def _tenures(rng: Random, unit: str, year: int) -> list[Tenure]:
    last = date(year, 12, 31)
    starts = (date(1900, 1, 1), date(year, 6, 30), date(year, 7, 1), last, date(year - 1, 2, 28))
    rows = []
    for person in rng.sample(PEOPLE, rng.choice((1, 0, 2, 3))):
        post = rng.choice(("principal", "legal_representative"))
        start = rng.choice(starts)
        end = rng.choice((None, None, None, last, last - timedelta(days=1), date(year, 8, 1)))
        rows.append(Tenure(unit, person, post, start, end if end and end >= start else None))
        if end and end > start and rng.random() < 0.6:
            again = end + timedelta(days=rng.choice((1, 1, 2, 0)))
            rows.append(Tenure(unit, person, rng.choice((post, "principal")), again))
        if rng.random() < 0.2:
            rows.append(Tenure(unit, person, "legal_representative", start))
    return sorted(set(rows), key=lambda row: (row.person, row.from_on, row.post, str(row.to_on)))


def _of_unit(rng: Random, scheme: Scheme, unit: Unit) -> Inputs:
    """The rows of one unit in the tables that know no items."""
    code, year = unit.unit, scheme.year
    tiers: tuple[ManualTier, ...] = ()
    if scheme.tier_policy.assign == "manual":
        tier = rng.choice(scheme.tier_policy.tiers)
        tiers = (ManualTier(code, tier.name, "议定"),)
    return Inputs(
        (),
        (),
        responses=tuple(_responses(rng, scheme, code)),
        adjustments=tuple(_adjustments(rng, code)),
        tiers=tiers,
        history=tuple(_history(rng, code, year)),
        tenures=tuple(_tenures(rng, code, year)),
    )


def together(parts: Iterable[Inputs]) -> Inputs:
    """The rows of several inputs in one."""
    columns = zip(*parts, strict=True)
    return Inputs(*(tuple(row for rows in column for row in rows) for column in columns))


def _facts(seed: int, scheme: Scheme, units: Sequence[Unit]) -> Inputs:
    items = items_for(_dice(f"{seed} items"), units)
    gone = [credit_code(900_000 + number) for number in range(3)]
    past = _dice(f"{seed} past")
    parts = [Inputs(tuple(units), tuple(items))]
    for unit in units:
        rng = _dice(f"{seed} {unit.unit}")
        parts.append(_of_unit(rng, scheme, unit))
        rarely = rng.choice((0.05, 0.0, 0.0, 0.02, 0.3, 0.05, 0.0, 0.97))
        for item in items:
            if item.department not in (None, unit.department) or item.unit not in (
                None,
                unit.unit,
            ):
                continue
            if rng.random() < rarely:
                row = NotApplicable(unit.unit, item.item, "职能不涉及")
                parts.append(Inputs((), (), not_applicable=(row,)))
            else:
                parts.append(rows_for(rng, item, unit.unit, scheme.year))
    codes = [*(unit.unit for unit in units), *gone]
    old = tuple(row for code in gone for row in _history(past, code, scheme.year))
    follow = tuple(_successions(past, codes, scheme.year))
    return together([*parts, Inputs((), (), history=old, successions=follow)])


_COPIED = (
    *("targets", "not_applicable", "measurements", "milestones", "marks", "events"),
    *("responses", "adjustments", "tiers"),
)
_OWN_KEYS = {"events": "event", "responses": "response", "adjustments": "adjustment"}


def _twins(rng: Random, scheme: Scheme, inputs: Inputs) -> Inputs:
    """The inputs with one unit's facts given to others of its department, so that units tie.

    Mostly it is a unit with a seat: then the last seat is often tied.
    """
    seated = {row.unit for row in assess(scheme, inputs).results if row.grade == "A"}
    models = [unit for unit in inputs.units if unit.unit in seated or rng.random() < 0.2]
    model = rng.choice(models or inputs.units)
    alone = {item.item for item in inputs.items if item.unit is not None}
    copies = {
        unit.unit
        for unit in inputs.units
        if unit.unit != model.unit and unit.department == model.department and rng.random() < 0.8
    }
    tables: dict[str, tuple[Any, ...]] = {}
    for name in _COPIED:
        kept, copied = [], []
        for row in getattr(inputs, name):
            shared = getattr(row, "item", "") not in alone
            if row.unit not in copies or not shared:
                kept.append(row)
            if row.unit == model.unit and shared:
                copied += [_as_of(name, row, unit) for unit in sorted(copies)]
        tables[name] = (*kept, *copied)
    return inputs._replace(**tables)


def _as_of(table: str, row: Any, unit: str) -> Any:
    """A row as another unit's, with a key of its own."""
    changed = {"unit": unit}
    for column in (_OWN_KEYS.get(table), "reverses" if table == "events" else None):
        if column and getattr(row, column) is not None:
            changed[column] = f"{getattr(row, column)}~{unit[-8:]}"
    return row._replace(**changed)


def _without_component(scores: Iterable[ComponentScore]) -> set[str]:
    found: dict[str, bool] = {}
    for row in scores:
        found[row.unit] = found.get(row.unit, False) or row.score is not None
    return {unit for unit, has in found.items() if not has}


def _sound(scheme: Scheme, inputs: Inputs) -> Inputs:
    """A graded unit without any component may not be: it becomes ungraded."""
    empty = _without_component(assess(scheme, inputs).component_scores)
    units = tuple(
        unit._replace(status="ungraded", status_reason="无数据") if unit.unit in empty else unit
        for unit in inputs.units
    )
    return inputs._replace(units=units)


def _seats_left(scheme: Scheme, results: Iterable[Result]) -> dict[str, tuple[int, list[str]]]:
    """By group, how many seats are left for the units tied at the last seat, and who they are."""
    found: dict[str, tuple[int, list[str]]] = {}
    taken: dict[str, int] = {}
    for row in results:
        taken[row.group] = taken.get(row.group, 0) + (row.grade == "A")
    for row in results:
        if "tie-at-last-seat" in row.flags and row.group_size is not None:
            _, tied = found.get(row.group, (0, []))
            left = seats(scheme.grading, row.group_size) - taken[row.group]
            found[row.group] = (left, [*tied, row.unit])
    return found


def _with_choices(rng: Random, scheme: Scheme, inputs: Inputs) -> Inputs:
    """The committee decides some of the ties at the last seat."""
    chosen: list[str] = []
    tied = _seats_left(scheme, assess(scheme, inputs).results)
    for left, units in tied.values():
        if rng.random() < 0.6:
            chosen += rng.sample(units, rng.choice((left, 1)))
    rows = [Adjustment(f"seat-{unit}", unit, "seat", "议定", "纪要〔2026〕1号") for unit in chosen]
    return inputs._replace(adjustments=(*inputs.adjustments, *rows))


def _world(seed: int, scheme_rng: Random, count: int, left_out: Iterable[str] = ()) -> World:
    rng = _dice(f"{seed} world")
    units = _units(_dice(f"{seed} units"), count)
    scheme = sound_scheme(scheme_rng, tuple(sorted({unit.group for unit in units})))
    inputs = _facts(seed, scheme, units)
    if rng.random() < 0.5:
        inputs = _twins(rng, scheme, inputs)
    inputs = inputs._replace(**dict.fromkeys(left_out, ()))
    inputs = _with_choices(rng, scheme, _sound(scheme, inputs))
    shuffled = {name: rng.sample(rows, len(rows)) for name, rows in inputs._asdict().items()}
    return World(scheme, Inputs(**{name: tuple(rows) for name, rows in shuffled.items()}))


def world(seed: int, units: int) -> World:
    """One sound year of a given number of units; the same for the same seed."""
    return _world(seed, _dice(f"{seed} scheme"), units)


_OPTIONAL = ("measurements", "milestones", "marks", "events", "responses", "adjustments")
_PAST = ("history", "successions", "tenures")


@st.composite
def worlds(draw: st.DrawFn, *, units: int = 12) -> World:
    """Sound years of at most ``units`` units (3 or more)."""
    count = draw(st.integers(1, 2) | st.integers(3, units) | st.integers(units // 2, units))
    left_out = draw(st.sets(st.sampled_from((*_OPTIONAL, *_PAST)), max_size=3))
    seed = draw(st.integers(0, 2**32))
    return _world(seed, draw(st.randoms(use_true_random=False)), count, sorted(left_out))


def with_scheme(world: World, **settings: object) -> World:
    """The same facts under other settings of the scheme."""
    return World(replace(world.scheme, **settings), world.inputs)  # type: ignore[arg-type]
