"""Words for requests for erasure."""

from kaohe.core.problems import N_
from kaohe.web.words import declare_words

BASES = {
    "purpose_ended": N_(
        "purpose reached, or not attainable (Personal Information Protection Law, art. 47(1)(1))"
    ),
    "period_ended": N_(
        "period of keeping over (Personal Information Protection Law, art. 47(1)(2))"
    ),
    "consent_withdrawn": N_(
        "consent withdrawn (Personal Information Protection Law, art. 47(1)(3))"
    ),
    "unlawful_processing": N_(
        "kept or used against the law (Personal Information Protection Law, art. 47(1)(4))"
    ),
    "other_law": N_(
        "another law or regulation asks for it (Personal Information Protection Law, art. 47(1)(5))"
    ),
    "judgment": N_("judgment or ruling of a court that has taken effect"),
    "supervision": N_(
        "order of a supervising authority (Personal Information Protection Law, art. 66)"
    ),
}
STATES = {
    "asked": N_("waits to be carried out"),
    "carried_out": N_("carried out"),
    "refused": N_("refused"),
}

declare_words(
    actions={
        "erasure.asked": N_("asked for an erasure"),
        "erasure.carried-out": N_("carried out an erasure"),
        "erasure.refused": N_("refused an erasure"),
        "person.erased": N_("erased what was known of the person"),
        "record.text-erased": N_("erased texts of an entry"),
    },
    fields={
        "erasure.state": N_("state"),
        "erasure.person_id": N_("everything about"),
        "erasure.answer": N_("why it was refused"),
        "erasure.entries": N_("entries that lost texts"),
        "erasure.texts": N_("texts erased"),
        "basis": N_("basis in law"),
        "erasure_reason": N_("reason of the erasure"),
        "entry": N_("entry"),
        "names": N_("texts"),
        "request": N_("request"),
        "snapshots": N_("snapshots in which the name stood"),
    },
    choices={"basis": BASES, "state": STATES},
)
