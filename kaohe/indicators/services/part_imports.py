"""A workbook or a Word file for a scheme: brought, read, applied whole or not at all, given up.

Reading can be long and is then called by a job; it is safe to begin again.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction

from kaohe.core.access import Verb
from kaohe.core.part_path import ACTION_WORDS, MOVES, STATE_WORDS, Action, PartMoveNotOpen, State
from kaohe.core.plan_differences import flat_plan
from kaohe.core.plan_merge import merged_plan
from kaohe.core.problems import N_, Problem
from kaohe.documents.plan_book_columns import SCHEME
from kaohe.indicators.models import Part, PartImport, PartVersion, WordImportFile
from kaohe.indicators.queries.plan_book import found_in, ground_of, open_draft
from kaohe.indicators.reading.book_plan import BookReader, in_order
from kaohe.indicators.reading.book_sheets import Book, open_book
from kaohe.indicators.services.part_import_refusals import (
    PartFileBad,
    PartFileConflicts,
    PartFileNothing,
    PartFileNotRead,
    PartFileNotScheme,
    PartFileOver,
    PartFileStale,
)
from kaohe.indicators.services.parts import edit_part
from kaohe.indicators.services.word_reading import found_in_words
from kaohe.organization.models import User
from kaohe.organization.queries.access import require
from kaohe.organization.queries.files import path_of
from kaohe.organization.services.files import Readable, store_file
from kaohe.organization.services.writing import State as Before
from kaohe.organization.services.writing import changed, created, record, save, taken

KINDS = frozenset({"xlsx", "docx"})
READING = N_("reading the file")
COMPARING = N_("comparing with the draft")
Progress = Callable[[int, int, str], None]


def nothing_told(done: int, total: int, message: str) -> None:
    """Progress for whoever does not ask for it."""


@transaction.atomic
def bring_part_file(*, by: User, version: PartVersion, name: str, stream: Readable) -> PartImport:
    """Keep a file that is to become part of a draft.

    Raises:
        RoleMissing: ``by`` does not draft the scheme.
        PartFileNotScheme: it is not a department's scheme.
        PartMoveNotOpen: the version cannot be edited where it stands.
        FileLies and the other refusals of ``store_file``: it is no such file.
    """
    require(by, Verb.SCHEME_DRAFT, version.part)
    must_be_editable(version)
    file = store_file(
        by=by,
        jurisdiction=version.jurisdiction,
        name=name,
        stream=stream,
        verb=Verb.SCHEME_DRAFT,
        where=version.part,
        kinds=KINDS,
    )
    row = PartImport.objects.create(
        jurisdiction=version.jurisdiction,
        part=version.part,
        file=file,
        sort=file.media,
        state="brought",
        added_by=by,
    )
    if file.media == "docx":
        WordImportFile.objects.create(part_import=row, file=file, name=file.name)
    record(created(row, "part-import.brought"), by=by)
    return row


def must_be_editable(version: PartVersion) -> None:
    """See that a version takes files where it stands.

    Raises:
        PartFileNotScheme: it is not a department's scheme.
        PartMoveNotOpen: it cannot be edited where it stands.
    """
    if version.part.department_id is None:
        raise PartFileNotScheme
    if (State(version.state), Action.EDIT) not in MOVES:
        raise PartMoveNotOpen(
            action=ACTION_WORDS[Action.EDIT], state=STATE_WORDS[State(version.state)]
        )


@transaction.atomic
def read_part_file(*, by: User, key: int, progress: Progress = nothing_told) -> PartImport:
    """Read a file and compare it with the draft; read again, it is compared anew.

    Raises:
        RoleMissing: ``by`` does not draft the scheme.
        PartFileOver: it was applied or given up.
        PartMoveNotOpen, PartFileStale: no version of the scheme can be edited.
    """
    require(by, Verb.SCHEME_DRAFT, PartImport.objects.select_related("part").get(pk=key).part)
    row = taken(PartImport, key, None)
    if row.state not in ("brought", "read"):
        raise PartFileOver
    draft = _draft_of(row.part)
    progress(0, row.count + 1, READING)
    found = _found(row, draft, progress)
    progress(row.count, row.count + 1, COMPARING)
    before = Before(row)
    if (row.state, row.found, row.base) == ("read", found, draft.digest):
        return row
    row.state, row.found, row.base = "read", found, draft.digest
    told = found_in(row, draft)
    extra = {"errors": len(told.errors), "cells": len(told.changes)}
    save(row, by=by, event=changed(row, before, "part-import.read", extra=extra))
    return row


def _draft_of(part: Part) -> PartVersion:
    """The version into which a file goes.

    Raises:
        PartFileStale: there is none any more.
        PartMoveNotOpen: it cannot be edited where it stands.
    """
    draft = open_draft(part)
    if draft is None:
        raise PartFileStale
    must_be_editable(draft)
    return draft


def _found(row: PartImport, draft: PartVersion, progress: Progress) -> dict[str, Any]:
    """What a file says, as it is kept."""
    if row.sort == "docx":
        return found_in_words(row, draft, progress)
    book = open_book(path_of(row.file.digest))
    if SCHEME not in book.sheets:
        return {"tree": {}, "problems": _kept(book.problems), "conflicts": []}
    tree = BookReader(book, ground_of(draft)).read()
    whole, conflicts = _compare(book, tree, draft)
    return {"tree": whole, "problems": _kept(in_order(book.problems)), "conflicts": conflicts}


def _compare(
    book: Book, tree: dict[str, Any], draft: PartVersion
) -> tuple[Mapping[str, Any], list[str]]:
    """The tree to apply: what the workbook changed, carried into the draft as it stands now."""
    if book.base is None:
        book.note("book-no-stamp")
        return tree, []
    if book.stamp.get("part") != draft.part_id:
        book.note("book-other-part", title=str(book.stamp.get("title", ""))[:60])
        return tree, []
    if book.stamp.get("digest") == draft.digest:
        return tree, []
    book.note("book-old-version")
    merged = merged_plan(book.base, draft.content, tree)
    theirs, ours = flat_plan(draft.content), flat_plan(tree)
    for path in merged.conflicts:
        book.note(
            "book-conflict", "", None, path, theirs=theirs.get(path, ""), ours=ours.get(path, "")
        )
    return merged.tree, merged.conflicts


def _kept(problems: list[Problem]) -> list[dict[str, Any]]:
    return [asdict(each) for each in problems]


@transaction.atomic
def apply_part_file(
    *, by: User, row: PartImport, seen: int | None, insist: bool = False
) -> PartImport:
    """Make what was read the draft, whole.

    Args:
        insist: the file holds where the draft was changed as well.

    Raises:
        RoleMissing: ``by`` does not draft the scheme.
        PartFileNotRead, PartFileOver: it is not so far, or past that.
        PartFileBad, PartFileNothing: there is nothing that could be applied.
        PartFileConflicts: the draft was changed in the same cells, and nobody insists.
        PartFileStale: the draft is not what was compared.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/plan_books.md, PB-3, PB-4.
    """
    require(by, Verb.SCHEME_DRAFT, row.part)
    row = taken(PartImport, row.pk, seen)
    if row.state != "read":
        raise PartFileNotRead if row.state == "brought" else PartFileOver
    draft = _draft_of(row.part)
    found = found_in(row, draft)
    if found.is_stale:
        raise PartFileStale
    refuse_unfit(found.errors, len(found.changes))
    if found.conflicts and not insist:
        raise PartFileConflicts(count=len(found.conflicts))
    row.before, row.part_version = draft.content, draft
    edited = edit_part(by=by, version=draft, seen=draft.version, content=found.tree)
    before = Before(row)
    row.state, row.after = "applied", edited.digest
    extra = {"cells": len(found.changes)}
    save(row, by=by, event=changed(row, before, "part-import.applied", extra=extra))
    return row


def refuse_unfit(errors: list[Problem], changes: int) -> None:
    """See that what was found can be applied.

    Raises:
        PartFileBad: cells are not right.
        PartFileNothing: nothing differs.
    """
    if errors:
        raise PartFileBad(count=len(errors))
    if not changes:
        raise PartFileNothing


@transaction.atomic
def drop_part_file(*, by: User, row: PartImport, seen: int | None) -> PartImport:
    """Give a file up that was not applied; the draft stays as it is.

    Raises:
        RoleMissing: ``by`` does not draft the scheme.
        PartFileOver: it was applied or given up already.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.SCHEME_DRAFT, row.part)
    row = taken(PartImport, row.pk, seen)
    if row.state not in ("brought", "read"):
        raise PartFileOver
    before = Before(row)
    row.state = "dropped"
    save(row, by=by, event=changed(row, before, "part-import.dropped"))
    return row
