"""Words for the log and its witnesses."""

from kaohe.core.problems import N_
from kaohe.web.words import declare_words

declare_words(
    actions={
        "witness.added": N_("entered the witness"),
        "witness.corrected": N_("corrected the witness"),
        "witness.ended": N_("ended the witness"),
    },
    fields={
        "witness.name": N_("organisation"),
        "witness.vkey": N_("verification key"),
        "witness.url": N_("address of the witness"),
    },
    choices={"subject_kind": {"witness": N_("witness"), "token": N_("access token")}},
)
