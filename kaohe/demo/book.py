"""The facts of the year while they are being gathered; numbers are given at the end."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from kaohe.core.rows import Event, Item, Mark, Measurement, Milestone, NotApplicable, Target


class Draft(NamedTuple):
    """An event that has no number yet; ``undoes`` counts back to the event that it reverses."""

    unit: str
    item: str
    kind: str
    occurred_on: date
    status: str = "confirmed"
    self_corrected: bool = False
    points: int | None = None
    document: str | None = None
    note: str | None = None
    undoes: int = 0


@dataclass(slots=True)
class Book:
    """What has been written down so far."""

    targets: list[Target] = field(default_factory=list)
    not_applicable: list[NotApplicable] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def copied(self, unit: str) -> "Book":
        """The same facts under another unit of the same department."""
        return Book(
            [row._replace(unit=unit) for row in self.targets],
            [row._replace(unit=unit) for row in self.not_applicable],
            [row._replace(unit=unit) for row in self.drafts],
            [row._replace(unit=unit) for row in self.measurements],
            [row._replace(unit=unit) for row in self.milestones],
            [row._replace(unit=unit) for row in self.marks],
        )

    def add(self, other: "Book") -> None:
        """All that stands in ``other`` as well."""
        self.targets += other.targets
        self.not_applicable += other.not_applicable
        self.drafts += other.drafts
        self.measurements += other.measurements
        self.milestones += other.milestones
        self.marks += other.marks

    def without(self, item: Item) -> None:
        """Loses what was to be known about an item: somebody forgot to report it."""
        self.measurements = [row for row in self.measurements if row.item != item.item]
        self.milestones = [row for row in self.milestones if row.item != item.item]
        self.marks = [row for row in self.marks if row.item != item.item]


def numbered(drafts: list[Draft], year: int) -> tuple[Event, ...]:
    """The events with their numbers, in the order of their days, as a ledger numbers them."""
    order = sorted(
        range(len(drafts)),
        key=lambda place: (drafts[place].occurred_on, drafts[place].unit, place),
    )
    numbers = {place: f"{year}-{count:05d}" for count, place in enumerate(order, start=1)}
    events = []
    for place in order:
        draft = drafts[place]
        undone = numbers[place - draft.undoes] if draft.undoes else None
        events.append(
            Event(
                event=numbers[place],
                unit=draft.unit,
                item=draft.item,
                kind=draft.kind,
                occurred_on=draft.occurred_on,
                status=draft.status,
                self_corrected=draft.self_corrected,
                points=draft.points,
                reverses=undone,
                document=draft.document,
                note=draft.note,
            )
        )
    return tuple(events)
