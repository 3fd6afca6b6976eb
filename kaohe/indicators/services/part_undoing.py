"""A file that was applied to a draft, taken back: the draft says again what it said before."""

from django.db import transaction
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.errors import Refusal
from kaohe.core.part_path import MOVES, STATE_WORDS, Action, State
from kaohe.core.plan_differences import cell_changes, flat_plan
from kaohe.indicators.models import PartImport, PartVersion
from kaohe.indicators.queries.review import trail_of
from kaohe.indicators.services.marking import reopen_marks
from kaohe.indicators.services.part_import_refusals import (
    PartFileEdited,
    PartFileLeft,
    PartFileNotApplied,
    PartFileNotKept,
)
from kaohe.indicators.services.parts import edit_part
from kaohe.organization.models import User
from kaohe.organization.queries.access import require
from kaohe.organization.services.writing import State as Before
from kaohe.organization.services.writing import changed, save, taken

EDITED = "part.edited"


def why_not_undone(row: PartImport, draft: PartVersion | None) -> Refusal | None:
    """Why a file cannot be taken back from the version into which it went; None: it can.

    Source: docs/rules/plan_books.md, PB-10.
    """
    if row.state != "applied":
        return PartFileNotApplied()
    if draft is None or row.before is None:
        return PartFileNotKept()
    state = State(draft.state)
    if (state, Action.EDIT) not in MOVES:
        return PartFileLeft(number=draft.number, state=STATE_WORDS[state])
    if draft.digest != row.after:
        last = trail_of(draft).get(EDITED)
        at = timezone.localtime(last.at).strftime("%Y.%m.%d %H:%M") if last else "—"
        return PartFileEdited(name=(last and last.who) or "—", at=at)
    return None


@transaction.atomic
def undo_part_file(*, by: User, row: PartImport, seen: int | None) -> PartImport:
    """Put back what the draft said before a file was applied, whole.

    Marks that the file had settled are open again where the cell says again what was marked.

    Raises:
        RoleMissing: ``by`` does not draft the scheme.
        PartFileNotApplied, PartFileNotKept: there is nothing to take back.
        PartFileLeft: the version cannot be edited where it stands.
        PartFileEdited: the draft was edited since; by whom and when is told.
        YearIsClosed: the year is over.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/plan_books.md, PB-10.
    """
    require(by, Verb.SCHEME_DRAFT, row.part)
    row = taken(PartImport, row.pk, seen)
    draft = taken(PartVersion, row.part_version_id, None) if row.part_version_id else None
    refusal = why_not_undone(row, draft)
    if refusal is not None or draft is None or row.before is None:
        raise refusal or PartFileNotKept
    old = draft.content
    edited = edit_part(by=by, version=draft, seen=draft.version, content=row.before)
    reopen_marks(by, edited, old)
    before = Before(row)
    row.state = "undone"
    extra = {"cells": len(cell_changes(flat_plan(old), flat_plan(edited.content)))}
    save(row, by=by, event=changed(row, before, "part-import.undone", extra=extra))
    return row
