"""Words for what becomes of units."""

from kaohe.core.problems import N_
from kaohe.core.successions import DEED_WORDS, FATE_WORDS, FORM_WORDS, Deed, Form
from kaohe.web.words import declare_words

DEEDS, FATES, FORMS = DEED_WORDS, FATE_WORDS, FORM_WORDS
EXPLAINED = {
    Deed.RENAME: N_("a new name, a new code, or both; the unit keeps its years"),
    Deed.SPLIT: N_("new units come out of one, which goes on or ends"),
    Deed.TRANSFER: N_("one or more units go to another department and keep their years"),
    Deed.CLOSE: N_("one or more units end, and no other follows them"),
}
MERGERS = {
    Form.INTO_EXISTING: N_("one of the units goes on with its code and its years; the others end"),
    Form.INTO_NEW: N_("all of the units end, and a new one with a code of its own follows them"),
}

declare_words(
    actions={
        "unit.renamed": N_("renamed the unit"),
        "unit.absorbed": N_("merged another unit into this one"),
        "unit.merged": N_("merged the unit into another, and so closed it"),
        "unit.formed": N_("entered the unit, which others merged into"),
        "unit.split": N_("split new units off this one"),
        "unit.split-up": N_("split the unit up, and so closed it"),
        "unit.split-off": N_("entered the unit, which was split off another"),
        "unit.transferred": N_("transferred the unit to another department"),
        "unit.closed": N_("closed the unit"),
    },
    fields={
        "unit.predecessors": N_("forerunners"),
        "unit.successors": N_("followed by"),
        "unit.reason": N_("note"),
        "unit.document": N_("document"),
    },
)
