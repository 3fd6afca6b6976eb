"""``kaohe journal witness …`` as the operator of a witness types it."""

import os
import re
import signal
import subprocess
import sys

import pytest

from kaohe.cli.journal_witness import fingerprint
from kaohe.cli.main import main
from kaohe.core.notes import key_of, note_of, vouchers
from kaohe.tlog.keys import make_ring
from kaohe.tlog.witness import Witness
from kaohe.tlog.witness_client import WitnessAt, submit
from kaohe.tlog.witness_home import read_witness
from tests.fixtures.logs import ORIGIN, GrowingLog
from tests.tlog.servers import files

NAME = "audit.example.gov.cn/witness"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A witness as ``init`` leaves it, in its usual place."""
    monkeypatch.setenv("KAOHE_HOME", str(tmp_path / "home"))
    assert main(["journal", "witness", "init", NAME]) == 0
    return tmp_path / "home" / "witness"


@pytest.fixture
def say(capsys, home):
    capsys.readouterr()

    def run(*words, code=0):
        assert main(["journal", "witness", *map(str, words), "--lang", "en"]) == code
        told = capsys.readouterr()
        return told.err if code else told.out

    return run


def test_init_prints_the_key_and_its_fingerprint(tmp_path, capsys):
    assert main(["journal", "witness", "init", NAME, "--home", str(tmp_path / "w")]) == 0

    lines = capsys.readouterr().out.splitlines()
    key = key_of(lines[0])
    assert key == read_witness(tmp_path / "w").key
    assert fingerprint(key) in lines[1]
    assert re.fullmatch(r"([0-9a-f]{4} ){15}[0-9a-f]{4}", fingerprint(key))


def test_init_twice_and_names_that_cannot_be_are_refused(say, home):
    assert NAME in say("init", "another", code=1)
    assert "blanks" in say("init", "a b", "--home", home / "new", code=1)
    assert not (home / "new").exists()


def test_without_a_witness_there_is_a_sentence(tmp_path, capsys):
    for words in (["show"], ["trust", "a+b+c"], ["serve"], ["check", str(tmp_path)]):
        command = ["journal", "witness", *words, "--home", str(tmp_path), "--lang", "en"]
        assert main(command) == 1
        assert "kaohe journal witness init NAME" in capsys.readouterr().err


def test_keys_are_trusted_from_a_line_or_a_file_and_no_longer(say, home, ring, tmp_path):
    [vkey] = ring.vkeys
    file = tmp_path / "vkey"
    file.write_text(f"{vkey}\n")

    assert fingerprint(ring.keys[0]) in say("trust", vkey)
    assert ORIGIN in say("trust", file)
    assert say("show").count(vkey) == 1
    assert "no longer" in say("trust", vkey, "--end")

    assert vkey not in say("show")
    assert "no verification key" in say("trust", "a+b+c", code=1)
    assert "witness" in say("trust", read_witness(home).key.vkey, code=1)


def test_a_file_of_several_keys_is_taken_whole(say, home, tmp_path):
    changing = make_ring(tmp_path / "ring", ORIGIN).begin_change()
    (tmp_path / "vkey").write_text("".join(f"{vkey}\n" for vkey in changing.vkeys))

    say("trust", tmp_path / "vkey")

    assert set(read_witness(home).trusted) == set(changing.keys)


def test_a_file_that_is_not_there_is_told(say):
    assert "nowhere" in say("trust", "nowhere", code=1)


@pytest.mark.parametrize("place", ["folder", "address"])
def test_a_log_is_checked_and_cosigned_into_a_file(say, home, log, ring, tmp_path, place):
    note = log.grow(300)
    say("trust", *ring.vkeys)
    out = tmp_path / "cosigned.note"
    with files(log.folder.root) as address:
        where = address if place == "address" else log.folder.root
        assert str(out) in say("check", where, "-o", out)
        printed = say("check", where)

    for content in (out.read_bytes(), printed.encode()):
        cosigned = note_of(content)
        assert cosigned.text == note.text
        assert len(vouchers(cosigned, [*ring.keys, read_witness(home).key])) == 2
    assert re.search(rf"{ORIGIN}: 300 entries cosigned, last at \d{{4}}\.\d\d\.\d\d", say("show"))


def test_a_fork_is_refused_loudly_and_nothing_is_written(say, log, ring, tmp_path):
    log.grow(10)
    say("trust", *ring.vkeys)
    say("check", log.folder.root)
    fork = GrowingLog(tmp_path / "fork", ring)
    fork.grow(10, branch="other")

    told = say("check", fork.folder.root, "-o", tmp_path / "out", code=1)

    assert "rewritten" in told
    assert not (tmp_path / "out").exists()
    assert "ATTENTION" in say("show")


def test_what_cannot_be_reached_or_is_no_log_is_told(say, ring, tmp_path):
    say("trust", *ring.vkeys)
    with files(tmp_path) as address:
        assert "checkpoint" in say("check", address, code=1)

    assert address in say("check", address, code=1)
    assert "checkpoint" in say("check", tmp_path, code=1)


def test_everything_is_said_in_chinese(home, capsys, monkeypatch):
    monkeypatch.setenv("KAOHE_LANGUAGE", "zh")

    main(["journal", "witness", "init", "another"])

    assert "见证" in capsys.readouterr().err


def test_it_serves_until_it_is_told_to_stop_and_needs_no_settings(say, home, log, ring, tmp_path):
    say("trust", *ring.vkeys)
    witness = read_witness(home)
    clean = {"PATH": os.environ["PATH"], "KAOHE_DATABASE": "nonsense", "PYTHONPATH": os.getcwd()}
    command = [sys.executable, "-m", "kaohe", "journal", "witness", "serve", "--lang", "en"]
    options = ["--home", str(home), "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(  # noqa: S603
        [*command, *options], env=clean, stdout=subprocess.PIPE, text=True, cwd=tmp_path
    ) as process:
        try:
            greeting = process.stdout.readline()
            [port] = re.findall(r"port (\d+)", greeting)
            at = WitnessAt(f"http://127.0.0.1:{port}", witness.key)

            assert NAME in greeting
            assert submit(at, log.grow(5), log.folder, 0)
            assert process.stdout.readline() == "POST 200\n"
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0

    assert Witness(witness).known(ORIGIN).size == 5


def test_a_port_that_is_taken_is_told(say, home, tmp_path):
    with files(tmp_path) as address:
        port = address.rpartition(":")[2]

        assert port in say("serve", "--host", "127.0.0.1", "--port", port, code=1)
    assert "99999" in say("serve", "--host", "127.0.0.1", "--port", "99999", code=1)
