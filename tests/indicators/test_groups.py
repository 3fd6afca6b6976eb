"""Groups of a year: made, renamed, merged, closed, filled, frozen."""

from datetime import date
from functools import partial

import pytest
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.core.groups_of_year import GENERAL, GroupSize, Merge
from kaohe.indicators.models import Group, Participant
from kaohe.indicators.queries.groups import proposal_for, sizes_of
from kaohe.indicators.services import groups, years
from kaohe.indicators.services.part_refusals import YearIsClosed
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
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.services.writing import Changed
from tests.fixtures.people import make_unit

SIZES = {"教育组": 6, "执法组": 3, "城建组": 2, "": 1}


@pytest.fixture
def grouped(city, education, office_clerk):
    """A year whose units stand in a large group and two small ones; one has none."""
    number = 49458012
    for name, count in SIZES.items():
        for place in range(count):
            unit = make_unit(city, education, f"{name}{place + 1}号中心", number)
            unit.category, unit.group = "public_first", name
            unit.save()
            number += 1
    year = years.open_year(by=office_clerk, jurisdiction=city, year=2026)
    year.freeze_on = date(2100, 3, 31)
    year.save()
    return year


def group(year, name):
    return Group.objects.get(assessment_year=year, name=name)


def actions(before=0):
    return list(JournalEntry.objects.order_by("pk").values_list("action", flat=True))[before:]


def test_sizes_count_the_graded_and_the_small_are_proposed_to_be_merged(grouped):
    row = Participant.objects.filter(group__name="教育组").first()
    row.status = "exempt"
    row.save()

    assert sizes_of(grouped) == [
        GroupSize("城建组", 2),
        GroupSize("执法组", 3),
        GroupSize("教育组", 5),
    ]
    assert proposal_for(grouped) == Merge(("城建组", "执法组"), GENERAL, 5, True)


def test_a_merge_moves_every_unit_and_closes_what_they_left_with_an_entry_for_each(
    grouped, office_clerk
):
    before = JournalEntry.objects.count()
    sources = [group(grouped, "执法组"), group(grouped, "城建组")]
    into = groups.merge_groups(by=office_clerk, year=grouped, sources=sources, into=GENERAL)

    assert into.participants.count() == 5
    assert proposal_for(grouped) is None
    assert [each.name for each in grouped.groups.filter(closed=True)] == ["城建组", "执法组"]
    assert sorted(actions(before)) == [
        *["group.closed"] * 2,
        "group.made",
        *["participant.grouped"] * 5,
    ]


def test_a_merge_into_a_group_that_is_there_makes_none(grouped, office_clerk):
    groups.merge_groups(
        by=office_clerk, year=grouped, sources=[group(grouped, "执法组")], into="教育组"
    )

    assert group(grouped, "教育组").participants.count() == 9
    [told, _made] = tell(entries_of([group(grouped, "执法组").subject]))
    assert told.facts == {"closed": True, "into": "教育组"}


def test_a_merge_needs_something_to_merge_and_open_groups(grouped, office_clerk):
    merge = partial(groups.merge_groups, by=office_clerk, year=grouped)
    closed = group(grouped, "执法组")
    with pytest.raises(NothingToMerge):
        merge(sources=[group(grouped, "教育组")], into="教育组")
    with pytest.raises(GroupNameMissing):
        merge(sources=[closed], into=" ")
    merge(sources=[closed], into="教育组")
    with pytest.raises(GroupClosed):
        merge(sources=[closed], into="城建组")
    with pytest.raises(GroupClosed):
        merge(sources=[group(grouped, "城建组")], into="执法组")


def test_units_are_put_into_a_group_many_at_once_with_an_entry_for_each(grouped, office_clerk):
    before = JournalEntry.objects.count()
    into = group(grouped, "执法组")
    rows = list(grouped.participants.all())
    moved = groups.assign_units(by=office_clerk, year=grouped, participants=rows, group=into)

    assert len(moved) == 9  # three were in it
    assert into.participants.count() == 12
    assert actions(before) == ["participant.grouped"] * 9


def test_units_of_another_year_stay_where_they_are(grouped, city, office_clerk):
    other = years.open_year(by=office_clerk, jurisdiction=city, year=2027)
    strangers = list(other.participants.all())
    moved = groups.assign_units(
        by=office_clerk, year=grouped, participants=strangers, group=group(grouped, "执法组")
    )

    assert moved == []
    with pytest.raises(GroupClosed):
        groups.assign_units(
            by=office_clerk, year=grouped, participants=[], group=group(other, "执法组")
        )


