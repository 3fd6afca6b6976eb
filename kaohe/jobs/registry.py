"""Which function carries out which kind of job.

A module of this package registers what it can do; it is imported when a job of its kind is run, and
not before: pages that only ask for work stay light.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules

from kaohe import jobs
from kaohe.core.leaf import Fact
from kaohe.jobs.models import Job

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: a message id with its facts, and the page where the result is seen."""

    sentence: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    location: str = ""


Work = Callable[[Job, Progress], Outcome | None]
_KINDS: dict[str, Work] = {}
_OURS = frozenset({"apps", "migrations", "models", "progress", "queries", "registry"})


class UnknownKind(LookupError):
    """Nothing in the program carries out this kind of job: it was asked by another version."""


def job_kind(kind: str) -> Callable[[Work], Work]:
    """Register the function that carries out jobs of a kind.

    The function is given the job and ``progress(done, total, message_id)``.  It must be safe to
    begin again: a worker may die at any moment, and another one then starts from the beginning.

    Raises:
        ValueError: another function has the kind.
    """

    def register(work: Work) -> Work:
        if _KINDS.setdefault(kind, work) is not work:
            raise ValueError(f"two functions carry out {kind}")
        return work

    return register


def find(kind: str) -> Work:
    """The function for a kind.

    Raises:
        UnknownKind: there is none.
    """
    if kind not in _KINDS:
        for module in iter_modules(jobs.__path__):
            if module.name not in _OURS:
                import_module(f"{jobs.__name__}.{module.name}")
    if kind not in _KINDS:
        raise UnknownKind(kind)
    return _KINDS[kind]
