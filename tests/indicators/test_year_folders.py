"""A folder becomes a year: whole, with its entries, or not at all."""

import hashlib
import json
import zipfile
from io import BytesIO

import pytest

from kaohe.core.access import Role
from kaohe.core.errors import Refusal
from kaohe.core.problems import FolderRefused
from kaohe.core.texts import fold
from kaohe.indicators.models import AssessmentYear, Part, Participant, PartVersion, Sheet
from kaohe.indicators.queries.past_years import (
    FolderMissing,
    FolderSpoilt,
    last_with_folder,
    opened_folder,
    opened_results,
    past_of,
    results_of,
)
from kaohe.indicators.queries.remembered import Remembered
from kaohe.indicators.queries.whole_folder import MOST_UNITS, read_whole, unfit
from kaohe.indicators.services.folder_refusals import FolderElsewhere
from kaohe.indicators.services.year_folders import import_year
from kaohe.indicators.services.year_refusals import YearThere
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import DepartmentName, StoredFile, Succession
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.queries.files import path_of
from tests.fixtures.folders import as_year, in_year, write_year
from tests.fixtures.people import make_department, make_unit
from tests.folder.mini_folder import CLINIC, INPUTS, MUSEUM, NURSERY, OLD_SCHOOL, SCHOOL

THIS_YEAR = 2026


def test_it_has_the_units_groups_parts_and_sheets_of_the_folder(past_year):
    assert (past_year.year, past_year.state, past_year.imported) == (2025, "archived", True)
    assert list(past_year.groups.values_list("name", flat=True)) == ["卫生组", "教育组", "文化组"]
    assert {row.code for row in past_year.participants.all()} == {SCHOOL, CLINIC, NURSERY, MUSEUM}
    assert {row.sort for row in past_year.parts.all()} == {"settings", "template"}
    sheets = Sheet.objects.filter(participant__assessment_year=past_year)
    assert set(sheets.values_list("state", flat=True)) == {"archived"}
    assert sheets.count() == 4


def test_a_year_that_is_not_over_is_open_and_its_parts_are_in_force(
    tmp_path, office_clerk, city, files
):
    folder = write_year(tmp_path / "now", THIS_YEAR)

    year = as_year(folder, office_clerk, city)

    assert year.state == "open"
    assert set(PartVersion.objects.values_list("state", flat=True)) == {"issued"}
    assert set(Sheet.objects.values_list("state", flat=True)) == {"issued"}
    assert year.steps.count() == 29
    assert year.folder is not None
    assert year.results is None


def test_units_are_found_by_their_code_and_by_the_one_they_had_before(
    past_folder, office_clerk, city, files, education
):
    school = make_unit(city, education, "第一中学", 1)
    school.code = SCHOOL
    school.save()
    clinic = make_unit(city, education, "新中医院", 2)
    Succession.objects.create(
        jurisdiction=city,
        unit=clinic,
        predecessor=clinic,
        kind="continuation",
        year=2026,
        on="2026-01-01",
        code=clinic.code,
        predecessor_code=CLINIC,
    )

    year = as_year(past_folder, office_clerk, city)

    found = {row.code: row.unit for row in year.participants.all()}
    assert found == {SCHOOL: school, CLINIC: clinic, NURSERY: None, MUSEUM: None}
    past = past_of(city, 2026)
    assert past.values(clinic.code, "床位") == past.values(CLINIC, "床位") != ()


def test_departments_are_found_by_present_short_and_former_names_each_once(
    past_folder, office_clerk, city, files
):
    education = make_department(city, "示例市教体局")
    health = make_department(city, "卫生健康局", short_name="卫健局")
    culture = make_department(city, "文旅委员会")
    DepartmentName.objects.create(department=culture, name="文旅局")

    year = as_year(past_folder, office_clerk, city)

    found = {row.department_name: row.department for row in year.participants.all()}
    assert found == {"教体局": education, "卫健局": health, "文旅局": culture}
    schemes = Part.objects.filter(assessment_year=year, sort="department")
    assert {row.department for row in schemes} == {education, health, culture}
    assert past_of(city, 2026).items(2025, "卫生健康局") == past_of(city, 2026).items(
        2025, "卫健局"
    )
    sheet = Sheet.objects.get(participant__code=SCHOOL)
    assert sheet.scheme_version.part.department == education
    assert not Sheet.objects.filter(participant__code=MUSEUM).exists()


def test_two_names_of_one_department_stay_two(tmp_path, office_clerk, city, files):
    education = make_department(city, "教体局")
    DepartmentName.objects.create(department=education, name="卫健局")

    year = as_year(write_year(tmp_path / "x"), office_clerk, city)

    found = {row.department_name: row.department for row in year.participants.all()}
    assert found["教体局"] == education
    assert found["卫健局"] is None


