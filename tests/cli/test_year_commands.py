"""``kaohe year``: list, export, import, as an operator uses them."""

import json

import pytest

from kaohe.cli.main import main
from tests.fixtures.folders import write_year

OFFICE = """
from kaohe.organization.models import User
from kaohe.organization.services.accounts import open_account
from kaohe.organization.services.installation import enter_jurisdiction
from kaohe.organization.services.roles import grant_role
from kaohe.core.access import Role
from datetime import date
system = User.objects.get(username="sysadmin")
security = User.objects.get(username="secadmin")
city = enter_jurisdiction(by=system, code="370699", name="示例市")
for name in NAMES:
    user = open_account(by=security, username=name, name=name, phone="", jurisdiction=city).user
    role = {"role": Role.OFFICE_HEAD, "jurisdiction": city, "from_on": date(2020, 1, 1)}
    grant_role(by=security, user=user, **role)
"""


@pytest.fixture
def office(made):
    """An installation with a city whose office has one account."""
    made.python("NAMES = ['kaoban']\n" + OFFICE)
    return made


def test_a_folder_becomes_a_year_and_goes_out_again_as_one_the_engine_reads(office, tmp_path):
    folder = write_year(tmp_path / "2025")

    assert "no assessment year yet" in office.run("year", "list")
    said = office.run("year", "import", folder)
    assert "2025" in said
    assert "示例市 2025  archived year  units 4, sheets 4" in office.run("year", "list")

    out = tmp_path / "out"
    assert "10 indicators" in office.run("year", "export", "2025", out)
    office.run("assess", out, "--out", tmp_path / "results", "--tables-only")
    office.run("assess", folder, "--out", tmp_path / "before", "--tables-only")
    digests = [
        json.loads((tmp_path / name / "manifest.json").read_text("utf-8"))["scheme"]
        for name in ("results", "before")
    ]
    assert digests[0] == digests[1]

    assert "--force" in office.run("year", "export", "2025", out, code=2)
    (out / "mine.txt").write_text("x")
    office.run("year", "export", "2025", out, "--force", "--format", "xlsx")
    assert {file.name for file in out.iterdir()} == {"scheme.toml", "assessment.xlsx", "mine.txt"}


def test_refusals_are_said_and_nothing_is_entered(office, tmp_path):
    elsewhere = write_year(tmp_path / "elsewhere", place="370683")
    folder = write_year(tmp_path / "2025")
    (folder / "items.csv").write_text((folder / "items.csv").read_text().replace("60", "61", 1))

    assert "370699 示例市" in office.run("year", "import", elsewhere, code=1)
    assert "was refused" in office.run("year", "import", folder, code=1)
    assert "There is no assessment year 2025" in office.run(
        "year", "export", "2025", tmp_path / "out", code=1
    )
    assert not (tmp_path / "out").exists()
    assert "no assessment year yet" in office.run("year", "list")


def test_where_several_may_it_asks_in_whose_name(made, tmp_path):
    made.python("NAMES = ['kaoban', 'kezhang']\n" + OFFICE)
    folder = write_year(tmp_path / "2025")

    assert "kaoban、kezhang" in made.run("year", "import", folder, code=1)
    assert "kaoban" in made.run("year", "import", folder, "--as", "nobody", code=1)
    made.run("year", "import", folder, "--as", "kezhang")
    assert "2025" in made.run("year", "list", "--jurisdiction", "370699")


def test_a_year_that_is_not_ready_is_not_written_but_as_a_draft(office, tmp_path):
    office.python(
        "from kaohe.organization.models import *\n"
        "from kaohe.indicators.services.years import open_year\n"
        "by = User.objects.get(username='kaoban')\n"
        "open_year(by=by, jurisdiction=Jurisdiction.objects.get(), year=2026)"
    )

    said = office.run("year", "export", "2026", tmp_path / "out", code=1)

    assert "settings of the scheme of 2026 are not issued" in said
    assert "was not exported" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["abc", "1899", "", "٢٠٢٦x", "9" * 5000])
def test_a_year_that_is_none_is_refused_in_words_of_the_language(capsys, tmp_path, text):
    with pytest.raises(SystemExit) as stopped:
        main(["year", "export", text, str(tmp_path), "--lang", "zh"])

    assert stopped.value.code == 2
    assert "不是不小于 1900 的整数" in capsys.readouterr().err
