"""Reading accounts: who owes a password or a second factor."""

from datetime import timedelta

from allauth.mfa.utils import is_mfa_enabled
from django.utils import timezone

from kaohe.organization.models import User

PASSWORD_DAYS = 90


def password_is_due(user: User) -> bool:
    """Whether a user must choose a new password before anything else.

    Source: docs/rules/passwords.md.
    """
    if not user.has_usable_password():  # signs in through another system
        return False
    if user.must_change_password or user.password_set_at is None:
        return True
    return timezone.now() - user.password_set_at > timedelta(days=PASSWORD_DAYS)


def has_second_factor(user: User) -> bool:
    """Whether a user has a one-time code or a security key."""
    return bool(is_mfa_enabled(user))
