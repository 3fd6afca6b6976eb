"""Reading the checkpoints of the log, for whoever reads the record."""

from django.db.models import QuerySet

from kaohe.core.access import Verb
from kaohe.journal.models import Checkpoint
from kaohe.organization.models import User
from kaohe.organization.queries.access import allows, one


def checkpoints_seen_by(user: User) -> QuerySet[Checkpoint]:
    """The checkpoints, the latest first, with their cosignatures."""
    rows = Checkpoint.objects.prefetch_related("cosignatures__witness").order_by("-size")
    return rows if allows(user, Verb.TRACE_READ) else rows.none()


def get_checkpoint(user: User, size: int) -> Checkpoint:
    """The checkpoint over so many entries.

    Raises:
        NothingHere: there is none.
    """
    return one(checkpoints_seen_by(user), size)
