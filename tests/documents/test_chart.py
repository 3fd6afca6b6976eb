"""The picture of rank intervals."""

import struct
from xml.etree import ElementTree

import pytest

from kaohe.documents.chart import RankedGroup, RankedUnit, in_columns, likely, ticks, write_chart
from kaohe.documents.press import Press
from kaohe.locale import translator


@pytest.fixture(scope="module")
def press():
    return Press()


def group(size, *, seats=2, name="教育组"):
    return RankedGroup(
        name,
        seats,
        tuple(
            RankedUnit(
                f"示例市第{rank}中学", 9900 - 20 * rank, rank,
                "A" if rank <= seats else "C" if rank == size else "B",
                max(1, rank - 2), min(size, rank + 1), 1 / rank, 1 - 1 / rank, 0.0,
            )
            for rank in range(1, size + 1)
        ),
    )  # fmt: skip


def drawn(tmp_path, groups, press, **options):
    svg, png = tmp_path / "c.svg", tmp_path / "c.png"
    write_chart(svg, png, groups, press=press, translate=translator("zh"), **options)
    return svg, png


def width_and_height(png):
    head = png.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", head[16:24])


def shapes(svg):
    return [
        node.get("fill")
        for node in ElementTree.parse(svg).iter("{http://www.w3.org/2000/svg}path")  # noqa: S314
    ]


def test_the_svg_is_well_formed_and_holds_a_bar_for_every_unit(tmp_path, press):
    svg, _ = drawn(tmp_path, [group(60)], press)

    assert shapes(svg).count("#788da2") == 60


@pytest.mark.parametrize("size", [1, 2, 60])
def test_groups_of_any_size_are_drawn(tmp_path, press, size):
    svg, png = drawn(tmp_path, [group(size, seats=min(2, size))], press)

    assert svg.stat().st_size > 0
    assert width_and_height(png)[0] > 1000


def test_many_groups_stand_beside_one_another(tmp_path, press):
    groups = [group(8, name=f"第{number}组") for number in range(15)]

    one = width_and_height(drawn(tmp_path, groups[:1], press)[1])
    many = width_and_height(drawn(tmp_path, groups, press)[1])

    assert 2.5 * one[0] < many[0] < 4 * one[0]
    assert many[1] < 15 * one[1] / 2
    assert [g for column in in_columns(groups) for g in column] == groups


def test_the_same_groups_give_the_same_bytes(tmp_path, press):
    first = [path.read_bytes() for path in drawn(tmp_path, [group(5)], press)]

    assert [path.read_bytes() for path in drawn(tmp_path, [group(5)], Press())] == first


def test_a_group_without_units_is_refused(tmp_path, press):
    with pytest.raises(ValueError, match="at least one"):
        drawn(tmp_path, [RankedGroup("空", 0, ())], press)
    with pytest.raises(ValueError, match="at least one"):
        drawn(tmp_path, [], press)


@pytest.mark.parametrize("size", range(1, 300))
def test_an_axis_has_few_marks_first_and_last_among_them(size):
    marks = ticks(size)

    assert marks == sorted(set(marks))
    assert marks[0] == 1
    assert marks[-1] == size
    assert len(marks) <= 9


def test_a_likelihood_is_never_certain_where_it_is_not():
    assert [likely(p) for p in (0.999, 0.996, 0.99, 0.005)] == [">99%", ">99%", "99%", "<1%"]
