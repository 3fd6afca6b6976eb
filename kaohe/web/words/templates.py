"""Words for the common template: how an item is judged."""

from kaohe.core.problems import N_
from kaohe.core.scheme_fields import TAG_WORDS
from kaohe.web.words import declare_words

JUDGES = {
    "automatic": N_("by dates and data"),
    "system": N_("by a system or platform"),
    "inspection": N_("by inspection"),
    "complaint": N_("by complaints"),
    "manual": N_("by hand"),
}

declare_words(choices={"judge": JUDGES, "tag": dict(TAG_WORDS)})
