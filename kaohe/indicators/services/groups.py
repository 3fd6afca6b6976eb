"""Groups of a year: made, renamed, merged, closed, filled with units, frozen."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.groups_of_year import is_frozen, too_small
from kaohe.core.leaf import Event
from kaohe.core.texts import clean, clean_long
from kaohe.indicators.models import AssessmentYear, Group, Participant
from kaohe.indicators.queries.groups import sizes_of
from kaohe.indicators.services.parts import must_be_open
from kaohe.indicators.services.year_refusals import (
    GroupClosed,
    GroupMissing,
    GroupNameMissing,
    GroupNameTaken,
    GroupNotEmpty,
    GroupsFrozen,
    GroupTooSmall,
    NothingToMerge,
)
from kaohe.organization.models import User
from kaohe.organization.queries.access import require
from kaohe.organization.services.writing import (
    State,
    changed,
    created,
    is_same,
    record,
    record_all,
    save,
    taken,
)

NAMED = 5  # as many units are named in a refusal


def _open_year(by: User, year: AssessmentYear, seen: int | None = None) -> AssessmentYear:
    """The year, locked, if its groups still change without approval."""
    require(by, Verb.YEAR_MANAGE, year)
    row = taken(AssessmentYear, year.pk, seen)
    must_be_open(row)
    if is_frozen(row.freeze_on, row.frozen_on, timezone.localdate()):
        raise GroupsFrozen
    return row


def _free_name(year: AssessmentYear, name: str, but: int = 0) -> str:
    found = clean(name)
    if not found:
        raise GroupNameMissing
    if year.groups.filter(name=found).exclude(pk=but).exists():
        raise GroupNameTaken(name=found)
    return found


@transaction.atomic
def make_group(*, by: User, year: AssessmentYear, name: str) -> Group:
    """Make a group.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed, GroupsFrozen: it is too late.
        GroupNameMissing, GroupNameTaken: the name is not fit.
    """
    return _made(by, _open_year(by, year), name)


def _made(by: User, year: AssessmentYear, name: str) -> Group:
    group = Group.objects.create(
        jurisdiction=year.jurisdiction,
        assessment_year=year,
        name=_free_name(year, name),
        position=year.groups.count() + 1,
    )
    record(created(group, "group.made"), by=by)
    return group


@transaction.atomic
def rename_group(*, by: User, group: Group, seen: int | None, name: str) -> Group:
    """Give a group another name.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed, GroupsFrozen: it is too late.
        GroupNameMissing, GroupNameTaken: the name is not fit.
        Changed: it is not what ``by`` saw.
    """
    year = _open_year(by, group.assessment_year)
    row = taken(Group, group.pk, seen)
    before = State(row)
    row.name = _free_name(year, name, row.pk)
    if not is_same(row, before):
        save(row, by=by, event=changed(row, before, "group.renamed"))
    return row


@transaction.atomic
def close_group(*, by: User, group: Group, seen: int | None) -> Group:
    """Close a group that has no units.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed, GroupsFrozen: it is too late.
        GroupClosed: it is closed already.
        GroupNotEmpty: it has units.
        Changed: it is not what ``by`` saw.
    """
    _open_year(by, group.assessment_year)
    row = taken(Group, group.pk, seen)
    if row.closed:
        raise GroupClosed
    if count := row.participants.count():
        raise GroupNotEmpty(name=row.name, count=count)
    _close(by, row)
    return row


def _close(by: User, row: Group, into: str = "") -> None:
    before = State(row)
    row.closed = True
    extra = {"into": into} if into else {}
    save(row, by=by, event=changed(row, before, "group.closed", extra=extra))


@transaction.atomic
def assign_units(
    *, by: User, year: AssessmentYear, participants: Sequence[Participant], group: Group
) -> list[Participant]:
    """Put units of a year into a group, with an entry for each that was not in it.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed, GroupsFrozen: it is too late.
        GroupClosed: the group is none of the year, or closed.
    """
    row = _open_year(by, year)
    return _put(by, row, [each.pk for each in participants], group)


def _put(by: User, year: AssessmentYear, keys: Collection[int], group: Group) -> list[Participant]:
    group = taken(Group, group.pk, None)
    if group.assessment_year_id != year.pk or group.closed:
        raise GroupClosed
    rows = Participant.objects.select_for_update(of=("self",)).filter(
        assessment_year=year, pk__in=keys
    )
    events: list[Event] = []
    moved = [row for row in rows.select_related("jurisdiction") if row.group_id != group.pk]
    for row in moved:
        before = State(row)
        row.group = group
        row.version += 1
        events.append(changed(row, before, "participant.grouped", unit=row.code))
    Participant.objects.bulk_update(moved, ["group", "version"])
    record_all(events, by=by)
    return moved


@transaction.atomic
def merge_groups(*, by: User, year: AssessmentYear, sources: Sequence[Group], into: str) -> Group:
    """Put all units of some groups into one, and close those that they came from.

    Args:
        into: the name of the group; it is made where there is none.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed, GroupsFrozen: it is too late.
        NothingToMerge: nothing but the group itself was chosen.
        GroupNameMissing: no name.
        GroupClosed: one of them is closed, or none of the year.

    Source: docs/rules/years.md, Y-5.
    """
    row = _open_year(by, year)
    name = clean(into)
    if not name:
        raise GroupNameMissing
    left = [taken(Group, each.pk, None) for each in sources if each.name != name]
    if not left:
        raise NothingToMerge
    if any(each.closed or each.assessment_year_id != row.pk for each in left):
        raise GroupClosed
    group = row.groups.filter(name=name).first() or _made(by, row, name)
    keys = Participant.objects.filter(group__in=left).values_list("pk", flat=True)
    _put(by, row, list(keys), group)
    for each in left:
        _close(by, each, group.name)
    return group


@transaction.atomic
def freeze_groups(
    *, by: User, year: AssessmentYear, seen: int | None, reason: str = ""
) -> AssessmentYear:
    """Freeze the groups: from now on they change only by approval.

    Args:
        reason: why groups stay that have fewer units than the minimum.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed, GroupsFrozen: it is too late.
        GroupMissing: a unit has no group.
        GroupTooSmall: a group is too small, and nobody says why.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/years.md, Y-6.
    """
    row = _open_year(by, year, seen)
    _refuse_without_group(row)
    why = clean_long(reason)
    small = too_small(sizes_of(row), row.minimum_group)
    if small and not why:
        raise GroupTooSmall(
            minimum=row.minimum_group, groups="、".join(each.name for each in small)
        )
    before = State(row)
    row.frozen_on = timezone.localdate()
    save(row, by=by, event=changed(row, before, "year.frozen", texts={"reason": why}))
    return row


def _refuse_without_group(year: AssessmentYear) -> None:
    rows = year.participants.filter(group__isnull=True).exclude(status="exempt")
    names = list(rows.values_list("name", flat=True))
    if names:
        shown = "、".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
        raise GroupMissing(count=len(names), units=shown)