def test_the_digest_on_record_is_that_of_the_manifest(past_year):
    entry = JournalEntry.objects.get(action="year.imported")
    manifest = json.loads((opened_results(past_year) / "manifest.json").read_text("utf-8"))

    assert json.loads(entry.leaf)["facts"]["scheme_digest"] == manifest["scheme"]
    version = PartVersion.objects.get(part__sort="settings")
    assert version.scheme_digest == manifest["scheme"]


def test_the_folder_is_kept_byte_for_byte_and_the_same_one_twice_is_the_same(
    past_folder, past_year
):
    kept = {file.name: file.read_bytes() for file in opened_folder(past_year).iterdir()}

    assert kept == {file.name: file.read_bytes() for file in past_folder.iterdir()}
    assert read_whole(past_folder).folder_digest == past_year.folder.digest
    assert StoredFile.objects.get(pk=past_year.folder_id).media == "zip"


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_every_form_of_folder_is_taken(tmp_path, office_clerk, city, files, form):
    folder = write_year(tmp_path / form, form=form)

    year = as_year(folder, office_clerk, city)

    assert year.participants.count() == 4
    assert len(results_of(year).results) == 4
    assert sorted(file.name for file in opened_folder(year).rglob("*") if file.is_file())


def test_all_problems_come_at_once_and_nothing_is_left(tmp_path, files, db):
    inputs = in_year(2025)
    broken = inputs._replace(
        items=(inputs.items[0]._replace(points=1), *inputs.items[1:]),
        history=(*inputs.history, inputs.history[0]),
    )

    with pytest.raises(FolderRefused) as refused:
        read_whole(write_year(tmp_path / "x", inputs=broken))

    assert len({problem.code for problem in refused.value.problems}) > 1
    assert AssessmentYear.objects.count() == StoredFile.objects.count() == 0


def test_texts_that_the_platform_cannot_keep_are_named_with_their_row(tmp_path):
    inputs = in_year(2025)
    units = (inputs.units[0], inputs.units[1]._replace(name="医" * 121), *inputs.units[2:])

    with pytest.raises(FolderRefused) as refused:
        read_whole(write_year(tmp_path / "x", inputs=inputs._replace(units=units)))

    (problem,) = refused.value.problems
    assert (problem.code, problem.row, problem.column) == ("year-text-long", 3, "name")
    just = (inputs.units[0]._replace(name="医" * 120), *inputs.units[1:])
    read_whole(write_year(tmp_path / "y", inputs=inputs._replace(units=just)))


def test_more_units_than_a_year_takes_are_refused():
    units = (INPUTS.units[0],) * (MOST_UNITS + 1)

    assert [each.code for each in unfit(INPUTS._replace(units=units))] == ["year-units-many"]
    assert list(unfit(INPUTS._replace(units=units[1:]))) == []


def test_the_folder_of_another_place_is_refused(tmp_path, office_clerk, city, files):
    whole = read_whole(write_year(tmp_path / "x", place="370683"))

    with pytest.raises(FolderElsewhere) as refused:
        import_year(by=office_clerk, jurisdiction=city, whole=whole)

    assert refused.value.facts == {"found": "370683", "here": "370699"}


def test_a_year_that_is_there_is_refused(past_folder, past_year, office_clerk, city):
    entries = JournalEntry.objects.count()

    with pytest.raises(YearThere):
        as_year(past_folder, office_clerk, city)

    assert JournalEntry.objects.count() == entries


@pytest.mark.parametrize("role", [Role.DEPT_HEAD, Role.COMMITTEE_DIRECTOR, Role.UNIT_HEAD])
def test_only_who_manages_years_may(past_folder, person, city, files, role, education, school):
    by = person(role, department=education, unit=school)

    with pytest.raises(RoleMissing):
        as_year(past_folder, by, city)


def test_the_office_of_another_city_may_not(past_folder, person, city, other_city, files):
    by = person(Role.OFFICE_HEAD, jurisdiction=other_city)

    with pytest.raises(RoleMissing):
        as_year(past_folder, by, city)


def test_what_lies_unpacked_is_made_anew_where_somebody_changed_it(past_year, monkeypatch):
    from kaohe.indicators.queries import frozen

    folder = opened_folder(past_year)
    original = (folder / "units.csv").read_bytes()
    (folder / "units.csv").write_bytes(original + b"x")
    (folder / "stray.csv").write_text("x")

    assert (opened_folder(past_year) / "units.csv").read_bytes() == original
    assert not (folder / "stray.csv").exists()
    monkeypatch.setattr(frozen, "_seen", {})
    assert opened_folder(past_year) == folder


