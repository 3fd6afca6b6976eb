"""A witness over HTTP, asked by its client and by callers who mean no good."""

import contextlib
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from http.client import HTTPConnection
from threading import Event

import pytest

from kaohe.core.checkpoint import Checkpoint, checkpoint_of
from kaohe.core.merkle import EMPTY
from kaohe.core.notes import Note, note_of, vouchers
from kaohe.tlog import witness_server
from kaohe.tlog.keys import make_ring
from kaohe.tlog.witness import Witness
from kaohe.tlog.witness_client import WitnessAt, submit
from kaohe.tlog.witness_home import make_witness
from kaohe.tlog.witness_request import REQUEST_LIMIT, Request
from kaohe.tlog.witness_server import WitnessServer
from tests.fixtures.logs import ORIGIN
from tests.tlog.servers import HOST, running

NAME = "audit.example.gov.cn/witness"


@pytest.fixture
def home(tmp_path, ring):
    return make_witness(tmp_path / "witness", NAME).trust(ring.keys[0])


@pytest.fixture
def said():
    return []


@pytest.fixture
def server(home, said):
    return WitnessServer((HOST, 0), Witness(home), said.append, seconds=5.0)


@pytest.fixture
def address(server):
    with running(server) as found:
        yield found


def ask(address, method, path, body=None, **headers):
    connection = HTTPConnection(address.removeprefix("http://"), timeout=5)
    with contextlib.closing(connection):
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type"), answer.read()


def raw(address):
    host, _, port = address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=5)


def test_a_log_is_cosigned_over_http_as_it_grows(address, home, log):
    at, known = WitnessAt(address, home.key), 0
    for more in (3, 400, 1):
        note = log.grow(more)

        signature = submit(at, note, log.folder, known)

        [vouched] = vouchers(Note(note.text, (signature,)), [home.key])
        assert vouched.key == home.key
        known = log.size


def test_the_last_cosigned_checkpoint_is_published(address, home, log, ring):
    path = f"/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
    assert ask(address, "GET", path)[0] == 404
    note = log.grow(3)
    submit(WitnessAt(address, home.key), note, log.folder, 0)

    status, kind, body = ask(address, "GET", path)

    assert (status, kind) == (200, "text/plain; charset=utf-8")
    published = note_of(body)
    assert checkpoint_of(published) == checkpoint_of(note)
    assert [each.key for each in vouchers(published, [*ring.keys, home.key])] == [
        ring.keys[0],
        home.key,
    ]
    assert ask(address, "HEAD", path) == (200, kind, b"")


def test_its_key_can_be_fetched_and_nothing_else_is_there(address, home):
    assert ask(address, "GET", "/vkey")[2].decode() == f"{home.key.vkey}\n"
    for path in ("/", "/key.pem", "/../witness.json", "/%2e%2e/key.pem", f"/{'A' * 64}/checkpoint"):
        assert ask(address, "GET", path)[0] == 404
    assert ask(address, "POST", "/other", b"x")[0] == 404
    assert ask(address, "DELETE", "/add-checkpoint")[0] == 501


def test_several_requests_go_over_one_connection(address, log):
    connection = HTTPConnection(address.removeprefix("http://"), timeout=5)
    with contextlib.closing(connection):
        for _ in range(3):
            connection.request("POST", "/add-checkpoint", b"nonsense")
            answer = connection.getresponse()
            assert (answer.status, answer.will_close) == (400, False)
            answer.read()


def test_a_body_that_is_too_large_is_not_read(address):
    with raw(address) as caller:
        caller.sendall(
            b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"
        )
        assert caller.recv(1000).startswith(b"HTTP/1.1 413")

    status, _, _ = ask(address, "POST", "/add-checkpoint", b"x" * (REQUEST_LIMIT + 1))
    assert status == 413


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Content-Length: -1", b"411"),
        (b"Content-Length: 1e3", b"411"),
        ("Content-Length: ٣".encode(), b"411"),
        (b"Content-Length: " + b"9" * 40, b"413"),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 3", b"411"),
        (b"X: y", b"411"),
        (b"X: " + b"y" * 70_000, b"431"),
        (b"\r\n".join(b"X%d: y" % number for number in range(200)), b"431"),
    ],
)
def test_heads_that_are_not_as_they_must_be_are_refused(address, head, status):
    with raw(address) as caller:
        caller.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n")
        told = caller.recv(1000)

    assert told.split(b" ")[1] == status


def test_what_is_no_http_is_answered_and_forgotten(address, home, log):
    with raw(address) as caller:
        caller.sendall(b"\x16\x03\x01\x02\x00\x01" + bytes(40) + b"\r\n\r\n")
        while caller.recv(1000):
            pass

    assert submit(WitnessAt(address, home.key), log.grow(1), log.folder, 0)


