"""Long work over the API: how far it is, and what came of it."""

from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field, model_validator

from kaohe.api.callers import Caller
from kaohe.api.organization.job_shapes import JobShape
from kaohe.api.routes import listed, read
from kaohe.api.shapes import Instant, JurisdictionCode, Paging, Shape
from kaohe.core.access import Verb
from kaohe.jobs.queries import get_job, jobs_of, jobs_seen_by, outcome_of, standing

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.jobs.models import Job

router = Router(tags=["jobs"])


class JobLine(Shape):
    """A job in a list."""

    id: UUID
    kind: str
    subject: str
    jurisdiction: JurisdictionCode | None
    state: str
    requested_by: int = Field(validation_alias="requested_by_id")
    requested_at: Instant
    ended_at: Instant | None


class JobNow(JobShape):
    """A job as it stands this moment."""

    jurisdiction: str | None
    message: str = Field(description="What it is doing; empty where it says nothing.")
    tries: int

    @model_validator(mode="before")
    @classmethod
    def _said(cls, row: Any) -> Any:
        now = standing(row)
        names = ("id", "kind", "subject", "state", "requested_at", "ended_at", "tries")
        return {
            **{name: getattr(row, name) for name in names},
            "done": now.done,
            "total": now.total,
            "outcome": outcome_of(row, _),
            "jurisdiction": row.jurisdiction.code if row.jurisdiction else None,
            "message": _(now.message) if now.message else "",
        }


class JobFilters(Paging):
    """What jobs can be narrowed by."""

    state: Literal["", "queued", "running", "done", "failed"] = ""
    whose: Literal["own", "all"] = Field("own", description="all: takes job.read.")


@listed(router, "/jobs", Verb.DESK_READ, JobLine, by=("-requested_at", "-id"))
def jobs(request: Caller, filters: Query[JobFilters]) -> "QuerySet[Job]":
    """My jobs, or all that I may see, the latest first."""
    ask = jobs_seen_by if filters.whose == "all" else jobs_of
    rows = ask(request.user).select_related("jurisdiction")
    return rows.filter(state=filters.state) if filters.state else rows


@read(router, "/jobs/{uuid:key}", Verb.DESK_READ, JobNow)
def job(request: Caller, key: UUID) -> "Job":
    """One job; ask again, each second or less often, until it is done or failed."""
    return get_job(request.user, key)
