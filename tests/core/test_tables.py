"""The two views of a table, columns and rows, are of one thing."""

from typing import Any

import pytest

from kaohe.core import tables

ROWS: dict[str, Any] = {
    "units": tables.Unit,
    "items": tables.Item,
    "targets": tables.Target,
    "not_applicable": tables.NotApplicable,
    "events": tables.Event,
    "measurements": tables.Measurement,
    "milestones": tables.Milestone,
    "marks": tables.Mark,
    "responses": tables.Response,
    "adjustments": tables.Adjustment,
    "tiers": tables.ManualTier,
    "history": tables.PastGrade,
    "successions": tables.Succession,
    "tenures": tables.Tenure,
}
OUTPUTS: dict[str, Any] = {
    "item_scores": tables.ItemScore,
    "event_effects": tables.EventEffect,
    "survey_scores": tables.SurveyScore,
    "component_scores": tables.ComponentScore,
    "results": tables.Result,
    "linkages": tables.Linkage,
}


@pytest.mark.parametrize("name", tables.Inputs._fields)
def test_a_row_of_inputs_has_a_field_for_each_column(name: str) -> None:
    columns = {column.field for column in tables.INPUT_TABLES[name]}
    answers = {"answers"} if name == "responses" else set()

    assert columns | answers == set(ROWS[name]._fields)


@pytest.mark.parametrize("name", tables.Outputs._fields)
def test_a_row_of_outputs_has_the_columns_in_their_order(name: str) -> None:
    columns = tuple(column.name for column in tables.OUTPUT_TABLES[name])

    assert columns == OUTPUTS[name]._fields
    assert tables.OUTPUT_KEYS[name] == tuple(
        column for column in columns if column in tables.OUTPUT_KEYS[name]
    )
