"""Governing documents: what each role may do and see, and what waits for whom."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe.core.access import MEMBERS, Role
from kaohe.core.documents import (
    MoveNotOpen,
    NumberMissing,
    OwnDraft,
)
from kaohe.organization.models import Comment
from kaohe.organization.queries import documents as queries
from kaohe.organization.queries.access import NothingHere, RoleMissing
from kaohe.organization.services import documents as services
from kaohe.organization.services.documents import (
    CommentsClosed,
)
from tests.fixtures.people import make_user

DRAFTERS = {Role.OFFICE_HEAD, Role.OFFICE_CHIEF, Role.OFFICE_CLERK}
REVIEWERS = DRAFTERS | {
    Role.COMMITTEE_DIRECTOR,
    Role.COMMITTEE_MEMBER,
    Role.DEPT_HEAD,
    Role.DEPT_CLERK,
    *MEMBERS,
}
ISSUERS = {Role.OFFICE_HEAD, Role.COMMITTEE_DIRECTOR}
NOBODY = {Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_the_table_says(role, person, education, school, city, document):
    version = document.versions.get()
    user = person(role, department=education, unit=school)
    deeds = {
        "draft": lambda: services.open_document(
            by=user, jurisdiction=city, sort="other", title="甲"
        ),
        "edit": lambda: services.edit_version(
            by=user, version=version, seen=None, text="甲", change_note=""
        ),
        "retitle": lambda: services.retitle_document(
            by=user, document=document, seen=None, title="乙"
        ),
        "submit": lambda: services.submit_version(by=user, version=version, seen=None),
        "comment": lambda: services.comment_on(by=user, version=version, text="甲"),
        "return": lambda: services.return_version(by=user, version=version, seen=None, reason="甲"),
        "approve": lambda: services.approve_version(by=user, version=version, seen=None),
        "issue": lambda: services.issue_version(
            by=user, version=version, seen=None, number="甲", effective_on=None
        ),
        "withdraw": lambda: services.withdraw_version(by=user, version=version, seen=None),
    }
    denied = set()
    for name, deed in deeds.items():
        try:
            deed()
        except RoleMissing:
            denied.add(name)
        except (MoveNotOpen, OwnDraft, CommentsClosed, NumberMissing):
            continue

    may = set()
    if role in DRAFTERS:
        may |= {"draft", "edit", "retitle", "submit", "withdraw"}
    if role in REVIEWERS:
        may |= {"comment"}
    if role is Role.COMMITTEE_DIRECTOR:
        may |= {"return", "approve"}
    if role in ISSUERS:
        may |= {"issue"}
    assert set(deeds) - denied == may


@pytest.mark.parametrize("role", list(Role))
def test_drafts_are_for_reviewers_and_issued_versions_for_all(
    role, person, education, school, city, document, issue
):
    issue(document.versions.get())
    author = person(Role.OFFICE_CLERK, username="作者")
    draft = services.draft_version(by=author, document=document)
    user = person(role, department=education, unit=school)

    seen = queries.versions_of(user, document)

    expected = [] if role in NOBODY else [2, 1] if role in REVIEWERS else [1]
    assert [row.number for row in seen] == expected
    assert (document in queries.documents_of(user, city)) == bool(expected)
    if role not in REVIEWERS:
        with pytest.raises(NothingHere):
            queries.get_version(user, draft.pk)


def test_what_waits_for_whom(version, submit_document, clerk, director, head, person, city):
    member = person(Role.MEMBER_FINANCE)
    submit_document(version=version)

    def whys(user):
        return [each.why for each in queries.waiting_for(user, city)]

    assert [whys(user) for user in (clerk, director, head, member)] == [
        [],
        ["approval"],
        [],
        ["comment"],
    ]
    services.approve_version(by=director, version=version, seen=None)
    assert [whys(user) for user in (clerk, director, head, member)] == [
        [],
        ["issue"],
        ["issue"],
        [],
    ]


def test_what_waits_asks_the_same_number_of_questions_whatever_the_rows(clerk, director, city):
    def waiting():
        director.held = None
        with CaptureQueriesContext(connection) as asked:
            found = queries.waiting_for(director, city)
        return len(found), len(asked)

    def submit_some(start, count):
        for number in range(start, start + count):
            row = services.open_document(
                by=clerk, jurisdiction=city, sort="other", title=f"文件{number}", text="甲。"
            )
            services.submit_version(by=clerk, version=row.versions.get(), seen=None)

    submit_some(0, 3)
    few = waiting()
    submit_some(3, 27)

    assert waiting() == (30, few[1])


def test_who_only_edited_a_version_does_not_see_it_as_waiting(
    version, submit_document, person, city
):
    both = person(Role.OFFICE_CHIEF, Role.COMMITTEE_DIRECTOR)
    services.edit_version(by=both, version=version, seen=1, text="甲。", change_note="")
    submit_document(version=version)

    assert queries.waiting_for(both, city) == []


DIGITS = "零一二三四五六七八九"


def number(word):
    """A number below 100 as articles are counted: 二十四 is 24."""
    tens, _, ones = word.rpartition("十")
    many = (DIGITS.index(tens) if tens else 1) if "十" in word else 0
    return many * 10 + (DIGITS.index(ones) if ones else 0)


@pytest.mark.parametrize("sort", ["work_rules", "measures"])
def test_an_outline_is_filled_in_and_has_its_articles_in_order(city, sort):
    title, text = queries.outline_of(sort, city)

    numbers = re.findall(r"^第([一二三四五六七八九十]+)条 ", text, flags=re.MULTILINE)
    assert title.startswith("示例市事业单位")
    assert "{" not in title + text
    assert [number(word) for word in numbers] == list(range(1, len(numbers) + 1))
    assert len(numbers) > 20


def test_nothing_of_another_city(other_city, document, version):
    stranger = make_user(Role.OFFICE_HEAD, jurisdiction=other_city, username="外市")

    with pytest.raises(NothingHere):
        queries.get_document(stranger, document.pk)
    with pytest.raises(RoleMissing):
        services.edit_version(by=stranger, version=version, seen=None, text="甲", change_note="")
    assert Comment.objects.count() == 0
