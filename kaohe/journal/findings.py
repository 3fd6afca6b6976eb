"""What a verification may find wrong, in sentences, and what it counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kaohe.core.problems import N_
from kaohe.tlog.fsck import Flaw

LIMIT = 100  # findings; who has so many need not read more

LOG = N_("Log: {flaw}")
ALTERED = N_(
    "Index {index}: the entry in the database was altered ({column}). It says “{action}” about"
    " {subject}; what was sealed lies in the log's entries."
)
WAITING_ALTERED = N_(
    "Row {row}, which waits to be sealed, was altered ({column}). It says “{action}” about"
    " {subject}."
)
SWAPPED = N_("Index {index}: here stands the entry that was sealed with index {other}: exchanged.")
REPLACED = N_(
    "Index {index}: here stands another entry than the one that was sealed: “{action}” about"
    " {subject}."
)
MISSING = N_(
    "Index {index}: the entry was removed from the database. It said “{action}” about {subject}."
)
NO_INDEX = N_(
    "Index {index}: the index was taken from the entry “{action}” about {subject}, which is still"
    " in the database."
)
BEHIND = N_(
    "From index {index} on the database holds none of the {size} entries that the log has signed:"
    " an older backup was brought back, or the last rows were removed. The first said “{action}”"
    " about {subject}. The log itself still holds them: kaohe journal recover"
)
ADDED = N_(
    "Row {row}: “{action}” about {subject} has no index and does not wait for one: it was added by"
    " hand, or its place in the line was taken away. To have it sealed, for all to see: kaohe"
    " journal requeue"
)
WAITS_TWICE = N_(
    "Row {row} waits once more although it has the index {index}: somebody put it there. The next"
    " sealing takes it out of the line."
)
WAITING_GONE = N_("Row {row} waited to be sealed and was removed from the database.")
TEXT_ALTERED = N_(
    "{place}: the text “{name}” of “{action}” about {subject} is not the one that was recorded."
)
TEXT_MISSING = N_(
    "{place}: the text “{name}” of “{action}” about {subject} is gone, and no erasure is on record."
)
TEXT_ADDED = N_("{place}: a text “{name}” was added to “{action}” about {subject}.")
TEXT_BACK = N_(
    "{place}: the text “{name}” of “{action}” about {subject} was lawfully erased, and is there"
    " again. To erase it again: kaohe journal recover"
)
ERASURE_UNSAID = N_(
    "The text “{name}” of row {row} is marked as erased, but no entry of the record says so."
)
AT_INDEX, AT_ROW = N_("Index {index}"), N_("Row {row}, which waits to be sealed")
NO_TRIGGERS = N_(
    "The database no longer protects the record: {triggers} are missing. Find out who removed them,"
    " then run: kaohe upgrade"
)
NO_LAST = N_(
    "The store of the last checkpoint is empty although the log has signed {size} entries. What"
    " follows was held against the latest checkpoint that is known here. Run: kaohe journal adopt"
    " FILE"
)
NOT_LAST = N_(
    "The log published {published} entries, but the last checkpoint that was signed covers {size}."
)
DATABASE_AHEAD = N_(
    "The database knows a checkpoint of {known} entries, but the last one that was signed here"
    " covers {size}: another machine seals too, or the store was brought back from a copy."
)
CHECKPOINT_ALTERED = N_("The checkpoint of {size} entries in the database was altered.")
COSIGNATURE_ALTERED = N_(
    "The cosignature of “{name}” over the checkpoint of {size} entries was altered."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it must be: a message id with its facts."""

    sentence: str
    facts: Mapping[str, object]

    def say(self, translate: Callable[[str], str] = str) -> str:
        """The sentence in the language of ``translate``."""
        facts = {
            name: fact.say(translate) if isinstance(fact, Flaw | Finding) else fact
            for name, fact in self.facts.items()
        }
        return translate(self.sentence).format_map(facts)


@dataclass
class Verified:
    """What a verification found.

    Attributes:
        size: entries under the last checkpoint.
        sealed: rows that have an index; pending: rows that wait for one.
        texts: texts that fit their commitments; erased: lawfully erased ones; lost: those whose
            entry was brought back from the log after the database had been restored.
        witnessed: cosignatures that hold.
        findings: all that is wrong, up to ``LIMIT``.
    """

    size: int = 0
    sealed: int = 0
    pending: int = 0
    texts: int = 0
    erased: int = 0
    lost: int = 0
    witnessed: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def find(self, sentence: str, **facts: object) -> None:
        """Note something that is wrong."""
        if len(self.findings) < LIMIT:
            self.findings.append(Finding(sentence, facts))
