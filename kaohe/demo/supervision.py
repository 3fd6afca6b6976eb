"""A unit's year on record: the two ledgers, its sheet, and what went wrong on the way."""

from collections.abc import Sequence
from datetime import date, timedelta

from kaohe.core.quantities import FULL, TICK
from kaohe.core.rows import Measurement, NotApplicable
from kaohe.demo.aims import Aim
from kaohe.demo.book import Book, Draft
from kaohe.demo.facts import FactMaker
from kaohe.demo.roster import PLACES
from kaohe.demo.sheets import Indicator

_COARSE = {"steps_up", "steps_down", "deduction", "accrual", "milestones", "marks"}
_NEEDS_NO_LICENCE = {"office", "town_service", "station"}
_LICENCE = "R13"
_FORGOTTEN = {
    "no_measurement": frozenset({"interval", "ratio_up"}),
    "no_milestones": frozenset({"milestones"}),
    "no_marks": frozenset({"marks"}),
}


def record_year(
    maker: FactMaker, aim: Aim, common: Sequence[Indicator], sheet: Sequence[Indicator]
) -> Book:
    """All facts of one unit's year but the survey: its events, measurements, milestones, marks."""
    applicable = _ledger_items(maker, common)
    _record_ledgers(maker, applicable, FULL - aim.common)
    _record_sheet(maker, sheet, FULL - aim.individual)
    if maker.member.part not in {"tied", "above", "below"}:
        _record_incidents(maker, applicable)
    _forget(maker, sheet)
    return maker.book


def _ledger_items(maker: FactMaker, common: Sequence[Indicator]) -> list[Indicator]:
    """The items that hold for the unit; what does not is written down with its reason."""
    if maker.member.kind not in _NEEDS_NO_LICENCE or not maker.chance.happens(60):
        return list(common)
    reason = "本单位业务无须资质认可或者执业许可"
    maker.book.not_applicable.append(NotApplicable(maker.unit, _LICENCE, reason))
    return [indicator for indicator in common if indicator.item.item != _LICENCE]


def _record_ledgers(maker: FactMaker, items: Sequence[Indicator], loss: int) -> None:
    """Entries on some of the items, which together take about ``loss``."""
    often = [indicator.hints["often"] for indicator in items]
    used: set[str] = set()
    for _ in range(60):
        indicator = maker.chance.weighted(items, often)
        item, hints = indicator.item, indicator.hints
        if item.item in used:
            continue
        if loss < TICK // 4 or len(used) == len(items):
            return
        used.add(item.item)
        part = min(loss, item.points, TICK // 2 * maker.chance.between(1, 5))
        notes = {kind["kind"]: kind["note"] for kind in hints["kinds"]}
        loss -= maker.faults(item, notes, part, hints.get("months", range(1, 13)))


def _record_sheet(maker: FactMaker, sheet: Sequence[Indicator], loss: int) -> None:
    """Facts for every item of the sheet, which together lose about ``loss`` of 100 points."""
    items = []
    for indicator in sheet:
        if maker.member.kind in indicator.hints.get("not_for", ()):
            reason = "学前教育机构不适用"
            row = NotApplicable(maker.unit, indicator.item.item, reason)
            maker.book.not_applicable.append(row)
        elif _nothing_happened(maker, indicator):
            row_of_nothing = Measurement(
                maker.unit, indicator.item.item, numerator=0, denominator=0
            )
            maker.book.measurements.append(row_of_nothing)
        else:
            items.append(indicator)
    planned = _planned(maker, items, loss * sum(i.item.points for i in items) // FULL)
    carried = 0
    for indicator in sorted(items, key=lambda indicator: indicator.item.rule not in _COARSE):
        wanted = planned[indicator.item.item] + carried
        carried = wanted - maker.make(indicator.item, indicator.hints, wanted)
        if indicator.item.rule in _COARSE:
            carried = min(max(carried, -3 * TICK), 3 * TICK)


def _nothing_happened(maker: FactMaker, indicator: Indicator) -> bool:
    """No complaint came in, so there is no share of complaints answered in time."""
    if not indicator.hints.get("may_be_none"):
        return False
    return maker.member.part == "no_complaints" or maker.chance.happens(5)


def _planned(maker: FactMaker, items: Sequence[Indicator], loss: int) -> dict[str, int]:
    """The loss divided among the items: some lose much, many nothing."""
    planned = {indicator.item.item: 0 for indicator in items}
    open_items = []
    for indicator in items:
        if indicator.item.rule == "rank":
            loss -= indicator.item.points * maker.member.place // PLACES
        else:
            open_items.append(indicator)
    for _ in range(300):
        if loss <= 0:
            break
        item = maker.chance.pick(open_items).item
        most = item.points * (FULL - (item.minimum or 25 * TICK) - TICK) // FULL
        part = min(loss, item.points * maker.chance.between(6, 30) // 100)
        part = min(part, most - planned[item.item])
        if part > 0:
            planned[item.item] += part
            loss -= part
    return planned


def _record_incidents(maker: FactMaker, common: Sequence[Indicator]) -> None:
    """Entries that do not count: still open, objected to, withdrawn, or put right afterwards."""
    chance, book = maker.chance, maker.book
    for status, percent in (("pending", 8), ("objected", 6), ("withdrawn", 6)):
        if chance.happens(percent):
            book.drafts.append(_entry(maker, common)._replace(status=status))
    twice = maker.member.part == "twice_reversed"
    if twice or chance.happens(5):
        entry = _entry(maker, common)
        undone = entry._replace(
            occurred_on=_later(entry.occurred_on, 20),
            document=maker.paper(),
            note="经复核，原记录事实不清，予以冲正。",
            undoes=1,
        )
        book.drafts += [entry, undone]
        if twice:
            again = undone._replace(
                occurred_on=_later(undone.occurred_on, 10),
                document=maker.paper(),
                note="冲正依据有误，本条冲正原冲正记录；原记录不恢复。",
            )
            book.drafts.append(again)
    if maker.member.part == "one_cause":
        _record_one_cause(maker, common)


def _entry(maker: FactMaker, common: Sequence[Indicator]) -> Draft:
    indicator = maker.chance.pick(common)
    kind = indicator.hints["kinds"][0]
    day = maker.day(indicator.hints.get("months", range(1, 11)))
    return Draft(maker.unit, indicator.item.item, kind["kind"], day, note=kind["note"])


def _record_one_cause(maker: FactMaker, common: Sequence[Indicator]) -> None:
    """One inspection paper, and two entries from it: a person must look at that."""
    paper, day = maker.paper(), maker.day()
    for indicator in common:
        if indicator.item.item in {"R12", "R15"}:
            kind = indicator.hints["kinds"][0]
            maker.book.drafts.append(
                Draft(
                    maker.unit,
                    indicator.item.item,
                    kind["kind"],
                    day,
                    document=paper,
                    note=kind["note"],
                )
            )


def _later(day: date, days: int) -> date:
    return min(day + timedelta(days=days), date(day.year, 12, 31))


def _forget(maker: FactMaker, sheet: Sequence[Indicator]) -> None:
    """Leaves out the facts of one item where the unit's part is to forget them."""
    for indicator in sheet:
        if indicator.item.rule in _FORGOTTEN.get(maker.member.part, ()):
            maker.book.without(indicator.item)
            return