def test_who_says_nothing_or_too_slowly_is_cut_off(home, said):
    server = WitnessServer((HOST, 0), Witness(home), said.append, seconds=0.2)
    with running(server) as address:
        silent, slow, body = raw(address), raw(address), raw(address)
        slow.sendall(b"POST /add-checkpoint HTTP/1.1\r\nX: ")
        body.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 50\r\n\r\nold")
        with silent, slow, body:
            with contextlib.suppress(OSError):  # a drop now and then keeps nobody there
                for _ in range(10_000_000):
                    slow.sendall(b"y")
            for each in (silent, body):
                with contextlib.suppress(ConnectionError):
                    while each.recv(1000):
                        pass

        assert ask(address, "GET", "/vkey")[0] == 200


def test_more_callers_than_places_are_turned_away_and_the_rest_are_served(
    home, said, monkeypatch, log
):
    monkeypatch.setattr(witness_server, "AT_ONCE", 2)
    server = WitnessServer((HOST, 0), Witness(home), said.append, seconds=5.0)
    with running(server) as address:
        first, second = raw(address), raw(address)
        with raw(address) as third:  # accepted in turn, so the places are taken by now
            with contextlib.suppress(ConnectionError):
                assert third.recv(10) == b""
        with first, second:
            for each in (first, second):
                each.sendall(b"GET /vkey HTTP/1.0\r\n\r\n")
                assert each.recv(1000).startswith(b"HTTP/1.1 200")


def test_where_the_system_gives_no_thread_the_caller_is_turned_away(
    address, home, log, monkeypatch
):
    def none(*_):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr("socketserver.ThreadingMixIn.process_request", none)
        for _ in range(witness_server.AT_ONCE + 1):  # no place is lost by it
            with raw(address) as caller, contextlib.suppress(ConnectionError):
                assert caller.recv(10) == b""

    assert submit(WitnessAt(address, home.key), log.grow(2), log.folder, 0)


def test_many_at_once_are_all_answered(address, home, log):
    note = log.grow(10)
    submit(WitnessAt(address, home.key), note, log.folder, 0)

    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(
                lambda _: submit(WitnessAt(address, home.key), note, log.folder, 10), range(24)
            )
        )

    assert len(found) == 24


def test_a_caller_who_goes_away_leaves_the_place_free(address, server, home, log):
    gone = Event()
    monkey, server.shutdown_request = (
        server.shutdown_request,
        lambda request: (monkey(request), gone.set()),
    )
    with raw(address) as caller:
        caller.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 50\r\n\r\nold")
    assert gone.wait(5)

    assert submit(WitnessAt(address, home.key), log.grow(1), log.folder, 0)


def test_what_is_said_names_no_caller(address, said):
    ask(address, "POST", "/add-checkpoint", b"nonsense", **{"X-Name": "Zhang"})
    ask(address, "GET", "/secret-path")

    assert [line[:8] for line in said] == ["POST 400", "GET 404 "]
    assert "127.0.0.1" not in json.dumps(said)
    assert "secret" not in json.dumps(said)
    assert "Zhang" not in json.dumps(said)


def test_what_is_said_cannot_drive_a_terminal(address, said, log, tmp_path):
    stranger = make_ring(tmp_path / "stranger", "a\x9b31m\u202eb/trace")
    note = stranger.sign(Checkpoint(stranger.origin, 0, EMPTY))

    assert ask(address, "POST", "/add-checkpoint", Request(0, (), note).content)[0] == 404

    assert "a?31m?b/trace" in said[0]


def test_nobody_needs_to_listen_to_what_is_said(home, log):
    def closed(_):
        raise BrokenPipeError

    with running(WitnessServer((HOST, 0), Witness(home), closed)) as address:
        assert submit(WitnessAt(address, home.key), log.grow(2), log.folder, 0)


def test_it_answers_at_an_address_of_the_newer_kind(home, log):
    server = WitnessServer(("::1", 0), Witness(home), lambda _: None)
    with running(server):
        at = WitnessAt(f"http://[::1]:{server.server_port}", home.key)

        assert submit(at, log.grow(2), log.folder, 0)


def test_a_witness_that_was_stopped_starts_again_at_its_port_at_once(home, said):
    with running(WitnessServer((HOST, 0), Witness(home), said.append)) as url:
        port = int(url.rpartition(":")[2])
        with contextlib.closing(socket.create_connection((HOST, port))) as caller:
            caller.sendall(b"GET / HTTP/1.0\r\n\r\n")
            while caller.recv(4096):
                pass  # the server hangs up first: its port waits for what may be under way

    again = WitnessServer((HOST, port), Witness(home), said.append)
    again.server_close()

    assert again.server_port == port
