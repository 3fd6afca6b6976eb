"""Second factors as we want them: secrets are stored encrypted, a code is good once."""

import base64
import hashlib
import logging
from typing import Any, ClassVar

from allauth.account.forms import ReauthenticateForm as AllauthPasswordAgainForm
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

log = logging.getLogger("kaohe.accounts")
ALIVE = 120  # seconds; longer than a code is taken for right


class MFAAdapter(DefaultMFAAdapter):
    """One-time codes and security keys."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": lazy("The code is wrong."),
    }

    def encrypt(self, text: str) -> str:
        """The secret of a code generator, as the database holds it."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again; where it cannot be read, one that no code fits.

        That is so after the installation's own secret was lost: the person needs a new factor.
        """
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("a second factor cannot be read: not our secret")  # noqa: TRY400  # no trace
            return str(generate_totp_secret())

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """What a new security key is called until its owner says otherwise."""
        return _("Security key")


def _box() -> Fernet:
    """Opens with the installation's own secret, and with nothing else."""
    key = hashlib.sha256(b"kaohe second factors" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class _Dressed:
    """A form of allauth's with our labels and the looks of our fields."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "code": _("One-time code"),
            "name": _("Name of the key"),
            "password": _("Password"),
        }
        for name, field in self.fields.items():
            field.label = labels.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["class"] = "form-control w-m"
            if name == "code":
                field.widget.attrs["inputmode"] = "numeric"


class _Once(_Dressed):
    """A code that was taken is not taken again while it would still be right."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        """The code, if it is right and new."""
        code: str = super().clean_code()  # type: ignore[misc]  # of the form that it is mixed into
        told = hashlib.sha256(f"{self.user.pk}:{code.strip()}".encode()).hexdigest()
        if not cache.add(f"code:{told}", 1, ALIVE):
            raise ValidationError(_("This code was used already. Wait for the next one."), "used")
        return code


class AuthenticateForm(_Once, AllauthAuthenticateForm):
    """The second page of signing in."""


class ReauthenticateForm(_Once, AllauthReauthenticateForm):
    """A code asked for again, before something weighty."""


class ActivateTOTPForm(_Once, AllauthActivateTOTPForm):
    """The first code, which shows that the app has the key; it is used by that."""


class AddKeyForm(_Dressed, AddWebAuthnForm):
    """A new security key."""


class RenameKeyForm(_Dressed, EditWebAuthnForm):
    """Another name for a security key."""


class PasswordAgainForm(_Dressed, AllauthPasswordAgainForm):
    """The password asked for again, before something weighty."""


class CodeStage(AuthenticateStage):
    """The second step of signing in; passed at once where a right code came with the password."""

    login: Any

    def handle(self) -> tuple[Any, bool]:
        """Go on, or ask for the code on a page of its own."""
        answer, goes_on = super().handle()
        code = self.request.POST.get("code", "").strip()
        if answer is None or not code:
            return answer, goes_on
        form = AuthenticateForm(user=self.login.user, data={"code": code})
        if form.is_valid():
            form.save()
            return None, True
        for error in form.errors.get("code", []):
            messages.warning(self.request, str(error))
        return answer, goes_on
