"""The page that verifies receipts is open to everybody and carries the keys of the installation."""

import json
import re

import pytest
from django.urls import reverse

from kaohe.journal.log import open_log
from kaohe.journal.proofs import log_keys
from kaohe.organization.models import Jurisdiction
from kaohe.web.journal.verify_page import FILE

built = pytest.mark.skipif(not FILE.exists(), reason="make setup builds it")
PAGE, STICK = reverse("web:verify"), reverse("web:verify-page")
DATA = re.compile(r'<script id="verify-data" type="application/json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def home(settings, tmp_path):
    """Where the log lies."""
    settings.KEYS, settings.LOG = tmp_path / "keys", tmp_path / "log"
    settings.LAST_CHECKPOINT = tmp_path / "last-checkpoint"
    return tmp_path


def data_of(answer):
    """What the server adds to the page."""
    (found,) = DATA.findall(answer.content.decode())
    return json.loads(found)


@pytest.mark.parametrize("address", [PAGE, pytest.param(STICK, marks=built)])
def test_nobody_needs_to_sign_in(client, city, home, address):
    open_log(make=True)

    answer = client.get(address)

    assert answer.status_code == 200
    assert data_of(answer)["keys"] == log_keys() != []
    assert data_of(answer)["place"] == "示例市"
    assert data_of(answer)["words"]["zh"]["actions"]["department.renamed"] == "变更部门名称"
    assert data_of(answer)["words"]["en"]["actions"]["department.renamed"] == (
        "renamed the department"
    )


def test_where_nothing_was_ever_sealed_there_is_no_key(client, db, home):
    assert data_of(client.get(PAGE))["keys"] == []


def test_damaged_keys_do_not_keep_anybody_from_verifying(client, db, home):
    open_log(make=True)
    (home / "keys" / "log" / "ring.json").write_text("{", encoding="utf-8")

    answer = client.get(PAGE)

    assert answer.status_code == 200
    assert data_of(answer)["keys"] == []


@built
def test_the_file_is_saved_not_shown_and_forbids_itself_everything_else(client, db, home):
    answer = client.get(STICK)
    page = answer.content.decode()

    assert answer["Content-Disposition"] == 'attachment; filename="kaohe-verify.html"'
    assert "default-src 'none'" in page
    assert "connect-src" not in page
    assert re.findall(r"(?:src|href)=[\"']?(?:https?:)?//", page) == []
    assert "Paul Miller" in page  # the licence of what it carries


@built
def test_what_the_server_adds_stays_data(client, city, home):
    Jurisdiction.objects.filter(pk=city.pk).update(name="</script><script>alert(1)</script>")

    answer = client.get(STICK)

    assert data_of(answer)["place"] == "</script><script>alert(1)</script>"
    assert "<script>alert" not in answer.content.decode()


@built
def test_the_script_sends_nothing_and_asks_no_cryptography_of_the_browser():
    script = FILE.with_name("verify.js").read_text(encoding="utf-8")

    assert re.findall(r"crypto\.subtle|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon", script) == []
