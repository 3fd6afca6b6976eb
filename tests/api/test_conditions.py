"""``If-Match`` of every operation that writes: heeded where it is offered, refused elsewhere."""

import pytest
from django.db import transaction

from kaohe.api.app import api
from kaohe.core.access import Verb
from tests.api.places import filled, object_of
from tests.api.test_matrix_api import DISTINCT, OPERATIONS, holder
from tests.fixtures.api import Program, make_token
from tests.fixtures.people import make_jurisdiction
from tests.fixtures.places import furnish

WRITING = [each for each in OPERATIONS if each.method != "GET"]
# Makes its object when it is sent for the first time: then there is nothing that one has seen.
MADE_BY_THE_DEED = {"set_word_columns"}
# Fields are asked for before the deed; own test in test_imports_api.
WITH_FILE = {
    "bring_scheme_file",
    "bring_word_files",
    "import_year",
    "look_at_folder",
    "start_import",
}


def offered():
    """The operations that say in the reference that they heed the header."""
    for found in api.get_openapi_schema()["paths"].values():
        for told in found.values():
            if any(each.get("name") == "If-Match" for each in told.get("parameters", ())):
                yield told["operationId"]


@pytest.fixture
def programs(db):
    """A place, and a program of every role there."""
    home = furnish(make_jurisdiction("370699", "示例市"), "市教育局", 49458012, edition=1)
    callers = {role: Program(make_token(holder(role, home))[1]) for role in DISTINCT}
    return home, callers


def codes(programs, each, tag):
    """What those are told who may, when they send a condition; nothing of it is kept."""
    home, callers = programs
    given = object_of(each.path, home)[0] if "{" in each.path else {}
    body = filled(each.example, home) if each.example is not None else None
    found = set()
    for program in callers.values():
        with transaction.atomic():
            answer = program.send(each.method, each.path.format(**given), body, If_Match=tag)
            transaction.set_rollback(True)
        if answer.status_code not in (403, 404):
            found.add(f"{answer.status_code} {answer.json().get('code', 'done')}")
    return found


def test_a_version_that_is_no_longer_there_is_412_wherever_the_header_is_offered(programs):
    told = set(offered())
    checked = [each for each in WRITING if each.name in told - MADE_BY_THE_DEED]

    assert len(checked) > 90
    wrong = {each.name: got for each in checked if (got := codes(programs, each, '"999999"'))}
    assert {
        name: got for name, got in wrong.items() if got != {"412 writing.changed-meanwhile"}
    } == {}


def test_the_header_is_refused_where_it_would_not_be_heeded(programs):
    told = set(offered())
    checked = [
        each
        for each in WRITING
        if each.name not in told | WITH_FILE and each.verb is not Verb.DESK_READ
    ]

    assert len(checked) > 40
    wrong = {each.name: got for each in checked if (got := codes(programs, each, '"1"'))}
    assert {name: got for name, got in wrong.items() if got != {"400 api.header-unsound"}} == {}
