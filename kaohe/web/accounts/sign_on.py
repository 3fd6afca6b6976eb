"""Sign-in through another system (OpenID Connect): it finds an account, and never makes one.

Beyond allauth: a nonce binds the answer to the question, the signature of the token is checked even
where it came straight from the provider, the issuer must be the one that was set, and of all that a
provider tells only the identity and the name to match are kept.
"""

import secrets
from typing import Any

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

from kaohe.core.access import ADMINISTRATORS
from kaohe.core.errors import Refusal
from kaohe.organization.queries.access import roles_of
from kaohe.organization.queries.accounts import find_user
from kaohe.organization.services.signins import SIGN_ON, link_identity

PROVIDER = SIGN_ON
SIGNATURES = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"})


class TokenRefused(OAuth2Error):
    """What the provider sent does not prove who the person is."""


class Channel(OpenIDConnectOAuth2Adapter):
    """Talks to the provider."""

    nonce: str | None = None

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself; it must be the provider that was set."""
        try:
            found: dict[str, Any] = dict(super().openid_config)
            issuer = str(found["issuer"])
        except (KeyError, ValueError, TypeError) as strange:
            raise TokenRefused("no configuration") from strange
        if issuer.rstrip("/") != settings.OIDC_ISSUER.rstrip("/"):
            raise TokenRefused("another issuer")
        return found

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Who has signed in there: the identity, and the name to match, and nothing else."""
        try:
            claims = self._claims(app, kwargs["response"]["id_token"])
            if settings.OIDC_MATCH and settings.OIDC_MATCH not in claims:
                claims = self._with_more(claims, token)
        except (jwt.PyJWTError, KeyError, ValueError, TypeError) as strange:
            raise TokenRefused("no sound token") from strange
        kept = {name: claims[name] for name in ("sub", settings.OIDC_MATCH) if name in claims}
        return self.get_provider().sociallogin_from_response(request, {"id_token": kept})

    def _claims(self, app: Any, token: str) -> dict[str, Any]:
        if jwt.get_unverified_header(token)["alg"] not in SIGNATURES:
            raise TokenRefused("signature")
        claims = jwtkit.verify_and_decode(
            credential=token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        parties = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if len(parties) > 1 and claims.get("azp") != app.client_id:
            raise TokenRefused("made for somebody else")
        if not self.nonce or not secrets.compare_digest(str(claims.get("nonce", "")), self.nonce):
            raise TokenRefused("nonce")
        if not claims["sub"] or not claims["exp"]:
            raise TokenRefused("no subject or no end")
        return dict(claims)

    def _with_more(self, claims: dict[str, Any], token: Any) -> dict[str, Any]:
        """The claims, with what only the second question tells."""
        if "userinfo_endpoint" not in self.openid_config:
            return claims
        more = self._fetch_user_info(token.token)
        if more["sub"] != claims["sub"]:
            raise TokenRefused("told of somebody else")
        return {**more, **claims}


class Provider(OpenIDConnectProvider):
    """The system that signs people on."""

    oauth2_adapter_class = Channel

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Only where to go afterwards is taken from the request."""
        given = super().get_redirect_from_request_kwargs(request)
        return {name: value for name, value in given.items() if name == "next_url"} | {
            "process": AuthProcess.LOGIN
        }

    def redirect(
        self, request: HttpRequest, process: Any, next_url: Any = None, data: Any = None, **kw: Any
    ) -> HttpResponse:
        """Send the person there, with a nonce that must come back in the token."""
        nonce = secrets.token_urlsafe(24)
        params = {**self.get_auth_params(), "nonce": nonce}
        answer: HttpResponse = super().redirect(
            request, process, next_url, data, auth_params=params, nonce=nonce, **kw
        )
        return answer


class Callback(OAuth2CallbackView):
    """The way back."""

    adapter: Channel

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, answer = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce")
        return state, answer


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Finds the account of somebody who has signed in elsewhere."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        return False

    def get_provider(self, request: HttpRequest, provider: str, client_id: Any = None) -> Provider:
        """Ours; there is one at most."""
        return Provider(request, app=self.get_app(request, provider, client_id))

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        """Nothing is taken over into an account."""
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Link the identity with the account of that user name, the first time it comes.

        Administrators are linked by the security administrator alone: whoever runs the provider
        could otherwise become one of them by taking their name.
        """
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data["id_token"]
        name = str(claims.get(settings.OIDC_MATCH) or "")
        user = find_user(name) if name else None
        if user is None or not ADMINISTRATORS.isdisjoint(roles_of(user)):
            raise ImmediateHttpResponse(_no_account(request))
        try:
            link_identity(by=user, user=user, provider=PROVIDER, uid=sociallogin.account.uid)
        except Refusal:
            raise ImmediateHttpResponse(_no_account(request)) from None
        sociallogin.user = None
        sociallogin.lookup()


def _no_account(request: HttpRequest) -> HttpResponse:
    return render(request, "account/signup_closed.html", status=403)


def sign_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider."""
    return _walk(request, provider_id, OAuth2LoginView)


def sign_on_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider."""
    return _walk(request, provider_id, Callback)


def _walk(request: HttpRequest, provider_id: str, view: Any) -> HttpResponse:
    """One of the two ways; what the provider does wrong is a page, never a crash."""
    channel = Channel(request, provider_id)
    provider = _there(channel)
    answer: HttpResponse
    try:
        answer = view.adapter_view(channel)(request)
    except (OAuth2Error, RequestException) as wrong:
        answer = render_authentication_error(request, provider, exception=wrong)
    return answer


def _there(channel: Channel) -> Any:
    """The provider.

    Raises:
        Http404: none is set, or it has another name.
    """
    if not settings.OIDC_ISSUER or channel.provider_id != PROVIDER:
        raise Http404
    return channel.get_provider()
