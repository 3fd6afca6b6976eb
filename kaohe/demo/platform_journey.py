"""How far this year of the demonstration city has come: its work plan and opinion, its steps done.

What was due before today is done but for one step, so that the journey shows a late one too.
"""

from datetime import date

from kaohe.demo.platform_accounts import Cast
from kaohe.demo.platform_rules import CLERK, DIRECTOR, as_it_is, submitted
from kaohe.indicators.models import AssessmentYear
from kaohe.indicators.services import steps, years
from kaohe.organization.services import documents

LATE, BY_DOCUMENTS = "special", "plan"


def come_so_far(cast: Cast, year: AssessmentYear, today: date) -> None:
    """The work plan and the opinion are issued, and every step that is over but one is done."""
    for number, sort in enumerate(("work_plan", "opinion"), 6):
        version = submitted(cast, year.jurisdiction, sort)
        documents.approve_version(by=cast.user(DIRECTOR), version=as_it_is(version), seen=None)
        documents.issue_version(
            by=cast.user(DIRECTOR),
            version=as_it_is(version),
            seen=None,
            number=f"示考委〔{year.year}〕{number}号",
            effective_on=today,
        )
        years.link_document(
            by=cast.user(CLERK), year=year, seen=None, sort=sort, document=version.document
        )
    for step in year.steps.filter(ends_on__lt=today, done_on__isnull=True).exclude(
        code__in=[LATE, BY_DOCUMENTS]
    ):
        steps.finish_step(by=cast.user(CLERK), step=step, seen=None)
