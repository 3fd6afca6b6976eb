"""The check-up of a version: its plan with all that is known of its year, and what is found."""

from kaohe.core.checkup import Finding
from kaohe.core.part_path import Sort
from kaohe.indicators.models import PartVersion
from kaohe.indicators.queries.parts import plan_in


def findings_of(version: PartVersion) -> list[Finding]:
    """All that the check-up finds in a version, errors first."""
    if version.part.sort == Sort.SETTINGS:
        return []
    plan = plan_in(version)
    return [] if plan.indicators else [Finding("plan-empty")]
