"""The Word files of an import, read one after the other and put together."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext

from kaohe.core.problems import N_
from kaohe.indicators.models import PartImport, PartVersion
from kaohe.indicators.queries.word_drafts import columns_of, unit_names
from kaohe.indicators.reading.word_files import OUT, Placed, Sent, put_together
from kaohe.indicators.reading.word_plan import plan_from_word
from kaohe.indicators.reading.word_sheets import WordFile, WordReader
from kaohe.organization.queries.files import path_of

READING = N_("reading the files")
Progress = Callable[[int, int, str], None]


def found_in_words(row: PartImport, draft: PartVersion, progress: Progress) -> dict[str, Any]:
    """What the Word files of an import say, as it is kept.

    Nothing of it is in conflict: a Word file has no version of the draft to come from.
    """
    names, said = unit_names(draft.part), columns_of(draft.part.department_id)
    files = list(row.files.select_related("file"))
    sent = []
    for place, each in enumerate(files):
        progress(place, len(files) + 1, READING)
        read = None
        if each.file is not None:
            read = WordFile()
            if each.chosen != OUT:
                read = WordReader(names, said, gettext).read(path_of(each.file.digest))
        sent.append(Sent(each.pk, each.name, read, each.unfit, each.chosen))
    whole, placed = put_together(sent, names)
    return {
        "tree": plan_from_word(whole, draft.content) if whole.rows else {},
        "problems": [asdict(each) for each in whole.problems],
        "conflicts": [],
        "heads": whole.heads,
        "unknown": whole.unknown,
        "files": [_told(each) for each in placed],
    }


def _told(placed: Placed) -> dict[str, Any]:
    file = placed.sent.file or WordFile()
    return {
        "key": placed.sent.key,
        "how": str(placed.how),
        "units": placed.units,
        "rows": len(file.rows),
        "heads": file.heads,
        "unknown": file.unknown,
    }
