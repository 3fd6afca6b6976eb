"""Words for accounts, roles given, and signing in."""

from kaohe.core.problems import N_
from kaohe.web.words import declare_words

LEDGERS = {
    "registration": N_("ledger of registration"),
    "establishment": N_("ledger of establishment"),
}

declare_words(
    actions={
        "user.opened": N_("opened the account"),
        "user.corrected": N_("corrected the account"),
        "user.closed": N_("closed the account"),
        "user.reopened": N_("reopened the account"),
        "user.password-reset": N_("gave the account a new first password"),
        "user.password-changed": N_("changed the own password"),
        "user.second-factor-reset": N_("took away the second factors"),
        "user.unlocked": N_("lifted the lock of the account"),
        "user.locked": N_("locked the account after wrong passwords"),
        "user.sessions-ended": N_("ended sessions"),
        "user.signed-in": N_("signed in"),
        "user.signed-out": N_("signed out"),
        "user.code-added": N_("set up one-time codes"),
        "user.code-removed": N_("removed one-time codes"),
        "user.key-added": N_("added a security key"),
        "user.key-removed": N_("removed a security key"),
        "user.recovery-codes-made": N_("made new recovery codes"),
        "user.identity-linked": N_("linked the account with the sign-on system"),
        "user.identity-unlinked": N_("removed the link with the sign-on system"),
        "role.granted": N_("granted the role"),
        "role.ended": N_("ended the role"),
    },
    fields={
        "user.username": N_("user name"),
        "user.phone": N_("telephone"),
        "user.is_active": N_("in use"),
        "user.jurisdiction_id": N_("jurisdiction"),
        "role.role": N_("role"),
        "role.user_id": N_("account"),
        "role.jurisdiction_id": N_("jurisdiction"),
        "role.document": N_("document"),
        "role.department_id": N_("department"),
        "role.unit_id": N_("unit"),
        "role.charge": N_("departments in charge"),
        "role.ledgers": N_("ledgers"),
        "role.from_on": N_("from"),
        "role.to_on": N_("last day"),
        "user.factors": N_("second factors"),
        "user.factor": N_("second factor"),
        "user.method": N_("way of signing in"),
        "user.failed_before": N_("failed tries before"),
        "user.address": N_("network address"),
        "user.cause": N_("cause"),
        "user.count": N_("number"),
        "user.provider": N_("sign-on system"),
        "user.uid": N_("identity there"),
    },
    choices={
        "method": {"password": N_("password"), "sign-on": N_("sign-on system")},
        "factor": {
            "totp": N_("one-time code"),
            "webauthn": N_("security key"),
            "recovery_codes": N_("recovery code"),
        },
        "factors": {
            "totp": N_("one-time code"),
            "webauthn": N_("security key"),
            "recovery_codes": N_("recovery code"),
        },
        "cause": {"own": N_("by the person"), "idle": N_("nothing was done for a while")},
        "ledgers": {
            **LEDGERS,
            "registration,establishment": N_("both ledgers"),
        },
    },
)
