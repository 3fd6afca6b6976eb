"""The check-up of a plan (方案体检): findings that drafter and approver see, each at its cell.

An *error* keeps a version from being submitted; a *warning* is shown and answered for; a *note*
informs.  A finding names the check, the cell (a path of ``core.plan_differences``) and the facts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kaohe.core.problems import N_

ERROR, WARNING, NOTE = "error", "warning", "note"


class Check(NamedTuple):
    """What a check says: how grave, what is found, how to mend it."""

    severity: str
    finding: str
    remedy: str


CHECKS: dict[str, Check] = {}


def declare_checks(checks: Mapping[str, Check]) -> None:
    """Adds checks to the catalogue; a code is never reused."""
    for code, check in checks.items():
        if code in CHECKS:
            raise ValueError(f"two checks share the code {code}")
        CHECKS[code] = check


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found."""

    check: str
    path: str = ""
    unit: str = ""  # the sheet that it is about, by credit code; empty: the scheme
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def severity(self) -> str:
        return CHECKS[self.check].severity


def errors_among(findings: Iterable[Finding]) -> list[Finding]:
    """Those that keep a version from being submitted."""
    return [each for each in findings if each.severity == ERROR]


declare_checks(
    {
        "plan-empty": Check(
            ERROR,
            N_("there is no indicator yet"),
            N_("enter indicators, take them from a library, or open last year's scheme"),
        ),
    }
)
