"""The examples of docs/api.md, run as they stand against a server on loopback."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kaohe.core.access import Role
from kaohe.organization.models import Department
from tests.fixtures.api import make_token
from tests.fixtures.people import make_department, make_jurisdiction, make_user

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```(sh|python|json)\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def city(db):
    """A city with departments to page through."""
    place = make_jurisdiction("370699", "示例市")
    for name in ("市教育和体育局", "市卫生健康局", "市文化和旅游局"):
        make_department(place, name)
    return place


@pytest.fixture
def run(one_site, city, tmp_path):
    """A function: an example is run; what it prints."""
    secret = make_token(make_user(Role.OFFICE_HEAD, jurisdiction=city))[1]
    environment = {"PATH": os.environ["PATH"], "KAOHE": one_site, "TOKEN": secret}

    def go(kind, text):
        command = [sys.executable, "-c", text] if kind == "python" else ["sh", "-e", "-c", text]
        done = subprocess.run(  # noqa: S603  # our own guide
            command,
            env=environment | {"PYTHONUTF8": "1", "PYTHONWARNINGS": "error"},
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return go


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_every_example_does_what_the_guide_says(run):
    said = []
    for kind, text in EXAMPLES:
        if kind != "json" and not text.startswith("export"):
            said.append(run(kind, text))

    me, by_name, names, made, conflict, refused = (
        said[0],
        said[0],
        said[1],
        said[2],
        said[3],
        said[4],
    )
    assert '"roles":["office_head"]' in me
    assert "市教育和体育局" in by_name
    assert [line.split()[1] for line in names.splitlines()] == sorted(
        ["市教育和体育局", "市卫生健康局", "市文化和旅游局"]
    )
    assert json.loads(made)["opened_on"] == "2019-01-01"
    assert "412 writing.changed-meanwhile" in conflict
    assert json.loads(refused)["code"] == "api.fields-unsound"
    assert Department.objects.get(name="市水务局").short_name == "水务局"


def test_the_problem_of_the_guide_is_the_one_that_comes(run):
    [shown] = [json.loads(text) for kind, text in EXAMPLES if kind == "json"]
    sent = [text for kind, text in EXAMPLES if kind == "sh"][-1]

    told = json.loads(run("sh", sent))

    assert {name: told[name] for name in shown if name != "errors"} == {
        name: value for name, value in shown.items() if name != "errors"
    }
    assert shown["errors"][0] in told["errors"]
