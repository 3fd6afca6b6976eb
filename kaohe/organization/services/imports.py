"""The register from a workbook: brought, checked, applied whole or not at all, given up.

Checking and applying are long work and are called by jobs; each is safe to begin again.
"""

import hashlib
from collections.abc import Callable, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from kaohe.core.access import Target, Verb
from kaohe.core.errors import Conflict, Invalid
from kaohe.core.problems import N_
from kaohe.core.register import normal_code, read_rows
from kaohe.core.texts import fold
from kaohe.organization.models import Department, Import, Jurisdiction, Unit, User
from kaohe.organization.queries.access import allows, require
from kaohe.organization.queries.files import path_of
from kaohe.organization.queries.import_register import Register, register_of
from kaohe.organization.queries.import_report import KINDS as ROWS
from kaohe.organization.queries.import_report import Options, Report, Shown, opened
from kaohe.organization.queries.imports import place_to_import, report_of
from kaohe.organization.services.files import Readable, keep_bytes, store_file
from kaohe.organization.services.import_applying import Place, write_lines
from kaohe.organization.services.import_comparing import Line, compare, ground_of
from kaohe.organization.services.import_reading import Table, each_told, read_table
from kaohe.organization.services.import_report import written
from kaohe.organization.services.writing import State, changed, created, record, save, taken

READING = N_("reading the workbook")
COMPARING = N_("comparing with the register")
WRITING = N_("writing the register")
KINDS = frozenset({"xlsx", "xls", "csv"})
_BATCH = 500

Progress = Callable[[int, int, str], None]


class ImportBad(Invalid):
    """Rows that are wrong; nothing of the workbook is applied."""

    code = "import.bad-rows"
    sentence = N_(
        "{bad} rows are not right yet, so nothing was applied. Correct them in the workbook and"
        " send it again."
    )


class ImportEmpty(Invalid):
    """Nothing in the workbook is new or different."""

    code = "import.nothing"
    sentence = N_("The workbook says what the register says already. There is nothing to apply.")


class ImportOver(Conflict):
    """Applied, or given up: nothing more can become of it."""

    code = "import.over"
    sentence = N_("This workbook was applied or given up already. Send it again to import it anew.")


class ImportUnchecked(Conflict):
    """It was not checked yet."""

    code = "import.unchecked"
    sentence = N_("This workbook is not checked yet. Wait until it is, and look at the result.")


class ImportStale(Conflict):
    """The register is no longer what it was when the workbook was checked."""

    code = "import.stale"
    sentence = N_(
        "The register was changed since the workbook was checked (row {row}: {name}). Nothing was"
        " applied. Check the workbook again and look at the result."
    )


def nothing_told(done: int, total: int, message: str) -> None:
    """Progress for whoever does not ask for it."""


@transaction.atomic
def start_import(*, by: User, jurisdiction: Jurisdiction, name: str, stream: Readable) -> Import:
    """Keep a workbook that is to be imported.

    Raises:
        RoleMissing: ``by`` may import nothing there.
        FileLies and the other refusals of ``store_file``: it is no such file.
    """
    where = place_to_import(by, jurisdiction)
    require(by, Verb.UNIT_IMPORT, where)
    file = store_file(
        by=by,
        jurisdiction=jurisdiction,
        name=name,
        stream=stream,
        verb=Verb.UNIT_IMPORT,
        where=where,
        kinds=KINDS,
    )
    row = Import.objects.create(jurisdiction=jurisdiction, file=file, added_by=by)
    record(created(row, "import.started"), by=by)
    return row


def check_import(
    *, by: User, key: int, options: Options, progress: Progress = nothing_told
) -> Import:
    """Read the workbook and compare it with the register; long, and safe to begin again.

    Raises:
        RoleMissing: ``by`` may import nothing there.
        ImportOver: it was applied or given up.
        NoRoom: the disk is full.
    """
    row = Import.objects.select_related("jurisdiction", "file").get(pk=key)
    require(by, Verb.UNIT_IMPORT, place_to_import(by, row.jurisdiction))
    progress(0, 0, READING)
    table = read_table(path_of(row.file.digest), row.file.media)
    register = register_of(row.jurisdiction)
    lines = _compared(table, register, row.jurisdiction, by, options, progress)
    base = _base((line.seal, _code(line)) for line in lines if line.kind in ("new", "changed"))
    report = keep_bytes(written(table, lines, options, base))
    return _keep_report(by, row, report, base)


def _compared(
    table: Table,
    register: Register,
    jurisdiction: Jurisdiction,
    by: User,
    options: Options,
    progress: Progress,
) -> list[Line]:
    def tell(done: int, total: int) -> None:
        progress(done, total, COMPARING)

    reading = read_rows(each_told(table, tell), register.known())
    codes = [
        normal_code(code) for _, cells in table.rows if isinstance(code := cells.get("code"), str)
    ]
    lineage = jurisdiction.lineage
    allowed: dict[int, bool] = {}

    def may(department: int) -> bool:
        if department not in allowed:
            allowed[department] = allows(by, Verb.UNIT_IMPORT, Target(lineage, department))
        return allowed[department]

    return compare(table, reading, ground_of(jurisdiction, register, codes, may), options)


def _code(line: Line) -> str:
    return str(line.values.get("code", ""))


