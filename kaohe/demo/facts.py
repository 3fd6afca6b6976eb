"""The facts of one item, made so that the item earns what it should.

Each rule has its way back from points to a measured value, a day or an event.  Values are whole
numbers of ticks; what a value really earns may differ a little from what was wanted (there are only
whole pupils), so every way back says what was lost in the end.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from kaohe.core.quantities import FULL, TICK, half_up
from kaohe.core.rows import EventKind, Item, Mark, Measurement, Milestone, Target
from kaohe.demo.book import Book, Draft
from kaohe.demo.chance import Chance
from kaohe.demo.plan import Table
from kaohe.demo.roster import PLACES, Member
from kaohe.demo.sheets import ticks

FOUNDED_IN = 9  # the month in which the ungraded unit was set up
_SMALL_FAULT = "情节轻微，按半数记分。"
_OWN_REPORT = "单位自查发现并已改正。"


class FactMaker:
    """Writes the facts of one unit.  All losses are ticks of points, 0 to the item's points."""

    def __init__(self, member: Member, number: int, year: int, seed: int) -> None:
        self.member = member
        self.unit = member.unit.unit
        self.year = year
        self.chance = Chance(seed, "facts", self.unit)
        self.book = Book()
        self._papers = number * 100

    def make(self, item: Item, hints: Table, loss: int) -> int:
        """Writes the item's facts and gives back the loss that they come to, about."""
        ways = {
            "interval": self._interval,
            "ratio_up": self._ratio_up,
            "ratio_down": self._ratio_down,
            "steps_up": self._steps,
            "steps_down": self._steps,
            "growth": self._growth,
            "milestones": self._milestones,
            "rank": self._rank,
            "marks": self._marks,
            "deduction": self._deduction,
            "accrual": self._accrual,
        }
        return ways[item.rule](item, hints, min(max(loss, 0), item.points))

    def day(self, months: Sequence[int] = range(1, 13)) -> date:
        """A day of the year in one of the months, in which the unit existed."""
        if self.member.part == "ungraded":
            months = [month for month in months if month >= FOUNDED_IN] or [12]
        return date(self.year, self.chance.pick(months), self.chance.between(1, 28))

    def paper(self) -> str:
        """A document number that is used once."""
        self._papers += 1
        return f"示事考证〔{self.year}〕{self._papers}号"

    def _measure(self, item: Item, hints: Table, wanted: int, up: bool | None) -> int:
        """Writes a value near ``wanted``, rounded up, down or to the nearest; says which value."""
        if "rate" in hints:
            parts = self.chance.between(*hints["rate"])
            wanted = min(wanted, FULL)
            numerator = min(_rounded(wanted * parts, FULL, up), parts)
            row = Measurement(
                self.unit, item.item, numerator=numerator * TICK, denominator=parts * TICK
            )
            value = half_up(FULL * numerator, parts)
        else:
            grain = TICK // 10 ** hints.get("digits", 1)
            value = _rounded(max(wanted, 0), grain, up) * grain
            row = Measurement(self.unit, item.item, value=value)
        if self.chance.happens(30):
            row = row._replace(document=self.paper())
        self.book.measurements.append(row)
        return value

    def _interval(self, item: Item, hints: Table, loss: int) -> int:
        zero, full = item.zero_at or 0, item.full_at or 0
        span = full - zero
        if loss == 0:
            wanted = full + span * self.chance.between(0, 30) // 100
            wanted = min(wanted, max(FULL, full))
        else:
            wanted = full - span * loss // item.points
        value = self._measure(item, hints, wanted, None if loss else span > 0)
        return min(max(item.points * (full - value) // span, 0), item.points)

    def _target(self, item: Item, hints: Table) -> int:
        """The unit's own target where the plan asks for one, else the item's."""
        if "each" not in hints:
            return item.target or 0
        least, most, step = (ticks(part) for part in hints["each"])
        target = least + self.chance.below((most - least) // step + 1) * step
        self.book.targets.append(Target(self.unit, item.item, target=target))
        return target

    def _ratio_up(self, item: Item, hints: Table, loss: int) -> int:
        target = self._target(item, hints)
        if loss == 0:
            value = self._measure(item, hints, target * self.chance.between(100, 112) // 100, True)
            return 0
        least = ((item.minimum or 0) + 5_000) * target // FULL
        wanted = max(target * (item.points - loss) // item.points, least)
        value = self._measure(item, hints, wanted, item.minimum is not None or None)
        return max(item.points * (target - value) // target, 0)

    def _ratio_down(self, item: Item, hints: Table, loss: int) -> int:
        target = item.target or 0
        if target == 0:
            faults = self.chance.between(1, 2) if 2 * loss > item.points else 0
            self._measure(item, {"digits": 0}, faults * TICK, None)
            return item.points if faults else 0
        if loss == 0:
            self._measure(item, hints, target * self.chance.between(70, 100) // 100, False)
            return 0
        kept = max(item.points - loss, item.points * ((item.minimum or 0) + TICK) // FULL)
        value = self._measure(item, hints, target * item.points // kept, None)
        return max(item.points - item.points * target // value, 0)

    def _steps(self, item: Item, hints: Table, loss: int) -> int:
        up = item.rule == "steps_up"
        kept = [item.points * step.percent // FULL for step in item.steps]
        near = min(range(len(kept)), key=lambda place: abs(item.points - loss - kept[place]))
        here = item.steps[near].threshold
        if near:
            before = item.steps[near - 1].threshold
        else:
            before = min(here * 105 // 100, max(FULL, here)) if up else here // 2
        wanted = here + (before - here) * self.chance.between(0, 60) // 100
        value = self._measure(item, hints, wanted, up)
        for step, points in zip(item.steps, kept, strict=True):
            if value >= step.threshold if up else value <= step.threshold:
                return item.points - points
        return item.points

    def _growth(self, item: Item, hints: Table, loss: int) -> int:
        least, most, step = (ticks(part) for part in hints["base"])
        base = least + self.chance.below((most - least) // step + 1) * step
        self.book.targets.append(Target(self.unit, item.item, base=base))
        target = item.target or 0
        gain = target * (item.points - loss) // item.points
        if loss == 0:
            gain += target * self.chance.between(0, 60) // 100
        wanted = base + base * gain // FULL
        value = self._measure(item, {"digits": 0}, wanted, None if loss else True)
        reached = FULL * (value - base) // base
        return min(max(item.points * (target - reached) // target, 0), item.points)

    def _rank(self, item: Item, hints: Table, _loss: int) -> int:
        worst, best = (ticks(part) for part in hints["spread"])
        if item.direction == "down":
            worst, best = best, worst
        place = min(max(self.member.place + self.chance.around_zero(1500), 0), PLACES)
        self._measure(item, hints, best + (worst - best) * place // PLACES, None)
        return item.points * self.member.place // PLACES

    def _marks(self, item: Item, hints: Table, loss: int) -> int:
        mean = item.points - loss
        total = 0
        judges: int = hints["judges"]
        for judge in range(1, judges + 1):
            mark = mean + self.chance.around_zero(item.points // 8)
            points = min(max(half_up(max(mark, 0), 1_000) * 1_000, 0), item.points)
            total += points
            self.book.marks.append(Mark(self.unit, item.item, f"评委{judge}", points))
        return item.points - total // judges

    def _milestones(self, item: Item, hints: Table, loss: int) -> int:
        nodes = hints["nodes"]
        late_node = self.chance.below(len(nodes))
        per_day = FULL if item.late_per_day is None else item.late_per_day
        lost = 0
        for number, (percent, month_day) in enumerate(nodes):
            share = ticks(percent)
            due = date.fromisoformat(f"{self.year}-{month_day}")
            done: date | None = due - timedelta(days=self.chance.between(0, 15))
            if number == late_node and loss > 0:
                worth = item.points * share // FULL
                days = half_up(loss * FULL, worth * per_day)
                done = due + timedelta(days=days)
                if days * per_day >= FULL or done.year != self.year:
                    done, days = None, -1
                lost = worth if days < 0 else worth * days * per_day // FULL
            name = f"节点{number + 1}"
            self.book.milestones.append(Milestone(self.unit, item.item, name, share, due, done))
        return lost

    def _deduction(self, item: Item, _hints: Table, loss: int) -> int:
        return self.faults(item, {}, loss, range(1, 13))

    def faults(self, item: Item, notes: dict[str, str], loss: int, months: Sequence[int]) -> int:
        """Events that take about ``loss`` from the item; what they take."""
        taken: dict[str, int] = {}
        for _ in range(40):
            kind = self._fitting(item.kinds, taken, loss - sum(taken.values()))
            if kind is None:
                break
            own = self.chance.happens(15)
            lighter = not own and self.chance.happens(4)
            points = kind.points // 2 if own or lighter else kind.points
            room = points if kind.cap is None else kind.cap - taken.get(kind.kind, 0)
            taken[kind.kind] = taken.get(kind.kind, 0) + min(points, room)
            note = notes.get(kind.kind, f"经核查，{kind.kind}，记录在案。")
            note += _OWN_REPORT if own else _SMALL_FAULT if lighter else ""
            self.book.drafts.append(
                Draft(
                    self.unit,
                    item.item,
                    kind.kind,
                    self.day(months),
                    self_corrected=own,
                    points=points if lighter else None,
                    document=self.paper() if self.chance.happens(40) else None,
                    note=note,
                )
            )
        return min(sum(taken.values()), item.points)

    def _fitting(
        self, kinds: Sequence[EventKind], taken: dict[str, int], rest: int
    ) -> EventKind | None:
        """A kind whose points fit into the rest, the lighter ones more often."""
        smallest = min(kind.points for kind in kinds)
        fitting = [
            kind
            for kind in kinds
            if kind.points <= rest + smallest // 2
            and (kind.cap is None or taken.get(kind.kind, 0) < kind.cap)
        ]
        if not fitting or 2 * rest < smallest:
            return None
        return self.chance.weighted(fitting, [100 * TICK // kind.points for kind in fitting])

    def _accrual(self, item: Item, _hints: Table, loss: int) -> int:
        gained: dict[str, int] = {}
        for _ in range(40):
            kind = self._fitting(item.kinds, gained, item.points - loss - sum(gained.values()))
            if kind is None:
                break
            room = kind.points if kind.cap is None else kind.cap - gained.get(kind.kind, 0)
            gained[kind.kind] = gained.get(kind.kind, 0) + min(kind.points, room)
            self.book.drafts.append(
                Draft(
                    self.unit,
                    item.item,
                    kind.kind,
                    self.day(),
                    document=self.paper(),
                    note=f"{kind.kind}，有文件为证。",
                )
            )
        return max(item.points - sum(gained.values()), 0)


def _rounded(numerator: int, denominator: int, up: bool | None) -> int:
    """The quotient as a whole number: up, down, or to the nearest (None)."""
    if up is None:
        return half_up(numerator, denominator)
    return -(-numerator // denominator) if up else numerator // denominator
