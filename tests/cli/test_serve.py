"""``kaohe serve``: refuses with a sentence, serves over TLS, survives ``kill -9``, ends well."""

import os
import signal
import socket
import ssl
import urllib.request
from contextlib import closing
from datetime import UTC, datetime, timedelta
from urllib.error import URLError

import pytest

from kaohe.cli import certificates
from kaohe.cli.serve import put_aside
from tests.cli.installations import below, commands, free_port, poll


@pytest.fixture
def served(made):
    """A function: serve an installation; gives the process and its port, once it answers."""

    def serve(*words):
        port = free_port()
        process = made.start("serve", "--host", "127.0.0.1", "--port", str(port), *words)
        poll(lambda: answers(made, port, plain="--plain" in words))
        return process, port

    return serve


def fetched(installation, port, path, *, plain=False):
    """An answer, over TLS verified by the authority of the installation."""
    trust = None
    if not plain:
        trust = ssl.create_default_context(cafile=installation.home / "keys/tls/ca.crt")
    scheme = "http" if plain else "https"
    address = f"{scheme}://127.0.0.1:{port}{path}"
    with urllib.request.urlopen(address, context=trust, timeout=10) as answer:  # noqa: S310
        return answer.status, answer.headers, answer.read()


def answers(installation, port, *, plain=False):
    try:
        return fetched(installation, port, "/healthz", plain=plain)[0] == 200
    except (URLError, OSError):
        return False


def test_it_serves_over_tls_and_logs_nobody(made, served):
    _, port = served()

    status, headers, _ = fetched(made, port, "/account/login/?next=/secret-%E7%8E%8B")

    assert status == 200
    assert "max-age" in headers["Strict-Transport-Security"]
    assert "Secure" in headers["Set-Cookie"]
    marked = (f"cell=sheets%2F91370600MA3C1A2B3C%2FJ{n:02d}%2Ftarget" for n in range(100))
    assert fetched(made, port, f"/healthz?{'&'.join(marked)}")[0] == 200
    log = poll((made.home / "logs/access.log").read_text, lambda text: "/account/login/" in text)
    assert "secret" not in log
    assert "127.0.0.1" not in log
    assert "urllib" not in log
    with pytest.raises((URLError, ssl.SSLError)):
        urllib.request.urlopen(f"https://127.0.0.1:{port}/healthz", timeout=10).close()


def test_an_old_tls_is_refused(made, served):
    _, port = served()
    old = ssl.create_default_context(cafile=made.home / "keys/tls/ca.crt")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_2
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as plain:
        with old.wrap_socket(plain, server_hostname="127.0.0.1") as safe:
            assert safe.version() == "TLSv1.2"


def test_server_and_worker_are_started_anew_when_they_die(made, served):
    process, port = served("--plain")
    poll(lambda: (made.home / "run/worker.json").exists())
    before = commands(process.pid)

    for pid in below(process.pid):
        os.kill(pid, signal.SIGKILL)

    poll(lambda: answers(made, port, plain=True))
    now = poll(
        lambda: commands(process.pid), lambda told: any(" worker" in each for each in told.values())
    )
    assert not set(now) & set(before)


def test_nothing_is_left_when_the_whole_is_killed(made, served):
    process, port = served("--plain")
    children = poll(lambda: below(process.pid), lambda found: len(found) > 4)

    os.kill(process.pid, signal.SIGKILL)

    process.wait(10)
    poll(lambda: [pid for pid in children if lives(pid)], lambda left: not left)
    assert not answers(made, port, plain=True)
    assert "backup" in made.run("backup").lower()  # and nothing is locked


def lives(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_it_ends_in_peace(served):
    process, _ = served("--plain", "--no-worker")

    process.terminate()

    assert process.wait(60) == 0
    assert below(process.pid) == []


def test_while_it_runs_nobody_replaces_what_lies_below(made, served, tmp_path):
    made.run("backup", tmp_path / "b.tar.gz")
    served("--plain", "--no-worker")

    assert "Stop it first" in made.run("restore", tmp_path / "b.tar.gz", "--force", code=1)


def test_a_taken_port_is_said(made):
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        told = made.run("serve", "--host", "127.0.0.1", "--port", port, code=1)

    assert f"Port {port} cannot be used" in told


def test_a_certificate_that_is_none_is_said(made, tmp_path):
    (tmp_path / "c").write_text("none")
    (tmp_path / "k").write_text("none")

    told = made.run(
        "serve", "--port", free_port(), "--own-cert", tmp_path / "c", tmp_path / "k", code=1
    )

    assert "cannot be used" in told


NOW = datetime(2026, 3, 5, tzinfo=UTC)


def test_a_certificate_is_kept_until_a_month_before_its_end(tmp_path):
    files = certificates.ensure(tmp_path, ["kaohe.example"], NOW)
    first = files.certificate.read_bytes()

    certificates.ensure(tmp_path, ["kaohe.example"], NOW + timedelta(days=360))
    assert files.certificate.read_bytes() == first
    authority = files.authority.read_bytes()
    certificates.ensure(tmp_path, ["kaohe.example"], NOW + timedelta(days=370))

    assert files.certificate.read_bytes() != first
    assert files.authority.read_bytes() == authority
    assert files.key.stat().st_mode & 0o777 == 0o600


def test_a_new_name_of_the_machine_is_in_a_new_certificate(tmp_path):
    first = certificates.ensure(tmp_path, ["a.example"], NOW).certificate.read_bytes()

    second = certificates.ensure(tmp_path, ["a.example", "10.0.0.7"], NOW).certificate.read_bytes()

    assert first != second
    assert certificates.ensure(tmp_path, ["10.0.0.7"], NOW).certificate.read_bytes() == second


def test_an_authority_near_its_end_is_made_anew(tmp_path):
    files = certificates.ensure(tmp_path, ["a.example"], NOW)
    first = files.authority.read_bytes()

    certificates.ensure(tmp_path, ["a.example"], NOW + timedelta(days=3300))

    assert files.authority.read_bytes() != first


def test_a_log_that_has_grown_is_put_aside_and_the_oldest_goes(tmp_path):
    log = tmp_path / "kaohe.log"
    for number in range(8):
        log.write_text(f"{number}" * 20)
        assert put_aside(log, limit=10)

    assert not put_aside(log, limit=10)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"kaohe.log.{number}" for number in range(1, 6)
    ]
    assert (tmp_path / "kaohe.log.1").read_text().startswith("7")
