"""Shapes stand in the description under their bare names: each name is one shape."""

from collections import Counter
from importlib import import_module
from pkgutil import walk_packages

from pydantic import BaseModel

import kaohe.api


def shapes():
    """Every shape that a module of the API defines."""
    for found in walk_packages(kaohe.api.__path__, "kaohe.api."):
        module = import_module(found.name)
        for each in vars(module).values():
            if isinstance(each, type) and issubclass(each, BaseModel):
                if each.__module__ == module.__name__:
                    yield each


def test_no_two_shapes_have_one_name():
    names = Counter(each.__name__ for each in shapes())

    assert names["UnitShape"] == 1
    assert [name for name, count in names.items() if count > 1] == []


def test_every_shape_says_what_it_is():
    assert [each.__name__ for each in shapes() if not each.__doc__] == []
