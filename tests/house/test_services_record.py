"""Every service that writes leaves exactly its entries, or, where it fails, nothing at all."""

import inspect
from collections import Counter
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.apps import apps

from kaohe.indicators import services as indicators
from kaohe.journal import services as journal
from kaohe.journal.models import JournalEntry
from kaohe.organization import services as organization
from tests import record
from tests.record.cases import CASES, City

for each in iter_modules(record.__path__, "tests.record."):
    import_module(each.name)

# What carries out the deed of another service, and tells nothing of its own.
WITHOUT_ENTRY = {"once.once", "once.answered_once"}


def modules():
    """The modules of all services; no two of them have one name."""
    found = [
        f"{services.__name__}.{info.name}"
        for services in (organization, indicators)
        for info in iter_modules(services.__path__)
    ]
    assert len({name.rpartition(".")[2] for name in found}) == len(found)
    return found


def writing_services():
    """By name, every public function of the services that is told who acts."""
    found = {}
    for name in modules():
        module = import_module(name)
        short = name.rpartition(".")[2]
        for each, value in vars(module).items():
            function = inspect.unwrap(value) if callable(value) else None
            if (
                inspect.isfunction(function)
                and function.__module__ == module.__name__
                and not each.startswith("_")
                and short != "writing"
                and takes_doer(function)
            ):
                found[f"{short}.{function.__name__}"] = function
    return found


def takes_doer(function):
    by = inspect.signature(function).parameters.get("by")
    return by is not None and by.kind is inspect.Parameter.KEYWORD_ONLY


def everything():
    """Each row of each table."""
    return {
        model._meta.db_table: Counter(map(str, model._default_manager.values_list()))
        for model in apps.get_models(include_auto_created=True)
    }


def test_every_service_that_writes_has_a_case():
    tested = {name.partition("#")[0] for name in CASES}

    assert set(writing_services()) - WITHOUT_ENTRY == tested


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_service_leaves_exactly_its_entries(db, name):
    deed = CASES[name].prepare(City())
    before = set(JournalEntry.objects.values_list("pk", flat=True))

    deed()

    left = list(JournalEntry.objects.exclude(pk__in=before))
    assert Counter(each.action for each in left) == Counter(CASES[name].actions)
    assert [subject for subject, n in Counter(each.subject for each in left).items() if n > 1] == []


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_service_that_cannot_tell_the_record_does_nothing(db, name, monkeypatch):
    deed = CASES[name].prepare(City())
    before = everything()

    def fails(events, *, by):
        raise RuntimeError("the record cannot be written")

    monkeypatch.setattr(journal, "append_all", fails)
    with pytest.raises(RuntimeError, match="record cannot be written"):
        deed()

    assert everything() == before
