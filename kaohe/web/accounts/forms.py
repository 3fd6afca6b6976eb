"""The forms of signing in and of one's own password."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.utils.translation import gettext_lazy as _


def _secret(label: Any, autocomplete: str) -> forms.CharField:
    """A field for a password, which is taken as it is typed."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(
            attrs={"class": "form-control w-m", "autocomplete": autocomplete}
        ),
    )


class LoginForm(AllauthLoginForm):
    """User name and password; a one-time code may come with them."""

    code = forms.CharField(
        label=_("One-time code"),
        required=False,
        max_length=32,
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name")
        self.fields["login"].widget = forms.TextInput(
            attrs={
                "class": "form-control",
                "autocomplete": "username",
                "placeholder": _("staff number or telephone"),
                "autocapitalize": "none",
                "spellcheck": "false",
                "maxlength": 60,
            }
        )
        self.fields["password"] = _secret(_("Password"), "current-password")
        self.fields["password"].widget.attrs["class"] = "form-control"
        self.order_fields(["login", "password", "code"])


class PasswordForm(forms.Form):
    """The present password, and the new one twice."""

    old = _secret(_("Present password"), "current-password")
    new = _secret(_("New password"), "new-password")
    again = _secret(_("New password again"), "new-password")

    def clean(self) -> dict[str, Any]:
        """The two must agree."""
        given = super().clean() or {}
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error(
                "again", _("This is not the same as above. Type the new password twice.")
            )
        return given
