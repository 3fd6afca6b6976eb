"""How long somebody may do nothing before they are signed out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from kaohe.core.access import ADMINISTRATORS
from kaohe.organization.queries.access import roles_of

if TYPE_CHECKING:
    from kaohe.organization.models import User


def is_administrator(user: User) -> bool:
    """Whether a user holds one of the three administrators' roles today."""
    return not ADMINISTRATORS.isdisjoint(roles_of(user))


def idle_seconds(user: User) -> int:
    """After how many seconds without a sign of life a user is signed out."""
    if is_administrator(user):
        return int(settings.IDLE_SECONDS_OF_ADMINISTRATORS)
    return int(settings.IDLE_SECONDS)
