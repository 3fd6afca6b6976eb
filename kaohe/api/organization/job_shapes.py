"""A piece of long work, as whoever asked for it can follow it."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from kaohe.api.shapes import Instant, Shape
from kaohe.jobs.queries import outcome_of


class JobShape(Shape):
    """A job: how far it is, and what came of it."""

    id: UUID
    kind: str
    subject: str
    state: str = Field(description="queued, running, done or failed.")
    done: int
    total: int
    outcome: str = Field(description="What came of it, as a sentence; empty until it has ended.")
    requested_at: Instant
    ended_at: Instant | None

    @model_validator(mode="before")
    @classmethod
    def _said(cls, row: Any) -> Any:
        names = ("id", "kind", "subject", "state", "done", "total", "requested_at", "ended_at")
        return {**{name: getattr(row, name) for name in names}, "outcome": outcome_of(row, _)}
