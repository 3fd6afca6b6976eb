"""The register of the demonstration city, on whatever day it is loaded."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from kaohe.demo.platform_register import register_of_city

DATA = Path(__file__).parents[2] / "kaohe" / "demo" / "data" / "platform.toml"
TABLE = tomllib.loads(DATA.read_text(encoding="utf-8"))["register"]


@pytest.mark.parametrize(
    "today", [date(2026, 1, 2), date(2026, 6, 30), date(2026, 11, 25), date(2027, 1, 1)]
)
def test_every_unit_has_its_people_on_any_day_and_none_from_the_future(today):
    rows = register_of_city(today, TABLE).rows

    assert all(row["principal"] and row["legal_representative"] for row in rows)
    assert max(row["principal_from"] for row in rows) <= today
