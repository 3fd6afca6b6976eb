"""Words for what an indicator may be: its element, visibility, period, direction."""

from collections.abc import Mapping

from kaohe.core.indicators import VISIBILITY_WORDS, Element
from kaohe.core.problems import N_
from kaohe.locale.words import WORDS
from kaohe.web.words import declare_words

RULES = WORDS["rule"]
ELEMENTS: Mapping[str, str] = {
    Element.BUSINESS: N_("main business"),
    Element.BENEFIT: N_("economic and social benefit"),
    Element.MANAGEMENT: N_("management and operation"),
}
VISIBILITY = {str(code): words for code, words in VISIBILITY_WORDS.items()}
PERIODS = {
    "month": N_("monthly"),
    "quarter": N_("quarterly"),
    "half": N_("half-yearly"),
    "year": N_("yearly"),
}
DIRECTIONS = {"up": N_("the higher the better"), "down": N_("the lower the better")}
LEDGERS = {
    "registration": N_("ledger of registration management"),
    "establishment": N_("ledger of staffing management"),
}

declare_words(
    choices={
        "rule": RULES,
        "visibility": VISIBILITY,
        "period": PERIODS,
        "direction": DIRECTIONS,
        "ledger": LEDGERS,
    }
)
