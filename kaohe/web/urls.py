"""Every address of the pages, with the verb that it asks for: one list."""

from kaohe.core.access import Verb
from kaohe.web import desk, health
from kaohe.web.accounts import account, api_pages, demo, sign_in, tokens
from kaohe.web.indicators.addresses import INDICATORS
from kaohe.web.journal.addresses import JOURNAL
from kaohe.web.organization import (
    committee,
    decisions,
    departments,
    document_deeds,
    document_papers,
    documents,
    imports,
    overview,
    people,
    people_forms,
    search,
    sitting_papers,
    sittings,
    snapshots,
    successions,
    unit_forms,
    unit_page,
    units,
)
from kaohe.web.routes import PUBLIC, page
from kaohe.web.system import jobs, jurisdictions, policy, roles, signins, system, users
from kaohe.web.system import tokens as all_tokens

app_name = "web"

_FRAME = [
    page("", desk.desk, "desk", Verb.DESK_READ),
    page("stay", health.stay, "stay", Verb.DESK_READ),
    page("organization/", overview.overview, "overview", Verb.OVERVIEW_READ),
    page(
        "organization/choose",
        overview.choose_jurisdiction,
        "choose-jurisdiction",
        Verb.OVERVIEW_READ,
    ),
    page("healthz", health.healthz, "healthz", PUBLIC),
]

_DEPARTMENTS = [
    page("organization/departments/", departments.departments, "departments", Verb.DEPARTMENT_READ),
    page(
        "organization/departments/new",
        departments.new_department,
        "new-department",
        Verb.DEPARTMENT_MANAGE,
    ),
    page(
        "organization/departments/<int:key>",
        departments.department,
        "department",
        Verb.DEPARTMENT_READ,
    ),
    page(
        "organization/departments/<int:key>/correct",
        departments.correct_department,
        "correct-department",
        Verb.DEPARTMENT_MANAGE,
    ),
    page(
        "organization/departments/<int:key>/rename",
        departments.rename_department,
        "rename-department",
        Verb.DEPARTMENT_MANAGE,
    ),
    page(
        "organization/departments/<int:key>/close",
        departments.close_department,
        "close-department",
        Verb.DEPARTMENT_MANAGE,
    ),
]

_ACCOUNTS = [
    page("account/", account.account, "account", Verb.DESK_READ),
    page("account/api/", api_pages.api_reference, "api", Verb.DESK_READ),
    page("account/api/<slug:area>", api_pages.api_area, "api-area", Verb.DESK_READ),
    page("account/tokens/", tokens.tokens, "tokens", Verb.DESK_READ),
    page("account/tokens/new", tokens.make_token, "make-token", Verb.DESK_READ),
    page("account/tokens/<int:key>/revoke", tokens.revoke_token, "revoke-token", Verb.DESK_READ),
    page("account/forgotten", sign_in.forgotten_password, "forgotten-password", PUBLIC),
    page("account/first", sign_in.first_sign_in, "first-sign-in", PUBLIC),
    page("account/demo", demo.demo_sign_in, "demo-sign-in", PUBLIC),
    page("accessibility", sign_in.accessibility, "accessibility", PUBLIC),
    page("users/", users.users, "users", Verb.USER_READ),
    page("users/new", users.new_user, "new-user", Verb.USER_MANAGE),
    page("users/units", roles.unit_accounts, "unit-accounts", Verb.USER_MANAGE),
    page("users/policy", policy.policy, "policy", Verb.USER_READ),
    page("users/tokens/", all_tokens.tokens, "tokens-of-all", Verb.USER_READ),
    page(
        "users/tokens/<int:key>/revoke",
        all_tokens.revoke_token,
        "revoke-token-of",
        Verb.USER_MANAGE,
    ),
    page("users/roles/", roles.holdings, "roles", Verb.USER_READ),
    page("users/roles/<int:key>/end", roles.end_role, "end-role", Verb.ROLE_GRANT),
    page("users/<int:key>", users.user, "user", Verb.USER_READ),
    page("users/<int:key>/correct", users.correct_user, "correct-user", Verb.USER_MANAGE),
    page("users/<int:key>/close", signins.close_user, "close-user", Verb.USER_MANAGE),
    page("users/<int:key>/reopen", signins.reopen_user, "reopen-user", Verb.USER_MANAGE),
    page("users/<int:key>/password", signins.reset_password, "reset-password", Verb.USER_MANAGE),
    page("users/<int:key>/factor", signins.reset_factor, "reset-factor", Verb.USER_MANAGE),
    page("users/<int:key>/unlock", signins.unlock_user, "unlock-user", Verb.USER_MANAGE),
    page("users/<int:key>/sessions", signins.end_sessions, "end-sessions", Verb.USER_MANAGE),
    page("users/<int:key>/identity", signins.link_user, "link-user", Verb.USER_MANAGE),
    page("users/<int:key>/grant", roles.grant_role, "grant-role", Verb.ROLE_GRANT),
]

