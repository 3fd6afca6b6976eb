"""Go's own code for its checksum database verifies what we write: hashes, tiles, notes, proofs."""

import os
import subprocess
from pathlib import Path

import pytest

from kaohe.core.access import Role
from kaohe.core.checkpoint import checkpoint_of
from kaohe.core.leaf import Event
from kaohe.core.merkle import inclusion_proof
from kaohe.core.notes import Note, signature_of
from kaohe.core.receipts import Receipt
from kaohe.journal.exporting import export
from kaohe.journal.log import Log
from kaohe.journal.sealing import seal
from kaohe.journal.services import append_all
from kaohe.tlog.folder import LogFolder
from kaohe.tlog.store import CheckpointStore
from kaohe.tlog.witness import Witness
from kaohe.tlog.witness_home import make_witness
from kaohe.tlog.witness_request import Request
from tests.fixtures.logs import GrowingLog, entry

SOURCE = Path(__file__).parent / "go" / "verify.go"
SIZES = (1, 255, 256, 257, 70_003)


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """The program in Go, built once from Debian's packages, without a network."""
    folder = tmp_path_factory.mktemp("go")
    built = folder / "verify"
    subprocess.run(  # noqa: S603
        ["go", "build", "-o", built, SOURCE],  # noqa: S607
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "GOCACHE": str(folder / "cache"),
            "GOPATH": "/usr/share/gocode",
            "GO111MODULE": "off",
        },
        check=True,
    )
    return built


@pytest.fixture(scope="module")
def large(tmp_path_factory, ring):
    """A log of three levels of tiles, grown in unequal steps; none of these tests changes it."""
    found = GrowingLog(tmp_path_factory.mktemp("large"), ring)
    for step in (1, 255, 65_280, 4_467):
        found.grow(step)
    return found


def run(program, *words):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False)  # noqa: S603
    return done.returncode, done.stdout


@pytest.mark.parametrize("size", SIZES)
def test_every_entry_and_many_proofs_verify(program, log, ring, size):
    log.grow(size)

    assert run(program, log.folder.root, *ring.vkeys) == (0, f"OK {size}\n")


def test_a_log_that_grew_in_steps_verifies(program, large, ring):
    assert run(program, large.folder.root, *ring.vkeys) == (0, "OK 70003\n")


def test_a_cosignature_is_passed_over_and_hinders_nothing(program, log, ring, tmp_path):
    note = log.grow(300)
    witness = Witness(make_witness(tmp_path / "witness", "audit.example.gov.cn/w"))
    witness.home = witness.home.trust(ring.keys[0])
    line = witness.cosign(Request(0, (), note), checkpoint_of(note))
    log.folder.publish(Note(note.text, (*note.signatures, signature_of(line[:-1]))))

    told = run(program, log.folder.root, *ring.vkeys)

    assert told == (0, "not verified: audit.example.gov.cn/w\nOK 300\n")


@pytest.mark.parametrize(
    "name",
    ["checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000"],
)
def test_one_changed_byte_is_found(program, log, ring, name):
    log.grow(300)
    path = log.folder.root / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    code, told = run(program, log.folder.root, *ring.vkeys)

    assert (code, told[:6]) == (1, "NOT OK")


@pytest.mark.parametrize("index", [0, 255, 256, 65_535, 65_536, 70_002])
def test_our_receipts_verify_there(program, large, ring, tmp_path, index):
    proof = inclusion_proof(index, large.size, large.folder.reader(large.size))
    receipt = Receipt(index, tuple(proof), large.note(), entry(index))
    file = tmp_path / "receipt.tlog-proof"
    file.write_text(receipt.content, encoding="utf-8")
    assert run(program, "-receipt", file, *ring.vkeys) == (0, "OK 70003\n")

    other = Receipt(index, tuple(proof), large.note(), entry(index + 1))
    file.write_text(other.content, encoding="utf-8")

    assert run(program, "-receipt", file, *ring.vkeys)[0] == 1


def test_what_the_platform_has_sealed_and_exported_verifies(program, ring, person, tmp_path):
    clerk = person(Role.OFFICE_CLERK)
    clerk.acting_role = str(Role.OFFICE_CLERK)
    log = Log(LogFolder(tmp_path / "log"), ring, CheckpointStore(tmp_path / "last"))
    out = tmp_path / "out"
    for count in (3, 400, 1):
        append_all(
            [
                Event("unit.renamed", f"unit:{number}", sealed={"reason": "更名；䶮 O'Neill"})
                for number in range(count)
            ],
            by=clerk,
        )
        size = seal(log).checkpoint.size
        export(log, out)

        assert run(program, out, *ring.vkeys) == (0, f"OK {size}\n")
    assert (out / "vkey").read_text() == f"{ring.vkeys[0]}\n"
