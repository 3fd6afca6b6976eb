"""Every address: ours, and those of signing in that we want."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount import views as social
from django.urls import include, path
from django.views.i18n import set_language

from kaohe.api import app as api
from kaohe.web.accounts import account as own
from kaohe.web.accounts import sign_in, sign_on

# Of allauth's addresses only these: signing up, letters and their keys do not exist here.
_ACCOUNT = [
    path("login/", sign_in.sign_in, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", own.change_password, name="account_change_password"),
    path("sessions/", own.sessions, name="usersessions_list"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("2fa/keys/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/keys/add/", keys.add_webauthn, name="mfa_add_webauthn"),
    path(
        "2fa/keys/reauthenticate/",
        keys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("2fa/keys/<int:pk>/remove/", keys.remove_webauthn, name="mfa_remove_webauthn"),
    path("2fa/keys/<int:pk>/edit/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("sign-on/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-on/error/", social.login_error, name="socialaccount_login_error"),
    path("sign-on/<slug:provider_id>/", sign_on.sign_on, name="openid_connect_login"),
    path(
        "sign-on/<slug:provider_id>/callback/",
        sign_on.sign_on_callback,
        name="openid_connect_callback",
    ),
]

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("kaohe.web.urls")),
    path("language/", set_language, name="set_language"),
    path("account/", include(_ACCOUNT)),
]
handler400 = "kaohe.web.failures.bad"
handler403 = "kaohe.web.failures.forbidden"
handler404 = "kaohe.web.failures.not_found"
handler429 = "kaohe.web.failures.too_many"
handler500 = "kaohe.web.failures.broken"
