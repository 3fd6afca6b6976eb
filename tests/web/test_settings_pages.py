"""Pages of the settings: taught, begun, edited by section, refused field by field, previewed."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import Role
from kaohe.core.quantities import TICK
from kaohe.core.scheme_fields import Section
from kaohe.indicators.models import PartVersion
from kaohe.indicators.queries import preview
from kaohe.indicators.queries.parts import scheme_in
from kaohe.indicators.queries.remembered import Remembered
from kaohe.indicators.services import parts, settings_part
from kaohe.web.indicators.cells_told import cells_told
from tests.fixtures.indicators import make_year


@pytest.fixture
def office(office_clerk, signed_in):
    return signed_in(office_clerk)


@pytest.fixture
def draft(year, office_clerk):
    return settings_part.begin_settings(by=office_clerk, year=year)


def form_of(draft, section):
    return f"/indicators/parts/{draft.pk}/settings/{section}"


def sent(client, address):
    """What a browser would send of a form as it is shown."""
    form = client.get(address).context["form"]
    found = {}
    for field in form:
        widget, value = field.field.widget, field.value()
        if hasattr(widget, "count"):
            found |= {f"{field.name}-{place}": text for place, text in enumerate(value)}
        elif hasattr(widget, "columns"):
            for row, cells in enumerate(value):
                for column, text in zip(widget.columns, cells, strict=True):
                    found[f"{field.name}-{row}-{column.name}"] = text
        elif hasattr(widget, "groups"):
            for row, group in enumerate(widget.groups):
                for name, text in value.get(group, {}).items():
                    found[f"{field.name}-{row}-{name}"] = text
        elif hasattr(widget, "setting"):
            found |= {f"{field.name}-{place}": text for place, text in enumerate(value)}
        elif value is not None:
            found[field.name] = value
    return found


def test_before_there_are_settings_the_page_teaches(office, year):
    page = office.get(f"/indicators/years/{year.pk}/settings").content.decode()

    assert "k-empty" in page
    assert f"/indicators/years/{year.pk}/settings/begin" in page


def test_who_may_not_draft_is_told_that_they_come(signed_in, dept_clerk, year):
    page = signed_in(dept_clerk).get(f"/indicators/years/{year.pk}/settings").content.decode()

    assert "k-empty" in page
    assert "settings/begin" not in page


def test_settings_are_begun_with_the_defaults(office, year):
    address = f"/indicators/years/{year.pk}/settings/begin"
    assert office.get(address).status_code == 200
    answer = office.post(address, {"source": "", "once_key": "k"})
    row = PartVersion.objects.get()

    assert answer["Location"] == f"/indicators/parts/{row.pk}"
    assert office.get(f"/indicators/years/{year.pk}/settings")["Location"] == answer["Location"]


def test_settings_are_begun_as_in_an_earlier_year(office, past_year, year):
    earlier = PartVersion.objects.get(part__assessment_year=past_year, part__sort="settings")
    address = f"/indicators/years/{year.pk}/settings/begin"

    assert "2025" in office.get(address).content.decode()
    office.post(address, {"source": earlier.pk, "once_key": "k"})
    row = PartVersion.objects.get(part__assessment_year=year)
    assert scheme_in(row).survey == scheme_in(earlier).survey
    assert scheme_in(row).year == 2026


def test_every_setting_stands_on_the_page_with_its_source(office, draft):
    page = office.get(f"/indicators/parts/{draft.pk}").content.decode()

    for text in ("A 等比例上限", "通行做法", "模式原文", "上级规定", "系统建议", "履职效能"):
        assert text in page
    for section in Section:
        assert form_of(draft, section) in page


@pytest.mark.parametrize("section", list(Section))
def test_a_section_that_is_sent_as_it_is_changes_nothing(office, draft, section):
    address = form_of(draft, section)
    answer = office.post(address, sent(office, address))

    assert answer.status_code == 302, answer.context["form"].errors
    draft.refresh_from_db()
    assert draft.version == 1


def test_settings_are_changed(office, draft):
    address = form_of(draft, "grading")
    office.post(
        address,
        {
            **sent(office, address),
            "grading__a_share": "25",
            "grading__a_component_minimum__common": "",
            "grading__tie_break-0": "social",
            "grading__tie_break-1": "",
            "grading__tie_break-2": "common",
            "grading__a_barred_tiers": ["Ⅱ", "Ⅲ"],
        },
    )
    draft.refresh_from_db()
    grading = scheme_in(draft).grading

    assert grading.a_share == 25 * TICK
    assert dict(grading.a_component_minimum) == {"social": 80 * TICK}
    assert grading.tie_break == ("social", "common")
    assert grading.a_barred_tiers == ("Ⅱ", "Ⅲ")


def test_tables_are_changed_row_by_row(office, draft):
    address = form_of(draft, "survey")
    given = sent(office, address)
    given |= {
        "survey__dimensions-5-code": "环境卫生",
        "survey__dimensions-5-weight": "10",
        "survey__dimensions-5-questions": "q11，q12",
        "survey__rounds-0-code": "",
        "survey__rounds-0-weight": "",
    }
    office.post(address, given)
    draft.refresh_from_db()
    survey = scheme_in(draft).survey

    assert survey.dimensions[-1].questions == ("q11", "q12")
    assert [each.code for each in survey.rounds] == ["h2"]


def test_a_group_gets_weights_of_its_own(office, draft):
    address = form_of(draft, "groups")
    page = office.get(address).content.decode()
    assert "教育组" in page
    given = {"common": "20", "individual": "50", "social": "30"}
    fields = {f"weights_by_group-0-{name}": text for name, text in given.items()}
    office.post(address, fields)
    draft.refresh_from_db()

    assert scheme_in(draft).weights_by_group["教育组"]["social"] == 30 * TICK
    half = office.post(address, {"weights_by_group-0-common": "20"})
    assert half.status_code == 422


def test_a_year_without_groups_says_so(office, city, office_clerk, school):
    year = make_year(city, office_clerk, 2027)
    draft = settings_part.begin_settings(by=office_clerk, year=year)
    page = office.get(form_of(draft, "groups")).content.decode()

    assert "k-empty" in page


def test_every_problem_stands_at_its_field(office, draft):
    address = form_of(draft, "tiers")
    given = sent(office, address) | {
        "tier_policy__small_scope": "三",
        "tier_policy__tiers-0-share": "130",
        "tier_policy__tiers-1-value": "",
    }
    answer = office.post(address, given)
    errors = answer.context["form"].errors

    assert answer.status_code == 422
    assert set(errors) == {"tier_policy__small_scope", "tier_policy__tiers"}
    assert len(errors["tier_policy__tiers"]) == 2
    assert "名额上限" in str(errors["tier_policy__tiers"])
    assert 'value="130"' in answer.content.decode()


def test_what_breaks_another_section_is_said_too(office, draft):
    address = form_of(draft, "tiers")
    given = sent(office, address) | {"tier_policy__tiers-2-name": "末档"}
    answer = office.post(address, given)

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()


def test_strange_texts_pass_or_are_refused_with_a_sentence(office, draft):
    address = form_of(draft, "weights")
    given = sent(office, address)
    office.post(address, given | {"title": "䶮𠀀O'Neil\u202e方案"})
    draft.refresh_from_db()

    assert scheme_in(draft).title == "䶮𠀀O'Neil方案"
    again = sent(office, address)
    assert office.post(address, again | {"title": "=1+1"}).status_code == 422
    assert office.post(address, again | {"title": "长" * 500}).status_code == 422


def test_a_preset_fills_the_weights_and_saves_nothing(office, draft):
    page = office.get(form_of(draft, "weights") + "?preset=P3")

    assert page.context["form"]["components__social__weight"].value() == "30"
    draft.refresh_from_db()
    assert draft.version == 1
    assert office.get(form_of(draft, "weights") + "?preset=P9").status_code == 200


def test_a_stale_form_is_refused(office, draft, office_clerk):
    address = form_of(draft, "adjustments")
    given = sent(office, address)
    settings_part.change_settings(
        by=office_clerk, version=draft, seen=None, given={"grading.a_share": "25"}
    )
    answer = office.post(address, given | {"adjustments__bonus_cap": "8"})

    assert answer.status_code == 422
    draft.refresh_from_db()
    assert scheme_in(draft).bonus_cap == 5 * TICK


def test_what_is_handed_in_is_not_edited(office, draft, office_clerk):
    address = form_of(draft, "adjustments")
    given = sent(office, address)
    parts.submit_part(by=office_clerk, version=draft, seen=None)

    assert office.get(address)["Location"] == f"/indicators/parts/{draft.pk}"
    assert office.post(address, given | {"seen": ""}).status_code == 422


def test_there_is_no_such_section(office, draft):
    assert office.get(form_of(draft, "nonsense")).status_code == 404


def test_who_may_not_draft_does_not_edit(signed_in, person, draft):
    director = signed_in(person(Role.COMMITTEE_DIRECTOR))
    page = director.get(f"/indicators/parts/{draft.pk}").content.decode()

    assert "settings/weights" not in page
    assert director.get(form_of(draft, "weights")).status_code == 403


def test_settings_of_another_city_are_not_there(signed_in, person, other_city, draft):
    other = signed_in(person(Role.OFFICE_CLERK, jurisdiction=other_city))

    assert other.get(form_of(draft, "weights")).status_code == 404
    assert other.get(f"/indicators/parts/{draft.pk}/preview").status_code == 404


def test_a_template_has_no_settings(office, template):
    assert office.get(form_of(template, "weights")).status_code == 404
    assert office.get(f"/indicators/parts/{template.pk}/preview").status_code == 404


def test_without_an_earlier_year_the_preview_teaches_what_to_import(office, draft):
    page = office.get(f"/indicators/parts/{draft.pk}/preview").content.decode()

    assert "导入上一年度的文件夹" in page


@pytest.fixture
def tried(past_year, year, office_clerk, monkeypatch):
    """Settings of 2026 that differ from those of 2025, to be tried on them for the first time."""
    monkeypatch.setattr(preview, "_previews", Remembered(4))
    like = PartVersion.objects.get(part__assessment_year=past_year, part__sort="settings")
    version = settings_part.begin_settings(by=office_clerk, year=year, like=like)
    given = {
        "grading.c_below": "0",
        "title": "新名称",
        "survey.dimensions": [{"code": "duty", "weight": "1", "questions": ["q1", "q7"]}],
    }
    return settings_part.change_settings(by=office_clerk, version=version, seen=None, given=given)


def test_the_preview_says_who_moves_and_what_was_not_tried(office, tried):
    page = office.get(f"/indicators/parts/{tried.pk}/preview").content.decode()

    for text in ("C 等分数线", "中医院", "未试算", "2025年的答卷按当年题目填写", "卫生组"):
        assert text in page
    assert "新名称" not in page


def test_the_page_of_the_version_fetches_the_preview_once_and_then_has_it(office, tried):
    address = f"/indicators/parts/{tried.pk}"
    waiting = office.get(address).content.decode()
    short = office.get(f"{address}/preview?part=short").content.decode()
    there = office.get(address).content.decode()

    assert "hx-get" in waiting
    assert "中医院" in short
    assert "<html" not in short
    assert "中医院" in there


def test_the_settings_of_that_year_change_nothing(office, past_year, year, office_clerk):
    like = PartVersion.objects.get(part__assessment_year=past_year, part__sort="settings")
    version = settings_part.begin_settings(by=office_clerk, year=year, like=like)
    page = office.get(f"/indicators/parts/{version.pk}/preview").content.decode()

    assert "结果没有变化" in page


def test_a_preview_that_cannot_be_made_says_why(office, tried, files):
    for kept in (files / "cache").rglob("*"):
        if kept.is_file():
            kept.unlink()
    for kept in (files / "files").rglob("*"):
        if kept.is_file():
            kept.chmod(0o600)
            kept.write_bytes(b"spoilt")
    answer = office.get(f"/indicators/parts/{tried.pk}/preview")

    assert answer.status_code == 200
    assert "k-alert" in answer.content.decode()


def test_a_page_asks_the_same_number_of_questions_whatever_it_shows(office, draft, office_clerk):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            assert office.get(f"/indicators/parts/{draft.pk}").status_code == 200
        return len(asked)

    questions()  # the session is made
    few = questions()
    rows = [{"code": f"d{place}", "weight": "1", "questions": [f"x{place}"]} for place in range(15)]
    settings_part.change_settings(
        by=office_clerk, version=draft, seen=None, given={"survey.dimensions": rows}
    )

    assert questions() == few


def test_a_scheme_of_one_tier_can_be_shown(office, draft, office_clerk):
    """Nothing on the page counts on three tiers."""
    settings_part.change_settings(
        by=office_clerk,
        version=draft,
        seen=None,
        given={
            "tier_policy.tiers": [{"name": "合格"}],
            "tier_policy.effect": "none",
            "grading.a_barred_tiers": [],
            "grading.tie_break": [],
            "survey.rounds": [],
        },
    )
    draft.refresh_from_db()
    page = office.get(f"/indicators/parts/{draft.pk}").content.decode()

    assert "合格：其余单位" in page
    assert replace(scheme_in(draft).tier_policy, tiers=()).effect == "none"


def test_the_record_tells_changed_cells_in_words(office, draft, office_clerk):
    settings_part.change_settings(
        by=office_clerk,
        version=draft,
        seen=None,
        given={"grading.seats_rounding": "ceil", "grading.a_share": "25"},
    )
    page = office.get(f"/indicators/parts/{draft.pk}?tab=record").content.decode()

    assert "名额取整：舍去 → 进一" in page
    assert "A 等比例上限（占本组%）：20 → 25" in page
    assert "seats_rounding" not in page


def test_changed_cells_of_a_plan_are_told_by_their_fields():
    told = cells_told(
        "indicators/J01/points: 15 → 20\nsheets/12370699495312705A/J01/target:  → 8\n第二行"
    ).split("\n")

    assert told[0].startswith("J01 ")
    assert told[0].endswith("15 → 20")
    assert told[1].startswith("12370699495312705A J01 ")
    assert told[1].endswith("— → 8")
    assert told[2] == "第二行"
