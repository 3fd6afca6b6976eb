"""Whether a target asks less than another value, and whether it turns an indicator round.

Decimals are ticks.
"""

from datetime import date

from kaohe.core.indicators import Indicator, Values


def is_below(indicator: Indicator, values: Values, actual: int | None) -> bool:
    """Whether a target asks less than what was measured in an earlier year.

    Under ``interval`` the end with full points is compared, in the direction in which points rise.

    Source: docs/rules/targets.md, TA-4.
    """
    if actual is None:
        return False
    if indicator.rule == "interval":
        rises = direction(values)
        if rises is None or values.full_at is None:
            return False
        return values.full_at < actual if rises else values.full_at > actual
    if values.target is None or indicator.rule not in ("ratio_up", "ratio_down"):
        return False
    return values.target < actual if indicator.rule == "ratio_up" else values.target > actual


def direction(values: Values) -> bool | None:
    """Whether points rise with the value between two ends; None where that cannot be said.

    >>> direction(Values(60, 95)), direction(Values(40, 20)), direction(Values(1, 1))
    (True, False, None)
    """
    if values.zero_at is None or values.full_at is None or values.zero_at == values.full_at:
        return None
    return values.full_at > values.zero_at


def is_turned(indicator: Indicator, values: Values, stood: Values) -> bool:
    """Whether the two ends run the other way than the scheme's own, or else than what stood there.

    Source: docs/rules/targets.md, TA-8.
    """
    if indicator.rule != "interval":
        return False
    own = direction(Values(indicator.zero_at, indicator.full_at))
    was = direction(stood) if own is None else own
    now = direction(values)
    return was is not None and now is not None and now != was


def is_easier(
    rule: str, name: str, new: int | date | None, old: int | date | None, *, rises: bool = True
) -> bool:
    """Whether a value or a day is easier to reach than another one.

    Args:
        name: of the value; anything else is a day, which is easier the later it is.
        rises: under ``interval``, whether points rise with the value.

    Source: docs/rules/targets.md, TA-4.

    >>> is_easier("ratio_up", "target", 60, 98), is_easier("ratio_down", "target", 60, 98)
    (True, False)
    """
    if isinstance(new, date) and isinstance(old, date):
        return new > old
    if not isinstance(new, int) or not isinstance(old, int):
        return False
    more_is_easier = rule == "ratio_down" or (rule == "interval" and not rises)
    return new > old if more_is_easier else new < old


def easier_values(indicator: Indicator, values: Values, stood: Values) -> list[str]:
    """The names of the values that are easier to reach than what stood there.

    Source: docs/rules/targets.md, TA-4.
    """
    rises = direction(values) is not False
    return [
        name
        for name in ("zero_at", "full_at", "target", "base")
        if is_easier(indicator.rule, name, getattr(values, name), getattr(stood, name), rises=rises)
    ]
