"""Answers to findings (体检说明): what the drafter says of a warning, and whether it still fits.

A finding is known again by its check, its cell and what it is about; an answer belongs to the
facts that it was given for.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from kaohe.core.checkup import WARNING, Finding

LONGEST = 2_000  # characters of an answer


class Key(NamedTuple):
    """By what a finding is known again; ``about``: unit or element, where the cell is shared."""

    check: str
    path: str
    about: str = ""


class Answer(NamedTuple):
    """What was said of a finding, of which facts, in which version."""

    key: Key
    facts: Mapping[str, Any]
    text: str
    who: str
    at: datetime
    number: int


class Told(NamedTuple):
    """A finding with the answer to it; ``is_stale``: its facts have changed since."""

    finding: Finding
    answer: Answer | None = None
    is_stale: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether somebody answered for it as it now is."""
        return self.answer is not None and not self.is_stale

    @property
    def is_open(self) -> bool:
        """Whether it is a warning that nobody has answered for."""
        return self.finding.severity == WARNING and not self.is_answered


def key_of(finding: Finding) -> Key:
    """By what a finding is known again, in whatever version.

    Source: docs/rules/checkup.md, K-15.

    >>> key_of(Finding("source-missing", "indicators/J01/source"))
    Key(check='source-missing', path='indicators/J01/source', about='')
    """
    about = str(finding.facts.get("element", ""))
    if not about and finding.unit and finding.unit not in finding.path:
        about = finding.unit
    return Key(finding.check, finding.path, about)


def with_answers(
    findings: Iterable[Finding], own: Iterable[Answer], earlier: Iterable[Answer] = ()
) -> list[Told]:
    """Findings with their answers: the version's own, else one of an earlier version that fits.

    Args:
        own: of the version, in the order of time; the last of a finding counts.
        earlier: of versions before it, in the order of time.

    Source: docs/rules/checkup.md, K-15.
    """
    mine = {each.key: each for each in own}
    before: dict[Key, list[Answer]] = {}
    for each in earlier:
        before.setdefault(each.key, []).append(each)
    found = []
    for finding in findings:
        key, facts = key_of(finding), dict(finding.facts)
        if key in mine:
            found.append(Told(finding, mine[key], dict(mine[key].facts) != facts))
            continue
        fitting = [each for each in before.get(key, ()) if dict(each.facts) == facts]
        found.append(Told(finding, fitting[-1] if fitting else None))
    return found


def open_warnings(told: Iterable[Told]) -> int:
    """How many warnings nobody has answered for."""
    return sum(each.is_open for each in told)
