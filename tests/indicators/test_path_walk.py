"""Every action from every state by every role, over services, pages and the API alike.

What is allowed is what ``core.part_path`` and ``core.access`` say, and nothing else.
"""

import json
from functools import cache
from random import Random

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation

from kaohe.core.access import GRANTS, Role, Verb
from kaohe.core.errors import Refusal
from kaohe.core.indicator_trees import digest_of, tree_of
from kaohe.core.part_path import MOVES, VERBS, Action, Sort, State
from kaohe.core.scheme_toml import scheme_toml
from kaohe.indicators.models import Part, PartVersion
from kaohe.indicators.services import issuing, parts
from kaohe.organization.queries.access import allows
from tests.fixtures.api import Program, make_token
from tests.fixtures.database import record_unlocked
from tests.fixtures.indicators import common_plan, school_plan
from tests.fixtures.people import make_user
from tests.world_schemes import sound_scheme

DEEDS = {
    Action.EDIT: "edit",
    Action.SUBMIT: "submit",
    Action.RETURN: "return",
    Action.APPROVE: "approve",
    Action.ISSUE: "issue",
    Action.WITHDRAW: "withdraw",
}
NOUNS = {Sort.SETTINGS: "settings", Sort.TEMPLATE: "template", Sort.DEPARTMENT: "scheme"}
ON_THE_PATH = frozenset(verb for verbs in VERBS.values() for verb in verbs)
READING = frozenset({Verb.PART_REVIEW, Verb.SCHEME_READ, Verb.YEAR_READ})


def told_apart():
    """Roles with the same verbs on this path, over the same span, are the same here."""
    seen = {}
    for role in Role:
        verbs = {v: span for v, span in GRANTS[role].items() if v in ON_THE_PATH | READING}
        seen.setdefault(frozenset(verbs.items()), role)
    return list(seen.values())


ROLES = told_apart()
WORKING = [role for role in ROLES if ON_THE_PATH & GRANTS[role].keys()]
BY_ADDRESS = [*WORKING, Role.UNIT_HEAD, Role.PROVINCE_READER]


@pytest.fixture
def scheme_text():
    return scheme_toml(sound_scheme(Random(7), ("教育组",)))  # noqa: S311  # a world of a test


@pytest.fixture
def row(request, year, city, education, school, template, person, scheme_text):
    """A version of a sort, drafted by somebody who does nothing else."""
    sort = request.param
    stranger = person(username="起草人")
    contents = {
        Sort.SETTINGS: {"toml": scheme_text},
        Sort.TEMPLATE: tree_of(common_plan()) | {"preface": "修订"},
        Sort.DEPARTMENT: tree_of(school_plan(school.code)),
    }
    department = education if sort is Sort.DEPARTMENT else None
    part, _ = Part.objects.get_or_create(
        jurisdiction=city, assessment_year=year, sort=sort, department=department
    )
    return PartVersion.objects.create(
        jurisdiction=city,
        part=part,
        number=9,
        content=contents[sort],
        digest=digest_of(contents[sort]),
        change_note="修订",
        drafted_by=stranger,
    )


def by_service(user, row, action):
    """Whether the service made the move."""
    given = {"by": user, "version": row, "seen": row.version}
    calls = {
        Action.EDIT: lambda: parts.edit_part(**given, content=changed(row)),
        Action.SUBMIT: lambda: parts.submit_part(**given),
        Action.RETURN: lambda: parts.return_part(**given, reason="请核对"),
        Action.APPROVE: lambda: parts.approve_part(**given),
        Action.ISSUE: lambda: issuing.issue_part(**given),
        Action.WITHDRAW: lambda: parts.withdraw_part(**given),
    }
    try:
        calls[action]()
    except Refusal:
        return False
    return True


def changed(row):
    if row.part.sort != Sort.SETTINGS:
        return {**row.content, "preface": "改"}
    return {"toml": row.content["toml"] + "\n# 改\n"}


@cache
def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@cache
def program_of(user):
    return Program(make_token(user)[1])


@pytest.fixture(autouse=True)
def nobody_is_remembered():
    """Keys of users come again in the next test."""
    client_of.cache_clear()
    program_of.cache_clear()


def by_page(user, row, action):
    """Whether the page did; editing has pages of its own."""
    client = client_of(user)
    where = f"/indicators/{NOUNS[row.part.sort]}-versions/{row.pk}/{action}"
    given = {"reason": "请核对", "change_note": "修订", "seen": row.version}
    answer = client.post(where, given)
    assert answer.status_code in (302, 403, 404, 422), (where, answer.status_code)
    if answer.status_code in (403, 404) and row.state == "draft":  # it is not shown either
        assert client.get(where).status_code == answer.status_code
    return answer.status_code == 302


