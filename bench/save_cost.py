"""What it costs to put a save on record: ours, and django-auditlog's, over the same table.

``python -m bench.save_cost`` runs in the environment of the peers, on SQLite: a department is saved
again and again, alone, with our entry, and with auditlog's.  Prints JSON.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable
from statistics import median
from typing import Any

BATCHES, SIZE = 15, 60


def main() -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory(prefix="kaohe-bench-") as folder:
        os.environ |= {"KAOHE_HOME": folder, "DJANGO_SETTINGS_MODULE": "kaohe.config.settings"}
        from django.conf import settings

        settings.INSTALLED_APPS.append("auditlog")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        print(json.dumps(measure()))


def measure() -> dict[str, float]:
    """CPU seconds of one save in a transaction of its own."""
    from auditlog.registry import auditlog
    from django.db import transaction

    from kaohe.organization.models import Department, Jurisdiction
    from kaohe.organization.services.writing import State, changed, record

    city = Jurisdiction.objects.create(code="370699", name="示例市", path="1/")
    row = Department.objects.create(jurisdiction=city, name="市教育局")
    count = 0

    def save(ours: bool) -> None:
        nonlocal count
        count += 1
        with transaction.atomic():
            before = State(row)
            row.short_name = f"教育{count}"
            row.save()
            if ours:
                record(changed(row, before, "department.corrected"), by=None)

    ways: dict[str, tuple[Callable[[], None], bool]] = {
        "alone": (lambda: save(False), False),
        "ours": (lambda: save(True), False),
        "auditlog": (lambda: save(False), True),
    }
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(BATCHES):
        for name, (deed, audited) in ways.items():
            if audited:
                auditlog.register(Department)
            spent[name].append(_cpu(deed))
            if audited:
                auditlog.unregister(Department)
    return {name: median(each) for name, each in spent.items()}


def _cpu(deed: Any) -> float:
    before = time.process_time()
    for _ in range(SIZE):
        deed()
    return (time.process_time() - before) / SIZE


if __name__ == "__main__":
    main()
