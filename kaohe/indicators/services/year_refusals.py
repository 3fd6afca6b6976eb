"""What is refused about years, groups and units that take part."""

from kaohe.core.errors import Conflict, Invalid, NotPermitted
from kaohe.core.problems import N_


class YearThere(Conflict):
    """A jurisdiction has each year once."""

    code = "year.there"
    sentence = N_("The assessment year {year} is there already. Open it.")
    field = "year"


class YearOutOfRange(Invalid):
    """A number that can only be a slip of the hand."""

    code = "year.out-of-range"
    sentence = N_("The assessment year {year} cannot be meant: enter one from 2000 to 2100.")
    field = "year"


class YearFrozenOn(Conflict):
    """The last day for groups is moved after the freeze."""

    code = "year.frozen"
    sentence = N_("The groups are frozen: the last day for changing them cannot be moved any more.")
    field = "freeze_on"


class YearDaysFar(Invalid):
    """A last day that can only be a slip of the hand."""

    code = "year.days-far"
    sentence = N_("Last days of the assessment year {year} lie between {first} and {last}.")
    field = "freeze_on"


class CutOffPast(NotPermitted):
    """Who manages the year would open again what is over."""

    code = "year.cut-off-past"
    sentence = N_(
        "The last day for adjusting targets is over. Only who approves changes of the year can move"
        " it now: the committee's director or the head of the office."
    )


class YearUnfinished(Conflict):
    """Something of the year is on its way."""

    code = "year.unfinished"
    sentence = N_(
        "The year cannot be closed yet. Still on their way: versions of schemes {parts},"
        " adjustments {adjustments}, tables of targets {targets}, proposals {changes}. Finish them"
        " or give them up first."
    )


class YearNotClosed(Conflict):
    """Only what is closed goes to the archive."""

    code = "year.not-closed"
    sentence = N_("The year is not closed, or is archived already. Close it first.")


class YearNotToReopen(Conflict):
    """Only what is closed, and not yet archived, is opened again."""

    code = "year.not-to-reopen"
    sentence = N_(
        "The year is open, or is archived already. What is archived stays as it is; only a closed"
        " year can be opened again."
    )


class ReopenReasonMissing(Invalid):
    """A year opened again without a reason."""

    code = "year.reopen-reason-missing"
    sentence = N_("Write why the year is opened again: everybody can read it.")
    field = "reason"


class DocumentNotFit(Invalid):
    """Another kind of document would be linked."""

    code = "year.document-not-fit"
    sentence = N_("“{title}” is not a document of this kind. Choose the work plan or the opinion.")
    field = "document"


class PlanByDocuments(Conflict):
    """The first step is done by issuing, not by a mark."""

    code = "step.by-documents"
    sentence = N_("This step is done as soon as both the work plan and the opinion are issued.")


class GroupNameTaken(Conflict):
    """Another group of the year bears the name."""

    code = "group.name-taken"
    sentence = N_("A group of this year is called “{name}” already. Choose another name.")
    field = "name"


class GroupNameMissing(Invalid):
    """A group without a name."""

    code = "group.name-missing"
    sentence = N_("A group needs a name.")
    field = "name"


class GroupsFrozen(Conflict):
    """Groups change only by approval now."""

    code = "group.frozen"
    sentence = N_(
        "The groups of this year are frozen. Propose the change at the unit, with its reason;"
        " somebody else approves it."
    )


class GroupsNotFrozen(Conflict):
    """No approval is needed yet."""

    code = "group.not-frozen"
    sentence = N_("The groups are not frozen yet: put the unit into the other group directly.")


class GroupClosed(Invalid):
    """A group that was merged into another, or one of another year."""

    code = "group.closed"
    sentence = N_("This is no open group of the year. Choose another one.")
    field = "group"


class GroupNotEmpty(Conflict):
    """A group with units would be closed."""

    code = "group.not-empty"
    sentence = N_("“{name}” has units: {count}. Put them into other groups, or merge it.")


class NothingToMerge(Invalid):
    """A merge without anything to merge."""

    code = "group.nothing-to-merge"
    sentence = N_("Choose at least one group besides the one that the units go into.")
    field = "sources"


class GroupMissing(Conflict):
    """Units without a group at the freeze."""

    code = "group.missing"
    sentence = N_("Units without a group: {count} ({units}). Put each into one, then freeze.")


class GroupTooSmall(Invalid):
    """Groups below the minimum at the freeze, and nobody says why."""

    code = "group.too-small"
    sentence = N_(
        "Groups with fewer than {minimum} units: {groups}. Merge them, or write why they stay."
    )
    field = "reason"


class UnitThere(Conflict):
    """A unit takes part once."""

    code = "participant.there"
    sentence = N_("This unit takes part in the year already.")
    field = "unit"


class UnitNotFit(Invalid):
    """A unit that cannot take part."""

    code = "participant.not-fit"
    sentence = N_(
        "This unit has ended, or has no unified social credit code yet: mend the register first."
    )
    field = "unit"


class ScopeReasonMissing(Invalid):
    """Taken in or out without a reason."""

    code = "participant.reason-missing"
    sentence = N_("Write why: the unit will read it.")
    field = "reason"


class UnitHasTraces(Conflict):
    """A unit with a sheet would be taken out."""

    code = "participant.has-traces"
    sentence = N_(
        "This unit has a sheet, targets or a proposal in this year, so it stays in it. Propose that"
        " it be exempt instead."
    )


class ChangeOpen(Conflict):
    """One proposal at a time for each matter."""

    code = "change.open"
    sentence = N_("A proposal on this is waiting for an answer already.")


class ChangeOfNothing(Invalid):
    """The proposal is what holds already, or nothing that can be."""

    code = "change.of-nothing"
    sentence = N_("This already holds, or cannot be chosen. Choose what it should become.")
    field = "new"


class ChangeReasonMissing(Invalid):
    """A proposal or a refusal without a reason."""

    code = "change.reason-missing"
    sentence = N_("Write why: the other side will read it.")
    field = "reason"


class ChangeDecided(Conflict):
    """It was answered already, or taken back."""

    code = "change.decided"
    sentence = N_("This proposal was answered or taken back already.")


class ChangeOutdated(Conflict):
    """What it was proposed on no longer holds."""

    code = "change.outdated"
    sentence = N_(
        "Since the proposal was made the unit has changed, or the group was closed. Refuse it, and"
        " have it proposed anew."
    )


class OwnChange(NotPermitted):
    """Who proposed would approve."""

    code = "change.own"
    sentence = N_("Who proposed a change cannot answer it; somebody else must.")


class NotOwnChange(Conflict):
    """Somebody else's proposal would be taken back."""

    code = "change.not-own"
    sentence = N_(
        "Only who proposed a change can take it back. Whoever approves changes can refuse it."
    )


class NothingDiffers(Conflict):
    """There is nothing to take over."""

    code = "participant.nothing-differs"
    sentence = N_("The register says what the year says: there is nothing to take over.")
