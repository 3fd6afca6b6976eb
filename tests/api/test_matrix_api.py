"""Every role on every operation, made by machine: what is allowed is what ``core.access`` says.

New operations are picked up by themselves.  One whose path names an object needs a line in
tests/api/places.py, if the pages have none for it; each body needs an example.
"""

import re
from datetime import timedelta
from typing import NamedTuple

import pytest
from django.db import transaction
from django.utils import timezone

from kaohe.api.app import api
from kaohe.core.access import GRANTS, WITH_CHARGE, Role, Verb
from kaohe.organization.models import ApiToken, RoleAssignment
from kaohe.organization.queries.access import allows
from tests.api.places import filled, object_of, place_in
from tests.fixtures.api import Program, make_token
from tests.fixtures.people import make_jurisdiction, make_user
from tests.fixtures.places import furnish

# Roles with the same verbs as an earlier one are the same to every operation.
DISTINCT = [
    role
    for place, role in enumerate(Role)
    if GRANTS[role] not in [GRANTS[other] for other in list(Role)[:place]]
]
# Operations that look at several objects, or at none although a key stands in the path.
# Operation → the verb that its object is asked about with, where it is another.
ASKED = {
    **dict.fromkeys(  # of drafts, as those of the matrix are
        (
            "settings_version",
            "settings_differences",
            "settings_values",
            "template_version",
            "template_differences",
            "template_items",
        ),
        Verb.PART_REVIEW,
    ),
    "schemes": Verb.YEAR_READ,
    "make_papers": Verb.YEAR_READ,
    "papers_archive": Verb.YEAR_READ,
    "job": Verb.JOB_READ,
    "revoke_token": Verb.USER_MANAGE,
}
# Operations that may have nothing to show although one may see the object.
MAYBE_NOTHING = {"get_word_columns", "import_report", "marked_scheme_file", "papers_archive"}


class Operation(NamedTuple):
    name: str
    method: str
    path: str
    verb: Verb
    example: object  # of the body; None: there is no body

    def __str__(self):
        return self.name


def operations():
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for each in view.operations:
                body = next((m for m in each.models if m.__ninja_param_source__ == "body"), None)
                yield Operation(
                    each.operation_id,
                    each.methods[0],
                    re.sub(r"{\w+:(\w+)}", r"{\1}", path),
                    each.auth_callbacks[0].verb,
                    example_of(each.operation_id, body) if body else None,
                )


def example_of(name, model):
    (field,) = model.model_fields.values()
    examples = (field.annotation.model_config.get("json_schema_extra") or {}).get("examples")
    assert examples, f"the body of {name} has no example"
    return examples[0]


OPERATIONS = list(operations())


@pytest.fixture
def places(db):
    """Our place; a sister department in the same city; a place in another city."""
    city, other = make_jurisdiction("370699", "示例市"), make_jurisdiction("370698", "邻市")
    return {
        "home": furnish(city, "市教育局", 49458012, edition=1),
        "sister": furnish(city, "市卫健局", 277779, edition=2),
        "away": furnish(other, "邻市某局", 1234567, edition=3),
    }


def holder(role, home):
    """Somebody who holds a role at home."""
    return make_user(
        role,
        jurisdiction=home.city,
        department=home.department,
        unit=home.unit,
        charge=[home.department] if role in WITH_CHARGE else (),
    )


def asked(program, each, at):
    """The answer of an operation about what stands at a place; whatever it did is undone."""
    given, placed = object_of(each.path, at) if "{" in each.path else ({}, None)
    body = filled(each.example, at) if each.example is not None else None
    with transaction.atomic():
        answer = program.send(each.method, each.path.format(**given), body)
        transaction.set_rollback(True)
    return answer, placed


def test_every_operation_has_a_name_of_its_own_and_a_verb():
    names = [each.name for each in OPERATIONS]

    assert sorted(names) == sorted(set(names))
    assert all(isinstance(each.verb, Verb) for each in OPERATIONS)


def test_what_writes_never_asks_for_a_verb_of_reading():
    for each in OPERATIONS:
        if each.method != "GET" and each.verb is not Verb.DESK_READ:  # what is one's own
            assert not each.verb.endswith(".read"), each.name


