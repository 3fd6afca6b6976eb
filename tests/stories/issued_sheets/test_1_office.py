"""The office: last year comes in, the year is opened, grouped and frozen, its rules are issued."""

from datetime import date

from django.urls import reverse

from kaohe.core.part_path import PartOwnDraft
from kaohe.core.scheme_text import read_scheme
from kaohe.indicators.models import AssessmentYear, Participant, PartVersion
from tests.fixtures.last_year import NEW_SCHOOL, SCHOOLS


def this_year():
    return AssessmentYear.objects.get(year=2026)


def version_of(sort):
    return PartVersion.objects.get(part__assessment_year=this_year(), part__sort=sort)


def test_01_the_office_brings_last_year_as_a_folder(story):
    office = story.person("李科员")
    office.go("/indicators/")
    office.follow("Import a folder as a year")
    office.look("sheets-import", known=["CSV", "Parquet", "scheme", "toml", "zip"])
    office.fill({"Folder as a zip": story.folder()})
    office.press("Send and check")
    story.work_is_done(office)
    office.look("sheets-year-imported", known=["parquet", "zip"])
    office.follow("Assessment sheets")

    year = AssessmentYear.objects.get()
    assert (year.year, year.state) == (2025, "archived")


def test_02_it_opens_the_year_and_freezes_the_groups(story):
    office = story.person("李科员")
    office.go("/indicators/years/")
    office.follow("Open an assessment year")
    office.page.get_by_label(office.said("Assessment year")).first.fill("2026")
    office.press("Save")
    office.look("sheets-year-opened")
    office.follow("Groups")
    office.look("sheets-groups")
    office.follow("Freeze the groups")
    office.press("Freeze")
    office.fill({"Reason": "全市教育系统单独成组，不与其他组合并。"})
    office.press("Freeze")
    office.says("The groups are frozen.")
    office.look("sheets-groups-frozen")

    assert {row.name for row in Participant.objects.filter(assessment_year=this_year())} == {
        *SCHOOLS,
        NEW_SCHOOL,
    }
    AssessmentYear.objects.filter(year=2026).update(cut_off_on=date(9999, 12, 31))


def test_03_the_template_that_comes_along_is_approved_by_another_person(story):
    chief, head = story.person("周科长"), story.person("吴主任")
    chief.go(reverse("web:template", args=[this_year().pk]))
    chief.follow("Begin the common template")
    chief.page.locator("#id_source").select_option("")
    chief.press("Begin")
    chief.look("sheets-template")
    chief.follow("Submit for approval")
    chief.press("Submit for approval")
    chief.says("The version is submitted.")
    key = version_of("template").pk
    assert chief.page.get_by_role("link", name=chief.said("Approve"), exact=True).count() == 0
    chief.go(reverse("web:approve-template", args=[key]))
    chief.press("Approve the version")
    chief.says(PartOwnDraft.sentence)
    assert version_of("template").state == "submitted"
    head.go(reverse("web:part-version", args=[key]))
    head.follow("Approve")
    head.press("Approve the version")
    head.follow("Issue")
    head.press("Issue the version")
    head.says("The version is issued.")
    head.look("sheets-template-issued")


def test_04_the_settings_are_last_years_with_other_weights_and_their_effect_is_seen(story):
    office = story.person("李科员")
    office.go(reverse("web:settings", args=[this_year().pk]))
    office.follow("Begin the settings")
    office.press("Begin")
    key = version_of("settings").pk
    office.go(reverse("web:edit-settings", args=[key, "weights"]))
    office.page.locator("a[href^='?preset=']").last.click()
    office.page.wait_for_load_state()
    office.look("sheets-weights")
    office.press("Save")
    office.page.locator("#h-preview", has_text="2025").wait_for()
    office.look("sheets-settings")
    office.go(reverse("web:preview", args=[key]))
    office.says(SCHOOLS[2])
    office.look("sheets-preview")
    office.go(reverse("web:part-version", args=[key]))
    office.follow("Submit for approval")
    office.press("Submit for approval")
    office.go(reverse("web:approve-settings", args=[key]), status=403)

    last = PartVersion.objects.get(part__sort="settings", part__assessment_year__year=2025)
    before, now = (read_scheme(row.content["toml"])[0] for row in (last, version_of("settings")))
    assert before.weights != now.weights
    assert before.survey == now.survey


def test_05_the_director_approves_and_the_head_of_the_office_issues(story):
    director, head = story.person("王市长", "en"), story.person("吴主任")
    key = version_of("settings").pk
    director.go(reverse("web:part-version", args=[key]))
    director.page.locator("#h-preview", has_text="2025").wait_for()
    director.look("sheets-settings-en")
    director.follow("Approve")
    director.look("sheets-settings-approve-en")
    director.press("Approve the version")
    director.says("The version is approved.")
    head.go(reverse("web:part-version", args=[key]))
    head.follow("Issue")
    head.fill({"Document number": "示考〔2026〕3号"})
    head.press("Issue the version")

    assert version_of("settings").state == "issued"
    assert len(version_of("settings").scheme_digest) == 64
