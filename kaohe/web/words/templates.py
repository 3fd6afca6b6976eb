"""Words for the common template: how an item is judged."""

from kaohe.core.scheme_fields import TAG_WORDS
from kaohe.locale.words import WORDS
from kaohe.web.words import declare_words

JUDGES = WORDS["judge"]

declare_words(choices={"judge": JUDGES, "tag": dict(TAG_WORDS)})
