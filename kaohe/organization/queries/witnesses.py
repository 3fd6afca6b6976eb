"""Reading who watches the log, how far behind each is, and whether sealing goes on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.errors import Refusal
from kaohe.journal.log import is_made, open_log
from kaohe.journal.models import Checkpoint, Pending, Witness
from kaohe.journal.sealer import state_of
from kaohe.organization.models import User
from kaohe.organization.queries.access import NothingHere, allows, one

LATE = timedelta(days=7)  # a witness so far behind is asked after
STUCK = timedelta(minutes=10)
MOST_COUNTED = 100_000
SEALER = "sealer.json"  # what the worker's sealer last told, in HOME/run
ALARMS = ("witness.contradicts", "witness.ahead")  # somebody has rewritten, or gone back


@dataclass(frozen=True, slots=True)
class Watching:
    """A witness, and how far behind the log it is.

    Attributes:
        behind: entries that it has not cosigned yet.
        since: when the first checkpoint was signed that it has not seen; None: it has seen all.
    """

    row: Witness
    behind: int
    since: datetime | None

    @property
    def state(self) -> str:
        """In a word: ended, new, late, behind, failing or seen."""
        if self.row.ended_at is not None:
            return "ended"
        if self.since is not None and timezone.now() - self.since > LATE:
            return "late"
        if self.fails:
            return "failing"
        if self.since is None:
            return "seen"
        return "behind" if self.row.seen_at else "new"

    @property
    def fails(self) -> bool:
        """Whether the last that was tried with it failed."""
        row = self.row
        if not row.trouble or row.failed_at is None:
            return False
        return row.seen_at is None or row.failed_at > row.seen_at


@dataclass(frozen=True, slots=True)
class SealingState:
    """Whether sealing goes on.

    Attributes:
        vkeys: every key that the log ever had, the newest first.
        pending: entries that wait (``MOST_COUNTED`` at most are counted).
        waits_since: when the oldest of them was recorded.
        told_at, trouble: what the sealer last told of itself: code and facts of a refusal.
        damage: why the keys cannot be read.
    """

    origin: str = ""
    vkeys: tuple[str, ...] = ()
    is_changing: bool = False
    checkpoint: Checkpoint | None = None
    pending: int = 0
    waits_since: datetime | None = None
    told_at: datetime | None = None
    trouble: Mapping[str, Any] = field(default_factory=dict)
    damage: Refusal | None = None

    @property
    def is_stuck(self) -> bool:
        """Whether entries wait for longer than sealing can take."""
        patience = max(STUCK, timedelta(seconds=5 * settings.SEAL_SECONDS))
        return self.waits_since is not None and timezone.now() - self.waits_since > patience


def witnesses_seen_by(user: User) -> list[Watching]:
    """The witnesses, those that still watch first, with how far behind each is."""
    if not (allows(user, Verb.TRACE_READ) or allows(user, Verb.SYSTEM_READ)):
        return []
    return watching()


def watching() -> list[Watching]:
    """All witnesses; a query for each that has not seen the latest checkpoint."""
    last = Checkpoint.objects.order_by("-size").first()
    size = last.size if last else 0
    rows = sorted(Witness.objects.all(), key=lambda row: (row.ended_at is not None, row.pk))
    return [Watching(row, max(size - row.size, 0), _unseen_since(row, size)) for row in rows]


def _unseen_since(row: Witness, size: int) -> datetime | None:
    if row.size >= size or row.ended_at is not None:
        return None
    first = Checkpoint.objects.filter(size__gt=row.size).order_by("size").first()
    return max(first.at, row.added_at) if first else None


def get_witness(user: User, key: int) -> Witness:
    """One witness, for who keeps the system.

    Raises:
        NothingHere: there is none.
    """
    if not allows(user, Verb.SYSTEM_READ):
        raise NothingHere
    rows: QuerySet[Witness] = Witness.objects.all()
    return one(rows, key)


def sealing_state() -> SealingState:
    """How sealing stands."""
    told = state_of(settings.HOME / "run" / SEALER)
    waits = Pending.objects.order_by("entry_id").values_list("entry__at", flat=True).first()
    found: dict[str, Any] = {
        "checkpoint": Checkpoint.objects.order_by("-size").first(),
        "pending": Pending.objects.all()[:MOST_COUNTED].count(),
        "waits_since": waits,
        "told_at": _moment(told.get("at")),
        "trouble": told.get("trouble") or {},
    }
    if not is_made():
        return SealingState(**found)
    try:
        ring = open_log().ring
    except Refusal as refusal:
        return SealingState(**found, damage=refusal)
    return SealingState(
        **found, origin=ring.origin, vkeys=tuple(ring.vkeys), is_changing=ring.is_changing
    )


def is_sealing_stuck() -> bool:
    """Whether entries wait for longer than sealing can take; one query."""
    waits = Pending.objects.order_by("entry_id").values_list("entry__at", flat=True).first()
    return SealingState(waits_since=waits).is_stuck


def is_sealing_refused() -> bool:
    """Whether the sealer was refused when it last looked: what stands is not what was sealed."""
    return bool(state_of(settings.HOME / "run" / SEALER).get("trouble"))


def alarming_witnesses() -> int:
    """How many witnesses say that the log contradicts what they have seen of it; one query."""
    rows = Witness.objects.filter(ended_at__isnull=True).exclude(trouble={})
    return sum(row.trouble.get("code") in ALARMS for row in rows)


def late_witnesses() -> int:
    """How many witnesses are so far behind that somebody should ask after them."""
    return sum(each.state == "late" for each in watching())


def _moment(told: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return found if timezone.is_aware(found) else timezone.make_aware(found)
