"""Words for roles, grades of the committee's seats, and the accounts of the installation."""

from kaohe.core.access import Role
from kaohe.core.problems import N_
from kaohe.web.words import declare_words

ROLES = {
    Role.COMMITTEE_DIRECTOR: N_("committee director"),
    Role.COMMITTEE_MEMBER: N_("committee member"),
    Role.OFFICE_HEAD: N_("head of the assessment office"),
    Role.OFFICE_CHIEF: N_("section chief of the assessment office"),
    Role.OFFICE_CLERK: N_("clerk of the assessment office"),
    Role.LEDGER_KEEPER: N_("ledger keeper"),
    Role.DEPT_HEAD: N_("head of a department"),
    Role.DEPT_CLERK: N_("clerk of a department"),
    Role.UNIT_HEAD: N_("head of a unit"),
    Role.UNIT_CLERK: N_("clerk of a unit"),
    Role.MEMBER_ORGANISATION: N_("member department: organisation"),
    Role.MEMBER_ESTABLISHMENT: N_("member department: establishment"),
    Role.MEMBER_HR: N_("member department: human resources"),
    Role.MEMBER_FINANCE: N_("member department: finance"),
    Role.MEMBER_AUDIT: N_("member department: audit"),
    Role.MEMBER_EDUCATION: N_("member department: education and sports"),
    Role.MEMBER_HEALTH: N_("member department: health"),
    Role.DATA_PROVIDER: N_("data provider"),
    Role.SURVEYOR: N_("surveyor"),
    Role.PROVINCE_READER: N_("reader of the province"),
    Role.SYS_ADMIN: N_("system administrator"),
    Role.SEC_ADMIN: N_("security administrator"),
    Role.AUDIT_ADMIN: N_("audit administrator"),
}

declare_words(choices={"role": {str(role): words for role, words in ROLES.items()}})