_SYSTEM = [
    page("system/", system.system, "system", Verb.SYSTEM_READ),
    page("system/jurisdictions/", jurisdictions.jurisdictions, "jurisdictions", Verb.SYSTEM_READ),
    page(
        "system/jurisdictions/new",
        jurisdictions.new_jurisdiction,
        "new-jurisdiction",
        Verb.SYSTEM_MANAGE,
    ),
    page(
        "system/jurisdictions/<int:key>",
        jurisdictions.correct_jurisdiction,
        "correct-jurisdiction",
        Verb.SYSTEM_MANAGE,
    ),
    page("system/jobs/", jobs.jobs, "jobs", Verb.JOB_READ),
    page("jobs/<uuid:key>", jobs.job, "job", Verb.DESK_READ),
]

_CR, _CM = Verb.COMMITTEE_READ, Verb.COMMITTEE_MANAGE
_COMMITTEE = [
    page("organization/committee", committee.committee, "committee", _CR),
    page("organization/committee/found", committee.found_committee, "found-committee", _CM),
    page("organization/committee/correct", committee.correct_committee, "correct-committee", _CM),
    page("organization/committee/office", committee.correct_office, "correct-office", _CM),
    page("organization/committee/order", committee.order_seats, "order-seats", _CM),
    page("organization/seats/new", committee.give_seat, "give-seat", _CM),
    page("organization/seats/<int:key>/correct", committee.correct_seat, "correct-seat", _CM),
    page("organization/seats/<int:key>/end", committee.end_seat, "end-seat", _CM),
    page("organization/sittings/", sittings.sittings, "sittings", _CR),
    page("organization/sittings/new", sittings.plan_sitting, "plan-sitting", _CM),
    page("organization/sittings/<int:key>", sittings.sitting, "sitting", _CR),
    page(
        "organization/sittings/<int:key>/paper", sitting_papers.sitting_paper, "sitting-paper", _CR
    ),
    page("organization/sittings/<int:key>.pdf", sitting_papers.sitting_pdf, "sitting-pdf", _CR),
    page("organization/sittings/<int:key>.docx", sitting_papers.sitting_docx, "sitting-docx", _CR),
    page(
        "organization/sittings/<int:key>/correct", sittings.correct_sitting, "correct-sitting", _CM
    ),
    page("organization/sittings/<int:key>/open", sittings.open_sitting, "open-sitting", _CM),
    page("organization/sittings/<int:key>/roll", sittings.note_attendance, "note-attendance", _CM),
    page("organization/sittings/<int:key>/minutes", sittings.write_minutes, "write-minutes", _CM),
    page("organization/sittings/<int:key>/matter", sittings.enter_matter, "enter-matter", _CM),
    page("organization/matters/<int:key>/correct", sittings.correct_matter, "correct-matter", _CM),
    page("organization/matters/<int:key>/recuse", decisions.recuse, "recuse", _CM),
    page("organization/matters/<int:key>/decide", decisions.decide, "decide", _CM),
    page(
        "organization/recusals/<int:key>/withdraw",
        decisions.withdraw_recusal,
        "withdraw-recusal",
        _CM,
    ),
    page(
        "organization/sittings/<int:key>/close",
        sittings.close_sitting,
        "close-sitting",
        Verb.COMMITTEE_DECIDE,
    ),
]

_DR, _DD = Verb.DOCUMENT_READ, Verb.DOCUMENT_DRAFT
_DA, _DI = Verb.DOCUMENT_APPROVE, Verb.DOCUMENT_ISSUE
_OF_VERSION = "organization/versions/<int:key>"
_DOCUMENTS = [
    page("organization/documents/", documents.documents, "documents", _DR),
    page("organization/documents/new", documents.enter_document, "enter-document", _DD),
    page("organization/documents/<int:key>", documents.document, "document", _DR),
    page(
        "organization/documents/<int:key>/title",
        documents.retitle_document,
        "retitle-document",
        _DD,
    ),
    page(
        "organization/documents/<int:key>/draft", document_deeds.draft_version, "draft-version", _DD
    ),
    page(
        "organization/documents/<int:key>/compare",
        documents.compare_versions,
        "compare-versions",
        _DR,
    ),
    page(_OF_VERSION, documents.version, "version", _DR),
    page(f"{_OF_VERSION}/paper", document_papers.version_paper, "version-paper", _DR),
    page(f"{_OF_VERSION}.pdf", document_papers.version_pdf, "version-pdf", _DR),
    page(f"{_OF_VERSION}.docx", document_papers.version_docx, "version-docx", _DR),
    page(f"{_OF_VERSION}/edit", document_deeds.edit_version, "edit-version", _DD),
    page(f"{_OF_VERSION}/submit", document_deeds.submit_version, "submit-version", _DD),
    page(f"{_OF_VERSION}/withdraw", document_deeds.withdraw_version, "withdraw-version", _DD),
    page(f"{_OF_VERSION}/return", document_deeds.return_version, "return-version", _DA),
    page(f"{_OF_VERSION}/approve", document_deeds.approve_version, "approve-version", _DA),
    page(f"{_OF_VERSION}/issue", document_deeds.issue_version, "issue-version", _DI),
    page(
        f"{_OF_VERSION}/comment",
        document_deeds.comment_version,
        "comment-version",
        Verb.DOCUMENT_REVIEW,
    ),
]

