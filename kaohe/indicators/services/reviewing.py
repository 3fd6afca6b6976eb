"""Reviewing many versions in one deed: what can be approved is, the rest says why not."""

from collections.abc import Sequence

from django.db import transaction

from kaohe.core.errors import Refusal
from kaohe.indicators.services.issuing import Done, Kept, Seen
from kaohe.indicators.services.parts import approve_part
from kaohe.organization.models import User


@transaction.atomic
def approve_parts(*, by: User, versions: Sequence[Seen]) -> Done:
    """Approve several versions; those that cannot be approved stay as they are.

    Args:
        versions: each with what ``by`` saw of it.

    Returns:
        Those approved, and those that were kept, each with its refusal: one's own draft, errors of
        the check-up, units that have left, changed since it was seen.
    """
    found = Done([], [])
    for version, seen in versions:
        try:
            with transaction.atomic():
                row = approve_part(by=by, version=version, seen=seen)
        except Refusal as refusal:
            found.kept.append(Kept(version, refusal))
        else:
            found.done.append(row)
    return found
