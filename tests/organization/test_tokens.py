"""Tokens of the API: made for oneself, within one's roles, and revoked."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from kaohe.core.access import Role, Verb
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import ApiToken
from kaohe.organization.queries.access import NothingHere, RoleMissing
from kaohe.organization.queries.tokens import (
    count_good,
    digest_of,
    get_token,
    must_not_rest,
    own_tokens,
    token_behind,
    tokens_seen,
    verbs_of,
)
from kaohe.organization.services import tokens
from kaohe.organization.services.tokens import (
    TokenBeyondUser,
    TokenByToken,
    TokenDaysOutOfRange,
    TokenRevokedAlready,
    TokenScopesMissing,
)
from kaohe.organization.services.writing import Changed


@pytest.fixture
def head(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def make(head):
    """``make_token`` with everything in order; a test names only what it is about."""
    return partial(
        tokens.make_token,
        by=head,
        name="人事系统",
        scopes=[Verb.UNIT_READ],
        last_day=timezone.localdate(),
    )


def test_a_token_is_kept_as_its_digest_and_its_name_is_sealed(make, head):
    row, secret = make()

    assert secret.startswith("kaohe_")
    assert len(secret) == len("kaohe_") + 43
    assert row.digest == digest_of(secret)
    assert secret not in repr(ApiToken.objects.filter(pk=row.pk).values_list()[0])
    [told] = tell(entries_of([row.subject]))
    assert told.action == "token.made"
    assert told.facts["scopes"] == ["unit.read"]
    assert told.facts["last_day"] == timezone.localdate().isoformat()
    assert told.sealed == {"name": "人事系统"}
    assert secret not in repr(told)
    assert row.digest not in repr(told)


def test_a_token_is_found_by_its_secret_and_works_to_the_end_of_its_last_day(make):
    row, secret = make()

    assert token_behind(secret) == row
    assert token_behind(secret + "x") is None
    assert token_behind("\ud800") is None
    must_not_rest(row)
    assert row.last_day == timezone.localdate()
    assert row.is_good_at(row.expires_at - timedelta(seconds=1))
    assert not row.is_good_at(row.expires_at)


def test_no_two_tokens_are_alike(make):
    assert make()[1] != make()[1]


def test_a_token_makes_no_token(make, head):
    row, _ = make()
    head.limited_to = row.limit()

    with pytest.raises(TokenByToken):
        make()

    assert ApiToken.objects.count() == 1


def test_a_token_for_nothing_is_refused(make):
    with pytest.raises(TokenScopesMissing):
        make(scopes=[])


def test_a_token_may_do_no_more_than_its_user(make):
    with pytest.raises(TokenBeyondUser, match=r"user\.manage"):
        make(scopes=[Verb.UNIT_READ, Verb.USER_MANAGE])

    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize("days", [-1, 366])
def test_a_token_lasts_a_year_at_most(make, days):
    with pytest.raises(TokenDaysOutOfRange):
        make(last_day=timezone.localdate() + timedelta(days=days))


def test_a_token_may_last_a_year(make):
    row, _ = make(last_day=timezone.localdate() + timedelta(days=365))

    assert row.last_day == timezone.localdate() + timedelta(days=365)


def test_who_holds_no_role_can_make_a_token_for_nothing(person):
    assert verbs_of(person()) == []


def test_a_token_is_revoked_once(make, head):
    row, secret = make()
    assert count_good(head) == 1

    tokens.revoke_token(by=head, token=row, seen=1)

    assert token_behind(secret).revoked_at is not None
    assert count_good(head) == 0
    told = next(iter(tell(entries_of([row.subject]))))
    assert (told.action, told.facts) == (
        "token.revoked",
        {"revoked_on": timezone.localdate().isoformat()},
    )
    with pytest.raises(TokenRevokedAlready):
        tokens.revoke_token(by=head, token=row, seen=2)


def test_who_saw_an_older_version_is_told(make, head):
    row, _ = make()

    with pytest.raises(Changed):
        tokens.revoke_token(by=head, token=row, seen=7)


def test_the_security_administrator_revokes_and_nobody_else(make, person):
    row, _ = make()
    for other in (person(Role.OFFICE_CHIEF), person(Role.SYS_ADMIN)):
        with pytest.raises(RoleMissing):
            tokens.revoke_token(by=other, token=row, seen=None)
        with pytest.raises(NothingHere):
            get_token(other, row.pk)
        assert list(tokens_seen(other)) == []

    admin = person(Role.SEC_ADMIN)
    assert list(tokens_seen(admin)) == [row]
    assert list(own_tokens(admin)) == []
    tokens.revoke_token(by=admin, token=get_token(admin, row.pk), seen=1)

    assert ApiToken.objects.get().revoked_at is not None


def test_scopes_that_are_no_verbs_any_more_open_nothing(make):
    row, _ = make()
    row.scopes = ["unit.read", "kitchen.read"]

    assert row.limit().scopes == {Verb.UNIT_READ}
