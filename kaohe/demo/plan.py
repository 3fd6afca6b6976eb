"""What the demonstration city is made of: the data files beside this module."""

import re
import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

Table = dict[str, Any]
_DATA = Path(__file__).parent / "data"

ELEMENTS = {"M": "主体业务开展", "B": "经济社会效益", "O": "管理运行状况"}
JURISDICTION = "370699"  # not given to any place, so no code here is that of a real body
_OWN_WEIGHTS = "综合服务组"  # the group that has weights of its own
_WEIGHTS = re.compile(r"\[weights_by_group\..*?\n\n", re.DOTALL)


@cache
def _read(name: str) -> Table:
    return tomllib.loads((_DATA / f"{name}.toml").read_text(encoding="utf-8"))


def ledgers() -> list[Table]:
    """The two ledgers of the common indicators (共性指标): name, and items with their kinds."""
    ledgers: list[Table] = _read("ledgers")["ledgers"]
    return ledgers


def city() -> Table:
    """Towns, departments, groups with their units, and the units that stand apart."""
    return _read("city")


def sheet(name: str) -> Table:
    """One department's sheet: ``items`` for all its units, ``own`` by kind of unit."""
    found: Table = _read("sheets")[name]
    return found


def country() -> Table:
    """The departments of every county of a province or a nation."""
    return _read("country")


def people() -> Table:
    """The parts that names of persons are made of."""
    return _read("people")


def scheme_text(
    year: int, *, jurisdiction: str, minimums: tuple[int, int, int], groups: Collection[str]
) -> str:
    """The scheme of a year as commented TOML.

    ``groups`` are those of the units: own weights stand in the scheme where their group does.
    ``minimums`` are the responses asked for on site, by telephone and by visit.  The quota of
    excellent staff is the fixed share of the rule of 2023, in earlier years 15 percent and ten
    points more.
    """
    quota, why = (
        ("fixed", "依法：2023 年起按固定比例")
        if year >= 2023
        else ("points", "2023 年以前按基本比例上浮百分点")
    )
    choices = "fixed 固定比例；points 上浮百分点；ratio 按比例上浮；ratio_of_rounded 取整后再上浮"
    values = {
        "YEAR": year,
        "JURISDICTION": jurisdiction,
        "ON_SITE": minimums[0],
        "TELEPHONE": minimums[1],
        "VISIT": minimums[2],
        "QUOTA": f'excellent_quota = "{quota}"   # {why}。可选：{choices}',
    }
    text = (_DATA / "scheme.toml").read_text(encoding="utf-8")
    if _OWN_WEIGHTS not in groups:
        text = _WEIGHTS.sub("", text)
    for key, value in values.items():
        text = text.replace(f"@{key}@", str(value))
    return text