def _base(parts: object) -> str:
    return hashlib.sha256(repr(list(parts)).encode()).hexdigest()  # type: ignore[call-overload]


@transaction.atomic
def _keep_report(by: User, row: Import, report: str, base: str) -> Import:
    """Put what was found on record; the same found again is not told again."""
    row = taken(Import, row.pk, None)
    if row.state not in ("uploaded", "checked"):
        raise ImportOver
    if row.state == "checked" and row.report == report:
        return row
    before = State(row)
    row.report, row.base, row.state = report, base, "checked"
    row.counts = dict(opened(path_of(report)).counts)
    extra = {kind: row.counts[kind] for kind in ROWS}
    save(row, by=by, event=changed(row, before, "import.checked", extra=extra))
    return row


def must_be_ready(row: Import) -> Report:
    """The report of an import that can be applied.

    Raises:
        ImportOver, ImportUnchecked, ImportBad, ImportEmpty: it cannot.
    """
    if row.state == "uploaded":
        raise ImportUnchecked
    if row.state != "checked":
        raise ImportOver
    report = report_of(row)
    bad = report.counts["bad"] + report.counts["errors"]
    if bad:
        raise ImportBad(bad=bad)
    if not report.may_apply:
        raise ImportEmpty
    return report


@transaction.atomic
def apply_import(*, by: User, key: int, report: str, progress: Progress = nothing_told) -> Import:
    """Write the whole workbook into the register, in one transaction, an entry for each object.

    Called again after it was applied it does nothing: a worker that died may be followed by
    another.

    Args:
        report: the one that was on the screen.

    Raises:
        RoleMissing: ``by`` may not import one of the departments.
        ImportUnchecked, ImportBad, ImportEmpty, ImportOver: it cannot be applied.
        ImportStale: the register, or the report, is not what was looked at.

    Source: docs/rules/imports.md, IM-5.
    """
    found = Import.objects.select_related("jurisdiction").get(pk=key)
    require(by, Verb.UNIT_IMPORT, place_to_import(by, found.jurisdiction))
    here = _alone_in(found.jurisdiction_id)
    row = taken(Import, key, None)
    if row.state == "applied" and row.report == report:
        return row
    if row.report != report:
        raise ImportStale(row="—", name="—")
    progress(0, 0, READING)
    ready = must_be_ready(row)
    lines = [line for kind in ("new", "changed") for line in ready.lines(kind)]
    _must_be_as_checked(here, lines, by)
    place = Place(
        jurisdiction=here,
        departments={each.pk: each for each in Department.objects.filter(jurisdiction=here)},
        by=by,
        today=timezone.localdate(),
        extra={"import_id": row.pk},
    )
    try:
        write_lines(lines, place, lambda done, total: progress(done, total, WRITING))
    except IntegrityError as taken_elsewhere:
        raise ImportStale(row="—", name="—") from taken_elsewhere
    before = State(row)
    row.state = "applied"
    extra = {kind: ready.counts[kind] for kind in ("new", "changed")}
    save(row, by=by, event=changed(row, before, "import.applied", extra=extra))
    return row


def _alone_in(key: int) -> Jurisdiction:
    """The jurisdiction, locked against other new units, and not against everything that names it.

    The lock is held for as long as a register takes to write.
    """
    return Jurisdiction.objects.select_for_update(no_key=True).get(pk=key)


def _must_be_as_checked(here: Jurisdiction, lines: Sequence[Shown], by: User) -> None:
    """Every unit, department and code is what it was, and the person may still write there."""
    keys = [line.unit for line in lines if line.unit is not None]
    for start in range(0, len(keys), _BATCH):
        part = Unit.objects.filter(pk__in=keys[start : start + _BATCH]).order_by("pk")
        list(part.select_for_update().values_list("pk"))
    register = register_of(here)
    for department in {line.values["department"] for line in lines}:
        require(by, Verb.UNIT_IMPORT, Target(here.lineage, department))
    codes = _codes_in_use([line.values["code"] for line in lines if line.kind == "new"])
    for line in lines:
        if not _is_as_checked(line, register, codes):
            raise ImportStale(row=line.row, name=line.values.get("name", "—"))


def _is_as_checked(line: Shown, register: Register, codes: set[str]) -> bool:
    if line.values["department"] not in register.departments:
        return False
    if line.unit is None:
        name = fold(line.values["name"])
        return line.values["code"] not in codes and name not in register.by_name
    held = register.units.get(line.unit)
    return held is not None and held.seal == line.seal


def _codes_in_use(codes: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(codes), _BATCH):
        part = Unit.objects.filter(code__in=codes[start : start + _BATCH])
        found.update(code for code in part.values_list("code", flat=True) if code)
    return found


@transaction.atomic
def drop_import(*, by: User, row: Import, seen: int | None) -> Import:
    """Give an import up that was not applied.

    Raises:
        RoleMissing: ``by`` may import nothing there.
        ImportOver: it was applied or given up already.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.UNIT_IMPORT, place_to_import(by, row.jurisdiction))
    row = taken(Import, row.pk, seen)
    if row.state not in ("uploaded", "checked"):
        raise ImportOver
    before = State(row)
    row.state = "dropped"
    save(row, by=by, event=changed(row, before, "import.dropped"))
    return row
