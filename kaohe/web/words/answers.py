"""Words for answers to findings of the check-up."""

from kaohe.core.problems import N_
from kaohe.web.words import declare_words

declare_words(
    actions={"finding.answered": N_("answered for a warning of the check-up")},
    fields={
        "finding-answer.part_version_id": N_("version"),
        "finding-answer.check_code": N_("check"),
        "finding-answer.path": N_("cell"),
        "finding-answer.text": N_("explanation"),
        "part-version.unanswered": N_("warnings without an answer"),
    },
)
