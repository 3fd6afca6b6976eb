"""Words for assessment years: their calendar, groups, and the units that take part."""

from kaohe.core.problems import N_
from kaohe.core.year_steps import STEPS, Sign
from kaohe.web.words import declare_words
from kaohe.web.words.roles import ROLES

YEAR_STATES = {"open": N_("under way"), "closed": N_("closed"), "archived": N_("archived")}
YEAR_SIGNS = {"open": "run", "closed": "done", "archived": "hold"}
STATUSES = {
    "graded": N_("assessed and graded"),
    "ungraded": N_("assessed without a grade"),
    "exempt": N_("exempt from assessment"),
}
CHANGE_STATES = {
    "proposed": N_("waits for an answer"),
    "approved": N_("approved"),
    "refused": N_("refused"),
}
CHANGE_SIGNS = {"proposed": "soon", "approved": "done", "refused": "back"}
FIELDS = {"group": N_("group"), "status": N_("status")}
SIGNS = {
    Sign.DONE: "done",
    Sign.DROPPED: "hold",
    Sign.LATE: "late",
    Sign.RUNNING: "run",
    Sign.AHEAD: "todo",
}
BARS = {
    Sign.DONE: "d",
    Sign.DROPPED: "",
    Sign.LATE: "l",
    Sign.RUNNING: "h",
    Sign.AHEAD: "",
}

declare_words(
    actions={
        "year.opened": N_("opened the assessment year"),
        "year.corrected": N_("corrected the assessment year"),
        "year.document-linked": N_("linked a document to the assessment year"),
        "year.frozen": N_("froze the groups of the year"),
        "year.closed": N_("closed the assessment year"),
        "year.archived": N_("archived the assessment year"),
        "step.planned": N_("put the step in the calendar"),
        "step.moved": N_("moved the step"),
        "step.finished": N_("marked the step as done"),
        "step.dropped": N_("the step is not held this year"),
        "step.reopened": N_("took the step up again"),
        "group.made": N_("made the group"),
        "group.renamed": N_("renamed the group"),
        "group.closed": N_("closed the group"),
        "participant.taken-in": N_("took the unit into the year"),
        "participant.taken-out": N_("took the unit out of the year"),
        "participant.grouped": N_("put the unit into a group"),
        "participant.status-set": N_("set the status of the unit"),
        "participant.refreshed": N_("took over what the register says"),
        "change.proposed": N_("proposed a change"),
        "change.approved": N_("approved the change"),
        "change.refused": N_("refused the change"),
    },
    fields={
        "assessment_year_id": N_("assessment year"),
        "group_id": N_("group"),
        "participant_id": N_("unit"),
        "year.year": N_("assessment year"),
        "year.title": N_("title"),
        "year.state": N_("state"),
        "year.minimum_group": N_("minimum of a group"),
        "year.freeze_on": N_("groups change freely until"),
        "year.frozen_on": N_("groups frozen on"),
        "year.cut_off_on": N_("targets are adjusted until"),
        "year.imported": N_("from a folder"),
        "year.folder_id": N_("folder"),
        "year.results_id": N_("results"),
        "year.work_plan_id": N_("work plan of the year"),
        "year.opinion_id": N_("city-wide opinion"),
        "year.count": N_("parts and sheets"),
        "step.code": N_("step"),
        "step.number": N_("No."),
        "step.starts_on": N_("first day"),
        "step.ends_on": N_("last day"),
        "step.responsible": N_("responsible"),
        "step.dropped": N_("not held this year"),
        "step.done_on": N_("done on"),
        "step.note": N_("remark"),
        "group.name": N_("name"),
        "group.position": N_("place in the list"),
        "group.closed": N_("closed"),
        "group.into": N_("merged into"),
        "participant.unit_id": N_("unit in the register"),
        "participant.department_id": N_("competent department"),
        "participant.department_name": N_("name of the department"),
        "participant.code": N_("unified social credit code"),
        "participant.name": N_("name"),
        "participant.status": N_("status"),
        "participant.status_reason": N_("reason of the status"),
        "participant.category": N_("category of the unit"),
        "participant.sector": N_("sector"),
        "participant.funding_basis": N_("basis of funding"),
        "participant.staff": N_("staff"),
        "participant-change.field": N_("what changes"),
        "participant-change.old": N_("holds"),
        "participant-change.new": N_("should become"),
        "participant-change.state": N_("state"),
        "participant-change.reason": N_("reason"),
        "participant-change.document": N_("document"),
        "participant-change.answer": N_("answer"),
    },
    choices={
        "year.state": YEAR_STATES,
        "year_state": YEAR_STATES,
        "participant.status": STATUSES,
        "participation": STATUSES,
        "participant-change.state": CHANGE_STATES,
        "change_state": CHANGE_STATES,
        "participant-change.field": FIELDS,
        "participant-change.old": STATUSES,
        "participant-change.new": STATUSES,
        "step.code": {step.code: step.words for step in STEPS},
        "step_id": {step.code: step.words for step in STEPS},
        "responsible": {str(role): words for role, words in ROLES.items()},
        "subject_kind": {
            "year": N_("assessment year"),
            "step": N_("step of the calendar"),
            "group": N_("group"),
            "participant": N_("unit in the year"),
            "participant-change": N_("change in the year"),
        },
    },
)
