"""``python -m bench``: measures everything in one run and writes bench/README.md."""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench import indicators
from bench.api import sections as api
from bench.log import sections as log
from bench.measure import KAOHE, ROOT, Cost, cost, cost_of
from bench.page import Line, Section, page, part, with_part
from bench.platform import sections as platform

PEERS = ROOT / "build" / "bench-venv" / "bin" / "python"
PYTHON = sys.executable


class Scale(NamedTuple):
    """A size of folder, with how often it is measured and what its assessment may cost."""

    name: str
    options: tuple[str, ...]
    form: str
    repeats: int
    floors: float | None = None  # at most so many times the floor
    memory: int | None = None  # MB


CITY = Scale("city", ("--units", "300", "--format", "csv"), "csv", 7)
PROVINCE = Scale("province", ("--scale", "province"), "parquet", 3, floors=15)
NATION = Scale("nation", ("--scale", "nation"), "parquet", 1, floors=12, memory=4096)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the page, and say where it lies."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--skip-nation", action="store_true", help="it takes minutes")
    parser.add_argument("--skip-peers", action="store_true", help="needs build/bench-venv")
    parser.add_argument("--platform", action="store_true", help="only that, and only shown")
    parser.add_argument("--data", type=Path, default=ROOT / "build" / "bench")
    parser.add_argument("--page", type=Path, default=ROOT / "bench" / "README.md")
    parser.add_argument("--log", action="store_true", help="only the log, and only shown")
    parser.add_argument("--api", action="store_true", help="only the API, and only shown")
    parser.add_argument("--indicators", action="store_true", help="only these, into their part")
    options = parser.parse_args(arguments)
    others = None if options.skip_peers else PEERS
    if options.indicators:
        return indicators_alone(options.page)
    if options.api:
        print(page(api()))
        return 0
    if options.log:
        print(page(log(others)))
        return 0
    if options.platform:
        print(page(platform(options.data)))
        return 0
    sections = [city(options.data), large(PROVINCE, options.data)]
    if not options.skip_nation:
        sections.append(large(NATION, options.data))
    sections += studies(options.data, with_peers=not options.skip_peers)
    sections += platform(options.data)
    sections += log(others)
    sections += api()
    sections += indicators.sections()
    options.page.write_text(page(sections), encoding="utf-8")
    print(options.page)
    return 0


def indicators_alone(place: Path) -> int:
    """Measure the second pillar and write its part of the page anew; what was stopped is shown."""
    found: indicators.Found = {}
    try:
        indicators.measure(found)
    except (KeyboardInterrupt, RuntimeError) as stopped:
        print(part(indicators.TITLE, indicators.SHOWN, indicators.told(found)))
        tell(f"stopped, the page stays as it was: {stopped}")
        return 130
    text = part(indicators.TITLE, indicators.SHOWN, indicators.told(found))
    place.write_text(with_part(place.read_text(encoding="utf-8"), text), encoding="utf-8")
    print(text)
    return 0


def folder_of(scale: Scale, data: Path) -> Path:
    """The demonstration folder of a scale, made once."""
    folder = data / scale.name
    if not (folder / "scheme.toml").exists():
        tell(f"making {folder}")
        shutil.rmtree(folder, ignore_errors=True)
        cost_of([*KAOHE, "demo-city", folder, *scale.options])
    return folder


def assess(scale: Scale, data: Path, *options: str) -> Cost:
    """The cost of assessing a folder into ``SCALE-results``."""
    tell(f"assessing {scale.name} {' '.join(options)}")
    out = data / f"{scale.name}-results"
    form = ("--format", scale.form, *options, "--force")
    return cost([*KAOHE, "assess", folder_of(scale, data), "--out", out, *form], scale.repeats)


def floor(scale: Scale, data: Path) -> Cost:
    """The cost of reading what an assessment reads and writing what it writes."""
    tell(f"the floor of {scale.name}")
    results, out = data / f"{scale.name}-results", data / f"{scale.name}-floor"
    command: list[str | Path] = [PYTHON, "-m", "bench.floor", folder_of(scale, data), results, out]
    return cost(command, max(3, scale.repeats))


def city(data: Path) -> Section:
    """A city of 300 units from CSV, end to end."""
    folder_of(CITY, data)
    papers = assess(CITY, data)
    tables = assess(CITY, data, "--tables-only")
    help_ = cost([*KAOHE, "--help"], 15)
    least = floor(CITY, data)
    robust = cost([*KAOHE, "robustness", folder_of(CITY, data), "--draws", "1000"], CITY.repeats)
    return Section(
        "A city: 300 units, 80,000 facts, from CSV",
        [
            Line("`kaohe --help`", seconds(help_), "under 0.3 s", help_.cpu < 0.3),
            Line("`assess --tables-only`", seconds(tables), "under 1 s", tables.cpu < 1),
            Line("`assess` with xlsx and pdf", seconds(papers), "under 4 s", papers.cpu < 4),
            Line("`robustness`, 1,000 draws, the assessment included", seconds(robust)),
            Line("the floor", seconds(least)),
        ],
    )


