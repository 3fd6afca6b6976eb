"""What was handed in, issued or kept is not changed by anybody who speaks to the database."""
# ruff: noqa: S608  # the statements are made of our own names

from datetime import date

import pytest
from django.db import connection, transaction
from django.db.migrations.state import ProjectState
from django.db.utils import DatabaseError
from django.utils import timezone

from kaohe.core.part_path import MOVES, OPEN, State
from kaohe.indicators import frozen
from kaohe.indicators.models import AssessmentYear, PartVersion, Sheet
from kaohe.indicators.services import parts, receiving
from kaohe.journal.append_only import missing, restore
from kaohe.journal.frozen_rows import Freeze, names
from kaohe.organization.models import StoredFile

VERSION, SHEET, YEAR, FILE = (each.table for each in frozen.ALL)


def refuses(deed):
    """Whether the database itself refuses a deed; the test's transaction goes on."""
    try:
        with transaction.atomic():
            deed()
            transaction.set_rollback(True)
    except DatabaseError as error:
        return "frozen: " in str(error)
    return False


def says(statement, *values):
    """A deed: a statement as it is."""

    def do():
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    return do


def in_state(version, state):
    """The draft as if it had come as far as a state."""
    PartVersion.objects.filter(pk=version.pk).update(state=state)
    return PartVersion.objects.get(pk=version.pk)


@pytest.mark.parametrize("state", State, ids=str)
def test_a_version_is_edited_as_a_draft_or_returned_and_never_else(draft, state):
    rows = PartVersion.objects.filter(pk=in_state(draft, state).pk)
    free = state in (State.DRAFT, State.RETURNED)

    assert refuses(lambda: rows.update(content={"preface": "改"})) is not free
    assert refuses(lambda: rows.update(digest="0" * 64)) is not free
    assert refuses(says(f"UPDATE {VERSION} SET content = '{{}}'")) is not free
    assert refuses(says(f"DELETE FROM {VERSION}")) is (state is not State.DRAFT)


@pytest.mark.parametrize("state", State, ids=str)
def test_states_move_as_the_path_says_and_not_back(draft, state):
    rows = PartVersion.objects.filter(pk=in_state(draft, state).pk)
    for start, _action in MOVES:
        for end in [each[0] for key, each in MOVES.items() if key[0] == start and start == state]:
            assert not refuses(lambda end=end: rows.update(state=end))
    for end in State:
        back = state not in OPEN or end is State.DRAFT
        legal = end in [each[0] for key, each in MOVES.items() if key[0] == state]
        if end is not state and back and not legal:
            assert refuses(lambda end=end: rows.update(state=end)), (state, end)


def test_who_and_when_stay_with_what_is_issued(scheme, person):
    other = person(username="另一人")
    rows = PartVersion.objects.filter(pk=scheme.pk)
    for column, value in (
        ("part", scheme.part_id + 1),
        ("number", 9),
        ("drafted_by", other),
        ("submitted_by", other),
        ("approved_by", other),
        ("issued_by", other),
        ("issued_on", date(2026, 1, 1)),
        ("document_number", "〔2026〕9号"),
        ("change_note", "改"),
        ("scheme_digest", "0" * 64),
    ):
        assert refuses(lambda column=column, value=value: rows.update(**{column: value})), column
    scheme.content = {**scheme.content, "preface": "改"}
    assert refuses(scheme.save)
    assert refuses(lambda: PartVersion.objects.bulk_update([scheme], ["content"]))


def test_a_sheet_says_what_it_said_when_it_was_issued(scheme, person):
    sheet, other = Sheet.objects.get(), person(username="另一人")
    rows = Sheet.objects.filter(pk=sheet.pk)
    for column, value in (
        ("content", {}),
        ("digest", "0" * 64),
        ("number", 2),
        ("participant", sheet.participant_id + 1),
        ("sheet_number", "考核单〔2026〕999号"),
        ("reason", "改"),
        ("scheme_version", None),
        ("template_version", None),
        ("issued_by", other),
        ("issued_on", date(2026, 1, 1)),
        ("state", "draft"),
    ):
        assert refuses(lambda column=column, value=value: rows.update(**{column: value})), column
    assert refuses(says(f"DELETE FROM {SHEET}"))
    assert refuses(lambda: rows._raw_delete("default"))
    sheet.content = {}
    assert refuses(lambda: Sheet.objects.bulk_update([sheet], ["content"]))
    assert not refuses(lambda: rows.update(state="superseded"))
    assert not refuses(lambda: rows.update(state="archived"))
    rows.update(state="archived")
    assert refuses(lambda: rows.update(state="issued"))


