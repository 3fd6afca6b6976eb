"""Words for departments."""

from kaohe.core.problems import N_
from kaohe.web.words import declare_words

PARTS = {
    "organisation": N_("organisation department: cadres"),
    "establishment": N_("establishment office: staffing"),
    "hr": N_("human resources: staff assessment"),
    "finance": N_("finance: budgets"),
    "audit": N_("audit"),
    "education": N_("education and sports"),
    "health": N_("health"),
    "discipline": N_("discipline and supervision"),
}

declare_words(
    actions={
        "department.opened": N_("entered the department"),
        "department.corrected": N_("corrected the department"),
        "department.renamed": N_("renamed the department"),
        "department.closed": N_("closed the department"),
    },
    fields={
        "name": N_("name"),
        "short_name": N_("short name"),
        "code": N_("unified social credit code"),
        "in_charge": N_("in charge of units"),
        "member_part": N_("part as a member department"),
        "opened_on": N_("from"),
        "closed_on": N_("closed on"),
        "document": N_("document"),
        "reason": N_("reason"),
    },
    choices={"member_part": PARTS},
)
