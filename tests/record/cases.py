"""The table of cases, and the small city in which they happen."""

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

from kaohe.core.access import Role
from tests.fixtures import people

Deed = Callable[[], object]


class Case(NamedTuple):
    """How a service is called in a city, and the actions that it leaves on record."""

    prepare: Callable[["City"], Deed]
    actions: tuple[str, ...]


CASES: dict[str, Case] = {}


def leaves(service: str, *actions: str):
    """Declare a case: the function prepares a city and gives the call of the service.

    ``service``: "module.function"; with "#…" behind it for a further case of the same service.
    """

    def declare(prepare):
        if service in CASES:
            raise ValueError(f"two cases for {service}")
        CASES[service] = Case(prepare, actions)
        return prepare

    return declare


class City:
    """A city with what a case asks for, each made when it is asked for, none of it on record."""

    @cached_property
    def place(self):
        return people.make_jurisdiction("370699", "示例市")

    @cached_property
    def education(self):
        return people.make_department(self.place, "市教育和体育局", member_part="education")

    @cached_property
    def health(self):
        return people.make_department(self.place, "市卫生健康局", member_part="health")

    @cached_property
    def school(self):
        return people.make_unit(self.place, self.education, "示例市第一中学", 49458012)

    @cached_property
    def second_school(self):
        return people.make_unit(self.place, self.education, "示例市第二中学", 49458013)

    @cached_property
    def office(self):
        return self.person(Role.OFFICE_HEAD)

    @cached_property
    def director(self):
        return self.person(Role.COMMITTEE_DIRECTOR)

    @cached_property
    def system(self):
        return people.make_user(Role.SYS_ADMIN)

    @cached_property
    def security(self):
        return people.make_user(Role.SEC_ADMIN)

    @cached_property
    def clerk(self):
        """Somebody whose account and roles are administered."""
        return self.person(Role.OFFICE_CLERK)

    def person(self, *roles, **where):
        return people.make_user(*roles, jurisdiction=self.place, **where)
