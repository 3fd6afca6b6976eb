"""Words for targets and their adjustment in mid-year."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from kaohe.core.problems import N_
from kaohe.core.target_path import AdjustmentState, TargetState
from kaohe.core.target_values import FIELD_WORDS
from kaohe.web.words import declare_words

SIGNS = {
    TargetState.OPEN: "todo",
    TargetState.DECLARED: "run",
    TargetState.REVIEWED: "soon",
    TargetState.FINALISED: "done",
    TargetState.RETURNED: "back",
}
ADJUSTMENT_SIGNS = {
    AdjustmentState.PROPOSED: "run",
    AdjustmentState.REVIEWED: "soon",
    AdjustmentState.FINALISED: "done",
    AdjustmentState.RETURNED: "back",
    AdjustmentState.WITHDRAWN: "hold",
}


def cells_told(text: str) -> str:
    """Changed values of the record with their names; a line that holds none stays as it is."""
    return "\n".join(_lines(text))


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        path, colon, rest = line.partition(": ")
        item, slash, name = path.partition("/")
        if not (colon and slash):
            yield line
            continue
        last = name.rpartition("/")[2]  # of a milestone: its own name
        facts = {"item": item, "name": _(FIELD_WORDS.get(name, last)), "values": rest.strip()}
        yield _("%(item)s %(name)s: %(values)s") % facts


declare_words(
    actions={
        "targets.opened": N_("opened the declaration of targets"),
        "targets.filled": N_("filled in targets"),
        "targets.declared": N_("declared the targets"),
        "targets.withdrawn": N_("took the declaration of targets back"),
        "targets.reviewed": N_("reviewed the targets"),
        "targets.returned": N_("returned the targets"),
        "targets.finalised": N_("finalised the targets"),
        "adjustment.proposed": N_("proposed an adjustment of targets"),
        "adjustment.proposed-again": N_("proposed the adjustment again"),
        "adjustment.reviewed": N_("reviewed the adjustment"),
        "adjustment.returned": N_("returned the adjustment"),
        "adjustment.withdrawn": N_("withdrew the adjustment"),
        "adjustment.finalised": N_("finalised the adjustment"),
    },
    numbered={
        "adjustment.proposed": N_("proposed adjustment %(number)s of targets"),
        "adjustment.proposed-again": N_("proposed adjustment %(number)s again"),
        "adjustment.reviewed": N_("reviewed adjustment %(number)s"),
        "adjustment.returned": N_("returned adjustment %(number)s"),
        "adjustment.withdrawn": N_("withdrew adjustment %(number)s"),
        "adjustment.finalised": N_("finalised adjustment %(number)s"),
    },
    fields={
        "target-table.participant_id": N_("unit in the year"),
        "target-table.state": N_("state"),
        "target-table.digest": N_("digest"),
        "target-table.note": N_("why it was amended"),
        "target-table.return_reason": N_("reason of the return"),
        "target-table.cells": N_("values"),
        "target-table.withdrawal": N_("reason"),
        "adjustment.participant_id": N_("unit in the year"),
        "adjustment.number": N_("number of the adjustment"),
        "adjustment.sheet_id": N_("sheet before"),
        "adjustment.made_id": N_("sheet after"),
        "adjustment.state": N_("state"),
        "adjustment.by_department": N_("proposed by the department"),
        "adjustment.digest": N_("digest"),
        "adjustment.reason": N_("reason"),
        "adjustment.document": N_("document"),
        "adjustment.return_reason": N_("reason of the return"),
        "adjustment.cells": N_("values"),
        "adjustment.withdrawal": N_("reason"),
    },
    texts={"target-table.cells": cells_told, "adjustment.cells": cells_told},
    choices={
        "state": {
            "declared": N_("declared by the unit"),
            "reviewed": N_("reviewed by the department"),
            "finalised": N_("finalised by the office"),
            "proposed": N_("adjustment proposed"),
        }
    },
)
