"""Tokens of the API."""

from datetime import timedelta
from functools import partial

from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.organization.models import ApiToken
from kaohe.organization.services import tokens
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


@leaves("tokens.revoke_token#of another", "token.revoked")
def _(city):
    return partial(tokens.revoke_token, by=city.security, token=made_for(city.clerk), seen=1)
