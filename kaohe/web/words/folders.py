"""Words for the folders of years."""

from kaohe.core.problems import N_
from kaohe.web.words import declare_words

FORMS = {
    "xlsx": N_("one workbook (.xlsx)"),
    "csv": N_("tables (.csv)"),
    "parquet": N_("tables (.parquet)"),
}

declare_words(
    actions={
        "year.imported": N_("made the assessment year of a folder"),
        "part.imported": N_("took the version over from a folder"),
        "sheet.imported": N_("took the sheet over from a folder"),
    },
    fields={"year.scheme_digest": N_("digest of the scheme")},
    choices={
        "job_kind": {"indicators.import-year": N_("Make a year of an assessment folder")},
        "folder_form": FORMS,
    },
)
