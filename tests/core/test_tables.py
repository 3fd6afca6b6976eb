"""The two views of a table, columns and rows, are of one thing."""

from typing import Any

import pytest

from kaohe.core import rows, tables

ROWS: dict[str, Any] = {
    "units": rows.Unit,
    "items": rows.Item,
    "targets": rows.Target,
    "not_applicable": rows.NotApplicable,
    "events": rows.Event,
    "measurements": rows.Measurement,
    "milestones": rows.Milestone,
    "marks": rows.Mark,
    "responses": rows.Response,
    "adjustments": rows.Adjustment,
    "tiers": rows.ManualTier,
    "history": rows.PastGrade,
    "successions": rows.Succession,
    "tenures": rows.Tenure,
}
OUTPUTS: dict[str, Any] = {
    "item_scores": rows.ItemScore,
    "event_effects": rows.EventEffect,
    "survey_scores": rows.SurveyScore,
    "component_scores": rows.ComponentScore,
    "results": rows.Result,
    "linkages": rows.Linkage,
}


@pytest.mark.parametrize("name", rows.Inputs._fields)
def test_a_row_of_inputs_has_a_field_for_each_column(name: str) -> None:
    columns = {column.field for column in tables.INPUT_TABLES[name]}
    answers = {"answers"} if name == "responses" else set()

    assert columns | answers == set(ROWS[name]._fields)


@pytest.mark.parametrize("name", rows.Outputs._fields)
def test_a_row_of_outputs_has_the_columns_in_their_order(name: str) -> None:
    columns = tuple(column.name for column in tables.OUTPUT_TABLES[name])

    assert columns == OUTPUTS[name]._fields
    assert tables.OUTPUT_KEYS[name] == tuple(
        column for column in columns if column in tables.OUTPUT_KEYS[name]
    )
