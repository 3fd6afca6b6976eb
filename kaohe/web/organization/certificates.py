"""How long a certificate still holds, in words with a sign: never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kaohe.organization.queries.units import NEAR, SOON

if TYPE_CHECKING:
    from kaohe.organization.models import Unit

WITHOUT = ("deregistered", "revoked")


@dataclass(frozen=True, slots=True)
class Clock:
    """What to show beside the last day of a certificate; ``sign`` is the end of a class ``st-``."""

    sign: str
    words: str


def clock_of(unit: Unit, today: date) -> Clock | None:
    """The days, calendar days, that a certificate still holds; None where nothing need be said."""
    if unit.cert_to is None or unit.closed_on is not None or unit.status in WITHOUT:
        return None
    left = (unit.cert_to - today).days
    if left < 0:
        return Clock("late", _("expired {n} calendar days ago").format(n=-left))
    if left == 0:
        return Clock("soon", _("the last day is today"))
    if left <= NEAR:
        return Clock("soon", _("{n} calendar days left").format(n=left))
    if left <= SOON:
        return Clock("hold", _("within {most} days: {n} left").format(most=SOON, n=left))
    return None
