"""What a drafter says of a warning of the check-up, while the version still is in their hands."""

from django.db import transaction

from kaohe.core.checkup import WARNING, Finding
from kaohe.core.checkup_answers import LONGEST, Key, key_of
from kaohe.core.errors import Conflict, Invalid
from kaohe.core.part_path import Action
from kaohe.core.problems import N_
from kaohe.core.texts import clean_long
from kaohe.indicators.models import FindingAnswer, PartVersion
from kaohe.indicators.queries.checkup import findings_of
from kaohe.indicators.services.parts import moved, must_be_open, taken_version
from kaohe.organization.models import User
from kaohe.organization.services.writing import created, record


class FindingGone(Conflict):
    """What is answered is not found any more."""

    code = "finding.gone"
    sentence = N_(
        "The check-up does not find this any more: the version was changed since. Open the check-up"
        " anew and answer what it finds now."
    )


class FindingNotAnswered(Invalid):
    """An error is mended, a note only informs."""

    code = "finding.not-a-warning"
    sentence = N_("Only warnings are answered. An error must be mended; a note needs no answer.")


class AnswerMissing(Invalid):
    """An answer that says nothing."""

    code = "finding.answer-missing"
    sentence = N_("Write why it is to stay as it is, or mend what was found.")
    field = "text"


class AnswerTooLong(Invalid):
    """An answer that nobody will read."""

    code = "finding.answer-too-long"
    sentence = N_("The answer has {found} characters; {most} are the most. Shorten it.")
    field = "text"


@transaction.atomic
def answer_finding(*, by: User, version: PartVersion, key: Key, text: str) -> FindingAnswer:
    """Answer for a warning of a draft; a later answer takes the place of an earlier one.

    Args:
        key: by what the finding is known again, as ``core.checkup_answers.key_of`` gives it.

    Raises:
        RoleMissing: ``by`` may not draft there.
        YearIsClosed: the year is over.
        PartIssuedIsFixed, PartMoveNotOpen: the version is no longer with those who draft.
        FindingGone: the check-up does not find it.
        FindingNotAnswered: it is an error or a note.
        AnswerMissing, AnswerTooLong: of the text.

    Source: docs/rules/checkup.md, K-15.
    """
    row, _before = taken_version(by, version, None, Action.EDIT)
    must_be_open(row.part.assessment_year)
    moved(by, row, Action.EDIT)
    finding = _found(row, key)
    said = clean_long(text)
    if not said:
        raise AnswerMissing
    if len(said) > LONGEST:
        raise AnswerTooLong(found=len(said), most=LONGEST)
    facts = dict(finding.facts)
    given = {"check_code": key.check, "path": key.path, "about": key.about}
    last = row.answers.filter(**given).last()
    if last is not None and (last.text, last.facts, last.made_by) == (said, facts, by):
        return last
    answer = FindingAnswer.objects.create(
        jurisdiction=row.jurisdiction,
        part_version=row,
        facts=facts,
        text=said,
        made_by=by,
        **given,
    )
    record(created(answer, "finding.answered"), by=by)
    return answer


def _found(version: PartVersion, key: Key) -> Finding:
    """The warning that a key names.

    Raises:
        FindingGone, FindingNotAnswered: there is none, or it is no warning.
    """
    finding = next((each for each in findings_of(version) if key_of(each) == key), None)
    if finding is None:
        raise FindingGone
    if finding.severity != WARNING:
        raise FindingNotAnswered
    return finding
