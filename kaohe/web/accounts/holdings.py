"""A role that somebody holds, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from kaohe.core.access import ADMINISTRATORS, WITH_CHARGE, Role
from kaohe.web.words.accounts import LEDGERS
from kaohe.web.words.roles import ROLES

if TYPE_CHECKING:
    from kaohe.organization.models import RoleAssignment


@dataclass(frozen=True, slots=True)
class Held:
    """One role of one person: what, where, from when to when."""

    key: int
    user_key: int
    who: str
    role: str
    where: str
    charge: str
    ledgers: str
    from_on: date
    to_on: date | None
    document: str
    state: str  # "now", "to come" or "over"
    with_charge: bool


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; a form without fields is sent, too."""
    return request.POST if request.method == "POST" else None


def told(row: RoleAssignment) -> Held:
    """An assignment in words; asks the database for nothing that was not fetched with it."""
    role = Role(row.role)
    return Held(
        key=row.pk,
        user_key=row.user_id,
        who=row.user.name,
        role=_(ROLES[role]),
        where=where(row),
        charge=charge(row),
        ledgers=_(", ").join(_(LEDGERS[name]) for name in row.ledgers.split(",") if name),
        from_on=row.from_on,
        to_on=row.to_on,
        document=row.document,
        state=state(row),
        with_charge=role in WITH_CHARGE,
    )


def where(row: RoleAssignment) -> str:
    """The place that a role is held in, from the jurisdiction down."""
    if Role(row.role) in ADMINISTRATORS or row.jurisdiction is None:
        return _("the whole installation")
    parts = [row.jurisdiction.name, *(each.name for each in (row.department, row.unit) if each)]
    return " · ".join(parts)


def charge(row: RoleAssignment) -> str:
    """The departments in a clerk's charge."""
    if Role(row.role) not in WITH_CHARGE:
        return ""
    names = [department.name for department in row.charge.all()]
    return _(", ").join(names) or _("all departments")


def state(row: RoleAssignment) -> str:
    """Whether a role is held now, will be, or was."""
    today = timezone.localdate()
    if row.to_on is not None and row.to_on < today:
        return "over"
    return "to come" if row.from_on > today else "now"
