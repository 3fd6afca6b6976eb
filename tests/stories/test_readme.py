"""What README promises of the demonstration city is true of it."""

import re
from pathlib import Path

from kaohe.core.scheme_text import read_scheme
from kaohe.core.scoring import assess
from kaohe.demo.city import build_city

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_event_of_the_tour_takes_an_a_from_one_and_gives_it_to_another():
    (event,) = set(re.findall(r"event:(\S+)=withdrawn", README))
    text, inputs = build_city()
    scheme, problems = read_scheme(text)
    assert scheme is not None, problems
    events = tuple(
        row._replace(status="withdrawn") if row.event == event else row for row in inputs.events
    )

    before = {row.unit: row.grade for row in assess(scheme, inputs).results}
    after = {row.unit: row.grade for row in assess(scheme, inputs._replace(events=events)).results}

    moved = {(before[unit], after[unit]) for unit in before if before[unit] != after[unit]}
    assert moved == {("A", "B"), ("B", "A")}


def test_the_institution_that_the_tour_asks_about_is_in_the_city():
    _, inputs = build_city()
    names = {unit.name for unit in inputs.units}

    assert set(re.findall(r"kaohe explain build/demo/city (\S+)", README)) <= names
