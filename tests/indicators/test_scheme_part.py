"""A department's scheme: begun, edited piece by piece, never over another's edit."""

from dataclasses import replace
from functools import partial

import pytest

from kaohe.core.access import Role
from kaohe.core.indicators import Element, Indicator, SheetPlan, Values
from kaohe.core.part_path import PartIssuedIsFixed, PartVersionOpen
from kaohe.core.past import Past, PastValue
from kaohe.core.plan_edits import ItemGone, ItemNotOfUnit, ItemThere
from kaohe.core.quantities import TICK
from kaohe.core.texts import fold
from kaohe.indicators.models import AssessmentYear
from kaohe.indicators.queries import libraries, schemes
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.schemes import (
    codes_elsewhere,
    common_codes,
    earlier_shares,
    last_plan,
    scheme_lines,
    scheme_of_year,
)
from kaohe.indicators.services import parts, scheme_part
from kaohe.indicators.services.part_refusals import PartThere, YearIsClosed
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.services.writing import Changed
from tests.fixtures.people import make_unit


@pytest.fixture
def begin(year, education, dept_clerk):
    return partial(scheme_part.begin_scheme, by=dept_clerk, year=year, department=education)


@pytest.fixture
def edit(draft, dept_clerk):
    """A function: a deed of scheme_part on the draft as it now is."""

    def go(service, **given):
        draft.refresh_from_db()
        row = service(by=dept_clerk, version=draft, seen=draft.version, **given)
        return plan_in(row)

    return go


def made(**given):
    return Indicator(
        **{
            "item": "",
            "name": "课后服务参与率",
            "element": Element.BENEFIT,
            "points": 5 * TICK,
            "rule": "ratio_up",
            "target": 90 * TICK,
            **given,
        }
    )


def test_a_scheme_begun_from_nothing_has_an_empty_sheet_for_each_unit(begin, school):
    plan = plan_in(begin())

    assert (plan.indicators, dict(plan.sheets)) == ((), {school.code: SheetPlan()})


def test_a_scheme_begun_from_a_library_is_whole_and_has_codes_of_its_own(begin):
    plan = plan_in(begin(source="library", library_code="education"))

    assert sum(each.points for each in plan.indicators) == 100 * TICK
    assert plan.indicators[0].item == "G01-01"
    assert len({each.item for each in plan.indicators}) == len(libraries.library("education"))


def test_a_library_that_is_not_there_is_refused(begin):
    with pytest.raises(libraries.LibraryUnknown):
        begin(source="library", library_code="../settings")


def test_a_scheme_is_begun_once(begin):
    version = begin()
    with pytest.raises(PartVersionOpen):
        begin()
    parts.withdraw_part(by=version.drafted_by, version=version, seen=None)
    assert begin().number == 2


def test_a_scheme_in_force_is_not_begun_again(begin, scheme):
    with pytest.raises(PartThere):
        begin()


def test_a_department_without_units_begins_nothing(year, health, person):
    clerk = person(Role.DEPT_CLERK, department=health)

    with pytest.raises(scheme_part.NoUnits):
        scheme_part.begin_scheme(by=clerk, year=year, department=health)


def test_without_an_earlier_scheme_nothing_is_carried_over(begin):
    with pytest.raises(scheme_part.NoLastYear):
        begin(source="last-year")


def test_another_department_does_not_begin_it(begin, health, person):
    with pytest.raises(RoleMissing):
        begin(by=person(Role.DEPT_CLERK, department=health))


def test_last_years_scheme_opens_as_a_draft_with_targets_moved_on(
    scheme, city, education, school, office_clerk, dept_clerk, monkeypatch
):
    from kaohe.indicators.services import years

    name = plan_in(scheme).indicators[1].name
    reached = PastValue(2026, "J02", name, 15 * TICK, 103 * TICK, 100 * TICK, 15 * TICK)
    past = Past((2026,), {(school.code, fold(name)): (reached,)})
    monkeypatch.setattr(schemes, "past_of", lambda *_given: past)
    following = years.open_year(by=office_clerk, jurisdiction=city, year=2027)

    version = scheme_part.begin_scheme(
        by=dept_clerk, year=following, department=education, source="last-year"
    )

    plan = plan_in(version)
    assert plan.indicators == plan_in(scheme).indicators
    assert plan.sheets[school.code].values == {"J02": Values(target=103 * TICK, base=103 * TICK)}
    assert last_plan(following, education).version == scheme
    assert list(earlier_shares(version)) == [2026]


def test_an_indicator_gets_the_next_code_that_the_year_does_not_use(edit, template):
    plan = edit(scheme_part.write_indicator, indicator=made())

    assert plan.indicators[6].item == "J09"
    assert plan.indicators[6].name == "课后服务参与率"


def test_an_indicator_is_changed_under_its_code(edit, draft):
    old = plan_in(draft).indicators[0]
    plan = edit(
        scheme_part.write_indicator,
        indicator=replace(old, points=20 * TICK),
        instead_of=old.item,
    )

    assert plan.indicators[0].points == 20 * TICK
    with pytest.raises(ItemThere):
        edit(scheme_part.write_indicator, indicator=made(item="J02"))
    with pytest.raises(ItemGone):
        edit(scheme_part.write_indicator, indicator=made(item="J20"), instead_of="J19")


def test_an_indicator_is_only_for_units_of_the_scheme(edit):
    with pytest.raises(scheme_part.UnitNotInYear):
        edit(scheme_part.write_indicator, indicator=made(unit="12370699495312705A"))


