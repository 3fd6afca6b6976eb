"""Which unit a text means."""

from hypothesis import given
from hypothesis import strategies as st

from kaohe.indicators.reading.word_units import UnitNames
from tests.worlds import credit_code

FIRST, SECOND, THIRD = map(credit_code, (1, 2, 3))
NAMES = UnitNames(
    {
        FIRST: ("示例市第一中学", "一中", "示例市中学"),
        SECOND: ("示例市第一中学东校区", "东校区"),
        THIRD: ("示例市教师进修学校", "进修学校", "示例市第一师范"),
    }
)


def test_a_name_within_a_longer_one_does_not_count():
    assert NAMES.in_text("示例市第一中学东校区2025年考核单") == [SECOND]
    assert NAMES.in_text("示例市第一中学、示例市第一中学东校区") == [FIRST, SECOND]


def test_code_further_and_former_names_count_however_they_are_written():
    assert NAMES.in_text(f"统一社会信用代码 {THIRD.lower()}") == [THIRD]
    assert NAMES.in_text("示例市 第一师范（原）") == [THIRD]
    assert NAMES.in_text("进修学校考核单") == [THIRD]


def test_a_short_name_counts_only_where_nothing_stands_before_it():
    assert NAMES.in_text("一中考核单") == [FIRST]
    assert NAMES.in_text("2025年度一中考核单") == [FIRST]
    assert NAMES.in_text("考核单（一中）") == [FIRST]
    assert NAMES.in_text("市第十一中考核单") == []


def test_a_name_that_two_units_bear_means_the_one_whose_surer_name_it_is():
    names = UnitNames({FIRST: ("甲中心", "乙中心"), SECOND: ("乙中心",)})
    alike = UnitNames({FIRST: ("甲中心",), SECOND: ("甲中心",)})

    assert names.in_text("乙中心考核单") == [SECOND]
    assert alike.in_text("甲中心考核单") == [FIRST, SECOND]


def test_the_nearest_line_that_names_a_unit_decides_and_a_name_may_run_over_two():
    assert NAMES.in_lines(["示例市第一中学", "示例市教师进修学校考核单", "2025年"]) == [THIRD]
    assert NAMES.in_lines(["示例市教师", "进修学院"]) == []
    assert NAMES.in_lines(["示例市第一", "师范考核单"]) == [THIRD]
    assert NAMES.in_lines([]) == []


def test_a_unit_without_a_name_is_called_by_its_code():
    names = UnitNames.by_name({FIRST: ""})

    assert (names.name_of(FIRST), names.in_text(FIRST)) == (FIRST, [FIRST])


@given(
    st.lists(
        st.text("甲乙丙丁戊己庚辛", min_size=5, max_size=9), min_size=1, max_size=6, unique=True
    ),
    st.data(),
)
def test_a_unit_is_found_by_its_own_name_whatever_its_sisters_are_called(names, data):
    units = UnitNames.by_name({credit_code(place): name for place, name in enumerate(names, 1)})
    place = data.draw(st.integers(0, len(names) - 1))

    found = units.in_text(f"2025年度 {names[place]} 考核单")

    assert found == [credit_code(place + 1)]
