"""Words for the log and its witnesses."""

from kaohe.core.problems import N_
from kaohe.web.words import declare_words

declare_words(
    actions={
        "witness.added": N_("entered the witness"),
        "witness.corrected": N_("corrected the witness"),
        "witness.ended": N_("ended the witness"),
        "log.key-changed": N_("changed the log's signing key"),
        "log.rows-recovered": N_("brought entries back from the log"),
        "log.checkpoint-adopted": N_("adopted a checkpoint as the last one"),
        "log.entries-requeued": N_("let entries wait to be sealed again"),
        "record.unreadable": N_("an entry that cannot be read: it was altered in the database"),
    },
    fields={
        "witness.name": N_("organisation"),
        "witness.vkey": N_("verification key"),
        "witness.url": N_("address of the witness"),
        "log.key": N_("verification key"),
        "log.from": N_("from index"),
        "log.to": N_("to before index"),
        "log.size": N_("entries covered"),
        "log.root": N_("root hash"),
        "log.count": N_("entries"),
    },
    choices={
        "subject_kind": {
            "witness": N_("witness"),
            "token": N_("access token"),
            "log": N_("transparency log"),
        }
    },
)
