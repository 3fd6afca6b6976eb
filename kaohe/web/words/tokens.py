"""Words for tokens of the API, and for the verbs that they are made for."""

from collections.abc import Collection

from kaohe.core.problems import N_
from kaohe.web.words import declare_words

# area of a verb (what stands before its dot) → its heading
AREAS = {
    "overview": N_("Organization"),
    "committee": N_("Committee"),
    "department": N_("Departments"),
    "unit": N_("Register of units"),
    "person": N_("People and posts"),
    "document": N_("Rules and documents"),
    "year": N_("Assessment years"),
    "part": N_("Settings and common template"),
    "settings": N_("Settings and common template"),
    "template": N_("Settings and common template"),
    "scheme": N_("Schemes and sheets"),
    "sheet": N_("Schemes and sheets"),
    "target": N_("Schemes and sheets"),
    "trace": N_("Record"),
    "erasure": N_("Record"),
    "audit": N_("Record"),
    "user": N_("Users"),
    "role": N_("Users"),
    "system": N_("System"),
    "job": N_("System"),
}
VERBS = {
    "overview.read": N_("read how the jurisdiction is organised"),
    "committee.read": N_("read seats, sittings and decisions"),
    "committee.manage": N_("keep seats, sittings and minutes"),
    "committee.decide": N_("close sittings"),
    "department.read": N_("read departments"),
    "department.manage": N_("enter, rename and close departments"),
    "unit.read": N_("read units"),
    "unit.manage": N_("enter and correct units"),
    "unit.import": N_("import the register"),
    "unit.succeed": N_("rename, merge, split, transfer and close units"),
    "unit.snapshot": N_("take snapshots of a year"),
    "person.read": N_("read people and posts"),
    "person.manage": N_("enter people, begin and end posts"),
    "document.read": N_("read issued documents"),
    "document.review": N_("read drafts and comment on them"),
    "document.draft": N_("draft documents"),
    "document.approve": N_("approve documents"),
    "document.issue": N_("issue documents"),
    "year.read": N_("read years and their calendar"),
    "year.manage": N_("keep years, groups and who takes part"),
    "year.approve": N_("approve changes of groups and exemptions"),
    "part.review": N_("read drafts of settings and template"),
    "settings.draft": N_("draft settings"),
    "settings.approve": N_("approve settings"),
    "settings.issue": N_("issue settings"),
    "template.draft": N_("draft the common template"),
    "template.approve": N_("approve and issue the common template"),
    "scheme.read": N_("read schemes of departments"),
    "scheme.draft": N_("draft schemes of departments"),
    "scheme.approve": N_("approve and issue schemes of departments"),
    "sheet.read": N_("read sheets and targets"),
    "sheet.receive": N_("confirm the receipt of sheets"),
    "target.declare": N_("declare targets"),
    "target.review": N_("review targets"),
    "target.finalise": N_("finalise targets"),
    "trace.read": N_("read the history of objects"),
    "erasure.read": N_("read requests for erasure"),
    "erasure.ask": N_("ask for an erasure"),
    "erasure.carry_out": N_("carry out erasures"),
    "user.read": N_("read accounts"),
    "user.manage": N_("keep accounts"),
    "role.grant": N_("grant and end roles"),
    "system.read": N_("read the state of the installation"),
    "system.manage": N_("keep jurisdictions and settings"),
    "job.read": N_("read the jobs of others"),
    "audit.read": N_("read the whole record"),
    "audit.export": N_("export the record"),
}

declare_words(
    actions={
        "token.made": N_("made a token of the API"),
        "token.revoked": N_("revoked a token of the API"),
    },
    fields={
        "token.name": N_("purpose"),
        "token.user_id": N_("account"),
        "token.scopes": N_("scopes"),
        "token.confined_to_id": N_("confined to"),
        "token.last_day": N_("last day"),
        "token.revoked_on": N_("revoked on"),
    },
    choices={"scopes": VERBS},
)


def said(scopes: Collection[str]) -> list[str]:
    """Scopes as message ids, in the order of the verbs; one without words stands for itself."""
    known = [words for verb, words in VERBS.items() if verb in scopes]
    return known + sorted(verb for verb in scopes if verb not in VERBS)
