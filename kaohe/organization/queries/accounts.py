"""Reading accounts: who owes a password or a second factor, and what the sign-in page shows."""

from typing import NamedTuple
from unicodedata import normalize

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.hashers import check_password
from django.db.models import Q
from django.utils import timezone

from kaohe.core.passwords import REMEMBERED, Fault, expires_on, problems_of
from kaohe.organization.models import Jurisdiction, User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are none


class PublicFace(NamedTuple):
    """Who runs this installation, as it stands on pages that anybody may see."""

    place: str
    office: str
    support: str


def password_days_left(user: User) -> int | None:
    """For how many days the password may still be used; None: there is none to count.

    Source: docs/rules/passwords.md, P-4.
    """
    if not user.has_usable_password():  # signs in through another system
        return None
    if user.must_change_password or user.password_set_at is None:
        return 0
    last = expires_on(timezone.localdate(user.password_set_at))
    return max(0, (last - timezone.localdate()).days)


def password_is_due(user: User) -> bool:
    """Whether a user must choose a new password before anything else.

    Source: docs/rules/passwords.md, P-4.
    """
    return password_days_left(user) == 0


def faults_of_password(user: User, password: str) -> list[Fault]:
    """Everything that is wrong with a password that a user has chosen.

    Source: docs/rules/passwords.md, P-1, P-2, P-3.
    """

    def used_before(text: str) -> bool:
        past = user.past_passwords.values_list("encoded", flat=True)[:REMEMBERED] if user.pk else []
        return any(check_password(text, encoded) for encoded in {user.password, *past} if encoded)

    return problems_of(
        password, user_name=user.username, person_name=user.name, used_before=used_before
    )


def has_second_factor(user: User) -> bool:
    """Whether a user has a one-time code or a security key."""
    return bool(is_mfa_enabled(user, types=list(FACTORS)))


def find_user(name: str) -> User | None:
    """The account of a user name, whatever its case and the width of its letters.

    Whether it is open is another question.
    """
    typed = name.strip()
    narrow = normalize("NFKC", typed)
    return User.objects.filter(Q(username__iexact=narrow) | Q(username__iexact=typed)).first()


def public_face() -> PublicFace:
    """The one jurisdiction of the installation, or the one above all others; else nobody's name."""
    tops = list(Jurisdiction.objects.filter(parent__isnull=True).order_by("code")[:2])
    if len(tops) != 1:
        return PublicFace("", "", "")
    return PublicFace(tops[0].name, tops[0].office_name, tops[0].support)
