"""Explanations of units, from rows in memory."""

from typing import Any

from kaohe.core.rows import Inputs
from kaohe.core.scheme import Scheme
from kaohe.core.scoring import assess
from kaohe.inquiry.explanation.case import Case, open_case
from kaohe.inquiry.explanation.explain import explain
from kaohe.locale import Translate
from tests.core import golden


def explained(
    inputs: Inputs, scheme: Scheme, unit: str, translate: Translate = str
) -> dict[str, Any]:
    """The explanation of one unit of a year."""
    return explain(scheme, inputs, assess(scheme, inputs), unit, translate)


def of_golden(name: str, translate: Translate = str) -> dict[str, Any]:
    """The explanation of a unit of the worked year."""
    return explained(golden.inputs(), golden.scheme(), golden.CODES[name], translate)


def case_of(inputs: Inputs, scheme: Scheme, unit: str) -> Case:
    """The case of one unit of a year."""
    return open_case(scheme, inputs, assess(scheme, inputs), unit)


def texts(lines: list[dict[str, Any]]) -> str:
    """Lines as one text."""
    return "\n".join(line["text"] for line in lines)
