"""An import under fire: two workers at once, a worker that is killed in the middle."""

import os
import signal
import subprocess
import sys
import textwrap
import threading

import pytest
from django.db import connection

from kaohe.journal.models import JournalEntry
from kaohe.organization.models import Unit
from kaohe.organization.services import imports
from tests.organization.workbooks import row

KILLED_AT = 600


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_apply_it_once(bring, vendor):
    if vendor != "postgresql":
        pytest.skip("the embedded database lets one writer in at a time by itself")
    found = bring(*(row(number, f"第{number}中学") for number in range(1, 30)))
    told, begin = [], threading.Barrier(2)

    def work():
        begin.wait()
        try:
            done = imports.apply_import(by=found.added_by, key=found.pk, report=found.report)
            told.append(done.state)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told == ["applied", "applied"]
    assert Unit.objects.count() == 29
    assert JournalEntry.objects.filter(action="unit.entered").count() == 29
    assert JournalEntry.objects.filter(action="import.applied").count() == 1


PREPARE = """
    import io
    from datetime import date
    from django.core.management import call_command
    call_command("migrate", verbosity=0)
    from kaohe.organization.models import Department, Jurisdiction, RoleAssignment, User
    from tests.organization.workbooks import book, row
    city = Jurisdiction.objects.create(code="370699", name="示例市", path="1/")
    Department.objects.create(jurisdiction=city, name="市教育和体育局")
    user = User.objects.create(username="a", name="a", jurisdiction=city)
    RoleAssignment.objects.create(
        user=user, role="office_head", jurisdiction=city, from_on=date(2020, 1, 1)
    )
    data = book([row(number, f"第{number}中学") for number in range(1, 1201)])
    found = imports.start_import(
        by=user, jurisdiction=city, name="a.xlsx", stream=io.BytesIO(data)
    )
    imports.check_import(by=user, key=found.pk, options=Options())
"""
APPLY = """
    import os, signal
    def progress(done, total, message):
        if done >= AT and total:
            os.kill(os.getpid(), signal.SIGKILL)
    found = Import.objects.get()
    imports.apply_import(by=found.added_by, key=found.pk, report=found.report, progress=progress)
"""
COUNT = """
    from kaohe.journal.models import JournalEntry
    from kaohe.organization.models import Affiliation, Unit, UnitName
    counts = [model.objects.count() for model in (Unit, UnitName, Affiliation)]
    applied = JournalEntry.objects.filter(action="import.applied").count()
    print(counts, applied, JournalEntry.objects.count(), Import.objects.get().state)
"""
BEGIN = """
    import django
    django.setup()
    from kaohe.organization.models import Import
    from kaohe.organization.queries.import_report import Options
    from kaohe.organization.services import imports
"""


def run(home, script):
    """A process of its own on an installation of its own; its status and what it said."""
    environment = {name: text for name, text in os.environ.items() if "KAOHE" not in name}
    environment |= {
        "KAOHE_HOME": str(home),
        "KAOHE_TLS": "off",
        "DJANGO_SETTINGS_MODULE": "kaohe.config.settings",
    }
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", textwrap.dedent(BEGIN) + textwrap.dedent(script)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.strip(), done.stderr


def test_killed_in_the_middle_nothing_is_there_and_begun_again_all_of_it_once(tmp_path):
    status, _, said = run(tmp_path, PREPARE)
    assert status == 0, said

    killed, _, _ = run(tmp_path, APPLY.replace("AT", str(KILLED_AT)))
    assert killed == -signal.SIGKILL
    assert run(tmp_path, COUNT)[1] == "[0, 0, 0] 0 3 checked"

    for _again in range(2):
        status, _, said = run(tmp_path, APPLY.replace("AT", "9999"))
        assert status == 0, said
    assert run(tmp_path, COUNT)[1] == "[1200, 1200, 1200] 1 1204 applied"


@pytest.mark.django_db(transaction=True)
def test_while_an_import_is_written_others_can_work_in_the_city(bring, chief, city, vendor):
    if vendor != "postgresql":
        pytest.skip("the embedded database lets one writer in at a time")
    from kaohe.organization.services import people

    found = bring(*(row(number, f"第{number}中学") for number in range(1, 4)))
    entered = []

    def meanwhile():
        try:
            entered.append(people.enter_person(by=chief, jurisdiction=city, name="王䶮"))
        finally:
            connection.close()

    def progress(done, total, message):
        if total:
            thread = threading.Thread(target=meanwhile)
            thread.start()
            thread.join(10)

    imports.apply_import(by=chief, key=found.pk, report=found.report, progress=progress)

    assert [person.name for person in entered] == ["王䶮"]
