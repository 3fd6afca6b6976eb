"""A token reaches what its user reaches, and never further."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe.core.access import (
    Holding,
    Limit,
    Role,
    Target,
    Verb,
    limited_reach,
    reach,
)
from kaohe.core.errors import Conflict, Invalid, NotFound, NotPermitted
from kaohe.core.statuses import STATUS, TITLE, status_of

# The first draw of a process reads every module of ours for constants.
patient = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
LINEAGES = [("p",), ("c1", "p"), ("c2", "p"), ("d1", "c1", "p"), ("q",)]
holdings = st.lists(
    st.builds(
        Holding,
        st.sampled_from(Role),
        st.sampled_from([(), *LINEAGES]),
        st.sampled_from([None, "edu", "med"]),
        st.sampled_from([None, "school", "clinic"]),
        st.sets(st.sampled_from(["edu", "med"])).map(frozenset),
    ),
    max_size=3,
)
verbs = st.sampled_from(Verb)
limits = st.builds(Limit, st.sets(verbs).map(frozenset), st.sampled_from([(), *LINEAGES]))
targets = st.sampled_from(
    [
        Target(lineage, department, unit)
        for lineage in [(), *LINEAGES]
        for department in (None, "edu", "med")
        for unit in (None, "school", "clinic")
    ]
)


@patient
@given(holdings, verbs, limits, targets)
def test_a_token_never_reaches_further_than_its_user(held, verb, limit, target):
    if limited_reach(held, verb, limit).covers(target):
        assert reach(held, verb).covers(target)


@patient
@given(holdings, verbs, limits)
def test_beyond_its_scopes_a_token_reaches_nothing_but_the_desk(held, verb, limit):
    if verb not in limit.scopes:
        assert bool(limited_reach(held, verb, limit)) is (verb is Verb.DESK_READ)


@patient
@given(holdings, verbs)
def test_a_token_for_everything_reaches_what_its_user_reaches(held, verb):
    assert limited_reach(held, verb, Limit(frozenset(Verb))) == reach(held, verb)


@patient
@given(st.sampled_from(Role), verbs, st.sampled_from(LINEAGES), st.sampled_from(LINEAGES), targets)
def test_confined_a_token_reaches_only_there_and_below(role, verb, held_at, confined_to, target):
    held = [Holding(role, held_at)]
    found = limited_reach(held, verb, Limit(frozenset(Verb), confined_to))

    if found.covers(Target(target.lineage)):
        assert confined_to[0] in target.lineage
    inside = Target(target.lineage)
    if confined_to[0] in target.lineage and reach(held, verb).covers(inside):
        assert found.covers(inside)


def test_an_administrator_confined_to_a_city_keeps_the_accounts_of_the_city():
    admin = Holding(Role.SEC_ADMIN)
    found = limited_reach([admin], Verb.USER_MANAGE, Limit(frozenset(Verb), ("c1", "p")))

    assert found.covers(Target(("c1", "p")))
    assert not found.covers(Target(("c2", "p")))
    assert not found.covers(Target())


def test_every_family_has_a_number_and_every_number_a_title():
    for family, status in ((Invalid, 422), (NotPermitted, 403), (NotFound, 404), (Conflict, 409)):
        assert status_of(family()) == status == STATUS[family]
        assert status in TITLE
