"""Why a succession of units is refused."""

from kaohe.core.errors import Conflict, Invalid
from kaohe.core.problems import N_


class DayBeforeOpening(Invalid):
    code = "succession.day-before-opening"
    sentence = N_("{unit} opened on {opened_on}; enter a later day")
    field = "day"


class DayBeforeLastChange(Invalid):
    code = "succession.day-before-last-change"
    sentence = N_("{unit} last changed on {changed_on}; enter a later day")
    field = "day"


class DayInClosedPast(Conflict):
    code = "succession.day-in-closed-past"
    sentence = N_("the years before {open_from} are closed; enter that day or a later one")
    field = "day"


class UnitClosed(Conflict):
    code = "succession.unit-closed"
    sentence = N_("{unit} was closed on {closed_on}, and nothing can become of it any more")
    field = "units"


class UnitTwice(Invalid):
    code = "succession.unit-twice"
    sentence = N_("{unit} is chosen twice; choose each unit once")
    field = "units"


class TooFewUnits(Invalid):
    code = "succession.too-few-units"
    sentence = N_("this needs at least {least} unit(s), and {count} are chosen; choose more")
    field = "units"


class OneUnitOnly(Invalid):
    code = "succession.one-unit-only"
    sentence = N_("this concerns one unit, and {count} are chosen; take them one after the other")
    field = "units"


class FormMissing(Invalid):
    code = "succession.form-missing"
    sentence = N_("choose whether the units merge into one of them or into a new one")
    field = "form"


class SurvivorMissing(Invalid):
    code = "succession.survivor-missing"
    sentence = N_("choose which of the merging units continues")
    field = "survivor"


class TooFewNewcomers(Invalid):
    code = "succession.too-few-newcomers"
    sentence = N_("this needs at least {least} new unit(s), and {count} are given; add more")
    field = "newcomers"


class TooManyNewcomers(Invalid):
    code = "succession.too-many-newcomers"
    sentence = N_("this has at most {most} new unit(s), and {count} are given; take some out")
    field = "newcomers"


class CodeUnsound(Invalid):
    code = "succession.code-unsound"
    sentence = N_(
        "“{found}” is no right unified social credit code; check it against the certificate"
    )
    field = "code"


class CodeTaken(Conflict):
    code = "succession.code-taken"
    sentence = N_("{found} is the code of another unit, present or former; check it")
    field = "code"


class NameMissing(Invalid):
    code = "succession.name-missing"
    sentence = N_("enter the full name of the new unit")
    field = "name"


class NameUnsound(Invalid):
    code = "succession.name-unsound"
    sentence = N_("“{name}” cannot be a name: it is too long, or begins with =, +, - or @")
    field = "name"


class NothingChanges(Invalid):
    code = "succession.nothing-changes"
    sentence = N_("{unit} has this name and this code already; enter what changes")
    field = "name"


class NameTaken(Conflict):
    code = "succession.name-taken"
    sentence = N_("“{name}” is the name of the unit {other}; enter another name")
    field = "name"


class DepartmentMissing(Invalid):
    code = "succession.department-missing"
    sentence = N_("choose the competent department")
    field = "department"


class DepartmentSame(Invalid):
    code = "succession.department-same"
    sentence = N_("{unit} belongs to this department already; choose another department")
    field = "department"
