"""Words for what an indicator may be: its element, visibility, period, direction."""

from kaohe.core.indicators import VISIBILITY_WORDS
from kaohe.locale.words import WORDS
from kaohe.web.words import declare_words

RULES = WORDS["rule"]
ELEMENTS = WORDS["element"]
VISIBILITY = {str(code): words for code, words in VISIBILITY_WORDS.items()}
PERIODS = WORDS["period"]
DIRECTIONS = WORDS["direction"]
LEDGERS = WORDS["ledger"]

declare_words(
    choices={
        "rule": RULES,
        "visibility": VISIBILITY,
        "period": PERIODS,
        "direction": DIRECTIONS,
        "ledger": LEDGERS,
    }
)
