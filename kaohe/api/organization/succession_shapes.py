"""What becomes of units, as it is asked for and as it is told before it is carried out."""

from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from kaohe.api.shapes import (
    Body,
    Day,
    JurisdictionChoice,
    Key,
    Line,
    Name,
    Shape,
    Text,
)
from kaohe.core.successions import Deed, Form, Runs
from kaohe.organization.queries.successions import Asked, NewUnit, Outlook

Code = Name  # read as any text; what it must be says core.codes


def _example(**further: Any) -> ConfigDict:
    given: dict[str, Any] = {
        "jurisdiction": "370699",
        "units": [{"unit": 1, "version": 1}],
        "day": "2026-03-01",
        "document": "编〔2026〕12号",
    }
    return ConfigDict(json_schema_extra={"examples": [{**given, **further}]})


class SeenUnit(Body):
    """A unit, with the version that was seen; without it, whatever it is now."""

    unit: Key
    version: int | None = Field(None, ge=1, le=2**31 - 1)


class DeedBody(Body):
    """What every deed says."""

    deed: ClassVar[Deed]
    jurisdiction: JurisdictionChoice = ""
    units: list[SeenUnit] = Field(min_length=1, max_length=100)
    day: Day = Field(description="The first of the new state.")
    document: Name
    note: Text = ""

    def asked(self) -> Asked:
        """The deed, as the service takes it."""
        return Asked(
            deed=self.deed,
            units=tuple(each.unit for each in self.units),
            day=self.day,
            document=self.document,
            note=self.note,
            **self.further(),
        )

    def further(self) -> dict[str, Any]:
        """What this deed says beyond the day and the document."""
        return {}

    def seen(self) -> dict[int, int]:
        """The versions that were seen."""
        return {each.unit: each.version for each in self.units if each.version is not None}


class RenameUnit(DeedBody):
    """Another name, another code, or both; what is empty stays."""

    deed = Deed.RENAME
    model_config = _example(name="示例市第一高级中学")

    name: Line = ""
    code: Line = ""

    def further(self) -> dict[str, Any]:
        """Name and code."""
        return {"name": self.name, "code": self.code}


class NewUnitBody(Body):
    """A unit that begins; without a department it has that of the first unit."""

    name: Name
    code: Code
    department: Key | None = None

    def asked(self) -> NewUnit:
        """The unit, as the service takes it."""
        return NewUnit(self.name, self.code, self.department)


class MergeUnits(DeedBody):
    """Into one of the units (``survivor``), or into a new one (``newcomer``)."""

    deed = Deed.MERGE
    model_config = _example(
        form="into_new", newcomer={"name": "示例市教育中心", "code": "12370699MB00000192"}
    )

    form: Literal["into_existing", "into_new"]
    survivor: Key | None = None
    name: Line = Field("", description="Where the unit that goes on gets another.")
    newcomer: NewUnitBody | None = None

    def further(self) -> dict[str, Any]:
        """The form, and what belongs to it."""
        newcomers = () if self.newcomer is None else (self.newcomer.asked(),)
        return {
            "form": Form(self.form),
            "survivor": self.survivor,
            "name": self.name,
            "newcomers": newcomers,
        }


class SplitUnit(DeedBody):
    """New units out of one, which goes on or ends."""

    deed = Deed.SPLIT
    model_config = _example(newcomers=[{"name": "示例市实验幼儿园", "code": "12370699MB00000192"}])

    continues: bool = True
    newcomers: list[NewUnitBody] = Field(min_length=1, max_length=20)

    def further(self) -> dict[str, Any]:
        """Whether the unit goes on, and the new units."""
        new = tuple(each.asked() for each in self.newcomers)
        return {"continues": self.continues, "newcomers": new}


class TransferUnits(DeedBody):
    """To another department."""

    deed = Deed.TRANSFER
    model_config = _example(department=1)

    department: Key

    def further(self) -> dict[str, Any]:
        """The department."""
        return {"department": self.department}


class CloseUnits(DeedBody):
    """The end of units that no other follows."""

    deed = Deed.CLOSE
    model_config = _example()


class Moment(Shape):
    """A unit with something that begins or ends."""

    unit: str
    value: str
    on: date


class RunsShape(Shape):
    """Years in a row with grade A, with grade C."""

    a: int
    c: int


class EffectShape(Shape):
    """What becomes of the runs of grades of a unit."""

    unit: str
    fate: str
    before: RunsShape | None
    after: RunsShape | None


class NumberShape(Shape):
    """How many open units a department has."""

    department: int
    name: str
    before: int
    after: int


class OutlookShape(Shape):
    """All that follows from a deed; nothing of it is done yet."""

    names_end: list[Moment]
    names_begin: list[Moment]
    departments_begin: list[Moment]
    closings: list[Moment]
    openings: list[Moment]
    effects: list[EffectShape]
    numbers: list[NumberShape]
    posts_ending: int
    accounts_touched: int
    snapshots_before: list[int] = Field(description="Years whose snapshot shows the old state.")
    taken_over: dict[str, str] = Field(description="Facts that the new units get.")


class DoneUnit(Shape):
    """A unit after a deed."""

    id: int
    version: int
    code: str | None
    name: str
    closed_on: date | None


class Done(Shape):
    """The units that go on, then those that begin, then those that end."""

    units: list[DoneUnit]


def told(found: Outlook) -> dict[str, Any]:
    """An outlook, as its shape shows it."""
    made = found.plan

    def named(key: str, value: str, on: date) -> dict[str, Any]:
        return {"unit": found.name_of(key), "value": value, "on": on}

    return {
        "names_end": [named(each.unit, each.value, each.last_day) for each in made.names_end],
        "names_begin": [named(each.unit, each.value, each.first_day) for each in made.names_begin],
        "departments_begin": [
            named(each.unit, found.departments[each.value].name, each.first_day)
            for each in made.affiliations_begin
        ],
        "closings": [named(each.unit, "", each.last_day) for each in made.closings],
        "openings": [named(each.unit, each.unit, each.first_day) for each in made.openings],
        "effects": [
            {
                "unit": found.name_of(each.unit),
                "fate": str(each.fate),
                "before": _runs(each.before),
                "after": _runs(each.after),
            }
            for each in found.effects
        ],
        "numbers": [
            {"department": row.pk, "name": row.name, "before": before, "after": after}
            for row, before, after in found.numbers
        ],
        "posts_ending": found.posts,
        "accounts_touched": found.accounts,
        "snapshots_before": found.snapshots,
        "taken_over": found.taken_over,
    }


def _runs(runs: Runs | None) -> dict[str, int] | None:
    return None if runs is None else {"a": runs.a, "c": runs.c}
