"""What earlier years say, found by unit and by folded name."""

from kaohe.core.past import Past, PastValue


def test_values_are_found_by_unit_and_by_name_however_it_is_written():
    value = PastValue(2025, "J01", "巩固率（%）", 10, 5, 6, 7)
    past = Past((2025,), {("U1", "巩固率(%)"): [value]})
    assert past.values("U1", " 巩固率（％） ") == [value]
    assert past.values("U2", "巩固率（%）") == ()


def test_what_units_of_a_department_earned_is_found_by_year():
    past = Past((2025,), {}, {(2025, "市教体局"): {"巩固率": [7, 8]}})
    assert past.items(2025, "市教体局") == {"巩固率": [7, 8]}
    assert past.items(2024, "市教体局") == {}
