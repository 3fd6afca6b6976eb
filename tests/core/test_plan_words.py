"""What a path of a plan names: an indicator's field, a unit's own value, a setting."""

import pytest

from kaohe.core.plan_words import Cell, cell_of

UNIT = "12370699495312705A"


@pytest.mark.parametrize(
    ("path", "cell"),
    [
        ("indicators/J01/points", Cell(item="J01", field="points")),
        ("indicators/J01/nodes/中期/到位", Cell(item="J01", field="nodes/中期/到位")),
        (f"sheets/{UNIT}/J01/target", Cell("J01", UNIT, "target")),
        (f"sheets/{UNIT}/J01/nodes/中期", Cell("J01", UNIT, "nodes", "中期")),
        (f"sheets/{UNIT}", Cell(unit=UNIT, field="sheet")),
        ("settings/grading/a_share", Cell(detail="grading/a_share")),
        ("preface", Cell(field="preface")),
        ("indicators", Cell(field="indicators")),
    ],
)
def test_a_path_names_its_cell(path, cell):
    assert cell_of(path) == cell