def test_a_receipt_is_confirmed_once(scheme, school, person):
    from kaohe.core.access import Role

    receiving.receive_sheet(
        by=person(Role.UNIT_HEAD, unit=school), sheet=Sheet.objects.get(), seen=None
    )

    assert refuses(lambda: Sheet.objects.update(received_at=timezone.now()))
    assert refuses(lambda: Sheet.objects.update(received_at=None, received_by=None))


def copied(table, verb, **changed):
    """A statement that inserts a copy of each row of a table, with other values in some columns."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    columns = [each.name for each in found]
    values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    return f"{verb} INTO {table} ({', '.join(map(quoted, columns))}) SELECT {values} FROM {table}"


def quoted(name):
    return f'"{name}"'


def test_replace_and_conflicts_do_not_go_round(scheme, vendor):
    for table, column in ((SHEET, "digest"), (VERSION, "digest")):
        again = copied(table, "INSERT", digest="'x'") + " WHERE true"
        assert refuses(says(f"{again} ON CONFLICT (id) DO UPDATE SET {column} = 'x'"))
    if vendor != "sqlite":
        return
    for verb in ("REPLACE", "INSERT OR REPLACE"):
        assert refuses(says(copied(SHEET, verb, digest="'x'")))
        assert refuses(says(copied(SHEET, verb, id="99")))  # the number of a version
        assert refuses(says(copied(SHEET, verb, id="99", number="9")))  # the one in force
        assert refuses(says(copied(VERSION, verb, id="99")))
    assert refuses(says(f"UPDATE OR REPLACE {SHEET} SET digest = 'x'"))


def test_the_tables_cannot_be_emptied(scheme, vendor):
    if vendor != "postgresql":
        pytest.skip("SQLite knows no TRUNCATE; its DELETE is refused above")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the server has a reason of its own
    for table in (VERSION, SHEET, YEAR, FILE):
        assert refuses(says(f"TRUNCATE {table} CASCADE"))


@pytest.fixture
def kept(year, city, office_clerk):
    """The year as if it were an imported one: with its folder, and the results of it."""
    made = [
        StoredFile.objects.create(
            jurisdiction=city,
            digest=mark * 64,
            name=f"{mark}.zip",
            size=1,
            media="zip",
            added_by=office_clerk,
        )
        for mark in "abc"
    ]
    AssessmentYear.objects.filter(pk=year.pk).update(folder=made[0])
    AssessmentYear.objects.filter(pk=year.pk).update(results=made[1])
    return made


def test_the_folder_of_a_year_is_kept_with_its_results(year, kept):
    rows = AssessmentYear.objects.filter(pk=year.pk)

    for value in (kept[2], None):
        assert refuses(lambda value=value: rows.update(folder=value))
        assert refuses(lambda value=value: rows.update(results=value))
    assert refuses(lambda: rows.update(year=2031))
    assert refuses(lambda: rows._raw_delete("default"))
    assert not refuses(lambda: rows.update(state="closed", title="改"))


def test_bytes_are_not_exchanged_under_a_file(kept, vendor):
    rows = StoredFile.objects.filter(pk=kept[0].pk)

    assert refuses(lambda: rows.update(digest="d" * 64))
    assert refuses(lambda: rows.update(size=2))
    assert refuses(says(f"DELETE FROM {FILE}"))
    if vendor == "sqlite":
        assert refuses(says(copied(FILE, "REPLACE", digest="'x'")))


def test_the_path_goes_on_as_before(draft, template, dept_clerk, office_chief):
    parts.submit_part(by=dept_clerk, version=draft, seen=None)
    parts.return_part(by=office_chief, version=draft, seen=None, reason="补充")
    row = parts.edit_part(
        by=dept_clerk, version=draft, seen=None, content={**draft.content, "preface": "补充"}
    )

    assert row.content["preface"] == "补充"
    assert not refuses(lambda: PartVersion.objects.filter(pk=row.pk).update(content={}))


def test_no_trigger_is_missing_and_one_that_was_dropped_is_named(db, vendor):
    assert missing(connection) == set()
    name = sorted(names(vendor, SHEET))[0]
    says(f"DROP TRIGGER {name}" + (f" ON {SHEET}" if vendor == "postgresql" else ""))()

    assert missing(connection) == {name}
    restore(using="default")
    assert missing(connection) == set()


@pytest.mark.django_db(transaction=True)
def test_the_operation_can_be_undone_and_done_again(vendor):
    state, operation = ProjectState(), Freeze(frozen.SHEETS)

    with connection.schema_editor() as editor:
        operation.database_backwards("indicators", editor, state, state)
    gone = missing(connection)
    with connection.schema_editor() as editor:
        operation.database_forwards("indicators", editor, state, state)

    assert gone == names(vendor, SHEET)
    assert missing(connection) == set()
    assert SHEET in operation.describe()