def test_indicators_move_and_go(edit):
    plan = edit(scheme_part.move_in_scheme, item="J02", up=True)
    assert [each.item for each in plan.indicators][:2] == ["J02", "J01"]
    plan = edit(scheme_part.remove_from_scheme, item="J01")
    assert [each.item for each in plan.indicators][:2] == ["J02", "J03"]


def test_an_indicator_of_one_unit_is_copied(edit, school, city, education, year, office_clerk):
    from kaohe.indicators.services import years

    second = make_unit(city, education, "示例市第二中学", 49458013, category="public_first")
    years.take_in(office_clerk, year, [second])
    edit(scheme_part.take_units_in, units=[second.code])
    edit(scheme_part.write_indicator, indicator=made(item="J20", unit=school.code))

    plan = edit(scheme_part.copy_to_units, item="J20", units=[second.code])

    assert "J21" in [each.item for each in plan.of_unit(second.code)]
    assert "J20" not in [each.item for each in plan.of_unit(second.code)]
    with pytest.raises(scheme_part.NothingChosen):
        edit(scheme_part.copy_to_units, item="J20", units=[])


def test_what_is_ticked_in_a_library_comes_with_ones_own_points(edit):
    points = {"JY03": 4 * TICK, "JY99": TICK}
    plan = edit(scheme_part.add_from_library, library_code="education", points=points)

    model = {each.item: each for each in libraries.library("education")}["JY03"]
    found = [each for each in plan.indicators if each.name == model.name]
    assert [each.points for each in found][-1] == 4 * TICK
    assert len(plan.indicators) == 9
    with pytest.raises(scheme_part.NothingChosen):
        edit(scheme_part.add_from_library, library_code="education", points={"x": TICK})


def test_a_sheet_adds_its_own_values_and_what_does_not_apply(edit, school, template):
    sheet = SheetPlan({"J02": Values(target=95 * TICK, reason="新建校区")}, {"R01": "无登记事项"})
    plan = edit(scheme_part.write_sheet, unit=school.code, sheet=sheet)

    assert plan.sheets[school.code] == sheet
    with pytest.raises(ItemNotOfUnit):
        edit(
            scheme_part.write_sheet,
            unit=school.code,
            sheet=SheetPlan(not_applicable={"R20": "无"}),
        )


def test_units_are_taken_in_only_if_they_are_of_the_department(edit, hospital):
    with pytest.raises(scheme_part.UnitNotInYear):
        edit(scheme_part.take_units_in, units=[hospital.code])
    with pytest.raises(scheme_part.NothingChosen):
        edit(scheme_part.take_units_in, units=[])


def test_a_unit_is_taken_out(edit, school):
    assert edit(scheme_part.take_out_unit, unit=school.code).sheets == {}


def test_a_preface_keeps_rare_characters_and_no_unseen_ones(edit):
    assert edit(scheme_part.write_preface, preface="䶮𠀀\u202e’\n").preface == "䶮𠀀’"


def test_two_drafters_do_not_write_over_one_another(draft, dept_clerk, dept_head):
    seen = draft.version
    scheme_part.write_preface(by=dept_clerk, version=draft, seen=seen, preface="甲")
    with pytest.raises(Changed):
        scheme_part.remove_from_scheme(by=dept_head, version=draft, seen=seen, item="J01")


def test_an_edit_without_a_version_seen_keeps_what_others_did(draft, dept_clerk, dept_head):
    scheme_part.write_preface(by=dept_clerk, version=draft, seen=None, preface="甲")
    row = scheme_part.remove_from_scheme(by=dept_head, version=draft, seen=None, item="J01")

    assert plan_in(row).preface == "甲"


def test_what_is_issued_is_not_edited(scheme, dept_clerk):
    with pytest.raises(PartIssuedIsFixed):
        scheme_part.write_preface(by=dept_clerk, version=scheme, seen=None, preface="改")


def test_a_closed_year_is_not_edited(draft, dept_clerk, year):
    AssessmentYear.objects.filter(pk=year.pk).update(state="closed")
    with pytest.raises(YearIsClosed):
        scheme_part.write_preface(by=dept_clerk, version=draft, seen=None, preface="改")


def test_the_template_is_not_edited_as_a_scheme(template, person, education):
    both = person(Role.DEPT_CLERK, Role.OFFICE_CLERK, department=education)
    with pytest.raises((RoleMissing, scheme_part.NotAScheme)):
        scheme_part.write_preface(by=both, version=template, seen=None, preface="改")


def test_others_do_not_edit(draft, person, health, other_city):
    for user in (
        person(Role.OFFICE_HEAD),
        person(Role.DEPT_CLERK, department=health),
        person(Role.OFFICE_HEAD, jurisdiction=other_city),
    ):
        with pytest.raises(RoleMissing):
            scheme_part.write_preface(by=user, version=draft, seen=None, preface="改")


def test_the_list_shows_every_department_with_units(
    draft, template, year, education, office_chief, dept_clerk, unit_clerk
):
    lines = scheme_lines(office_chief, year)

    assert [(each.department, each.units, each.version) for each in lines] == [
        (education, 1, draft)
    ]
    assert scheme_lines(dept_clerk, year) == lines
    assert scheme_lines(unit_clerk, year) == []
    assert scheme_of_year(year, education) == draft
    assert common_codes(year) == {"R01", "E01"}
    assert codes_elsewhere(year, education) == {"R01", "E01"}
    assert "J01" in codes_elsewhere(year, None)
