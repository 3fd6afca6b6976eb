"""The log under /log/: exactly its own files, for everybody, and for any cache to keep."""

import pytest
from django.db import transaction

from kaohe.core.leaf import Event
from kaohe.core.notes import note_of, vouchers
from kaohe.core.tiles import tiles_of, unpack
from kaohe.journal.services import append_all


@pytest.fixture
def log(sealing):
    """A sealed log of 300 entries."""
    with transaction.atomic():
        append_all([Event("unit.entered", f"unit:{number}") for number in range(300)], by=None)
    return sealing()


def test_every_file_of_the_log_is_served_as_it_lies_there(client, log):
    for tile in tiles_of(300):
        answer = client.get(f"/log/{tile.path}")

        assert answer.status_code == 200, tile.path
        assert answer.content == (log.folder.root / tile.path).read_bytes()
        assert answer["Content-Type"] == "application/octet-stream"
        assert "immutable" in answer["Cache-Control"]
    assert unpack(client.get("/log/tile/entries/000").content)[7].startswith(b'{"action"')


def test_the_checkpoint_is_signed_and_short_lived(client, log):
    answer = client.get("/log/checkpoint")

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=5, no-transform"
    assert len(vouchers(note_of(answer.content), log.ring.keys)) == 1
    assert client.get("/log/vkey").content.decode() == f"{log.ring.vkeys[0]}\n"


def test_an_earlier_partial_tile_is_cut_from_a_wider_one(client, log):
    for path in ("tile/0/001.p/7", "tile/0/000.p/200", "tile/entries/001.p/7", "tile/1/000.p/1"):
        assert client.get(f"/log/{path}").status_code == 200, path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/002",
        "tile/0/001",  # only a part of it is there
        "tile/0/001.p/45",
        "tile/0/001.p/0",
        "tile/00/000",
        "tile/1/000",
        "tile/64/000",
        "tile/0/x000/000",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/entries/..%2f..%2fkeys%2fsecret",
        "tile/../checkpoint",
        "tile/0/000/",
        "tile/0/000%00",
        "../keys/log/ring.json",
        "checkpoint/",
        ".checkpoint.new",
        "%2e%2e/kaohe.sqlite3",
    ],
)
def test_nothing_else_is_served(client, log, path):
    answer = client.get(f"/log/{path}")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


def test_tiles_that_no_checkpoint_covers_are_not_there(client, log):
    (log.folder.root / "tile" / "0" / "002").write_bytes(bytes(8192))

    assert client.get("/log/tile/0/002").status_code == 404


def test_before_the_first_sealing_there_is_nothing(client, sealing):
    for path in ("checkpoint", "vkey", "tile/0/000.p/1"):
        assert client.get(f"/log/{path}").status_code == 404


@pytest.mark.parametrize("path", ["checkpoint", "vkey", "tile/0/000", "tile/0/009", ""])
def test_answers_know_nothing_of_sessions_languages_and_cookies(client, person, log, path):
    client.force_login(person())
    for headers in ({}, {"Accept-Language": "en"}):
        answer = client.get(f"/log/{path}", headers=headers)

        for name in ("Vary", "Set-Cookie", "Content-Language", "Content-Security-Policy"):
            assert name not in answer.headers
        assert "private" not in answer["Cache-Control"]
        assert not answer.cookies


def test_no_question_is_asked_of_the_database(client, person, log, django_assert_num_queries):
    client.force_login(person())
    with django_assert_num_queries(0):
        client.get("/log/checkpoint")
        client.get("/log/tile/0/000")
        client.get("/log/nothing")


def test_who_has_it_already_is_told_so(client, log):
    for path in ("checkpoint", "tile/0/000"):
        first = client.get(f"/log/{path}")
        again = client.get(f"/log/{path}", headers={"If-None-Match": first["ETag"]})

        assert again.status_code == 304
        assert again.content == b""
        assert again["Cache-Control"] == first["Cache-Control"]


def test_a_head_is_answered_without_a_body(client, log):
    answer = client.head("/log/tile/0/000")

    assert answer.status_code == 200
    assert answer["Content-Length"] == "8192"
    assert answer.content == b""


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
def test_the_log_is_only_read(client, log, method):
    answer = getattr(client, method)("/log/checkpoint")

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"


def test_entries_may_be_kept_back_while_hashes_stay_public(client, log, settings):
    settings.LOG_ENTRIES = "closed"

    assert client.get("/log/tile/entries/000").status_code == 403
    assert client.get("/log/tile/entries/001.p/44").status_code == 403
    assert client.get("/log/tile/0/000").status_code == 200
    assert client.get("/log/checkpoint").status_code == 200


def test_a_damaged_file_is_not_handed_out(client, log, caplog):
    (log.folder.root / "tile" / "0" / "000").write_bytes(b"short")

    assert client.get("/log/tile/0/000").status_code == 503
    (log.folder.root / "checkpoint").write_text("nonsense")
    assert client.get("/log/checkpoint").status_code == 503
    assert "cannot be served" in caplog.text
