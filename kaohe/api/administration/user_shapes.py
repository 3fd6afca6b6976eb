"""What accounts and the roles that they hold look like over the API."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, field_validator, model_validator

from kaohe.api.shapes import (
    Body,
    Day,
    Instant,
    JurisdictionChoice,
    JurisdictionCode,
    Key,
    Line,
    Object,
    PersonName,
    Phone,
    Reason,
    Shape,
    ShownOnce,
)
from kaohe.core.access import Role

if TYPE_CHECKING:
    RoleName = str
else:
    RoleName = Literal[tuple(str(role) for role in Role)]
Ledger = Literal["registration", "establishment"]
ONCE = "Shown in this answer only, and kept nowhere; sent again with the same key, it is null."


class RoleLine(Object):
    """A role in the list of accounts."""

    role: str
    jurisdiction: JurisdictionCode | None = Field(description="null: the whole installation.")
    department: int | None = Field(validation_alias="department_id")
    unit: int | None = Field(validation_alias="unit_id")
    from_on: date
    to_on: date | None = Field(description="The last day.")


class RoleShape(RoleLine):
    """A role that somebody holds, held or will hold."""

    user: int = Field(validation_alias="user_id")
    place: str = Field(description="The names of department and unit.")
    charge: list[int] = Field(description="A clerk's departments; none: all of the jurisdiction.")
    ledgers: list[str]
    document: str

    @model_validator(mode="before")
    @classmethod
    def _told(cls, row: Any) -> Any:
        return row if isinstance(row, dict) else _Held(row)


class _Held:
    """An assignment with its place and charge, from what was fetched with it."""

    def __init__(self, row: Any) -> None:
        self.row = row

    def __getattr__(self, name: str) -> Any:
        row = self.row
        if name == "place":
            return " · ".join(each.name for each in (row.department, row.unit) if each)
        if name == "charge":
            return [each.pk for each in row.charge.all()]
        if name == "ledgers":
            return [each for each in row.ledgers.split(",") if each]
        return getattr(row, name)


class UserShape(Object):
    """An account; how it is guarded and which roles it holds have addresses of their own."""

    username: str
    name: str
    phone: str
    jurisdiction: JurisdictionCode | None
    is_active: bool
    created_at: Instant


class UserLine(UserShape):
    """An account in a list, with the roles of today and of later."""

    last_login: Instant | None
    has_factor: bool = Field(description="Whether a second factor guards it.")
    roles: list[RoleLine] = Field(validation_alias="roles_held")


class UserGuard(Shape):
    """How an account is guarded now."""

    awaits_password: bool = Field(description="A first password is to be replaced.")
    password_days_left: int | None
    one_time_code: bool
    security_keys: int
    recovery_codes: bool
    minutes_locked: int = Field(description="0: it is not locked.")
    sessions: int
    last_login: Instant | None
    identity: str = Field(description="At the sign-on system; empty: not linked.")


class FirstPassword(ShownOnce, Object):
    """An account with the password for its next sign-in, to be replaced there."""

    username: str
    name: str
    password: str | None = Field(description=ONCE)

    def kept(self) -> Self:
        """Without the password."""
        return self.model_copy(update={"password": None})


class Given:
    """An account and its password as one row."""

    def __init__(self, opened: Any) -> None:
        self.user, self.password = opened

    def __getattr__(self, name: str) -> Any:
        return getattr(self.user, name)


class UnitAccount(Shape):
    """The account of a unit's contact."""

    unit: int
    unit_name: str
    username: str
    name: str
    password: str | None = Field(description=ONCE)


class UnitAccounts(ShownOnce):
    """The accounts that were opened for units."""

    accounts: list[UnitAccount]

    def kept(self) -> Self:
        """Without the passwords."""
        bare = [each.model_copy(update={"password": None}) for each in self.accounts]
        return self.model_copy(update={"accounts": bare})


class VacancyShape(Shape):
    """The roles that nobody holds at a place."""

    place: str = Field(description="Empty: the installation itself.")
    roles: list[str]


class Vacancies(Shape):
    """All places, with the roles that nobody holds there."""

    items: list[VacancyShape]


class DepartmentChoice(Shape):
    """A department in which a role can be granted."""

    id: int
    name: str


class UnitChoice(DepartmentChoice):
    """A unit in which a role can be granted."""

    code: str | None


UserName = Annotated[str, Field(min_length=1, max_length=60)]


class CorrectUser(Body):
    """What is known of an account; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"phone": "0535-2212345"}]})

    username: UserName = ""
    name: PersonName = ""
    phone: Phone = ""
    jurisdiction: JurisdictionChoice = Field(
        "", description="Empty: none, as of the administrators of the installation."
    )


class OpenUser(CorrectUser):
    """An account that was not there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"username": "wangmm", "name": "王某某", "jurisdiction": "370699"}]
        }
    )

    username: UserName
    name: PersonName


class Why(Body):
    """A reason; it stands in the record as a sealed text."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "调离"}]})

    reason: Reason


class Link(Body):
    """Who somebody is at the sign-on system."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"uid": "u-10086"}]})

    uid: Annotated[str, Field(min_length=1, max_length=190)]

    @field_validator("uid")
    @classmethod
    def _seen(cls, uid: str) -> str:
        if not uid.strip() or not uid.isprintable():
            raise ValueError(uid)
        return uid


class OpenUnitAccounts(Body):
    """For the contacts of which jurisdiction's units."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"jurisdiction": "370699"}]})

    jurisdiction: JurisdictionChoice = ""


class GrantRole(Body):
    """A role, where, and from when to when."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "role": "office_clerk",
                    "jurisdiction": "370699",
                    "from_on": "2026-03-05",
                    "document": "编办〔2026〕6号",
                }
            ]
        }
    )

    role: RoleName
    jurisdiction: JurisdictionChoice = ""
    department: Key | None = None
    unit: Key | None = None
    charge: list[Key] = Field([], max_length=500)
    ledgers: list[Ledger] = Field([], max_length=2)
    from_on: Day
    to_on: Day | None = None
    document: Line = ""


class EndRole(Body):
    """From which day somebody does not hold a role any more; today: from this moment."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"on": "2099-03-05", "reason": "岗位调整"}]}
    )

    on: Day
    reason: Reason