@pytest.mark.parametrize("secret", [None, "", "kaohe_" + "x" * 43, "geheim", "kaohe_\u4f60"])
def test_without_a_token_nothing_is_looked_at(places, secret):
    program = Program(secret)
    for each in OPERATIONS:
        answer, _ = asked(program, each, places["home"])
        assert answer.status_code == 401, each.name
        assert answer["WWW-Authenticate"] == 'Bearer realm="kaohe"'
        assert answer.json()["code"] in ("api.token-missing", "api.token-unknown")


@pytest.mark.parametrize("fault", ["revoked", "expired"])
def test_a_token_that_rests_opens_nothing(places, fault):
    row, secret = make_token(holder(Role.OFFICE_HEAD, places["home"]))
    past = timezone.now() - timedelta(days=1)
    name = {"revoked": "revoked_at", "expired": "expires_at"}[fault]
    ApiToken.objects.filter(pk=row.pk).update(**{name: past})
    for each in OPERATIONS:
        answer, _ = asked(Program(secret), each, places["home"])
        assert (answer.status_code, answer.json()["code"]) == (401, f"token.{fault}"), each.name


def test_a_token_opens_only_what_it_was_made_for(places):
    user = holder(Role.OFFICE_HEAD, places["home"])
    program = Program(make_token(user, [Verb.AUDIT_READ])[1])
    for each in OPERATIONS:
        if each.verb is Verb.DESK_READ or not allows(user, each.verb):
            continue
        answer, _ = asked(program, each, places["home"])
        assert answer.status_code == 403, each.name
        assert answer.json()["code"] == "api.beyond-scope"
        assert answer.json()["facts"] == {"scope": str(each.verb)}


@pytest.mark.parametrize("role", DISTINCT)
def test_a_role_reaches_exactly_what_the_rules_say(places, role):
    user = holder(role, places["home"])
    program = Program(make_token(user)[1])
    wrong = []
    for each in OPERATIONS:
        for name, at in places.items():
            answer, placed = asked(program, each, at)
            place = placed or place_in(each.example, at)
            may = allows(user, each.verb) and allows(user, ASKED.get(each.name, each.verb), place)
            refused = answer.status_code in (403, 404)
            fits = refused is not may or (may and each.name in MAYBE_NOTHING)
            if answer.status_code >= 500 or not fits:
                wrong.append((each.name, name, answer.status_code, "may" if may else "may not"))

    assert wrong == []


def test_what_a_role_allows_nowhere_is_said_to_be_missing(places):
    program = Program(make_token(holder(Role.SURVEYOR, places["home"]))[1])
    for each in OPERATIONS:
        if each.verb not in {*GRANTS[Role.SURVEYOR], Verb.DESK_READ}:
            answer, _ = asked(program, each, places["home"])
            assert answer.json()["code"] == "access.role-missing", each.name


def test_a_token_that_is_confined_reaches_no_further(places):
    user = holder(Role.OFFICE_HEAD, places["home"])
    away = places["away"].city
    program = Program(make_token(user, confined_to=away)[1])
    for each in OPERATIONS:
        if each.verb is not Verb.DESK_READ:
            answer, _ = asked(program, each, places["home"])
            assert answer.status_code in (403, 404), each.name


def test_a_role_that_ended_takes_its_tokens_along(places):
    user = holder(Role.OFFICE_HEAD, places["home"])
    program = Program(make_token(user)[1])
    assert program.get("/departments").status_code == 200

    RoleAssignment.objects.filter(user=user).update(to_on="2020-12-31")

    assert program.get("/departments").status_code == 403
    assert program.get("/").status_code == 200


def test_strange_keys_are_not_there(places):
    program = Program(make_token(holder(Role.OFFICE_HEAD, places["home"]))[1])
    for each in OPERATIONS:
        if each.path.count("{") != 1 or "{key}" not in each.path:
            continue
        body = None if each.example is None else filled(each.example, places["home"])
        for key in (0, 99999999999999999999999999, -1, "x"):
            answer = program.send(each.method, each.path.format(key=key), body)
            assert answer.status_code in (403, 404), each.name
