"""What the second pillar costs: sheets issued, workbooks, the preview, pages, reads over the API.

``python -m bench.indicators_cost [--whole]`` makes an installation of its own in a temporary folder
(its database where KAOHE_DATABASE says, else SQLite) with seven departments of 40 units each, and
prints seconds as JSON, a line as soon as something is measured; progress goes to the errors.  With
``--whole`` also what no database has a share in: the preview on last year's folder.
"""

import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.indicators_pages import pages_of, reads_of
from bench.measure import KAOHE, cost_of

DEPARTMENTS, UNITS = 7, 40
CODE = "370699"


def main() -> None:
    """Measure and say so."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="kaohe.config.settings", KAOHE_HOME=home, KAOHE_TLS="off"
        )
        import django

        django.setup()
        from django.core.management import call_command

        _tell("an installation")
        call_command("migrate", verbosity=0)
        _tell("seven departments with 40 units each, their schemes approved")
        city = City()
        city.submit()
        for words, measured in (
            ("280 sheets issued", city.issue),
            ("the workbook of 40 sheets, out and in", city.books),
            ("pages", lambda: pages_of(city)),
            ("reads over the API", lambda: reads_of(city)),
        ):
            _tell(words)
            _say(measured())
        if "--whole" in sys.argv[1:]:
            _tell("last year's folder, and previews on it")
            _say(city.preview(Path(home)))


def _say(found: dict[str, Any]) -> None:
    print(json.dumps(found), flush=True)


def _tell(sentence: str) -> None:
    print(f"  {sentence}", file=sys.stderr, flush=True)


class City:
    """The installation that is measured."""

    def __init__(self) -> None:
        from kaohe.core.access import Role
        from kaohe.indicators.services import years

        people = _fixtures("people")
        self.place = people.make_jurisdiction(CODE, "示例市")
        self.head = people.make_user(Role.OFFICE_HEAD, jurisdiction=self.place)
        self.clerk = people.make_user(Role.OFFICE_CLERK, jurisdiction=self.place)
        self.units: dict[Any, list[Any]] = {}
        for number in range(DEPARTMENTS):
            department = people.make_department(self.place, f"市第{number}局")
            self.units[department] = [
                people.make_unit(
                    self.place,
                    department,
                    f"示例市第{number}局第{place}单位",
                    1000 * (number + 1) + place,
                    category="public_first",
                    group=f"第{number}组",
                )
                for place in range(UNITS)
            ]
        self.drafters = {
            department: people.make_user(
                Role.DEPT_CLERK, jurisdiction=self.place, department=department
            )
            for department in self.units
        }
        self.year = years.open_year(by=self.head, jurisdiction=self.place, year=2026)
        self.versions: list[Any] = []

    def submit(self) -> None:
        """Template in force, all schemes approved."""
        from kaohe.core.indicator_trees import tree_of
        from kaohe.core.part_path import Sort
        from kaohe.indicators.services import issuing, parts

        plans = _fixtures("indicators")
        row = parts.begin_part(
            by=self.clerk, year=self.year, sort=Sort.TEMPLATE, content=tree_of(plans.common_plan())
        )
        parts.submit_part(by=self.clerk, version=row, seen=None)
        parts.approve_part(by=self.head, version=row, seen=None)
        issuing.issue_part(by=self.head, version=row, seen=None)
        for number, (department, units) in enumerate(self.units.items()):
            plan = json.dumps(tree_of(plans.school_plan(*(unit.code for unit in units))))
            row = parts.begin_part(
                by=self.drafters[department],
                year=self.year,
                sort=Sort.DEPARTMENT,
                department=department,
                content=json.loads(plan.replace('"J0', f'"{"QSTUVWX"[number]}0')),
            )
            parts.submit_part(by=self.drafters[department], version=row, seen=None)
            self.versions.append(parts.approve_part(by=self.head, version=row, seen=None))

    def issue(self) -> dict[str, Any]:
        """All sheets in one action, as the worker does it."""
        from kaohe.indicators.models import Sheet
        from kaohe.jobs.runner import run
        from kaohe.jobs.services import ask

        job = ask(
            by=self.head,
            jurisdiction=self.place,
            kind="indicators.issue",
            subject=self.year.subject,
            arguments={
                "year": self.year.pk,
                "versions": [[row.pk, row.version] for row in self.versions],
                "document_number": "",
                "together": True,
            },
        )
        from django.urls import reverse

        from kaohe.jobs.registry import find

        find(job.kind)  # a worker has its modules by then
        reverse("web:desk")
        spent = _timed(lambda: run(str(job.pk)))
        rows = list(Sheet.objects.filter(state="issued"))
        return {"issue": spent, "sheets": len(rows), "issue_floor": _timed(lambda: _again(rows))}

    def books(self) -> dict[str, Any]:
        """The workbook of 40 sheets out, and in again with one number changed."""
        from kaohe.indicators.queries.plan_book import workbook_of
        from kaohe.indicators.services import part_imports, parts

        department = next(iter(self.units))
        by = self.drafters[department]
        row = parts.draft_next_version(by=by, part=self.versions[0].part, change_note="修订")
        out = _timed(lambda: workbook_of(row))
        content, name = workbook_of(row)
        content = _with_another_name(content)

        def bring() -> None:
            file = part_imports.bring_part_file(
                by=by, version=row, name=name, stream=io.BytesIO(content)
            )
            part_imports.read_part_file(by=by, key=file.pk)
            file.refresh_from_db()
            part_imports.apply_part_file(by=by, row=file, seen=None)

        spent = {
            "book_floor": _timed(lambda: _read_alone(content)),
            "book_out": out,
            "book_in": _timed(bring),
        }
        row.refresh_from_db()
        parts.submit_part(by=by, version=row, seen=None)
        self.versions.append(row)
        return spent

    def preview(self, home: Path) -> dict[str, Any]:
        """The effect of another share of A on last year's results of a city, by the engine."""
        from dataclasses import replace

        from kaohe.core.quantities import TICK
        from kaohe.indicators.queries.preview import preview_of
        from kaohe.indicators.queries.preview_base import prepare
        from kaohe.indicators.queries.whole_folder import read_whole
        from kaohe.indicators.services.year_folders import import_year

        folder = home / "last-year"
        cost_of([*KAOHE, "demo-city", folder, "--units", "282", "--year", "2025"])
        read: list[Any] = []
        spent = _timed(lambda: read.append(read_whole(folder)))
        year = import_year(by=self.head, jurisdiction=self.place, whole=read[0])
        ready = _timed(lambda: prepare(year))
        scheme = read[0].scheme
        found = []
        for share in (15, 20, 28):
            grading = replace(scheme.grading, a_share=share * TICK)
            wished = replace(scheme, grading=grading)
            found.append(_timed(lambda wished=wished: preview_of(year, wished)))  # type: ignore[misc]
        return {"read": spent, "prepare": ready, "preview": sorted(found)[len(found) // 2]}


def _fixtures(name: str) -> Any:
    """What tests make their cities of."""
    return import_module(f"tests.fixtures.{name}")


def _with_another_name(content: bytes) -> bytes:
    """A workbook in which somebody has changed the name of an indicator."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content))
    for page in book.worksheets:
        for line in page.iter_rows():
            for cell in line:
                if cell.value == "教学常规检查合格率":
                    cell.value = "教学检查合格率"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _again(rows: list[Any]) -> None:
    """The same rows written once more, without any service, and taken back."""
    from django.db import transaction

    from kaohe.indicators.models import Sheet

    for row in rows:
        row.pk, row.number = None, row.number + 1000
        row.state = "superseded"
    with transaction.atomic():
        Sheet.objects.bulk_create(rows)
        transaction.set_rollback(True)


def _read_alone(content: bytes) -> None:
    """Every cell of a workbook, by its reader."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def _timed(do: Callable[[], object]) -> tuple[float, float]:
    """The seconds that something takes, on the clock and of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    do()
    return time.perf_counter() - wall, time.process_time() - cpu


if __name__ == "__main__":
    main()
