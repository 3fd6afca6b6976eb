"""The whole check-up of a plan (方案体检)."""

from kaohe.core.checkup import SEVERITIES, Context, Finding
from kaohe.core.checkup_form import check_form
from kaohe.core.checkup_history import check_history
from kaohe.core.checkup_sheets import check_sheets
from kaohe.core.checkup_substance import check_substance
from kaohe.core.indicators import Plan


def check_plan(plan: Plan, context: Context) -> list[Finding]:
    """All that is found in a department's scheme with its sheets, or in a template.

    Errors come first, then warnings, then notes; each in the order of the plan.

    Source: docs/rules/checkup.md, K-1.
    """
    if not plan.indicators:
        return [Finding("plan-empty")]
    found = [
        *check_form(plan, context),
        *check_sheets(plan, context),
        *check_substance(plan, context),
        *check_history(plan, context),
    ]
    return sorted(found, key=lambda each: SEVERITIES.index(each.severity))
