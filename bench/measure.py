"""What a command costs: CPU of the whole process and its children, time on the clock, memory."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
KAOHE = (sys.executable, "-m", "kaohe")


class Cost(NamedTuple):
    """CPU and wall seconds, peak memory in MB, and what the command said, if it is JSON."""

    cpu: float
    wall: float
    peak: float
    said: Any = None


def cost_of(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command once.

    Args:
        environment: instead of this process's own.

    Raises:
        RuntimeError: it failed; its errors are in the message.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        began = time.monotonic()
        child = subprocess.Popen(
            [str(word) for word in command], stdout=out, stderr=errors, cwd=ROOT, env=environment
        )
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            errors.seek(0)
            told = errors.read().decode(errors="replace")
            raise RuntimeError(f"{' '.join(map(str, command))}\n{told[-2000:]}")
        out.seek(0)
        text = out.read().decode(errors="replace")
    said = json.loads(text) if text.startswith("{") else None
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, said)


def told_by(
    command: Sequence[str | Path], environment: Mapping[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """What a command says while it runs, a JSON object a line; its errors go where ours go.

    Args:
        environment: instead of this process's own.

    Raises:
        RuntimeError: it failed.
    """
    words = [str(word) for word in command]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, cwd=ROOT, env=environment, text=True
    ) as child:
        try:
            for line in child.stdout or ():
                yield json.loads(line)
        except BaseException:
            child.terminate()
            raise
    if child.returncode:
        raise RuntimeError(f"{' '.join(words)}: {child.returncode}")


def cost(command: Sequence[str | Path], repeats: int) -> Cost:
    """The medians over some runs of a command, the peak memory their greatest."""
    runs = [cost_of(command) for _ in range(repeats)]
    return Cost(
        median(run.cpu for run in runs),
        median(run.wall for run in runs),
        max(run.peak for run in runs),
        runs[-1].said,
    )


def cpu_of(work: Any, repeats: int) -> float:
    """The median CPU seconds of a function called in this process, all threads together."""
    spent = []
    for _ in range(repeats):
        before = time.process_time()
        work()
        spent.append(time.process_time() - before)
    return median(spent)
