"""What the log costs, as sections of the page: sealing, verifying, proving, and others' records."""

import os
import sys
from pathlib import Path

from bench.measure import cost_of
from bench.page import Line, Section
from tests.postgresql import cluster

SEAL_GOAL, VERIFY_GOAL = 20_000, 50_000  # entries in a second
PROOF_GOAL = 0.005  # seconds
PYTHON = sys.executable


def sections(peers: Path | None) -> list[Section]:
    """All of them; ``peers``: the Python of the peers' environment, None where there is none."""
    embedded = cost_of([PYTHON, "-m", "bench.log_cost"]).said
    with cluster() as folder:
        address = f"postgresql://kaohe@/postgres?host={folder}"
        environment = {**os.environ, "KAOHE_DATABASE": address}
        server = cost_of([PYTHON, "-m", "bench.log_cost"], environment).said
    found = cost_of([PYTHON, "-m", "bench.log_cost", "proofs"]).said
    made = [sealed(embedded, server), proved(found)]
    if peers is not None:
        made.append(saved(cost_of([peers, "-m", "bench.save_cost"]).said))
    return made


def sealed(embedded: dict[str, float], server: dict[str, float]) -> Section:
    """Entries that were sealed and verified in a second, on both databases."""
    lines = []
    for name, found in (("SQLite", embedded), ("PostgreSQL", server)):
        for deed, word, goal in (
            ("seal", "sealed", SEAL_GOAL),
            ("verify", "verified", VERIFY_GOAL),
        ):
            rate = found["entries"] / found[deed]
            of_cpu = found["entries"] / found[f"{deed}_cpu"]
            lines.append(
                Line(
                    f"{word} in a second, {name}",
                    f"{rate:,.0f} (a second of CPU: {of_cpu:,.0f})",
                    f"at least {goal:,}",
                    rate >= goal,
                )
            )
    return Section(
        f"The log: {embedded['entries']:,.0f} entries, each with a sealed text",
        lines,
        "Sealing: indexes given, tiles and bundles written and flushed to the disk, the checkpoint"
        " signed and stored. Verifying: every file of the log hashed again, every row, column and"
        " text held against it.",
    )


def proved(found: dict[str, float]) -> Section:
    """Proofs, and the tree in memory beside pymerkle's."""
    return Section(
        "Proofs of any entry of a million, and the tree in memory beside pymerkle's",
        [
            Line(
                "a proof, read from the files of the log with nothing kept from before",
                f"{1000 * found['proof']:.2f} ms, at most {1000 * found['proof_most']:.1f} ms",
                f"under {1000 * PROOF_GOAL:.0f} ms",
                found["proof"] < PROOF_GOAL,
            ),
            Line(
                f"{found['appended']:,.0f} entries taken in, in memory",
                f"{found['append']:.2f} s; pymerkle {found['peer_append']:.2f} s,"
                f" {found['peer_append'] / found['append']:.1f} times",
            ),
            Line(
                "a proof among them",
                f"{1000 * found['memory_proof']:.2f} ms; pymerkle"
                f" {1000 * found['peer_proof']:.2f} ms,"
                f" {found['peer_proof'] / found['memory_proof']:.1f} times",
            ),
        ],
        "Both trees have the same root. pymerkle's proofs are of a form of its own.",
    )


def saved(found: dict[str, float]) -> Section:
    """A save alone, with our entry, and with auditlog's."""
    ours, theirs = found["ours"] - found["alone"], found["auditlog"] - found["alone"]
    return Section(
        "A save on record, beside django-auditlog's",
        [
            Line("a department saved in a transaction", f"{1000 * found['alone']:.2f} ms of CPU"),
            Line(
                "what our entry adds: canonical bytes, salted commitments, its place in the queue",
                f"{1000 * ours:.2f} ms",
            ),
            Line(
                "what auditlog's row adds",
                f"{1000 * theirs:.2f} ms; {theirs / ours:.1f} times",
            ),
        ],
        "SQLite, batches in turn. auditlog's row can be changed by whoever can change its table.",
    )
