"""Asking a witness: what is believed, what is alarming, and how long one waits."""

import ssl
from time import monotonic

import pytest

from kaohe.cli import certificates
from kaohe.core.checkpoint import checkpoint_of
from kaohe.core.notes import NOTE_LIMIT, cosign
from kaohe.tlog.folder import LogDamaged
from kaohe.tlog.remote_call import AddressUnfit, Caller, Unreachable
from kaohe.tlog.witness import Witness
from kaohe.tlog.witness_client import (
    WitnessAhead,
    WitnessAt,
    WitnessContradicts,
    WitnessDistrusts,
    WitnessRefused,
    cosignature,
    submit,
)
from kaohe.tlog.witness_home import make_witness
from kaohe.tlog.witness_request import request_of
from kaohe.tlog.witness_server import WitnessServer
from tests.fixtures.logs import ORIGIN, GrowingLog
from tests.tlog.servers import HOST, Dripping, http, running, saying

NAME = "audit.example.gov.cn/witness"


@pytest.fixture
def home(tmp_path, ring):
    return make_witness(tmp_path / "witness", NAME).trust(ring.keys[0])


@pytest.fixture
def address(home):
    with running(WitnessServer((HOST, 0), Witness(home), lambda _: None)) as found:
        yield found


def line(home, note, at=1_790_000_000):
    return cosign(note.text, home.name, home.private, at).line.encode()


def test_a_witness_that_was_away_is_caught_up(address, home, log):
    at = WitnessAt(address + "/", home.key)
    submit(at, log.grow(3), log.folder, 0)
    for _ in range(30):  # it was offline for a month
        note = log.grow(10)

    assert submit(at, note, log.folder, 293)
    assert Witness(home).known(ORIGIN) == checkpoint_of(note)


def test_a_new_witness_that_was_thought_to_know_the_log_is_caught_up(address, home, log):
    assert submit(WitnessAt(address, home.key), log.grow(20), log.folder, 10)


def test_a_fork_is_alarming(address, home, log, tmp_path, ring):
    at = WitnessAt(address, home.key)
    submit(at, log.grow(10), log.folder, 0)
    fork = GrowingLog(tmp_path / "fork", ring)

    with pytest.raises(WitnessContradicts) as told:
        submit(at, fork.grow(10, branch="other"), fork.folder, 10)
    with pytest.raises(WitnessContradicts):
        submit(at, fork.grow(10), fork.folder, 0)

    assert "rewritten" in str(told.value)


def test_a_restored_backup_is_alarming(address, home, log, tmp_path, ring):
    at = WitnessAt(address, home.key)
    submit(at, log.grow(10), log.folder, 0)
    restored = GrowingLog(tmp_path / "restored", ring)
    note = restored.grow(6)

    for last_known in (0, 6, 10):
        with pytest.raises(WitnessAhead) as told:
            submit(at, note, restored.folder, last_known)

    assert (told.value.facts["known"], told.value.facts["size"]) == (10, 6)


@pytest.mark.parametrize("status", [403, 404])
def test_a_witness_that_does_not_trust_us_is_told_apart(home, log, status):
    with saying(http(status)) as address, pytest.raises(WitnessDistrusts):
        submit(WitnessAt(address, home.key), log.grow(1), log.folder, 0)


@pytest.mark.parametrize("status", [200, 204, 301, 302, 307, 400, 500, 503])
def test_other_answers_are_no_cosignature(home, log, status):
    answer = http(status, more="Location: http://127.0.0.1:9/\r\n")
    with saying(answer) as address, pytest.raises(WitnessRefused):
        submit(WitnessAt(address, home.key), log.grow(1), log.folder, 0)


@pytest.mark.parametrize(
    "size", [b"", b"x\n", b"-1\n", b"9" * 50, b"3.0\n", b" 3\n", "３\n".encode(), b"<html>"]
)
def test_a_size_that_is_none_is_not_believed(home, log, size):
    with saying(http(409, size)) as address, pytest.raises(WitnessRefused):
        submit(WitnessAt(address, home.key), log.grow(5), log.folder, 0)


def test_a_witness_that_names_another_size_each_time_is_asked_twice_only(home, log):
    note = log.grow(5)
    good = http(200, line(home, note))
    with (
        saying(http(409, b"2\n"), http(409, b"3\n"), good) as address,
        pytest.raises(WitnessRefused),
    ):
        submit(WitnessAt(address, home.key), note, log.folder, 0)


