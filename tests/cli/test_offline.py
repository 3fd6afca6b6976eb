"""The archive of ``make offline`` installs and upgrades with the network off.

``make offline`` runs this after it has built the archive, which needs a network and is not the
business of ``make test``.
"""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from kaohe import __version__

ARCHIVE = Path(__file__).parents[2] / "build" / f"kaohe-{__version__}-offline.tar.gz"
pytestmark = pytest.mark.skipif("KAOHE_TEST_OFFLINE" not in os.environ, reason="make offline")


def cut_off():
    """How to run a command without any network: in a space of its own where that is permitted."""
    tried = subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True)  # noqa: S607
    return ["unshare", "-rn"] if tried.returncode == 0 else []


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    with tarfile.open(ARCHIVE) as tar:
        tar.extractall(folder, filter="data")
    return folder / f"kaohe-{__version__}-offline"


def run(*words, code=0, **more):
    """A command without a network, and without anything of ours in its environment."""
    nowhere = {f"{name}_proxy": "http://127.0.0.1:9" for name in ("http", "https", "all")}
    kept = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/nonexistent",
        "PIP_NO_INDEX": "1",
        "PYTHON": os.path.realpath(sys.executable),
        **nowhere,
        **more,
    }
    done = subprocess.run(  # noqa: S603
        [*cut_off(), *map(str, words)], env=kept, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_it_installs_and_upgrades_what_is_there(unpacked, tmp_path):
    place = tmp_path / "kaohe"
    run("sh", unpacked / "install.sh", place)

    assert (place / "home" / "first-accounts.txt").exists()
    assert __version__ in run(place / "kaohe", "--version")
    assert (place / "kaohe.service").read_text().count(str(place)) == 1
    program = place / "current" / "bin" / "python"
    back = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'kaohe.config.settings'\n"
        "django.setup()\n"
        "from django.core.management import call_command\n"
        "from kaohe.organization.models import User\n"
        "from kaohe.organization.services.installation import enter_jurisdiction\n"
        "by = User.objects.get(username='sysadmin')\n"
        "enter_jurisdiction(by=by, code='370699', name='示例市')\n"
        "call_command('migrate', 'journal', '0001', verbosity=0)"
    )
    run(program, "-c", back, KAOHE_HOME=str(place / "home"))
    assert "kaohe upgrade" in run(place / "kaohe", "--lang", "en", "serve", code=1)

    run("sh", unpacked / "install.sh", place)

    [archive] = (place / "home" / "backups").iterdir()
    assert archive.name.startswith("before-")
    look = (
        "import django; django.setup()\n"
        "from kaohe.organization.models import Jurisdiction\nprint(Jurisdiction.objects.get().name)"
    )
    home, settings = str(place / "home"), "kaohe.config.settings"
    said = run(program, "-c", look, KAOHE_HOME=home, DJANGO_SETTINGS_MODULE=settings)
    assert "示例市" in said


def test_a_damaged_archive_changes_nothing(unpacked, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(unpacked, copy)
    wheel = next((copy / "wheels").glob("django-5*.whl"))
    wheel.write_bytes(wheel.read_bytes()[:-10])

    assert "damaged" in run("sh", copy / "install.sh", tmp_path / "place", code=1)

    assert list((tmp_path / "place").iterdir()) == []


def test_another_python_is_refused(unpacked, tmp_path):
    other = tmp_path / "python"
    other.write_text("#!/bin/sh\nexit 1\n")
    other.chmod(0o755)

    told = run("sh", unpacked / "install.sh", tmp_path / "p", PYTHON=str(other), code=1)

    assert "Python 3.11 is needed" in told
