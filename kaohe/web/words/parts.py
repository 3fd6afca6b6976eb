"""Words for the parts of a year's scheme, marks on them, and the sheets that are issued."""

from kaohe.core.part_path import Sort, State
from kaohe.core.problems import N_
from kaohe.web.words import declare_words

SORTS = {
    Sort.SETTINGS: N_("settings of the scheme"),
    Sort.TEMPLATE: N_("common indicators"),
    Sort.DEPARTMENT: N_("department's scheme"),
}
SIGNS = {
    State.DRAFT: "todo",
    State.SUBMITTED: "run",
    State.RETURNED: "back",
    State.APPROVED: "soon",
    State.ISSUED: "done",
    State.SUPERSEDED: "hold",
    State.ARCHIVED: "hold",
    State.WITHDRAWN: "hold",
}
SHEET_STATES = {
    "issued": N_("in force"),
    "superseded": N_("replaced by a later version"),
    "archived": N_("archived"),
}
SHEET_SIGNS = {"issued": "done", "superseded": "hold", "archived": "hold"}
NOUNS = {Sort.SETTINGS: "settings", Sort.TEMPLATE: "template", Sort.DEPARTMENT: "scheme"}

declare_words(
    actions={
        "part.begun": N_("began a part of the year's scheme"),
        "part.drafted": N_("drafted the version"),
        "part.edited": N_("edited the version"),
        "part.submitted": N_("submitted the version for approval"),
        "part.returned": N_("returned the version"),
        "part.approved": N_("approved the version"),
        "part.issued": N_("issued the version"),
        "part.superseded": N_("the version was superseded"),
        "part.archived": N_("the version went into the archive"),
        "part.withdrawn": N_("gave the version up"),
        "mark.made": N_("marked a cell"),
        "mark.settled": N_("changed the marked cell"),
        "sheet.issued": N_("issued the assessment sheet"),
        "sheet.superseded": N_("the assessment sheet was replaced"),
        "sheet.archived": N_("the assessment sheet went into the archive"),
        "sheet.received": N_("confirmed the receipt of the assessment sheet"),
    },
    numbered={
        "part.drafted": N_("drafted version %(number)s"),
        "part.edited": N_("edited version %(number)s"),
        "part.submitted": N_("submitted version %(number)s for approval"),
        "part.returned": N_("returned version %(number)s"),
        "part.approved": N_("approved version %(number)s"),
        "part.issued": N_("issued version %(number)s"),
        "part.superseded": N_("version %(number)s was superseded"),
        "part.archived": N_("version %(number)s went into the archive"),
        "part.withdrawn": N_("gave up version %(number)s"),
        "sheet.issued": N_("issued version %(number)s of the assessment sheet"),
        "sheet.superseded": N_("version %(number)s of the assessment sheet was replaced"),
        "sheet.archived": N_("version %(number)s of the assessment sheet went into the archive"),
        "sheet.received": N_("confirmed the receipt of version %(number)s"),
    },
    fields={
        "part.assessment_year_id": N_("assessment year"),
        "part.sort": N_("part of the scheme"),
        "part.department_id": N_("department"),
        "part-version.part_id": N_("part of the scheme"),
        "part-version.number": N_("version"),
        "part-version.state": N_("state"),
        "part-version.digest": N_("digest"),
        "part-version.scheme_digest": N_("digest of the scheme"),
        "part-version.document_number": N_("document number"),
        "part-version.issued_on": N_("issued on"),
        "part-version.change_note": N_("what is new"),
        "part-version.return_reason": N_("reason of the return"),
        "part-version.reason": N_("reason"),
        "part-version.superseded_by": N_("superseded by version"),
        "part-version.marks": N_("marked cells"),
        "part-version.cells": N_("cells"),
        "mark.part_version_id": N_("version"),
        "mark.settled": N_("settled"),
        "mark.path": N_("cell"),
        "mark.text": N_("as it was"),
        "mark.reason": N_("reason"),
        "sheet.participant_id": N_("unit in the year"),
        "sheet.number": N_("version"),
        "sheet.state": N_("state"),
        "sheet.digest": N_("digest"),
        "sheet.sheet_number": N_("number of the sheet"),
        "sheet.scheme_version_id": N_("department's scheme"),
        "sheet.template_version_id": N_("common indicators"),
        "sheet.issued_on": N_("issued on"),
        "sheet.superseded_by": N_("superseded by version"),
        "sheet.reason": N_("reason"),
    },
    choices={
        "sort": {str(sort): words for sort, words in SORTS.items()},
        "state": {"archived": N_("archived")},
        "job_kind": {"indicators.issue": N_("Issue assessment sheets")},
    },
)