def large(scale: Scale, data: Path) -> Section:
    """A province or a nation from Parquet to Parquet, beside its floor."""
    whole = assess(scale, data, "--tables-only")
    least = floor(scale, data)
    ratio = whole.cpu / least.cpu
    made = f"{whole.cpu:.1f} s CPU, {whole.wall:.1f} s on the clock"
    lines = [
        Line(f"`assess` of a {scale.name}", made),
        Line("the floor", seconds(least)),
        Line(
            "times the floor",
            f"{ratio:.1f}",
            f"at most {scale.floors:.0f}",
            ratio <= (scale.floors or 0),
        ),
    ]
    peak = f"{whole.peak:.0f} MB"
    if scale.memory:
        lines.append(Line("memory", peak, "under 4 GB", whole.peak < scale.memory))
    else:
        lines.append(Line("memory", peak))
    note = (
        "The floor scans every column that scoring or validation reads, one DuckDB aggregate a"
        " column, and writes the six result tables from an existing result in the same format."
    )
    return Section(f"A {scale.name}, Parquet in and out, validation included", lines, note)


def studies(data: Path, *, with_peers: bool) -> list[Section]:
    """What is measured inside a process: robustness, one event, the peers' share."""
    scores = data / "scores.npz"
    measured = {}
    for scale in (CITY, PROVINCE):
        tell(f"studies of {scale.name}")
        measured[scale.name] = cost_of(
            [PYTHON, "-m", "bench.studies", folder_of(scale, data), scores]
        ).said
    found = measured["province"]
    sections = [robustness(found, measured["city"]), one_event(found)]
    if with_peers:
        tell("the peers")
        sections.append(peers(cost_of([PEERS, ROOT / "bench" / "peers.py", scores]).said, found))
    return sections


def robustness(found: dict[str, float], small: dict[str, float]) -> Section:
    """1,000 draws at province and city, against the matrix products."""
    ratio = found["weights"] / found["product"]
    dropped = found["weights"] / found["product_dropped"]
    own = small["load"] + small["all"]
    return Section(
        f"Robustness: {found['units']:,} units in {found['groups']} groups, 1,000 draws",
        [
            Line("weights alone, ranks and grades included", f"{found['weights']:.3f} s"),
            Line("the float64 products, a new array for each group", f"{found['product']:.3f} s"),
            Line("times the products", f"{ratio:.1f}", "at most 6", ratio <= 6),
            Line(
                "the products when each array is thrown away and its memory used again",
                f"{found['product_dropped']:.4f} s; {dropped:.0f} times",
            ),
            Line(
                "all three uncertainties",
                f"{found['all']:.2f} s",
                "under 15 s",
                found["all"] < 15,
            ),
            Line(
                "memory, the scored folder included",
                f"{found['peak']:.0f} MB ({found['scored_peak']:.0f} MB before)",
                "under 1 GB",
                found["peak"] < 1024,
            ),
            Line("arrays from the scored tables", f"{found['load']:.2f} s"),
            Line(
                "a city's, arrays included, picture apart",
                f"{own:.2f} s",
                "under 1 s",
                own < 1,
            ),
        ],
        "Most of the cost of a new array is memory that is touched for the first time; where an"
        " allocator gives the same memory again, the product alone is many times cheaper. Both"
        " are given.",
    )


def one_event(found: dict[str, float]) -> Section:
    """One event of a province confirmed."""
    return Section(
        "One event against all, at province",
        [
            Line(
                "the unit rescored, its tier scope and groups decided anew"
                f" ({found['event_cohort']:,} units)",
                f"{1000 * found['event']:.1f} ms",
                "under 50 ms",
                found["event"] < 0.05,
            ),
            Line(
                "the same, with everything read from the engine's tables first",
                f"{1000 * found['event_read']:.0f} ms",
            ),
        ],
    )


def peers(said: dict[str, float], found: dict[str, float]) -> Section:
    """Weighted sums and ranks within groups."""
    alone, many = found["ours"], found["weights"] / 1000
    lines = [
        Line("Kaohe, one ranking, with exact rounding, ties, seats and grades", f"{alone:.4f} s"),
        Line("Kaohe, the same as one of a thousand draws", f"{many:.4f} s"),
    ]
    lines += [
        Line(name, f"{spent:.4f} s; {spent / alone:.1f} and {spent / many:.0f} times")
        for name, spent in said.items()
    ]
    return Section(
        "Others doing their share: weighted sum and rank in each group of the province",
        lines,
        "Data in memory, imports not counted. pandas rounds binary floats to two digits, the other"
        " two do not round; scikit-criteria ranks densely (1, 1, 2), pymcdm gives equals the mean"
        " of their ranks. None of them breaks ties or gives seats. pandas ranks all groups in one"
        " call, which for a single ranking is the cheapest.",
    )


def seconds(spent: Cost) -> str:
    """CPU and memory, as a cell."""
    return f"{spent.cpu:.2f} s, {spent.peak:.0f} MB"


def tell(sentence: str) -> None:
    """Progress, for whoever waits."""
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
