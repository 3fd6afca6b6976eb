"""Words for the committee, its office and its sittings."""

from kaohe.core.problems import N_
from kaohe.organization.papers.minutes import OUTCOMES
from kaohe.organization.services.sitting_refusals import STATES
from kaohe.web.words import declare_words

SEATS = {
    "director": N_("director"),
    "deputy": N_("deputy director"),
    "member": N_("member"),
}
OUTCOME_SIGNS = {"approved": "done", "rejected": "back", "deferred": "hold", "noted": "done"}
SITTING_SIGNS = {"planned": "todo", "open": "run", "closed": "done"}

# What a member department puts to use: the four links, or what it contributes.
LINKS = {
    "organisation": N_("link 2: choice and use of cadres"),
    "hr": N_("link 1: honours and staff assessment"),
    "finance": N_("link 3: funding"),
    "establishment": N_("link 4: staffing"),
    "audit": N_("audit findings as grounds for deductions and vetoes"),
    "education": N_("results of its own units; also in charge of units"),
    "health": N_("results of its own units; also in charge of units"),
    "discipline": N_("findings as grounds for vetoes"),
}

declare_words(
    actions={
        "committee.founded": N_("entered the committee"),
        "committee.corrected": N_("corrected the committee"),
        "office.corrected": N_("corrected the assessment office"),
        "seat.given": N_("gave a seat on the committee"),
        "seat.corrected": N_("corrected a seat"),
        "seat.ended": N_("ended a seat"),
        "seat.moved": N_("changed the order of seats"),
        "sitting.planned": N_("planned the sitting"),
        "sitting.corrected": N_("corrected the sitting"),
        "sitting.opened": N_("opened the sitting"),
        "sitting.minuted": N_("wrote the minutes"),
        "sitting.closed": N_("confirmed the decisions and closed the sitting"),
        "agenda.entered": N_("put a matter on the agenda"),
        "agenda.corrected": N_("corrected a matter on the agenda"),
        "attendance.noted": N_("noted attendance"),
        "attendance.corrected": N_("corrected attendance"),
        "recusal.recorded": N_("recorded a recusal"),
        "recusal.withdrawn": N_("took back a recusal"),
        "recusal.declined": N_("noted why somebody does not stand aside"),
        "decision.recorded": N_("recorded a decision"),
    },
    fields={
        "committee.founded_on": N_("founded on"),
        "seat.committee_id": N_("committee"),
        "seat.person_id": N_("person"),
        "seat.seat": N_("seat"),
        "seat.department_id": N_("department of the seat"),
        "seat.title": N_("post and title"),
        "seat.rank": N_("place in the list"),
        "seat.from_on": N_("seated from"),
        "seat.to_on": N_("last day in the seat"),
        "sitting.committee_id": N_("committee"),
        "sitting.title": N_("title"),
        "sitting.held_on": N_("day"),
        "sitting.location": N_("place"),
        "sitting.state": N_("state"),
        "sitting.minutes": N_("minutes"),
        "agenda.sitting_id": N_("sitting"),
        "agenda.number": N_("number"),
        "agenda.title": N_("title"),
        "agenda.text": N_("content"),
        "agenda.department_id": N_("about the department"),
        "agenda.unit_id": N_("about the unit"),
        "agenda.document_version_id": N_("document under review"),
        "agenda.seat_id": N_("who"),
        "agenda.stay_reason": N_("why the person does not stand aside"),
        "agenda.reason": N_("why the recusal is taken back"),
        "attendance.sitting_id": N_("sitting"),
        "attendance.seat_id": N_("who"),
        "attendance.present": N_("present"),
        "recusal.item_id": N_("matter on the agenda"),
        "recusal.seat_id": N_("who"),
        "recusal.reason": N_("reason for standing aside"),
        "decision.item_id": N_("matter on the agenda"),
        "decision.outcome": N_("outcome"),
        "decision.text": N_("wording of the decision"),
        "decision.votes_for": N_("votes for"),
        "decision.votes_against": N_("votes against"),
        "decision.abstentions": N_("abstentions"),
    },
    choices={"seat": SEATS, "outcome": OUTCOMES, "state": STATES},
)