def test_a_group_is_made_renamed_and_closed_when_it_is_empty(grouped, office_clerk):
    row = groups.make_group(by=office_clerk, year=grouped, name=" 镇街组　")
    row = groups.rename_group(by=office_clerk, group=row, seen=1, name="镇街所属组")
    row = groups.close_group(by=office_clerk, group=row, seen=2)

    assert (row.name, row.closed) == ("镇街所属组", True)
    told = [each.action for each in tell(entries_of([row.subject]))]
    assert sorted(told) == ["group.closed", "group.made", "group.renamed"]
    with pytest.raises(GroupClosed):
        groups.close_group(by=office_clerk, group=row, seen=None)


def test_two_groups_of_a_year_do_not_bear_one_name(grouped, office_clerk):
    with pytest.raises(GroupNameTaken, match="教育组"):
        groups.make_group(by=office_clerk, year=grouped, name="教育组")
    with pytest.raises(GroupNameTaken):
        groups.rename_group(
            by=office_clerk, group=group(grouped, "执法组"), seen=None, name="教育组"
        )
    with pytest.raises(GroupNameMissing):
        groups.make_group(by=office_clerk, year=grouped, name="\u200b")


def test_a_group_with_units_is_not_closed(grouped, office_clerk):
    with pytest.raises(GroupNotEmpty, match="3"):
        groups.close_group(by=office_clerk, group=group(grouped, "执法组"), seen=None)


def test_what_somebody_renamed_meanwhile_is_not_overwritten(grouped, office_clerk):
    row = group(grouped, "执法组")
    groups.rename_group(by=office_clerk, group=row, seen=1, name="综合执法组")
    with pytest.raises(Changed):
        groups.rename_group(by=office_clerk, group=row, seen=1, name="行政执法组")


def test_the_freeze_wants_a_group_for_each_unit_and_a_word_on_small_groups(grouped, office_clerk):
    freeze = partial(groups.freeze_groups, by=office_clerk, year=grouped, seen=1)
    with pytest.raises(GroupMissing, match="1号中心"):
        freeze()
    rows = list(grouped.participants.filter(group__isnull=True))
    groups.assign_units(
        by=office_clerk, year=grouped, participants=rows, group=group(grouped, "教育组")
    )
    with pytest.raises(GroupTooSmall, match="城建组"):
        freeze(reason=" ")

    row = freeze(reason="职能特殊，单独排名")
    assert row.frozen_on == timezone.localdate()
    told = next(iter(tell(entries_of([row.subject]))))
    assert (told.action, told.sealed) == ("year.frozen", {"reason": "职能特殊，单独排名"})


def test_an_exempt_unit_needs_no_group(grouped, office_clerk):
    grouped.participants.filter(group__isnull=True).update(status="exempt")
    row = groups.freeze_groups(by=office_clerk, year=grouped, seen=None, reason="职能特殊")

    assert row.frozen_on


def test_after_the_freeze_nothing_of_the_groups_changes_directly(grouped, office_clerk):
    grouped.frozen_on = date(2026, 3, 10)
    grouped.save()
    row, into = grouped.participants.first(), group(grouped, "执法组")
    for deed in (
        partial(groups.make_group, year=grouped, name="新组"),
        partial(groups.rename_group, group=into, seen=None, name="新名"),
        partial(groups.close_group, group=into, seen=None),
        partial(groups.assign_units, year=grouped, participants=[row], group=into),
        partial(groups.merge_groups, year=grouped, sources=[into], into="教育组"),
        partial(groups.freeze_groups, year=grouped, seen=None),
    ):
        with pytest.raises(GroupsFrozen):
            deed(by=office_clerk)


def test_the_last_day_at_midnight_freezes_the_groups(grouped, office_clerk, monkeypatch):
    grouped.freeze_on = date(2026, 3, 31)
    grouped.save()
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 3, 31))
    groups.make_group(by=office_clerk, year=grouped, name="甲组")
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 4, 1))
    with pytest.raises(GroupsFrozen):
        groups.make_group(by=office_clerk, year=grouped, name="乙组")


@pytest.mark.parametrize("role", [Role.COMMITTEE_DIRECTOR, Role.LEDGER_KEEPER])
def test_who_does_not_manage_the_year_makes_no_group(grouped, person, role):
    with pytest.raises(RoleMissing):
        groups.make_group(by=person(role), year=grouped, name="甲组")


def test_the_groups_of_a_closed_year_do_not_change(grouped, office_clerk, office_head):
    years.close_year(by=office_head, year=grouped, seen=None)
    with pytest.raises(YearIsClosed):
        groups.make_group(by=office_clerk, year=grouped, name="甲组")
