"""The settings of a year's scheme: begun, changed, refused."""

import json
from functools import partial

import pytest

from kaohe.core.part_path import PartIssuedIsFixed, PartVersionOpen, Sort
from kaohe.core.plan_differences import cell_changes
from kaohe.core.quantities import TICK
from kaohe.core.scheme_canonical import canonical
from kaohe.indicators.models import Group
from kaohe.indicators.queries.parts import flat, scheme_in
from kaohe.indicators.queries.settings_part import (
    earlier_versions,
    get_version_of,
    groups_with_weights,
    versions_of_sort,
)
from kaohe.indicators.services import settings_part, years
from kaohe.indicators.services.part_refusals import PartThere
from kaohe.journal.models import JournalEntry
from kaohe.organization.queries.access import NothingHere, RoleMissing
from kaohe.organization.services.writing import Changed
from tests.fixtures.indicators import make_year

WEIGHTS = {"common": "10", "individual": "60", "social": "30"}


@pytest.fixture
def settings(year, office_clerk):
    return settings_part.begin_settings(by=office_clerk, year=year)


@pytest.fixture
def change(settings, office_clerk):
    return partial(settings_part.change_settings, by=office_clerk, version=settings, seen=None)


def test_a_first_scheme_has_the_defaults_of_its_year(settings, city):
    scheme = scheme_in(settings)

    assert (scheme.year, scheme.jurisdiction) == (2026, city.code)
    assert scheme.title == "示例市2026年度事业单位绩效考核方案"
    assert scheme.weights["individual"] == 60 * TICK
    assert [each.code for each in scheme.survey.rounds] == ["h1", "h2"]


def test_settings_are_begun_once(settings, year, office_clerk):
    with pytest.raises(PartVersionOpen):
        settings_part.begin_settings(by=office_clerk, year=year)
    settings.state = "issued"
    settings.save()
    with pytest.raises(PartThere):
        settings_part.begin_settings(by=office_clerk, year=year)


def test_what_was_given_up_is_begun_again_as_the_next_version(settings, year, office_clerk):
    from kaohe.indicators.services import parts

    parts.withdraw_part(by=office_clerk, version=settings, seen=None)
    again = settings_part.begin_settings(by=office_clerk, year=year)

    assert (again.number, again.part) == (2, settings.part)


def test_a_change_is_told_setting_by_setting_and_sealed(change, settings):
    row = change(given={"grading.a_share": "25", "linkages.a_gap": "bridge"})

    assert scheme_in(row).grading.a_share == 25 * TICK
    old, new = flat(Sort.SETTINGS, settings.content), flat(Sort.SETTINGS, row.content)
    assert [each.path for each in cell_changes(old, new)] == [
        "settings/grading/a_share",
        "settings/linkages/a_gap",
    ]
    entry = JournalEntry.objects.get(action="part.edited")
    facts = json.loads(entry.leaf)["facts"]
    assert set(facts) == {"digest", "number"}


def test_nothing_is_written_where_nothing_changes(change):
    change(given={"grading.a_share": "20"})

    assert not JournalEntry.objects.filter(action="part.edited").exists()


def test_all_problems_are_refused_at_once_and_nothing_is_changed(change, settings):
    with pytest.raises(settings_part.SettingsUnsound) as refused:
        change(given={"grading.a_share": "120", "linkages.a_streak": "0", "title": "新"})

    assert refused.value.facts["settings"] == ["grading.a_share", "linkages.a_streak"]
    assert "Grade A at most, % of a group" in refused.value.say()
    settings.refresh_from_db()
    assert scheme_in(settings).title != "新"


def test_a_setting_that_is_not_there_is_refused(change):
    with pytest.raises(settings_part.SettingUnknown, match="a_shore"):
        change(given={"grading.a_shore": "20"})


def test_weights_are_only_for_groups_of_the_year(change):
    row = change(given={"weights_by_group": {"教育组": WEIGHTS}})

    assert list(scheme_in(row).weights_by_group) == ["教育组"]
    with pytest.raises(settings_part.SettingsGroupUnknown, match="水务组"):
        change(given={"weights_by_group": {"水务组": WEIGHTS}})


def test_a_group_that_is_gone_can_be_seen_and_taken_out(change, settings):
    row = change(given={"weights_by_group": {"教育组": WEIGHTS}})
    Group.objects.update(closed=True)

    assert groups_with_weights(row) == ["教育组"]
    row = change(given={"grading.a_share": "25"})  # other settings can be changed meanwhile
    assert scheme_in(change(given={"weights_by_group": {}})).weights_by_group == {}


def test_a_stale_form_changes_nothing(change, settings):
    change(given={"grading.a_share": "25"})
    with pytest.raises(Changed):
        change(seen=settings.version, given={"grading.a_minimum": "85"})


def test_what_is_issued_is_not_changed(change, settings, office_clerk, person):
    from kaohe.core.access import Role
    from kaohe.indicators.services import issuing, parts

    head = person(Role.OFFICE_HEAD)
    parts.submit_part(by=office_clerk, version=settings, seen=None)
    parts.approve_part(by=person(Role.COMMITTEE_DIRECTOR), version=settings, seen=None)
    issuing.issue_part(by=head, version=settings, seen=None)
    with pytest.raises(PartIssuedIsFixed):
        change(given={"grading.a_share": "25"})


def test_who_does_not_draft_settings_may_not(year, settings, dept_clerk, change):
    with pytest.raises(RoleMissing):
        settings_part.begin_settings(by=dept_clerk, year=year)
    with pytest.raises(RoleMissing):
        change(by=dept_clerk, given={})


def test_another_part_is_no_settings(template, office_clerk, change, settings):
    with pytest.raises(settings_part.NotSettings):
        change(version=template, given={})
    with pytest.raises(settings_part.NotSettings):
        settings_part.begin_settings(
            by=office_clerk, year=template.part.assessment_year, like=template
        )


def test_last_years_settings_begin_the_next_year(change, settings, city, office_clerk, office_head):
    change(given={"grading.a_share": "25", "weights_by_group": {"教育组": WEIGHTS}})
    settings.refresh_from_db()
    after = make_year(city, office_clerk, 2027)
    Group.objects.filter(assessment_year=after).update(name="学校组")

    assert earlier_versions(office_clerk, after, Sort.SETTINGS) == []
    settings.state = "issued"
    settings.save()
    assert earlier_versions(office_clerk, after, Sort.SETTINGS) == [settings]
    row = settings_part.begin_settings(by=office_clerk, year=after, like=settings)
    scheme = scheme_in(row)

    assert (scheme.year, scheme.grading.a_share) == (2027, 25 * TICK)
    assert scheme.title == "示例市2027年度事业单位绩效考核方案"
    assert scheme.weights_by_group == {}
    assert canonical(scheme) != canonical(scheme_in(settings))


def test_versions_are_found_by_their_sort(settings, template, year, office_clerk, dept_clerk):
    assert versions_of_sort(office_clerk, year, Sort.SETTINGS) == [settings]
    assert versions_of_sort(dept_clerk, year, Sort.SETTINGS) == []
    assert get_version_of(office_clerk, settings.pk, Sort.SETTINGS) == settings
    with pytest.raises(NothingHere):
        get_version_of(office_clerk, template.pk, Sort.SETTINGS)


def test_a_year_that_is_over_begins_nothing(city, office_clerk):
    from kaohe.indicators.services.part_refusals import YearIsClosed

    old = years.open_year(by=office_clerk, jurisdiction=city, year=2024)
    old.state = "closed"
    old.save()
    with pytest.raises(YearIsClosed):
        settings_part.begin_settings(by=office_clerk, year=old)
