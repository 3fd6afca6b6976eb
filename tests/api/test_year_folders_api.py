"""Folders over the API: a year out and in, as the pages do it."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from kaohe.indicators.models import AssessmentYear
from kaohe.jobs.models import Job
from kaohe.jobs.runner import run
from kaohe.organization.models import StoredFile
from tests.fixtures.folders import in_year, write_year, zipped


@pytest.fixture
def office(calling, office_clerk):
    return calling(office_clerk)


def bring(program, data, path="/year-folders", name="2025.zip"):
    body = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile(name, data)})
    return program.send("POST", path, body, **{"Content-Type": MULTIPART_CONTENT})


@pytest.fixture
def broken(tmp_path):
    """A zip whose items do not make 100 points."""
    inputs = in_year(2025)
    items = (inputs.items[0]._replace(points=1), *inputs.items[1:])
    return zipped(write_year(tmp_path / "broken", inputs=inputs._replace(items=items)))


def test_a_folder_becomes_a_year_by_a_job(office, past_folder, city, files):
    answer = bring(office, zipped(past_folder))

    assert answer.status_code == 200, answer.content
    assert answer.json()["kind"] == "indicators.import-year"
    run(str(Job.objects.get().pk))
    year = AssessmentYear.objects.get()
    assert (year.year, year.state) == (2025, "archived")
    kept = office.get(f"/years/{year.pk}/kept-folder")
    assert "units.csv" in zipfile.ZipFile(io.BytesIO(kept.content)).namelist()
    results = office.get(f"/years/{year.pk}/kept-results")
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(results.content)).namelist()


def test_a_look_tells_every_problem_and_keeps_nothing(office, broken, city):
    found = bring(office, broken, "/year-folders/look").json()

    assert found["refused"] is True
    assert {each["severity"] for each in found["problems"]} == {"error"}
    assert found["problems"][0]["how"]
    assert StoredFile.objects.count() == 0


def test_a_look_at_a_sound_folder_says_what_it_is(office, past_folder, city):
    found = bring(office, zipped(past_folder), "/year-folders/look").json()

    assert found == {
        "year": 2025,
        "jurisdiction": "370699",
        "units": 4,
        "refused": False,
        "problems": [],
    }


def test_a_folder_that_is_not_sound_is_refused_with_how_many_and_where(office, broken, city):
    answer = bring(office, broken)

    assert answer.status_code == 422
    assert answer.json()["code"] == "year-folder.refused"
    assert answer.json()["facts"]["count"] == 2
    assert Job.objects.count() == 0


def test_a_year_is_exported_or_says_what_is_in_the_way(office, past_year, year):
    ready = office.get(f"/years/{past_year.pk}/folder/obstacles").json()
    assert (ready["ready"], ready["units"], ready["items"]) == (True, 4, 10)
    data = office.get(f"/years/{past_year.pk}/folder?form=xlsx").content
    assert set(zipfile.ZipFile(io.BytesIO(data)).namelist()) == {"scheme.toml", "assessment.xlsx"}

    told = office.get(f"/years/{year.pk}/folder/obstacles").json()
    assert not told["ready"]
    assert told["obstacles"][0]["code"] == "export-no-settings"
    answer = office.get(f"/years/{year.pk}/folder")
    assert answer.status_code == 409
    assert answer.json()["code"] == "year-folder.unfit"
    assert office.get(f"/years/{year.pk}/kept-folder").status_code == 409
