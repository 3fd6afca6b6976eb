"""Words for the installation itself, its jurisdictions, its jobs, and the kinds of objects."""

from kaohe.core.problems import N_
from kaohe.web.words import declare_words

STATES = {
    "queued": N_("waiting"),
    "running": N_("running"),
    "done": N_("done"),
    "failed": N_("failed"),
}

KINDS = {
    "agenda": N_("matter of a sitting"),
    "attendance": N_("attendance"),
    "comment": N_("comment"),
    "committee": N_("committee"),
    "decision": N_("decision"),
    "department": N_("department"),
    "document": N_("document"),
    "document-version": N_("version of a document"),
    "file": N_("file"),
    "import": N_("import"),
    "installation": N_("installation"),
    "jurisdiction": N_("jurisdiction"),
    "person": N_("person"),
    "recusal": N_("recusal"),
    "role": N_("role"),
    "seat": N_("seat"),
    "sitting": N_("sitting"),
    "tenure": N_("post held"),
    "unit": N_("unit"),
    "user": N_("account"),
}

declare_words(
    actions={
        "installation.made": N_("made the installation"),
        "installation.backed-up": N_("backed the installation up"),
        "installation.restored": N_("restored the installation from a backup"),
        "installation.upgraded": N_("upgraded the installation"),
        "jurisdiction.entered": N_("entered the jurisdiction"),
        "jurisdiction.corrected": N_("corrected the jurisdiction"),
    },
    fields={
        "installation.version": N_("version"),
        "installation.database": N_("database"),
        "installation.file": N_("file"),
        "installation.bytes": N_("bytes"),
        "installation.sha256": N_("digest (SHA-256)"),
        "installation.changes": N_("changes of the tables"),
        "jurisdiction.code": N_("division code"),
        "jurisdiction.name": N_("name"),
        "jurisdiction.office_name": N_("office"),
        "jurisdiction.support": N_("whom to call"),
        "jurisdiction.parent_id": N_("belongs to"),
    },
    choices={"job_state": STATES, "subject_kind": KINDS},
)
