"""Why something about the register of units is refused."""

from collections.abc import Callable

from kaohe.core.errors import Conflict, Invalid
from kaohe.core.problems import N_, Problem


class CodeUnsound(Invalid):
    """A unified social credit code that cannot be right."""

    code = "unit.code-unsound"
    sentence = N_("The code cannot be right: {problem}. What to do: {remedy}.")
    field = "code"

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem=problem.sentence(), remedy=problem.remedy())
        self.problem = problem

    def say(self, translate: Callable[[str], str] = str) -> str:
        """The sentence with the problem of the code in the same language."""
        return translate(self.sentence).format(
            problem=self.problem.sentence(translate), remedy=self.problem.remedy(translate)
        )


class CodeTaken(Conflict):
    """A code belongs to one unit."""

    code = "unit.code-taken"
    sentence = N_(
        "“{name}” has the code {found}, now or formerly. Check it against the certificate; where"
        " it is the same unit, correct that one."
    )
    field = "code"


class CodeTakenElsewhere(Conflict):
    """A code belongs to one unit of the whole installation."""

    code = "unit.code-taken-elsewhere"
    sentence = N_(
        "A unit of another jurisdiction has the code {found}. Check it against the certificate."
    )
    field = "code"


class CodeInUse(Conflict):
    """A code that snapshots or successions name is changed by a succession only."""

    code = "unit.code-in-use"
    sentence = N_(
        "Snapshots or successions name this unit by its code {found}. A new code is entered as a"
        " change of the unit, with its day and document."
    )
    field = "code"


class UnitNameTaken(Conflict):
    """Two open units of one jurisdiction may not bear one name."""

    code = "unit.name-taken"
    sentence = N_("There is a unit “{name}” already. Enter the full name on the certificate.")
    field = "name"


class DepartmentNotHere(Invalid):
    """A unit belongs to an open department of its own jurisdiction."""

    code = "unit.department-not-here"
    sentence = N_("“{name}” is closed or of another jurisdiction. Choose an open department.")
    field = "department"


class CertificateEndsEarly(Invalid):
    """A certificate does not end before it begins."""

    code = "unit.certificate-ends-early"
    sentence = N_("The certificate begins on {begin}. Enter that day or a later one.")
    field = "cert_to"


class NameTooEarly(Invalid):
    """A name ends after it has begun."""

    code = "unit.name-too-early"
    sentence = N_("“{name}” is borne since {begin}. Enter a later day.")
    field = "on"


class TooManyNames(Invalid):
    """So many plates cannot be right."""

    code = "unit.too-many-names"
    sentence = N_("{count} names are given, and at most {most} can be kept. Enter fewer.")
    field = "plates"


class GradeThere(Conflict):
    """A unit has one grade of a year."""

    code = "unit.past-grade-there"
    sentence = N_(
        "Grade {grade} of {year} is on record. Where it is wrong, tick that this one replaces it,"
        " and give the reason and the document."
    )
    field = "year"


class GradeUnfounded(Invalid):
    """A grade that replaces another one needs its reason."""

    code = "unit.past-grade-unfounded"
    sentence = N_("A grade that replaces another needs a reason. Enter it.")
    field = "reason"


class YearNotPast(Invalid):
    """Grades of this year and later are not entered by hand."""

    code = "unit.past-grade-not-past"
    sentence = N_("{year} is not an earlier year. Enter a year from {first} to {last}.")
    field = "year"


class SnapshotOutsideYear(Invalid):
    """A snapshot of a year shows a day of that year."""

    code = "snapshot.outside-year"
    sentence = N_("The day is not in {year}. Enter a day of that year.")
    field = "on"


class SnapshotInFuture(Invalid):
    """What is to come cannot be fixed."""

    code = "snapshot.in-future"
    sentence = N_("The day is still to come. Enter today or an earlier day.")
    field = "on"


class NothingToFix(Conflict):
    """A snapshot of no unit says nothing."""

    code = "snapshot.nothing-to-fix"
    sentence = N_("No unit was open on that day. Enter or import the register of units first.")
