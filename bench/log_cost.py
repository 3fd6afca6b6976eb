"""What the log costs: sealing, verifying, proving; beside pymerkle, which keeps no such files.

``python -m bench.log_cost`` makes an installation of its own, on SQLite or on the PostgreSQL of
``KAOHE_DATABASE``, puts entries in, seals and verifies them.  ``python -m bench.log_cost proofs``
makes a log of a million entries without a database, and proves entries of it.  Prints JSON.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from bench.measure import ROOT

ENTRIES, MILLION, PROOFS = 200_000, 1_000_000, 400
APPENDED = 100_000  # entries that pymerkle and ours take in memory


def sealing(home: Path) -> dict[str, float]:
    """Entries sealed and verified in a second of the clock, and of CPU."""
    os.environ |= {"KAOHE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "kaohe.config.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    from kaohe.journal.log import open_log
    from kaohe.journal.sealing import seal
    from kaohe.journal.verifying import verify

    call_command("migrate", verbosity=0)
    _fill()
    log = open_log(make=True)
    found: dict[str, float] = {"entries": ENTRIES}
    began, spent = time.perf_counter(), time.process_time()
    sealed = seal(log)
    found["seal"] = time.perf_counter() - began
    found["seal_cpu"] = time.process_time() - spent
    began, spent = time.perf_counter(), time.process_time()
    verified = verify(log)
    found["verify"] = time.perf_counter() - began
    found["verify_cpu"] = time.process_time() - spent
    if sealed is None or sealed.count != ENTRIES or not verified.is_sound:
        raise RuntimeError("the log is not what it should be")
    return found


def _fill() -> None:
    from django.db import transaction

    from kaohe.core.leaf import Event
    from kaohe.journal.services import append_all

    for first in range(0, ENTRIES, 20_000):
        events = [
            Event(
                "unit.renamed",
                f"unit:{number}",
                "370699",
                "12370699MB2000017K",
                facts={"name": "示例市第一中学", "staff": 305, "document": "编〔2026〕2号"},
                was={"name": "示例市一中"},
                sealed={"reason": "更名"},
            )
            for number in range(first, first + 20_000)
        ]
        with transaction.atomic():
            append_all(events, by=None)


def proofs(folder: Path) -> dict[str, float]:
    """Milliseconds for a proof of any entry of a million, read from the files each time."""
    from kaohe.core.merkle import includes, inclusion_proof, leaf_hash
    from kaohe.core.tiles import Edge
    from kaohe.tlog.folder import LogFolder

    edge, log = Edge(), LogFolder(folder)

    def files() -> Iterator[tuple[str, bytes]]:
        for number in range(MILLION):
            for tile, hashes in edge.add(leaf_hash(b"%d" % number)):
                yield tile.path, b"".join(hashes)
        for tile, hashes in edge.partial():
            yield tile.path, b"".join(hashes)

    log.write(files())
    root, chance, spent = edge.root(), Random(1), []  # noqa: S311  # which entries, no secret
    for _ in range(PROOFS):
        index = chance.randrange(MILLION)
        log = LogFolder(folder)  # nothing read before is kept
        began = time.perf_counter()
        proof = inclusion_proof(index, MILLION, log.reader(MILLION))
        spent.append(time.perf_counter() - began)
        if not includes(leaf_hash(b"%d" % index), index, MILLION, proof, root):
            raise RuntimeError(f"the proof of {index} proves nothing")
    return {"proof": median(spent), "proof_most": max(spent), **_peer()}


def _peer() -> dict[str, float]:
    """The same number of entries taken in by pymerkle and by us, in memory, and proved."""
    from pymerkle import InmemoryTree

    from kaohe.core.merkle import inclusion_proof, leaf_hash
    from kaohe.core.tiles import Edge, Tile, reader

    found: dict[str, float] = {"appended": APPENDED}
    entries = [b"%d" % number for number in range(APPENDED)]
    began = time.process_time()
    tree: Any = InmemoryTree(algorithm="sha256")
    for entry in entries:
        tree.append_entry(entry)
    root = tree.get_root()
    found["peer_append"] = time.process_time() - began

    began = time.process_time()
    edge = Edge()
    tiles: dict[Tile, list[bytes]] = {}
    for entry in entries:
        tiles |= dict(edge.add(leaf_hash(entry)))
    ours = edge.root()
    found["append"] = time.process_time() - began
    if ours != root:
        raise RuntimeError("two trees over the same entries")
    tiles |= dict(edge.partial())
    read, chance = reader(APPENDED, tiles.__getitem__), Random(2)  # noqa: S311
    asked = [chance.randrange(APPENDED) for _ in range(PROOFS)]

    def timed(prove: Any) -> float:
        began = time.process_time()
        for index in asked:
            prove(index)
        return (time.process_time() - began) / PROOFS

    found["peer_proof"] = timed(lambda index: tree.prove_inclusion(index + 1, APPENDED))
    found["memory_proof"] = timed(lambda index: inclusion_proof(index, APPENDED, read))
    return found


def main(words: list[str]) -> None:
    """Measure, and print."""
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory(prefix="kaohe-bench-") as folder:
        measured = proofs if words == ["proofs"] else sealing
        print(json.dumps(measured(Path(folder))))


if __name__ == "__main__":
    main(sys.argv[1:])
