"""Pages of folders: a year goes out, a folder comes in, and what is kept can be fetched."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kaohe.core.access import Role
from kaohe.indicators.models import AssessmentYear
from kaohe.jobs.models import Job
from kaohe.jobs.runner import run
from kaohe.organization.models import StoredFile
from tests.fixtures.folders import in_year, write_year, zipped

IMPORT = "/indicators/years/import"


@pytest.fixture
def office(signed_in, office_clerk):
    return signed_in(office_clerk)


def bring(client, data, name="2025.zip"):
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, data)})


def carried_out():
    for job in Job.objects.filter(state="queued"):
        run(str(job.pk))
    return Job.objects.get()


def test_a_folder_is_brought_checked_and_becomes_a_year(office, past_folder, city, files):
    answer = bring(office, zipped(past_folder, "2025年考核/"))

    job = carried_out()
    assert answer.status_code == 302
    assert answer.url == f"/jobs/{job.pk}"
    assert (job.state, job.outcome["facts"]) == ("done", {"year": 2025, "units": 4})
    page = office.get(job.location).content.decode()
    assert "存档的文件夹" in page
    assert AssessmentYear.objects.get().folder.digest in page
    assert "教育组" in page


def test_a_job_that_is_begun_again_makes_no_second_year(office, past_folder, city, files):
    bring(office, zipped(past_folder))
    job = carried_out()
    Job.objects.update(state="queued")

    run(str(job.pk))

    job.refresh_from_db()
    assert job.state == "done"
    assert AssessmentYear.objects.count() == 1


def test_a_form_that_is_sent_twice_asks_for_one_job(office, past_folder, city, files):
    data = zipped(past_folder)
    for _ in range(2):
        office.post(IMPORT, {"file": SimpleUploadedFile("a.zip", data), "once_key": "k" * 32})

    assert Job.objects.count() == 1


def test_all_problems_of_a_folder_are_shown_at_once_and_nothing_is_kept(office, tmp_path, city):
    inputs = in_year(2025)
    broken = inputs._replace(
        items=(inputs.items[0]._replace(points=1), *inputs.items[1:]),
        history=(*inputs.history, inputs.history[0]),
    )

    answer = bring(office, zipped(write_year(tmp_path / "x", inputs=broken)))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "history，第 4 行" in page
    assert "不是 100" in page
    assert StoredFile.objects.count() == Job.objects.count() == 0


def test_a_sound_folder_with_something_odd_is_taken(office, tmp_path, city, files):
    folder = write_year(tmp_path / "x")
    (folder / "extra.csv").write_text("a\n")

    assert bring(office, zipped(folder)).status_code == 302
    assert carried_out().state == "done"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.zip", b"PK\x05\x06" + bytes(18), "没有可以解开的考核文件夹"),
        ("a.zip", b"no zip at all", "没有可以解开的考核文件夹"),
        ("a.zip", b"", "没有可以解开的考核文件夹"),
    ],
)
def test_what_holds_no_folder_is_refused_with_a_sentence(office, city, name, data, said):
    answer = bring(office, data, name)

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_folder_under_a_wrong_name_is_told(office, past_folder, city, files):
    answer = bring(office, zipped(past_folder), "2025.rar")

    assert answer.status_code == 422
    assert "zip" in answer.content.decode()
    assert Job.objects.count() == 0


def test_a_folder_of_another_place_or_a_year_that_is_there_is_refused_on_the_form(
    office, tmp_path, past_year, past_folder
):
    elsewhere = bring(office, zipped(write_year(tmp_path / "x", 2024, place="370683")))
    again = bring(office, zipped(past_folder))

    assert elsewhere.status_code == again.status_code == 422
    assert "370683" in elsewhere.content.decode()
    assert "2025" in again.content.decode()
    assert Job.objects.count() == 0


def test_a_file_beyond_the_limit_is_refused(office, past_folder, city, files, settings):
    settings.UPLOAD_LIMIT = 100

    answer = bring(office, zipped(past_folder))

    assert answer.status_code == 422
    assert StoredFile.objects.count() == 0


def test_the_year_is_fetched_as_a_zip_the_engine_reads(office, past_year, tmp_path):
    answer = office.get(f"/indicators/years/{past_year.pk}/files/export?form=csv")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert {"scheme.toml", "units.csv", "items.csv"} <= set(names)
    assert "events.csv" not in names


@pytest.mark.parametrize("which", ["folder", "results"])
def test_what_is_kept_is_fetched_as_it_was(office, past_year, which):
    import hashlib

    answer = office.get(f"/indicators/years/{past_year.pk}/files/{which}")

    digest = getattr(past_year, which).digest
    assert hashlib.sha256(answer.content).hexdigest() == digest


def test_a_year_that_was_opened_here_has_none_and_an_unknown_one_is_not_there(office, year):
    where = f"/indicators/years/{year.pk}/files"

    assert office.get(f"{where}/folder").status_code == 409
    assert office.get(f"{where}/other").status_code == 404
    assert office.get(f"{where}/export?form=doc").status_code == 404
    page = office.get(where)
    assert page.status_code == 200
    assert "没有导入的文件夹" in page.content.decode()


def test_what_is_in_the_way_of_an_export_is_listed_with_how_to_mend_it(office, year):
    answer = office.get(f"/indicators/years/{year.pk}/files/export")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "方案设置尚未下发" in page
    assert "没有已下发的考核单" in page
    assert "draft=1" not in page  # without settings there is no draft either


@pytest.mark.parametrize("role", [Role.DEPT_CLERK, Role.UNIT_HEAD, Role.COMMITTEE_DIRECTOR])
def test_only_who_manages_years_gets_there(signed_in, person, past_year, role, education, school):
    client = signed_in(person(role, department=education, unit=school))

    for tail in ("", "/export", "/folder"):
        assert client.get(f"/indicators/years/{past_year.pk}/files{tail}").status_code == 403
    assert client.get(IMPORT).status_code == 403


def test_another_city_sees_nothing_of_it(signed_in, person, past_year, other_city):
    client = signed_in(person(Role.OFFICE_HEAD, jurisdiction=other_city))

    for tail in ("", "/export", "/folder", "/results"):
        assert client.get(f"/indicators/years/{past_year.pk}/files{tail}").status_code == 404
