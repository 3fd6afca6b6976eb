"""Words for files that are brought for schemes, and for papers that are made in one go."""

from kaohe.core.problems import N_
from kaohe.web.words import declare_words

STATES = {
    "brought": N_("being read"),
    "read": N_("read, not applied yet"),
    "applied": N_("applied"),
    "dropped": N_("given up"),
    "undone": N_("applied, then undone"),
}
SIGNS = {"brought": "run", "read": "todo", "applied": "done", "dropped": "hold", "undone": "hold"}
HOW = {  # how it is known which unit a Word file is for
    "inside": N_("named in the file"),
    "name": N_("by the name of the file"),
    "chosen": N_("as was said"),
    "all": N_("for all units"),
    "out": N_("not read"),
    "open": N_("not known"),
}

declare_words(
    actions={
        "part-import.brought": N_("brought a file for the scheme"),
        "part-import.read": N_("had the file read and compared"),
        "part-import.applied": N_("applied the file to the draft"),
        "part-import.dropped": N_("gave the file up"),
        "part-import.placed": N_("said which units the Word files are for"),
        "part-import.undone": N_("undid the import, so that the draft is as before"),
        "mark.reopened": N_("the marked cell says again what was marked"),
        "word-columns.set": N_("said what the columns of the Word files mean"),
    },
    fields={
        "part-import.part_id": N_("department's scheme"),
        "part-import.file_id": N_("file"),
        "part-import.sort": N_("kind of the file"),
        "part-import.state": N_("state"),
        "part-import.count": N_("files"),
        "part-import.files": N_("files that were placed"),
        "part-import.errors": N_("not right"),
        "part-import.cells": N_("cells that change"),
        "word-columns.department_id": N_("department"),
        "word-columns.columns": N_("columns that were explained"),
    },
    choices={
        "state": STATES,
        "job_kind": {
            "parts.read": N_("read a file of a scheme"),
            "papers.make": N_("make papers of the year"),
        },
    },
)