_IMPORTS = [
    page("organization/imports/", imports.imports, "imports", Verb.UNIT_IMPORT),
    page("organization/imports/new", imports.new_import, "new-import", Verb.UNIT_IMPORT),
    page("organization/imports/form", imports.register_form, "register-form", Verb.UNIT_IMPORT),
    page(
        "organization/imports/register",
        imports.register_to_correct,
        "register-to-correct",
        Verb.UNIT_IMPORT,
    ),
    page("organization/imports/<int:key>", imports.import_page, "import", Verb.UNIT_IMPORT),
    page(
        "organization/imports/<int:key>/marked",
        imports.marked_import,
        "marked-import",
        Verb.UNIT_IMPORT,
    ),
    page(
        "organization/imports/<int:key>/check",
        imports.check_import,
        "check-import",
        Verb.UNIT_IMPORT,
    ),
    page(
        "organization/imports/<int:key>/apply",
        imports.apply_import,
        "apply-import",
        Verb.UNIT_IMPORT,
    ),
    page(
        "organization/imports/<int:key>/drop", imports.drop_import, "drop-import", Verb.UNIT_IMPORT
    ),
]

_U = "organization/units/"
_UNITS = [
    page("search", search.search_page, "search", Verb.DESK_READ),
    page(_U, units.units, "units", Verb.UNIT_READ),
    page(f"{_U}new", unit_forms.new_unit, "new-unit", Verb.UNIT_MANAGE),
    page(f"{_U}<int:key>", unit_page.unit, "unit", Verb.UNIT_READ),
    page(f"{_U}<int:key>/facts", unit_page.registration, "unit-registration", Verb.UNIT_READ),
    page(f"{_U}<int:key>/people", unit_page.people, "unit-people", Verb.UNIT_READ),
    page(f"{_U}<int:key>/names", unit_page.names, "unit-names", Verb.UNIT_READ),
    page(f"{_U}<int:key>/grades", unit_page.grades, "unit-grades", Verb.UNIT_READ),
    page(f"{_U}<int:key>/years", unit_page.years, "unit-years", Verb.UNIT_READ),
    page(f"{_U}<int:key>/record", unit_page.trace, "unit-trace", Verb.UNIT_READ),
    page(f"{_U}<int:key>/correct", unit_forms.correct_unit, "correct-unit", Verb.UNIT_MANAGE),
    page(f"{_U}<int:key>/names/set", unit_forms.set_names, "unit-set-names", Verb.UNIT_MANAGE),
    page(f"{_U}<int:key>/grades/new", unit_forms.record_grade, "record-grade", Verb.UNIT_MANAGE),
    page(
        f"{_U}<int:key>/appoint",
        people_forms.appoint_to_unit,
        "appoint-to-unit",
        Verb.PERSON_MANAGE,
    ),
    page("organization/snapshots/", snapshots.snapshots, "snapshots", Verb.UNIT_READ),
    page(
        "organization/snapshots/new", snapshots.take_snapshot, "take-snapshot", Verb.UNIT_SNAPSHOT
    ),
    page(
        "organization/snapshots/<int:year>/<int:edition>",
        snapshots.snapshot,
        "snapshot",
        Verb.UNIT_READ,
    ),
]

_P = "organization/people/"
_PEOPLE = [
    page(_P, people.people, "people", Verb.PERSON_READ),
    page(f"{_P}new", people_forms.new_person, "new-person", Verb.PERSON_MANAGE),
    page(f"{_P}<int:key>", people.person, "person", Verb.PERSON_READ),
    page(
        f"{_P}<int:key>/correct", people_forms.correct_person, "correct-person", Verb.PERSON_MANAGE
    ),
    page(
        "organization/departments/<int:key>/appoint",
        people_forms.appoint_to_department,
        "appoint-to-department",
        Verb.PERSON_MANAGE,
    ),
    page(
        "organization/posts/<int:key>/end",
        people_forms.end_tenure,
        "end-tenure",
        Verb.PERSON_MANAGE,
    ),
    page(
        "organization/posts/<int:key>/correct",
        people_forms.correct_tenure,
        "correct-tenure",
        Verb.PERSON_MANAGE,
    ),
]

_SUCCESSIONS = [
    page("organization/successions/", successions.successions, "successions", Verb.UNIT_READ),
    page(
        "organization/successions/new",
        successions.new_succession,
        "new-succession",
        Verb.UNIT_SUCCEED,
    ),
    page(
        "organization/successions/new/<slug:deed>",
        successions.succession_deed,
        "succession-deed",
        Verb.UNIT_SUCCEED,
    ),
    page(
        "organization/units/<int:key>/succession",
        successions.succession,
        "succession",
        Verb.UNIT_SUCCEED,
    ),
]

urlpatterns = [
    *_FRAME,
    *_ACCOUNTS,
    *_DEPARTMENTS,
    *_COMMITTEE,
    *_DOCUMENTS,
    *_UNITS,
    *_PEOPLE,
    *_SYSTEM,
    *JOURNAL,
    *_IMPORTS,
    *_SUCCESSIONS,
    *INDICATORS,
]
