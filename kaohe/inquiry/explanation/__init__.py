"""Where each digit of a unit's result comes from (计分说明)."""
