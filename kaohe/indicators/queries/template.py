"""Reading the common template: two ledgers, their aspects and items, with points and sums."""

from collections.abc import Mapping
from dataclasses import dataclass

from kaohe.core.indicators import Indicator, Plan
from kaohe.core.problems import N_

LEDGERS: Mapping[str, str] = {
    "registration": N_("ledger of registration management"),
    "establishment": N_("ledger of staffing management"),
    "": N_("in no ledger"),
}


@dataclass(frozen=True)
class Aspect:
    """An aspect of a ledger with its items."""

    name: str
    items: tuple[Indicator, ...]

    @property
    def points(self) -> int:
        """The sum of its items, in ticks."""
        return sum(each.points or 0 for each in self.items)


@dataclass(frozen=True)
class Ledger:
    """One of the two ledgers; ``code`` is empty for items that stand in neither."""

    code: str
    aspects: tuple[Aspect, ...]

    @property
    def words(self) -> str:
        """What it is called; a message id."""
        return LEDGERS[self.code]

    @property
    def count(self) -> int:
        """How many items it has."""
        return sum(len(each.items) for each in self.aspects)

    @property
    def points(self) -> int:
        """The sum of its aspects, in ticks."""
        return sum(each.points for each in self.aspects)


def ledgers_of(plan: Plan) -> list[Ledger]:
    """The ledgers of a template, in the order in which their items stand."""
    by_code: dict[str, list[Indicator]] = {code: [] for code in LEDGERS}
    for each in plan.indicators:
        by_code[each.ledger if each.ledger in LEDGERS else ""].append(each)
    return [Ledger(code, _aspects(items)) for code, items in by_code.items() if items]


def _aspects(items: list[Indicator]) -> tuple[Aspect, ...]:
    names = dict.fromkeys(each.aspect for each in items)
    return tuple(
        Aspect(name, tuple(each for each in items if each.aspect == name)) for name in names
    )
