"""Words for governing documents and their versions."""

from kaohe.core.documents import State
from kaohe.core.problems import N_
from kaohe.organization.papers.versions import STATES
from kaohe.web.words import declare_words

SORTS = {
    "work_rules": N_("rules of work"),
    "measures": N_("measures of assessment"),
    "work_plan": N_("work plan of the year"),
    "opinion": N_("city-wide opinion"),
    "other": N_("other document"),
}
SIGNS = {
    State.DRAFT: "todo",
    State.SUBMITTED: "run",
    State.RETURNED: "back",
    State.APPROVED: "soon",
    State.ISSUED: "done",
    State.SUPERSEDED: "hold",
    State.WITHDRAWN: "hold",
}

declare_words(
    actions={
        "document.entered": N_("entered the document"),
        "document.corrected": N_("corrected the title of the document"),
        "version.drafted": N_("drafted the version"),
        "version.edited": N_("edited the version"),
        "version.submitted": N_("submitted the version for approval"),
        "version.returned": N_("returned the version"),
        "version.approved": N_("approved the version"),
        "version.issued": N_("issued the version"),
        "version.superseded": N_("the version was superseded"),
        "version.withdrawn": N_("gave the version up"),
        "comment.made": N_("commented on the version"),
    },
    numbered={
        "version.drafted": N_("drafted version %(number)s"),
        "version.edited": N_("edited version %(number)s"),
        "version.submitted": N_("submitted version %(number)s for approval"),
        "version.returned": N_("returned version %(number)s"),
        "version.approved": N_("approved version %(number)s"),
        "version.issued": N_("issued version %(number)s"),
        "version.superseded": N_("version %(number)s was superseded"),
        "version.withdrawn": N_("gave up version %(number)s"),
    },
    fields={
        "document.sort": N_("kind of document"),
        "document.title": N_("title"),
        "document-version.document_id": N_("governing document"),
        "document-version.number": N_("version"),
        "document-version.state": N_("state"),
        "document-version.document_number": N_("document number"),
        "document-version.effective_on": N_("in force from"),
        "document-version.issued_on": N_("issued on"),
        "document-version.text": N_("text"),
        "document-version.change_note": N_("what is new"),
        "document-version.return_reason": N_("reason of the return"),
        "document-version.decision_id": N_("decision of the committee"),
        "document-version.superseded_by": N_("superseded by version"),
        "comment.document_version_id": N_("governing document"),
        "comment.department_id": N_("on behalf of"),
        "comment.text": N_("comment"),
    },
    choices={
        "sort": SORTS,
        "state": {str(state): words for state, words in STATES.items()},
    },
)
