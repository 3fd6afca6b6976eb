"""What is issued is frozen: what was written past the services is found."""

import pytest

from kaohe.cli.journal import issued_is_kept
from kaohe.core.indicator_trees import digest_of
from kaohe.indicators.models import PartVersion, Sheet
from kaohe.indicators.queries.sheets import altered, is_as_recorded
from tests.fixtures.database import record_unlocked


@pytest.fixture
def sheet(scheme):
    return Sheet.objects.get()


def test_what_was_written_past_us_is_found_and_verifying_names_it(scheme, sheet, capsys):
    assert list(altered()) == []
    assert issued_is_kept(str)
    assert is_as_recorded(sheet)
    assert is_as_recorded(scheme)
    content = {**sheet.content, "sheet": {"values": {"J07": {"target": "1"}}}}
    with record_unlocked():
        Sheet.objects.filter(pk=sheet.pk).update(content=content)

    assert list(altered()) == [sheet]
    assert not issued_is_kept(str)
    assert f"sheet:{sheet.pk}" in capsys.readouterr().err
    sheet.refresh_from_db()
    assert not is_as_recorded(sheet)


def test_a_digest_that_was_mended_along_does_not_hide_it(sheet):
    content = {**sheet.content, "sheet": {"values": {"J07": {"target": "1"}}}}
    with record_unlocked():
        Sheet.objects.filter(pk=sheet.pk).update(content=content, digest=digest_of(content))
    sheet.refresh_from_db()

    assert not is_as_recorded(sheet)  # the record still says what was issued


def test_a_version_that_was_issued_is_compared_with_the_record_too(scheme):
    content = {**scheme.content, "preface": "改"}
    with record_unlocked():
        PartVersion.objects.filter(pk=scheme.pk).update(content=content)
    scheme.refresh_from_db()

    assert not is_as_recorded(scheme)
    assert list(altered()) == [scheme]
