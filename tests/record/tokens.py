"""Tokens of the API."""

from datetime import timedelta
from functools import partial

from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.organization.models import ApiToken
from kaohe.organization.services import accounts, tokens
from tests.record.cases import leaves


@leaves("tokens.make_token", "token.made")
def _(city):
    return partial(
        tokens.make_token,
        by=city.clerk,
        name="人事系统对接",
        scopes=[Verb.UNIT_READ],
        last_day=timezone.localdate(),
    )


def made_for(user):
    return ApiToken.objects.create(
        user=user,
        name="对接",
        digest="0" * 64,
        scopes=["unit.read"],
        expires_at=timezone.now() + timedelta(days=1),
    )


@leaves("tokens.revoke_token", "token.revoked")
def _(city):
    return partial(tokens.revoke_token, by=city.clerk, token=made_for(city.clerk), seen=1)


@leaves("tokens.revoke_tokens_of", "token.revoked")
def _(city):
    made_for(city.clerk)
    return partial(tokens.revoke_tokens_of, by=city.security, user=city.clerk)


@leaves("accounts.close_account#with a token", "user.closed", "token.revoked")
def _(city):
    made_for(city.clerk)
    return partial(accounts.close_account, by=city.security, user=city.clerk, seen=1, reason="退休")


@leaves("accounts.reset_password#with a token", "user.password-reset", "token.revoked")
def _(city):
    made_for(city.clerk)
    return partial(accounts.reset_password, by=city.security, user=city.clerk, seen=1)


@leaves("tokens.revoke_token#of another", "token.revoked")
def _(city):
    return partial(tokens.revoke_token, by=city.security, token=made_for(city.clerk), seen=1)
