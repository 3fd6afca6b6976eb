"""What it costs to import a register: 10,000 units read, compared, shown and written.

``python -m bench.register_import [UNITS]`` makes a workbook and an installation of its own in a
temporary folder, and measures the check, a page of the preview, and the application; beside them
the time in which the reader of workbooks alone reads the same file.  Prints seconds as JSON.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
UNITS = 10_000


def main() -> None:
    """Measure and say so."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else UNITS
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaohe.config.settings")
        os.environ["KAOHE_HOME"] = home
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        _measure(count)


def _measure(count: int) -> None:
    from kaohe.organization.models import Department, Jurisdiction, RoleAssignment, User
    from kaohe.organization.queries.files import path_of
    from kaohe.organization.queries.import_report import Options
    from kaohe.organization.queries.imports import report_of
    from kaohe.organization.services import imports

    city = Jurisdiction.objects.create(code="370683", name="示例市")
    city.path = f"{city.pk}/"
    city.save()
    for place in range(30):
        Department.objects.create(jurisdiction=city, name=f"市第{place}局")
    user = User.objects.create(username="bench", name="bench", jurisdiction=city)
    RoleAssignment.objects.create(
        user=user, role="office_head", jurisdiction=city, from_on=date(2020, 1, 1)
    )
    book = Path(os.environ["KAOHE_HOME"]) / "register.xlsx"
    book.write_bytes(_book(count))
    alone, _ = _timed(lambda: _read_alone(book))
    with book.open("rb") as file:
        row = imports.start_import(by=user, jurisdiction=city, name="register.xlsx", stream=file)
    check, row = _timed(lambda: imports.check_import(by=user, key=row.pk, options=Options()))
    page, _ = _timed(lambda: list(report_of(row).lines("new", 0, 50)))
    told: list[int] = []
    write, _ = _timed(
        lambda: imports.apply_import(
            by=user, key=row.pk, report=row.report, progress=lambda done, *_: told.append(done)
        )
    )
    found = {
        "units": count,
        "read": alone,
        "check": check,
        "page": page,
        "apply": write,
        "told": len(told),
        "workbook": book.stat().st_size,
        "report": path_of(row.report).stat().st_size,
    }
    print(json.dumps(found))


def _timed(do: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    found = do()
    return time.perf_counter() - start, found


def _read_alone(book: Path) -> list[list[Any]]:
    from python_calamine import CalamineWorkbook

    rows: list[list[Any]] = CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python()
    return rows


def _book(count: int) -> bytes:
    from kaohe.core.register_fields import Value
    from kaohe.demo.roster import credit_code
    from kaohe.documents.register_book import register_book

    rows: list[dict[str, Value]] = [
        {
            "code": credit_code(10_000_000 + number, "370683"),
            "name": f"示例市第{number}事业单位",
            "short_name": f"第{number}单位",
            "aliases": (f"示例基地{number}",),
            "former_names": (f"示例县第{number}事业单位",),
            "department": f"市第{number % 30}局",
            "category": "public_second",
            "funding": "full",
            "funding_basis": "per_pupil",
            "level": "section_chief",
            "sector": "教育",
            "group": "学校组",
            **dict.fromkeys(
                ("posts_approved", "posts_filled", "leader_posts", "leaders_filled"), 9
            ),
            "temporary_staff": 3,
            "staff": 40 + number % 100,
            "purpose": "实施学历教育，促进基础教育发展，开展相关社会服务。",
            "start_up": Decimal("120.5"),
            "address": f"示例市府前街{number}号",
            "cert_from": date(2024, 3, 5),
            "cert_to": date(2029, 3, 5),
            "registrar": "示例市事业单位登记管理局",
            "status": "normal",
            "principal": f"王建{number}",
            "principal_title": "党委书记",
            "principal_from": date(2021, 8, 20),
            "legal_representative": f"李国{number}",
            "legal_from": date(2022, 1, 10),
            "contact": f"赵敏{number}",
            "contact_phone": "0535-2212345",
        }
        for number in range(count)
    ]
    return register_book(rows, [f"市第{place}局" for place in range(30)], str)


if __name__ == "__main__":
    main()
