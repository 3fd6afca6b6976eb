"""What holds for every sound year: it passes the checks, and its rows come back as they were."""

from collections import defaultdict

import duckdb
from hypothesis import given, settings

from kaohe.core.events import counting, same_source_twice
from kaohe.core.rows import Inputs
from kaohe.folder.checks import check_folder
from kaohe.folder.rows import fetch_inputs, store_inputs
from tests.worlds import World, worlds


def warned(inputs: Inputs) -> set[tuple[int, int]]:
    """Rows of the first event and of the later one, for each pair of R-4."""
    row_of = {event.event: row for row, event in enumerate(inputs.events, 2)}
    by_unit = defaultdict(list)
    for event in inputs.events:
        by_unit[event.unit].append(event)
    return {
        (row_of[first.event], row_of[later.event])
        for unit in inputs.units
        if unit.status != "exempt"
        for first, later in same_source_twice(counting(by_unit[unit.unit]))
    }


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_a_sound_year_has_no_error_and_comes_back(sound: World) -> None:
    with duckdb.connect() as con:
        store_inputs(con, sound.scheme, sound.inputs)

        found = check_folder(con, sound.scheme)

        assert [each.sentence() for each in found if each.severity == "error"] == []
        twice = [each for each in found if each.code == "same-source-twice"]
        assert {(each.facts["first"], each.row) for each in twice} == warned(sound.inputs)
        assert fetch_inputs(con, sound.scheme) == sound.inputs
