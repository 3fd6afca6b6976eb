"""Settings, for every place this runs.

There is one settings module.  What differs between a clerk's machine, a server and a test is the
environment; every variable read from it is in docs/operating.md, and a test sees to that.
"""

import os
import secrets
from pathlib import Path

from csp.constants import NONCE, SELF
from django.utils.translation import gettext_lazy as _

from kaohe.config import env

PACKAGE = Path(__file__).resolve().parents[1]
HOME = env.path("HOME", Path("~/.local/share/kaohe").expanduser())
FILES = HOME / "files"
KEYS = HOME / "keys"
LOGS = HOME / "logs"
LOG = env.path("LOG", HOME / "log")  # the public log: checkpoint and tiles
LAST_CHECKPOINT = env.path("LAST_CHECKPOINT", HOME / "last-checkpoint")  # in no backup
LOG_ORIGIN = env.text("LOG_ORIGIN")  # the log's name for ever; empty: made with its key
SEAL = env.flag("SEAL", default=True)  # this machine's worker seals the record
SEAL_SECONDS = env.whole("SEAL_SECONDS", 60)
LOG_ENTRIES = env.choice("LOG_ENTRIES", "public", "closed")  # whether /log/ serves the entries


def _secret() -> str:
    """The installation's own secret, made on the first start and kept where only it can read."""
    given = env.text("SECRET_KEY")
    if given:
        return given
    file = KEYS / "secret"
    if not file.exists():
        HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
        KEYS.mkdir(exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was faster
            return _secret()
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(50))
    return file.read_text(encoding="ascii").strip()


DEBUG = False
SECRET_KEY = _secret()
ALLOWED_HOSTS = env.words("HOSTS", "*")
DEMO = env.flag("DEMO")  # lists the demonstration accounts on the login page

INSTALLED_APPS = [
    "kaohe.web",
    "kaohe.jobs",
    "kaohe.indicators",
    "kaohe.organization",
    "kaohe.journal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_tables2",
    "django_q",
]  # ours in the order of the layers: an app may use those below it

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "kaohe.api.middleware.ApiMiddleware",
    "kaohe.web.journal.public_log_middleware.PublicLogMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "kaohe.web.middleware.SizeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "kaohe.web.middleware.GateMiddleware",
    "kaohe.web.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "kaohe.config.urls"
WSGI_APPLICATION = "kaohe.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kaohe.web.context.frame",
            ],
        },
    }
]

DATABASES = {"default": env.database("DATABASE", HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "kaohe.config.cache.SharedCache",
        "LOCATION": "kaohe_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},  # nobody pushes a lock out by trying many names
    },  # shared by all processes: the count of failed logins must be one count
    "workers": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}

# ── identity ──────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "organization.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "kaohe.organization.password_policy.PolicyValidator"}]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:desk"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "kaohe.web.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "5/30m/key"}
ACCOUNT_FORMS = {
    "login": "kaohe.web.accounts.forms.LoginForm",
    "reauthenticate": "kaohe.web.accounts.factors.PasswordAgainForm",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
MFA_ADAPTER = "kaohe.web.accounts.factors.MFAAdapter"
MFA_FORMS = {
    "authenticate": "kaohe.web.accounts.factors.AuthenticateForm",
    "reauthenticate": "kaohe.web.accounts.factors.ReauthenticateForm",
    "activate_totp": "kaohe.web.accounts.factors.ActivateTOTPForm",
    "add_webauthn": "kaohe.web.accounts.factors.AddKeyForm",
    "edit_webauthn": "kaohe.web.accounts.factors.RenameKeyForm",
}
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off; a code is still good once
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Kaohe"
SOCIALACCOUNT_ADAPTER = "kaohe.web.accounts.sign_on.SocialAccountAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
OIDC_ISSUER = env.text("OIDC_ISSUER")  # empty: nobody signs in through another system
OIDC_NAME = env.text("OIDC_NAME", "统一身份认证")
OIDC_MATCH = env.text("OIDC_MATCH", "preferred_username")  # "none": only who was linked by hand
OIDC_MATCH = "" if OIDC_MATCH == "none" else OIDC_MATCH
SOCIALACCOUNT_PROVIDERS: dict[str, object] = {}
if OIDC_ISSUER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": env.words("OIDC_SCOPE", "openid profile"),
        "APPS": [
            {
                "provider_id": "sso",
                "name": OIDC_NAME,
                "client_id": env.text("OIDC_CLIENT_ID"),
                "secret": env.text("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ],
    }
USERSESSIONS_TRACK_ACTIVITY = False  # the gate notes it, twice a minute at most

# ── sessions, cookies, headers ────────────────────────────────────────────────────────────────────
TLS = env.flag("TLS", default=True)  # pages are served over TLS, by us or by a proxy before us
IDLE_SECONDS = 60 * env.whole("IDLE_MINUTES", 15)
IDLE_SECONDS_OF_ADMINISTRATORS = 60 * env.whole("IDLE_MINUTES_ADMIN", 10)
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
CSRF_TRUSTED_ORIGINS = env.words("ORIGINS")
CSRF_FAILURE_VIEW = "kaohe.web.failures.csrf"
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if env.flag("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF, *env.words("FORM_ORIGINS"), *env.origin(OIDC_ISSUER)],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_LIMIT = 1024 * 1024 * env.whole("UPLOAD_MEGABYTES", 20)
FILE_UPLOAD_PERMISSIONS = 0o600
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ── language, time, pages ─────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "Asia/Shanghai")  # a deadline ends with the day in this zone
USE_TZ = True
USE_I18N = True
DATE_FORMAT = "Y.m.d"
STATIC_URL = "/static/"
STATIC_ROOT = None  # pages are served from the package itself
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DJANGO_TABLES2_TEMPLATE = "web/tables/table.html"
FILTERS_EMPTY_CHOICE_LABEL = _("all")

# ── long work ─────────────────────────────────────────────────────────────────────────────────────
Q_CLUSTER = {
    "name": "kaohe",
    "orm": "default",
    "workers": env.whole("WORKERS", 1),
    "timeout": 3600,
    "retry": 3700,
    "max_attempts": 3,
    "poll": 0.3,
    "catch_up": False,
    "scheduler": False,
    "save_limit": -1,  # what came of a job stands in its own row
    "cache": "workers",  # its statistics, twice a second, would make a writer wait
    "label": "Kaohe",
}
JOB_MEMORY = 1024 * 1024 * env.whole("JOB_MEMORY_MB", 2048)  # 0: as much as there is

# ── logs: no names, no addresses of people, no bodies of requests ─────────────────────────────────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "kaohe.config.logs.QuietFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "file": {
            "class": "kaohe.config.logs.OwnFileHandler",
            "filename": str(LOGS / "kaohe.log"),
            "formatter": "line",
        },
    },
    "root": {"handlers": ["console", "file"], "level": env.text("LOG_LEVEL", "WARNING")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},  # its warnings repeat what a stranger sent
        "django-q": {"level": "ERROR"},
        "kaohe": {"level": "INFO"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
SETTINGS_READ = env.ASKED  # which of the above come from the environment; never what they say
