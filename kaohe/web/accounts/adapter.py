"""How allauth is fitted to us: nobody signs up, tries are counted, deeds go on record."""

import logging
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.organization import lockout
from kaohe.organization.queries.accounts import find_user
from kaohe.organization.services import signins

log = logging.getLogger("kaohe.accounts")
OWN_DEEDS = {
    "mfa/email/totp_activated": "user.code-added",
    "mfa/email/totp_deactivated": "user.code-removed",
    "mfa/email/webauthn_added": "user.key-added",
    "mfa/email/webauthn_removed": "user.key-removed",
    "mfa/email/recovery_codes_generated": "user.recovery-codes-made",
}  # what allauth would write a letter about, we put on record


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by the security administrator alone."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": lazy("The user name or the password is wrong."),
        "incorrect_password": lazy("The password is wrong."),
        "incorrect_code": lazy("The code is wrong."),
        "too_many_login_attempts": lazy("Too many wrong codes. Try again in half an hour."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Take a place among the tries, before the password is looked at."""
        name = str(credentials.get("username", ""))
        self.trying = find_user(name)
        self.key = lockout.key_of(self.trying, name)
        self.number = lockout.begin(self.key)
        if not self.number:
            log.warning("sign-in refused: locked")
            raise ValidationError(_locked(self.key), "locked")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Whoever the password fits; forgets the failed tries before, but for their number."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            request.failed_before = self.number - 1  # type: ignore[attr-defined]
            lockout.forgive(self.key)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count it; the fifth locks the account, and says so."""
        log.warning("sign-in refused: wrong user name or password")
        if lockout.fail(self.key, self.number):
            if self.trying is not None:
                signins.note_lock(user=self.trying, address=self.get_client_ip(request))
            raise ValidationError(_locked(self.key), "locked")

    def get_login_stages(self) -> list[str]:
        """As allauth's, but a one-time code may come with the password."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "kaohe.web.accounts.factors.CodeStage"}
        return [ours.get(path, path) for path in super().get_login_stages()]

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in, and put it on record."""
        proofs = get_authentication_records(request, user)
        methods = {proof["method"] for proof in proofs}
        factors = [str(proof.get("type", "")) for proof in proofs if proof["method"] == "mfa"]
        super().login(request, user)
        signins.note_sign_in(
            by=user,
            method="sign-on" if "socialaccount" in methods else "password",
            factor=factors[-1] if factors else "",
            failed_before=getattr(request, "failed_before", 0),
            address=self.get_client_ip(request),
        )

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Go on, told of tries that failed."""
        failed = getattr(request, "failed_before", 0)
        if failed:
            messages.warning(
                request,
                _(
                    "Before this sign-in, tries with a wrong password: %(count)s. If they were not"
                    " yours, change your password and tell the security administrator."
                )
                % {"count": failed},
            )
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer

    def logout(self, request: HttpRequest) -> None:
        """Sign out, and put it on record."""
        user: Any = request.user
        super().logout(request)
        if user.is_authenticated:
            signins.note_sign_out(by=user, cause="own")

    def send_notification_mail(
        self, template_prefix: str, user: Any, *args: Any, **kw: Any
    ) -> None:
        """No letters are sent; what they would be about goes on record."""
        if template_prefix in OWN_DEEDS:
            signins.note_own_deed(by=user, action=OWN_DEEDS[template_prefix])


def _locked(key: str) -> str:
    return _(
        "Too many wrong passwords: this account is locked for %(minutes)s more minutes, for the"
        " right password too. The security administrator can unlock it earlier."
    ) % {"minutes": lockout.minutes_left(key) or 1}