@pytest.mark.parametrize("spoil", ["changed", "gone"])
def test_a_kept_file_that_was_changed_or_is_gone_is_never_used(past_year, spoil, monkeypatch, city):
    from kaohe.indicators.queries import frozen, past_years

    monkeypatch.setattr(frozen, "_seen", {})
    monkeypatch.setattr(past_years, "_pasts", Remembered(8))
    for file in (past_year.folder, past_year.results):
        place = path_of(file.digest)
        if spoil == "gone":
            place.unlink()
        else:
            place.write_bytes(place.read_bytes() + b"x")

    with pytest.raises(FolderSpoilt):
        opened_folder(past_year)
    assert past_of(city, 2026).years == ()


def test_a_year_without_a_folder_says_so(year):
    with pytest.raises(FolderMissing):
        opened_folder(year)
    with pytest.raises(FolderMissing):
        results_of(year)


def test_results_are_those_of_the_engine(past_folder, past_year, tmp_path):
    from kaohe.inquiry.assess import Wanted, assess_folder

    assess_folder(past_folder, tmp_path / "out", Wanted(documents=False))

    there, here = tmp_path / "out", opened_results(past_year)
    for name in ("results.csv", "item_scores.csv", "manifest.json", "linkages.csv"):
        assert (here / name).read_bytes() == (there / name).read_bytes()
    grades = {row.unit: row.grade for row in results_of(past_year).results}
    assert grades[MUSEUM] == "none"


def test_the_past_says_what_was_measured_asked_and_earned(past_year, city):
    past = past_of(city, 2026)

    assert past.years == (2025,)
    (row,) = past.values(SCHOOL, " 巩固率 ")
    assert (row.year, row.item, row.points, row.value) == (2025, "J1", 400_000, 900_000)
    assert row.target == 950_000
    assert row.earned == 342_857
    (own,) = past.values(NURSERY, "巩固率")
    assert (own.value, own.earned) == (None, None)
    assert past.items(2025, "教体局")[fold("巩固率")] == [342_857]
    assert past_of(city, 2025).years == ()
    assert past_of(city, 2030).years == ()


def test_the_past_is_read_once(past_year, city, django_assert_num_queries):
    first = past_of(city, 2026)

    with django_assert_num_queries(3):
        assert past_of(city, 2026) is first
    assert last_with_folder(city) == past_year
    assert last_with_folder(city, 2025) is None


def test_every_thing_of_the_year_is_on_record(past_year):
    subjects = set(JournalEntry.objects.values_list("subject", flat=True))
    rows = [
        past_year,
        *past_year.groups.all(),
        *past_year.participants.all(),
        *past_year.parts.all(),
        *PartVersion.objects.all(),
        *Sheet.objects.all(),
        *StoredFile.objects.all(),
    ]

    assert {row.subject for row in rows} <= subjects


def test_a_status_keeps_its_reason_sealed(tmp_path, office_clerk, city, files):
    inputs = in_year(2025)
    units = (*inputs.units[:3], inputs.units[3]._replace(status_reason="整体修缮"))
    as_year(write_year(tmp_path / "x", inputs=inputs._replace(units=units)), office_clerk, city)

    assert Participant.objects.get(code=MUSEUM).status_reason == "整体修缮"
    entry = JournalEntry.objects.get(action="participant.taken-in", unit=MUSEUM)
    assert "整体修缮" not in entry.leaf


def test_the_zip_that_is_kept_holds_only_what_was_read(tmp_path, office_clerk, city, files):
    folder = write_year(tmp_path / "x")
    (folder / "说明.docx").write_bytes(b"...")

    year = as_year(folder, office_clerk, city)

    data = path_of(year.folder.digest).read_bytes()
    assert hashlib.sha256(data).hexdigest() == year.folder.digest
    names = zipfile.ZipFile(BytesIO(data)).namelist()
    assert "说明.docx" not in names
    assert {"scheme.toml", "units.csv", "items.csv"} <= set(names)


def test_a_folder_that_is_changed_while_it_is_read_is_refused(tmp_path, monkeypatch):
    from kaohe.indicators.queries import whole_folder

    folder = write_year(tmp_path / "x")
    pack = whole_folder.pack

    def meddling(files):
        data = pack(files)
        if "units.csv" in files:
            (folder / "units.csv").write_text("x")
        return data

    monkeypatch.setattr(whole_folder, "pack", meddling)
    with pytest.raises(Refusal) as refused:
        read_whole(folder)

    assert refused.value.code == "year-folder.changed"


def test_old_codes_of_the_folder_itself_say_nothing_of_the_register(past_year):
    assert not Participant.objects.filter(code=OLD_SCHOOL).exists()
