"""The check-up of a plan (方案体检): findings that drafter and approver see, each at its cell.

An *error* keeps a version from being submitted; a *warning* is shown and answered for; a *note*
informs.  A finding names the check, the cell (a path of ``core.plan_differences``) and the facts.
What is checked is in ``checkup_form``, ``checkup_substance`` and ``checkup_history``.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from kaohe.core.indicators import Element, Indicator
from kaohe.core.past import Past
from kaohe.core.problems import N_
from kaohe.core.quantities import TICK

ERROR, WARNING, NOTE = "error", "warning", "note"
SEVERITIES = (ERROR, WARNING, NOTE)
SEVERITY_WORDS: Mapping[str, str] = {
    ERROR: N_("error"),
    WARNING: N_("warning"),
    NOTE: N_("note"),
}
WORDED = frozenset({"rule", "column", "component", "element"})  # facts that are codes with words


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

    def sentence(
        self, translate: Callable[[str], str] = str, word: Callable[[str, str], str] | None = None
    ) -> str:
        """What is found, in the language of ``translate``.

        Args:
            word: from the name and the code of a fact among ``WORDED`` to what people read.
        """
        return _said(CHECKS[self.check].finding, self.facts, translate, word)

    def remedy(
        self, translate: Callable[[str], str] = str, word: Callable[[str, str], str] | None = None
    ) -> str:
        """How to mend it, said as ``sentence``."""
        return _said(CHECKS[self.check].remedy, self.facts, translate, word)


def _said(
    text: str,
    facts: Mapping[str, object],
    translate: Callable[[str], str],
    word: Callable[[str, str], str] | None,
) -> str:
    shown = {
        name: word(name, str(fact)) if word and name in WORDED else fact
        for name, fact in facts.items()
    }
    return translate(text).format_map(shown)


def errors_among(findings: Iterable[Finding]) -> list[Finding]:
    """Those that keep a version from being submitted."""
    return [each for each in findings if each.severity == ERROR]


def counted(findings: Iterable[Finding]) -> dict[str, int]:
    """How many there are of each severity, gravest first.

    >>> counted([Finding("plan-empty")])
    {'error': 1, 'warning': 0, 'note': 0}
    """
    found = dict.fromkeys(SEVERITIES, 0)
    for each in findings:
        found[each.severity] += 1
    return found


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on the check-up speaks; shares in percent and points, all in ticks.

    Which of them a year sets is in ``checkup_limits``.

    Source: docs/rules/checkup.md, K-9, K-10, K-12, K-13, K-14, K-17, K-18.
    """

    elements: Mapping[str, int] = field(
        default_factory=lambda: {
            str(Element.BUSINESS): 50 * TICK,
            str(Element.BENEFIT): 30 * TICK,
            str(Element.MANAGEMENT): 20 * TICK,
        }
    )
    element_play: int = 10 * TICK  # how far a share may be off
    fewest: int = 8  # indicators on a sheet
    heaviest: int = 20 * TICK  # points of one indicator
    quantified: int = 70 * TICK
    latent: int = 20 * TICK
    latent_fall: int = 10 * TICK  # against the year before
    copied: int = 90 * TICK
    overlap: int = 50 * TICK
    stretch: int = 10 * TICK  # beyond the best of earlier years
    history: int = 3  # earlier years that are looked at
    samples: int = 3  # units, or values, from which something is concluded
    review_days: int = 10  # working days in which the office answers
    returns: int = 2  # of a version; one more needs a reason of its own


class UnitFacts(NamedTuple):
    """What is known of a unit: its part in the year, and its place in the register today."""

    name: str
    status: str = "graded"  # graded, ungraded, exempt; empty: it takes no part
    here: bool = True  # it is under this department
    present: bool = True  # neither merged nor closed


@dataclass(frozen=True, slots=True)
class Context:
    """All that a check-up looks at besides the plan."""

    year: int
    department: str = ""  # its name; empty: the plan is the common template
    common: tuple[Indicator, ...] = ()  # of the common template
    units: Mapping[str, UnitFacts] = field(default_factory=dict)  # by credit code
    elsewhere: Mapping[str, str] = field(default_factory=dict)  # item → whose scheme has it
    past: Past = field(default_factory=Past)
    latent: Mapping[int, int] = field(default_factory=dict)  # earlier year → share, percent
    limits: Limits = field(default_factory=Limits)
    tiers: int | None = None  # of the issued settings of the year; None: not issued

    @property
    def is_template(self) -> bool:
        """Whether the plan is the common template."""
        return not self.department

    def name_of(self, unit: str) -> str:
        """A unit's name; one that nothing is known of by its code."""
        return self.units[unit].name if unit in self.units else unit

    @property
    def expected(self) -> Set[str]:
        """The units of the department that need a sheet, by credit code."""
        return {
            code
            for code, each in self.units.items()
            if each.here and each.present and each.status in {"graded", "ungraded"}
        }


def label(indicator: Indicator, unit: str = "") -> str:
    """How a finding names an indicator: code and name, behind the name of a unit if it is given.

    >>> label(Indicator("J01", "教学常规检查合格率"), "莱州市第一中学")
    '莱州市第一中学 · J01 教学常规检查合格率'
    """
    words = f"{indicator.item} {indicator.name}".strip()
    return f"{unit} · {words}" if unit else words


def cell(item: str, field_name: str, unit: str = "") -> str:
    """The path of a cell of an indicator, or of a unit's own value for it."""
    if unit:
        return f"sheets/{unit}/{item}/{field_name}"
    return f"indicators/{item}/{field_name}"


declare_checks(
    {
        "plan-empty": Check(
            ERROR,
            N_("there is no indicator yet"),
            N_("enter indicators, take them from a library, or open last year's scheme"),
        ),
    }
)
