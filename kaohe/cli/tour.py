"""``kaohe tour FOLDER OUT``: what lies in a result, and what to try next."""

import argparse
import csv
from pathlib import Path

from kaohe.cli.talk import say
from kaohe.core.problems import N_

LOOK_AT = (
    ("report.pdf", N_("the report as it goes to the committee")),
    ("results.xlsx", N_("all tables for people; the composite is a live formula")),
    ("results.csv", N_("composite, rank, grade and reasons of every unit")),
    ("problems.csv", N_("what was odd about the folder")),
    ("manifest.json", N_("digests of everything that went in and came out")),
)


def run(options: argparse.Namespace) -> int:
    _ = options.translate
    folder, out = options.folder, options.out
    say("\n" + _("Look at:"))
    for name, sentence in LOOK_AT:
        if (out / name).exists():
            say(f"  {out / name}  {_(sentence)}")
    say("\n" + _("Try:"))
    unit = _unit_to_ask_about(out / "results.csv")
    say(f"  kaohe explain {folder} {unit}")
    say(f"  kaohe what-if {folder} --set bonus:{unit}=+1")
    say(f"  kaohe robustness {folder} --out {out.with_name('robustness')}")
    table = folder / "assessment.xlsx"
    if table.exists():
        sentence = _("Or change an event in {table}, save it, and assess again:")
        say("\n" + sentence.format(table=table))
        say(f"  kaohe assess {folder} --out {out} --force")
    return 0


def _unit_to_ask_about(results: Path) -> str:
    """The best-placed unit without a seat: the one that will ask why."""
    if not results.exists():
        return "UNIT"
    with results.open(encoding="utf-8", newline="") as file:
        waiting = [row for row in csv.DictReader(file) if "no-seat" in row["reasons"]]
    best = max(waiting, key=lambda row: row["composite"].zfill(8), default=None)
    return best["unit"] if best else "UNIT"
