"""How far a jurisdiction is organised, as the desk and the overview show it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from kaohe.organization.queries.readiness import Stage, Step


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage of becoming organised, as the page shows it."""

    words: str
    state: str
    steps: list[tuple[str, str]]  # words, and the class of its bar: done, half, or nothing
    done: int
    note: str
    url: str


def stage_lines(stages: list[Stage]) -> list[StageLine]:
    """Stages in words."""
    return [
        StageLine(
            _(stage.words),
            stage.state,
            [(_(step.words), _bar(step)) for step in stage.steps],
            stage.done,
            _(stage.note).format_map(stage.facts),
            reverse(stage.url) if stage.url else "",
        )
        for stage in stages
    ]


def _bar(step: Step) -> str:
    """The class of a step's bar: done, half, or nothing."""
    return "d" if step.done else "h" if step.some else ""
