"""What is refused about targets and their adjustments when a deed is carried out."""

from kaohe.core.errors import Conflict, Invalid
from kaohe.core.problems import N_


class TargetsNothingToOpen(Conflict):
    """No unit waits for the declaration to be opened."""

    code = "target.nothing-to-open"
    sentence = N_(
        "There is no unit in the draft of the scheme whose targets are not opened yet. Enter sheets"
        " for the units in the draft first."
    )


class TargetsDraftMissing(Conflict):
    """Targets are declared for a draft."""

    code = "target.draft-missing"
    sentence = N_(
        "“{department}” has no draft of its scheme under way, so there is nothing to declare"
        " targets for. Begin the scheme or its next version first; what is issued is adjusted."
    )


class TargetsDraftClosed(Conflict):
    """The values cannot flow into a draft that was handed in."""

    code = "target.draft-closed"
    sentence = N_(
        "The scheme of “{department}” was handed in, so reviewed targets cannot be written into"
        " it. Review targets before handing the scheme in, or have it returned first."
    )


class TargetsNoSheet(Conflict):
    """The draft has no sheet for the unit."""

    code = "target.no-sheet"
    sentence = N_(
        "The draft of the scheme has no sheet for {unit}. The department enters it there first."
    )


class TargetsUnsound(Invalid):
    """Values that the rules of their indicators cannot use."""

    code = "target.unsound"
    sentence = N_("{count} values are not in order. The first, {item}: {first}")
    words = frozenset({"first"})


class TargetsMoved(Conflict):
    """The draft no longer says what was agreed."""

    code = "target.moved"
    sentence = N_(
        "The scheme no longer holds the targets that were agreed with these units: {units}. Enter"
        " the agreed values in the draft, or return the targets so that they are agreed anew."
    )


class TargetsIssued(Conflict):
    """What is issued is adjusted, not returned."""

    code = "target.issued"
    sentence = N_(
        "The sheet of this unit is issued; its targets are finalised for good. Propose an"
        " adjustment instead."
    )


class TargetsApproved(Conflict):
    """The scheme would be issued with what was returned."""

    code = "target.approved"
    sentence = N_(
        "The scheme of “{department}” that holds these targets is approved and would be issued with"
        " them. Return the scheme first, then the targets."
    )


class TargetsReturned(Conflict):
    """The scheme still holds what was returned to its unit."""

    code = "target.returned"
    sentence = N_(
        "The scheme still holds targets that were returned to these units: {units}. Return the"
        " scheme, so that they are declared and reviewed anew, or other values are entered."
    )


class AdjustmentNoSheet(Conflict):
    """Only what is issued can be adjusted."""

    code = "adjustment.no-sheet"
    sentence = N_("No sheet of {unit} is in force, so there is nothing to adjust yet.")


class AdjustmentUnderWay(Conflict):
    """Only one adjustment of a unit is open at a time."""

    code = "adjustment.under-way"
    sentence = N_(
        "Adjustment {number} of this unit is not decided yet. Wait for it, or withdraw it first."
    )


class AdjustmentEmpty(Invalid):
    """An adjustment that changes nothing."""

    code = "adjustment.empty"
    sentence = N_("Nothing differs from the sheet in force. Enter at least one new value.")


class AdjustmentUnknownCell(Invalid):
    """A value that the sheet does not have."""

    code = "adjustment.unknown-cell"
    sentence = N_(
        "The sheet in force has no value “{field}” under {item} that could be adjusted. Look at the"
        " sheet again."
    )


class AdjustmentNoReason(Invalid):
    """An adjustment says why."""

    code = "adjustment.no-reason"
    sentence = N_("Write why the targets are to be adjusted: it is printed on the next sheet.")
    field = "reason"


class AdjustmentOfDepartment(Conflict):
    """What the department proposed is its own."""

    code = "adjustment.of-department"
    sentence = N_(
        "The department proposed this adjustment; only the department proposes it again or"
        " withdraws it."
    )


class AdjustmentOfUnit(Conflict):
    """What the unit proposed is its own."""

    code = "adjustment.of-unit"
    sentence = N_(
        "The unit proposed this adjustment; only the unit proposes it again or withdraws it. Review"
        " it, or return it with a reason."
    )


class AdjustmentStale(Conflict):
    """The sheet in force is another one by now."""

    code = "adjustment.stale"
    sentence = N_(
        "The sheet in force no longer has the old values that this adjustment starts from. Return"
        " it, so that it is proposed anew from the present sheet."
    )
