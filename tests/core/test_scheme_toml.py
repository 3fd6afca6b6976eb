"""A scheme written out as TOML and read back is the same scheme, with the same digest."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.scheme_canonical import canonical
from kaohe.core.scheme_text import read_scheme
from kaohe.core.scheme_toml import scheme_toml
from tests.world_schemes import sound_scheme

seeds = st.integers(0, 2**32).map(lambda seed: Random(seed))  # noqa: S311
GROUPS = ("教育组", "卫生 组", 'a"b', "点.号", "引'号")


def back(scheme):
    read, problems = read_scheme(scheme_toml(scheme))
    assert problems == []
    return read


@given(seeds)
def test_a_scheme_comes_back_with_equal_digest(rng):
    scheme = sound_scheme(rng, GROUPS)
    again = back(scheme)
    assert canonical(again) == canonical(scheme)
    assert scheme_toml(again) == scheme_toml(scheme)


@given(seeds, st.text(max_size=20))
def test_any_title_that_can_be_read_comes_back(rng, title):
    scheme = replace(sound_scheme(rng, ()), title=title.strip())
    read, _problems = read_scheme(scheme_toml(scheme))
    if read is not None and scheme.title:  # without one it is given the usual one
        assert read.title == scheme.title


@pytest.mark.parametrize("title", ['“四位一体” "考核"', "a\\b", "两\t行", "𠀀䶮", "末尾\\"])
def test_quotes_backslashes_and_rare_characters_are_escaped(title):
    scheme = replace(sound_scheme(Random(2), ()), title=title)  # noqa: S311
    assert f"title = {title!r}" not in scheme_toml(scheme)
    assert back(scheme).title == title


def test_what_cannot_be_seen_is_written_as_an_escape():
    text = scheme_toml(replace(sound_scheme(Random(3), ()), title="a\x00b\x7fc\nd\re"))  # noqa: S311
    assert 'title = "a\\u0000b\\u007Fc\\nd\\re"' in text


def test_lists_and_tables_without_entries_are_written_out():
    scheme = sound_scheme(Random(4), ())  # noqa: S311
    grading = replace(scheme.grading, a_component_minimum={}, a_barred_tiers=(), tie_break=())
    policy = replace(scheme.tier_policy, assign="manual", tiers=())
    text = scheme_toml(replace(scheme, grading=grading, tier_policy=policy))
    assert "a_component_minimum = {}" in text
    assert "a_barred_tiers = []" in text
    assert "tiers = []" in text
