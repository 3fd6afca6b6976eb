"""What the database itself keeps as it is: versions that were handed in, sheets, kept folders.

The services refuse the same with a sentence; this is for whoever goes past them.

Source: docs/rules/indicators.md, P-7.
"""

from collections.abc import Iterable

from kaohe.journal.frozen_rows import Frozen


def _any_of(columns: Iterable[str]) -> str:
    """Whether one of some columns would change."""
    return " OR ".join(f"NEW.{name} {{differs}} OLD.{name}" for name in columns)


_NEVER = ("id", "jurisdiction_id", "part_id", "number", "drafted_by_id", "created_at")
_HANDED_IN = ("content", "digest")
_SETTLED = (
    *("change_note", "document_number", "scheme_digest", "submitted_by_id", "submitted_at"),
    *("returned_by_id", "return_reason", "approved_by_id", "approved_at"),
    *("issued_by_id", "issued_on"),
)
_OPEN = "('draft', 'submitted', 'returned', 'approved')"

VERSIONS = Frozen(
    "indicators_partversion",
    change=f"""{_any_of(_NEVER)}
      OR OLD.state NOT IN ('draft', 'returned') AND ({_any_of(_HANDED_IN)})
      OR OLD.state NOT IN {_OPEN} AND ({_any_of(_SETTLED)})
      OR NEW.state {{differs}} OLD.state AND (
        NEW.state = 'draft' OR OLD.state NOT IN {_OPEN}
        AND NOT (OLD.state = 'issued' AND NEW.state IN ('superseded', 'archived')))""",
    removal="OLD.state <> 'draft'",
    replaced=f"""state <> 'draft' AND (id = NEW.id OR part_id = NEW.part_id AND (
      number = NEW.number OR state IN {_OPEN} AND NEW.state IN {_OPEN}))""",
    instead="a version keeps what it says once it is handed in; draft the next one",
)

SHEETS = Frozen(
    "indicators_sheet",
    change=f"""{
        _any_of(
            (
                *("id", "jurisdiction_id", "participant_id", "number", "content", "digest"),
                *("sheet_number", "reason", "scheme_version_id", "template_version_id"),
                *("issued_by_id", "issued_on"),
            )
        )
    }
      OR OLD.received_at IS NOT NULL AND ({_any_of(("received_at", "received_by_id"))})
      OR NEW.state {{differs}} OLD.state
        AND NOT (OLD.state = 'issued' AND NEW.state IN ('superseded', 'archived'))""",
    removal="OLD.id IS NOT NULL",
    replaced="""id = NEW.id OR participant_id = NEW.participant_id AND (
      number = NEW.number OR state = 'issued' AND NEW.state = 'issued')""",
    instead="a sheet that was issued stays; adjust it, or issue the next version",
)

YEARS = Frozen(
    "indicators_assessmentyear",
    change=f"""{_any_of(("id", "jurisdiction_id", "year"))}
      OR OLD.folder_id IS NOT NULL AND ({_any_of(("folder_id",))})
      OR OLD.results_id IS NOT NULL AND ({_any_of(("results_id",))})""",
    removal="OLD.folder_id IS NOT NULL OR OLD.results_id IS NOT NULL",
    replaced="""(folder_id IS NOT NULL OR results_id IS NOT NULL) AND (
      id = NEW.id OR jurisdiction_id = NEW.jurisdiction_id AND year = NEW.year)""",
    instead="the folder of a year is kept as it was; nothing takes its place",
)

# Rows say under which digest the bytes lie: a kept folder could be exchanged here.
FILES = Frozen(
    "organization_storedfile",
    change=_any_of(("id", "jurisdiction_id", "digest", "size", "media")),
    removal="OLD.id IS NOT NULL",
    replaced="id = NEW.id",
    instead="a file is kept as it was brought; bring another one",
)

ALL = (VERSIONS, SHEETS, YEARS, FILES)
