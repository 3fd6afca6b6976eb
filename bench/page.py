"""The page of a benchmark: what was measured, against what, and whether the goals are met."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple


class Line(NamedTuple):
    """One row: what was done, what it cost, and the goal with whether it is met (None: no goal)."""

    name: str
    measured: str
    goal: str = ""
    met: bool | None = None


class Section(NamedTuple):
    title: str
    lines: Sequence[Line]
    note: str = ""


HEAD = """# What it costs

Written by `make bench`, all of it in one run. CPU seconds are of the whole process, start-up
included, all threads together, medians over repeated runs; memory is the greatest resident size.
Read figures as ratios: machines differ.

| | |
|---|---|
"""


def page(sections: Sequence[Section]) -> str:
    """The whole page as Markdown."""
    facts = "".join(f"| {name} | {value} |\n" for name, value in _facts())
    return HEAD + facts + "".join(map(_section, sections))


def _section(section: Section) -> str:
    rows = "".join(
        f"| {line.name} | {line.measured} | {line.goal} | {_MET[line.met]} |\n"
        for line in section.lines
    )
    note = f"\n{section.note}\n" if section.note else ""
    return f"\n## {section.title}\n\n| | measured | goal | met |\n|---|---|---|---|\n{rows}{note}"


def part(title: str, command: str, sections: Sequence[Section]) -> str:
    """A part of the page that a command of its own measures, with the day and the load."""
    day, load = datetime.now(tz=UTC).date(), os.getloadavg()[0]
    return (
        f"# {title}\n\nMeasured in a run of its own (`{command}`) on {day.isoformat()}:"
        f" {_processor()}, {os.cpu_count()} cores, load {load:.1f}.\n"
        + "".join(map(_section, sections))
    )


def with_part(whole: str, text: str) -> str:
    """A page with a part of it in place of the one of the same title, or behind the others."""
    title = text.partition("\n")[0]
    before, found, after = f"\n{whole}".partition(f"\n{title}\n")
    _old, mark, rest = after.partition("\n# ")
    joined = f"{before.strip()}\n\n{text.strip()}\n"
    return f"{joined}{mark}{rest}" if found else joined


_MET = {None: "", True: "yes", False: "**no**"}


def _facts() -> list[tuple[str, str]]:
    libraries = ("duckdb", "narwhals", "numpy", "python-calamine", "typst", "xlsxwriter")
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return [
        ("date", datetime.now(tz=UTC).date().isoformat()),
        ("machine", f"{_processor()}, {os.cpu_count()} cores, {_memory()}"),
        ("load when the run ended (1, 5, 15 minutes)", load),
        ("Python", platform.python_version()),
        ("libraries", ", ".join(f"{name} {version(name)}" for name in libraries)),
    ]


def _processor() -> str:
    for line in _lines(Path("/proc/cpuinfo")):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> str:
    for line in _lines(Path("/proc/meminfo")):
        if line.startswith("MemTotal"):
            return f"{int(line.split()[1]) / 2**20:.0f} GB"
    return ""


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
