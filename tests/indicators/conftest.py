"""Fixtures of the second pillar's tests alone."""

import io

import pytest

from tests.indicators.books import changed_book


@pytest.fixture
def bring(files_aside, draft, dept_clerk):
    """A file brought for the draft and read: its bytes, or cells of its workbook that change."""

    def go(*changes, by=dept_clerk, edit=None, data=None, version=draft, name="方案.xlsx"):
        from kaohe.indicators.services import part_imports as services

        data = data or changed_book(version, *changes, edit=edit)
        row = services.bring_part_file(by=by, version=version, name=name, stream=io.BytesIO(data))
        return services.read_part_file(by=by, key=row.pk)

    return go
