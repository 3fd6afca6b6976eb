"""Words for files and for imports of the register."""

from kaohe.core.problems import N_
from kaohe.web.words import declare_words

STATES = {
    "uploaded": N_("being checked"),
    "checked": N_("checked, not applied yet"),
    "applied": N_("applied"),
    "dropped": N_("given up"),
}
KINDS = {
    "all": N_("all rows"),
    "bad": N_("not right"),
    "warnings": N_("worth a look"),
    "new": N_("new"),
    "changed": N_("changed"),
    "same": N_("the same"),
}

declare_words(
    actions={
        "file.added": N_("brought a file"),
        "import.started": N_("brought a workbook of the register"),
        "import.checked": N_("had the workbook checked"),
        "import.applied": N_("applied the workbook to the register"),
        "import.dropped": N_("gave the import up"),
    },
    fields={
        "import_id": N_("import"),
        "file.digest": N_("SHA-256"),
        "file.size": N_("bytes"),
        "file.media": N_("form of the file"),
        "file.name": N_("name of the file"),
        "import.file_id": N_("file"),
        "import.state": N_("state"),
        **{f"import.{kind}": words for kind, words in KINDS.items()},
    },
    choices={
        "state": STATES,
        "job_kind": {
            "register.check": N_("check a workbook of the register"),
            "register.apply": N_("apply a workbook to the register"),
        },
    },
)
