"""The workbook of a scheme: out and in again, and what people do to it meanwhile."""

from hypothesis import given, settings

from kaohe.core.indicator_trees import tree_of
from kaohe.documents.plan_book import BookStamp, plan_book
from kaohe.indicators.reading.book_plan import BookReader, Ground
from kaohe.indicators.reading.book_sheets import open_book
from tests.indicators.plans import UNITS, plans

STAMP = BookStamp(1, 2, 3, "0" * 64, "2026年度考核方案")


def book_of(tree, path, units=UNITS):
    path.write_bytes(plan_book(tree, units, STAMP, str))
    return path


def read(path, draft, units=UNITS):
    book = open_book(path)
    tree = BookReader(book, Ground(draft, units)).read()
    return tree, book


@settings(max_examples=60)
@given(plan=plans())
def test_what_goes_out_as_a_workbook_comes_in_the_same(plan, tmp_path_factory):
    tree = tree_of(plan)
    path = book_of(tree, tmp_path_factory.mktemp("book") / "a.xlsx")

    found, book = read(path, tree)

    assert found == tree
    assert [each for each in book.problems if each.severity == "error"] == []
    assert book.base == tree
