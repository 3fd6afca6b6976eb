"""Who may do what, and where."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.access import (
    ADMINISTRATORS,
    GRANTS,
    MEMBERS,
    OF_DEPARTMENT,
    OF_UNIT,
    WITH_CHARGE,
    Holding,
    Role,
    Span,
    Target,
    Verb,
    cannot_be_joined,
    reach,
    wants,
)

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "access.md"
WORDS = {
    "all": Span.INSTALLATION,
    "below": Span.SUBTREE,
    "here": Span.JURISDICTION,
    "charge": Span.CHARGE,
    "department": Span.DEPARTMENT,
    "unit": Span.UNIT,
}
PUBLISHED = {Verb.OVERVIEW_READ, Verb.DEPARTMENT_READ, Verb.DOCUMENT_READ, Verb.YEAR_READ}
READING = PUBLISHED | {
    Verb.COMMITTEE_READ,
    Verb.UNIT_READ,
    Verb.PERSON_READ,
    Verb.TRACE_READ,
    Verb.SCHEME_READ,
    Verb.SHEET_READ,
}
GROUPS = {"*published*": PUBLISHED, "*reading*": READING}

# A province, its cities, their departments and units.
CITIES = {"laizhou": ("shandong",), "zhaoyuan": ("shandong",), "shandong": ()}
DEPARTMENTS = {"edu": "laizhou", "health": "laizhou", "roads": "zhaoyuan"}
UNITS = {"school": "edu", "clinic": "health", "depot": "roads"}


def lineage(city):
    return (city, *CITIES[city])


def page_table():
    """Role → verb → span, as the page of rules says it."""
    table = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("| `"):
            continue
        roles, _, grants = (cell.strip() for cell in line.strip("|").split("|"))
        said = {}
        for part in grants.split("; "):
            span, verbs = re.fullmatch(r"\*\*(\w+)\*\* (.*)", part).groups()
            for word in verbs.split(", "):
                for verb in GROUPS.get(word) or {Verb(word.strip("`"))}:
                    said[verb] = WORDS[span]
        for role in roles.split(", "):
            table[Role(role.strip("`"))] = said
    return table


def test_the_page_of_rules_and_the_grants_are_the_same():
    assert page_table() == {role: dict(verbs) for role, verbs in GRANTS.items()}


def test_every_role_has_its_grants():
    assert GRANTS.keys() == set(Role)


def test_every_verb_but_the_desk_is_granted_to_someone():
    granted = {verb for verbs in GRANTS.values() for verb in verbs}

    assert granted == set(Verb) - {Verb.DESK_READ}


def test_everyone_has_a_desk():
    assert reach([], Verb.DESK_READ).everywhere


def test_administrators_have_no_verb_of_the_business():
    own = ("system.", "job.", "user.", "role.", "audit.", "trace.", "erasure.")
    for role in ADMINISTRATORS:
        assert {verb for verb in GRANTS[role] if not verb.startswith(own)} == set()


def test_no_two_administrators_share_a_verb_and_no_one_else_has_one():
    record = {Verb.TRACE_READ, Verb.ERASURE_READ}  # which the auditor reads as a whole
    theirs = [set(GRANTS[role]) - PUBLISHED - record for role in sorted(ADMINISTRATORS)]

    assert sum(map(len, theirs)) == len(set.union(*theirs))
    for role in set(Role) - ADMINISTRATORS:
        assert set.union(*theirs).isdisjoint(GRANTS[role])


def test_whoever_is_above_only_reads():
    assert all(verb.endswith(".read") for verb in GRANTS[Role.PROVINCE_READER])
    assert set(GRANTS[Role.PROVINCE_READER].values()) == {Span.SUBTREE}


def test_only_administrators_reach_the_whole_installation():
    wide = {role for role in Role if Span.INSTALLATION in GRANTS[role].values()}

    assert wide == ADMINISTRATORS


def test_who_approves_a_document_cannot_draft_one():
    for verbs in GRANTS.values():
        assert not {Verb.DOCUMENT_APPROVE, Verb.DOCUMENT_DRAFT} <= verbs.keys()


@pytest.mark.parametrize("role", sorted(OF_UNIT))
def test_a_unit_sees_itself_and_no_other(role):
    own = [Holding(role, lineage("laizhou"), "edu", "school")]

    assert reach(own, Verb.UNIT_READ).covers(target("school"))
    assert not reach(own, Verb.UNIT_READ).covers(target("clinic"))
    assert not reach(own, Verb.UNIT_MANAGE)


def test_a_clerk_without_a_charge_has_the_whole_jurisdiction():
    clerk = Holding(Role.OFFICE_CLERK, lineage("laizhou"))

    assert reach([clerk], Verb.UNIT_MANAGE).covers(target("clinic"))
    assert not reach([clerk], Verb.UNIT_MANAGE).covers(target("depot"))


def test_a_charge_bounds_what_is_changed_and_not_what_is_read():
    clerk = Holding(Role.OFFICE_CLERK, lineage("laizhou"), charge=frozenset({"edu"}))

    assert not reach([clerk], Verb.UNIT_MANAGE).covers(target("clinic"))
    assert reach([clerk], Verb.UNIT_READ).covers(target("clinic"))


def test_an_unfinished_holding_reaches_nothing():
    for role in Role:
        for verb in GRANTS[role]:
            wide = reach([Holding(role)], verb)
            assert bool(wide) == (role in ADMINISTRATORS)


def test_an_administrator_holds_no_other_role():
    assert cannot_be_joined({Role.AUDIT_ADMIN, Role.UNIT_CLERK})
    assert not cannot_be_joined([Role.AUDIT_ADMIN, Role.AUDIT_ADMIN])
    assert not cannot_be_joined({Role.DEPT_HEAD, Role.MEMBER_HEALTH})


def test_what_must_be_named_with_a_role():
    for role in Role:
        places = {Role.DEPT_HEAD: "department", Role.UNIT_HEAD: "unit", Role.SYS_ADMIN: ""}
        family = next((each for each in FAMILIES if role in each), frozenset())
        expected = {places[each] for each in family & places.keys()} or {"jurisdiction"}
        assert {wants(role)} == expected


FAMILIES = (ADMINISTRATORS, OF_DEPARTMENT, OF_UNIT)


def test_charges_are_for_clerks_and_members_for_seven_departments():
    used = {role for role in Role if Span.CHARGE in GRANTS[role].values()}

    assert used <= WITH_CHARGE
    assert len(MEMBERS) == 7


# An oracle that asks of one object whether one holding lets one do one thing, the slow way.


def target(unit):
    department = UNITS[unit]
    return Target(lineage(DEPARTMENTS[department]), department, unit)


TARGETS = [
    *(target(unit) for unit in UNITS),
    *(Target(lineage(city), department) for department, city in DEPARTMENTS.items()),
    *(Target(lineage(city)) for city in CITIES),
    Target(),
]


@st.composite
def holdings(draw):
    role = draw(st.sampled_from(Role))
    if role in ADMINISTRATORS:
        return Holding(role)
    unit = draw(st.sampled_from(sorted(UNITS)))
    department = UNITS[unit]
    city = DEPARTMENTS[department]
    charge = frozenset()
    if role in WITH_CHARGE:
        local = sorted(name for name, place in DEPARTMENTS.items() if place == city)
        charge = frozenset(draw(st.sets(st.sampled_from(local))))
    if role in OF_UNIT:
        return Holding(role, lineage(city), department, unit)
    if role in OF_DEPARTMENT:
        return Holding(role, lineage(city), department)
    return Holding(role, lineage(draw(st.sampled_from([city, "shandong"]))), charge=charge)


def lets(holding, verb, thing):
    span = GRANTS[holding.role].get(verb)
    if span is Span.INSTALLATION:
        return True
    if span is None or not thing.lineage:
        return False
    if span is Span.SUBTREE:
        return holding.lineage[0] in thing.lineage
    if span is Span.UNIT:
        return thing.unit == holding.unit
    if span is Span.DEPARTMENT:
        return thing.department == holding.department
    if span is Span.CHARGE and holding.charge:
        return thing.department in holding.charge
    return thing.lineage[0] == holding.lineage[0]


@given(st.lists(holdings(), max_size=4), st.sampled_from(sorted(set(Verb) - {Verb.DESK_READ})))
def test_a_reach_covers_what_one_of_the_holdings_lets_one_do_and_nothing_else(held, verb):
    wide = reach(held, verb)

    for thing in TARGETS:
        assert wide.covers(thing) == any(lets(each, verb, thing) for each in held)
    assert bool(wide) == any(wide.covers(thing) for thing in TARGETS)