def by_api(user, row, action):
    """Whether the API did."""
    program = program_of(user)
    where = f"/{NOUNS[row.part.sort]}-versions/{row.pk}/{action}"
    body = {Action.RETURN: {"reason": "请核对"}, Action.APPROVE: None}.get(action, {})
    answer = program.send("POST", where, body, If_Match=f'"{row.version}"')
    assert answer.status_code in (200, 403, 404, 409, 422), (where, answer.content)
    return answer.status_code == 200


def may_be(user, row, action):
    """What the rules say."""
    move = MOVES.get((State(row.state), action))
    return move is not None and allows(user, getattr(VERBS[Sort(row.part.sort)], move[1]), row)


def walked(user, row, way, actions):
    """Every action from every state, each undone: those that went otherwise than the rules say."""
    wrong = []
    if way is not by_service:
        client_of(user), program_of(user)  # before anything is undone
    whole = way is by_service or row.part.sort == Sort.DEPARTMENT
    for state in State:
        for action in actions:
            if not whole and (state, action) not in MOVES:
                continue  # over services it was tried, and the pages of all sorts are the same
            with transaction.atomic():
                PartVersion.objects.filter(pk=row.pk).update(state=state)
                row.refresh_from_db()
                may = may_be(user, row, action)
                made = way(user, row, action)
                after = PartVersion.objects.get(pk=row.pk).state
                end = MOVES[state, action][0] if may else state
                if made is not may or after != end:
                    wrong.append((str(state), str(action), "may" if may else "may not", after))
                transaction.set_rollback(True)
    return wrong


def holder(role, city, department, unit):
    return make_user(role, jurisdiction=city, department=department, unit=unit)


@pytest.mark.parametrize("row", list(Sort), indirect=True, ids=str)
@pytest.mark.parametrize("role", ROLES)
def test_every_role_over_services(row, role, city, education, school):
    user = holder(role, city, education, school)

    assert walked(user, row, by_service, DEEDS) == []


WEB = [action for action in DEEDS if action is not Action.EDIT]


@pytest.mark.parametrize("row", list(Sort), indirect=True, ids=str)
@pytest.mark.parametrize("way", [by_page, by_api])
@pytest.mark.parametrize("role", BY_ADDRESS)
def test_every_role_by_address(row, role, way, city, education, school):
    user = holder(role, city, education, school)

    assert walked(user, row, way, WEB) == []


@pytest.mark.parametrize("row", [Sort.DEPARTMENT], indirect=True, ids=str)
@pytest.mark.parametrize("way", [by_service, by_page, by_api])
@pytest.mark.parametrize("where", ["another department", "another city"])
def test_the_same_role_elsewhere_moves_nothing(row, way, where, city, other_city, health, school):
    drafts = where == "another department"
    user = (
        holder(Role.DEPT_CLERK, city, health, None)
        if drafts
        else holder(Role.OFFICE_HEAD, other_city, None, None)
    )

    assert walked(user, row, way, WEB) == []


@pytest.mark.parametrize("row", [Sort.DEPARTMENT], indirect=True, ids=str)
@pytest.mark.parametrize("way", [by_service, by_page, by_api])
def test_who_had_a_hand_in_it_never_approves(row, way, city, education):
    both = make_user(Role.DEPT_CLERK, Role.OFFICE_CHIEF, jurisdiction=city, department=education)
    parts.edit_part(by=both, version=row, seen=None, content=changed(row))
    parts.submit_part(by=both, version=row, seen=None)
    row.refresh_from_db()

    assert not way(both, row, Action.APPROVE)
    row.refresh_from_db()
    assert row.state == "submitted"


@pytest.mark.parametrize("row", [Sort.DEPARTMENT], indirect=True, ids=str)
@pytest.mark.parametrize("action", WEB)
def test_a_closed_year_moves_no_more(row, action, city, education, year):
    user = make_user(Role.DEPT_CLERK, Role.OFFICE_HEAD, jurisdiction=city, department=education)
    year.state = "closed"
    year.save()
    for state in State:
        with record_unlocked():
            PartVersion.objects.filter(pk=row.pk).update(state=state)
        row.refresh_from_db()
        assert not by_service(user, row, action)


@pytest.mark.parametrize("row", [Sort.DEPARTMENT], indirect=True, ids=str)
def test_the_refusal_of_ones_own_draft_says_so_in_the_language_of_the_request(row, city, education):
    both = make_user(Role.DEPT_CLERK, Role.OFFICE_CHIEF, jurisdiction=city, department=education)
    parts.edit_part(by=both, version=row, seen=None, content=changed(row))
    parts.submit_part(by=both, version=row, seen=None)
    program = Program(make_token(both)[1])

    answer = program.post(f"/scheme-versions/{row.pk}/approve", None)

    assert answer.status_code == 403
    told = json.loads(answer.content)
    assert told["code"] == "part.own-draft"
    with translation.override("zh-hans"):
        assert told["detail"] == translation.gettext(
            "Who drafted, edited or submitted a version cannot approve it; somebody else must."
        )