def test_only_what_its_key_has_signed_is_believed(home, log, tmp_path):
    other = make_witness(tmp_path / "other", NAME)
    early, note = log.grow(2), log.grow(3)
    for body in (
        b"",
        b"\xff\xfe",
        line(other, note),
        line(home, early),
        note.signatures[0].line.encode(),
        line(home, note)[:-9] + b"AAAAAAA=\n",
    ):
        with saying(http(200, body)) as address, pytest.raises(WitnessRefused) as told:
            submit(WitnessAt(address, home.key), note, log.folder, 0)
        assert "key" in str(told.value)


def test_the_right_line_is_found_among_others(home, log, tmp_path):
    other = make_witness(tmp_path / "other", NAME)
    note = log.grow(3)
    body = b"nonsense\n" + line(other, note) + line(home, note) + line(home, note, at=5)

    with saying(http(200, body)) as address:
        found = submit(WitnessAt(address, home.key), note, log.folder, 0)

    assert found.line.encode() == line(home, note)
    assert cosignature(log.ring.keys[0], note.text, note.signatures[0].line.encode()) is None


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        http(200, b"abc", length=10),
        http(200, b"x" * (NOTE_LIMIT + 1)),
        b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 X\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
)
def test_answers_that_cannot_be_understood_are_unreachable(home, log, answer):
    with saying(answer) as address, pytest.raises(Unreachable):
        submit(WitnessAt(address, home.key), log.grow(1), log.folder, 0)


def test_who_answers_drop_by_drop_is_waited_for_only_so_long(home, log):
    at_once = http(200, b"abc", length=50_000)
    with Dripping(at_once) as address:
        begun = monotonic()
        with pytest.raises(Unreachable) as told:
            submit(WitnessAt(address, home.key, Caller(0.3)), log.grow(1), log.folder, 0)

    assert monotonic() - begun < 5
    assert "too long" in str(told.value)


def test_nobody_there_is_unreachable(home, log):
    note = log.grow(1)
    with saying(b"") as address:
        pass

    with pytest.raises(Unreachable) as told:
        submit(WitnessAt(address, home.key), note, log.folder, 0)

    assert address in str(told.value)


@pytest.mark.parametrize(
    "url",
    ["", "ftp://x/", "http://", "http://[", "x.cn", "http://x:99999999/", "http://x/a b", "file:/"],
)
def test_what_is_no_address_is_refused(home, log, url):
    with pytest.raises(AddressUnfit):
        submit(WitnessAt(url, home.key), log.grow(1), log.folder, 0)


def test_a_missing_tile_is_named(home, log, address):
    note = log.grow(300)
    (log.folder.root / "tile/0/001.p/44").unlink()

    with pytest.raises(LogDamaged):
        submit(WitnessAt(address, home.key), note, log.folder, 256)


def test_an_authority_that_cannot_be_read_is_named(home, log, tmp_path):
    caller = Caller(authorities=tmp_path / "none.pem")

    with pytest.raises(Unreachable) as told:
        submit(WitnessAt("https://127.0.0.1:9", home.key, caller), log.grow(1), log.folder, 0)

    assert "none.pem" in str(told.value)


def test_what_is_sent_is_a_request_as_the_protocol_asks(home, log):
    note = log.grow(5)
    asked = []

    class Listening(Caller):
        def call(self, url, *, limit, body=None):
            asked.append((url, body))
            return super().call(url, limit=limit, body=body)

    with saying(http(409, b"2\n"), http(200, line(home, note))) as address:
        submit(WitnessAt(address, home.key, Listening()), note, log.folder, 0)

    assert [url for url, _ in asked] == [f"{address}/add-checkpoint"] * 2
    assert asked[0][1].startswith(b"old 0\n\nassess.example.gov.cn/trace\n5\n")
    assert [request_of(body)[0].old for _, body in asked] == [0, 2]


def test_a_witness_behind_tls_is_believed_only_with_its_authority(home, log, tmp_path):
    made = certificates.ensure(tmp_path / "tls", ["127.0.0.1"])
    other = certificates.ensure(tmp_path / "other", ["127.0.0.1"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, made.key)
    server = WitnessServer((HOST, 0), Witness(home), lambda _: None)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    note = log.grow(3)
    with running(server) as address:
        secure = address.replace("http:", "https:")
        trusting = Caller(authorities=made.authority)
        assert submit(WitnessAt(secure, home.key, trusting), note, log.folder, 0)

        for caller in (Caller(), Caller(authorities=other.authority)):
            with pytest.raises(Unreachable):
                submit(WitnessAt(secure, home.key, caller), note, log.folder, 3)
        elsewhere = secure.replace("127.0.0.1", "localhost")  # the certificate has not this name
        with pytest.raises(Unreachable):
            submit(WitnessAt(elsewhere, home.key, trusting), note, log.folder, 3)
