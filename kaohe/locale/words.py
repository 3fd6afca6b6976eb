"""What people read where a table holds a code: reasons, flags, measures, rules, posts.

One vocabulary for every paper, page and sentence.  The codes are those of docs/rules/outputs.md,
O-5, and of the tables; the words are English message ids, said in Chinese by ``translator``.
"""

import re
from collections.abc import Callable, Mapping

Translate = Callable[[str], str]


def N_(text: str) -> str:
    """Marks a text for translation without translating it."""
    return text


SEPARATOR = N_("; ")  # between the words of several codes
_NOTE = re.compile(r" \((?:column|on papers)\)")  # tells a text of papers from one of pages

WORDS: Mapping[str, Mapping[str, str]] = {
    "component": {
        "common": N_("common indicators"),
        "individual": N_("individual indicators"),
        "social": N_("social evaluation"),
    },
    "status": {
        "graded": N_("assessed and graded"),
        "ungraded": N_("assessed without a grade"),
        "exempt": N_("exempt from assessment"),
    },
    "funding_basis": {
        "per_pupil": N_("per-pupil funding"),
        "appropriation": N_("appropriation"),
    },
    "rule": {
        "interval": N_("between two ends"),
        "ratio_up": N_("ratio to the target, the higher the better"),
        "ratio_down": N_("ratio to the target, the lower the better"),
        "steps_up": N_("steps, the higher the better"),
        "steps_down": N_("steps, the lower the better"),
        "growth": N_("growth over the base"),
        "deduction": N_("deduction from full marks"),
        "accrual": N_("points gained by events"),
        "milestones": N_("milestones"),
        "rank": N_("rank within the department"),
        "marks": N_("marks of judges"),
    },
    "event_status": {
        "confirmed": N_("confirmed"),
        "pending": N_("not confirmed yet"),
        "objected": N_("under objection"),
        "withdrawn": N_("withdrawn"),
    },
    "adjustment": {
        "bonus": N_("bonus"),
        "deduction": N_("extra deduction"),
        "force_c": N_("graded C whatever the score"),
        "bar_a": N_("may not be graded A"),
        "seat": N_("seat given by the committee"),
    },
    "grade": {
        "A": N_("grade A"),
        "B": N_("grade B"),
        "C": N_("grade C"),
        "none": N_("no grade"),
    },
    "succession": {
        "continuation": N_("same body under a new code"),
        "absorption": N_("absorbed another unit"),
        "merger": N_("formed by merger"),
        "split": N_("split off"),
    },
    "post": {
        "principal": N_("principal"),
        "legal_representative": N_("legal representative"),
    },
    "flag": {
        "alone": N_("no other unit to be ranked with"),
        "component-missing": N_("a component is missing"),
        "missing": N_("nothing was reported, counted as 0"),
        "not-applicable": N_("not applicable"),
        "nothing-to-measure": N_("nothing to measure this year"),
        "same-source-twice": N_("one document counted under two indicators"),
        "thin-channel": N_("fewer responses than the minimum"),
        "tie-at-last-seat": N_("tied at the last A seat, for the committee to decide"),
    },
    "reason": {
        "seat": N_("within the A seats"),
        "barred-from-a": N_("a circumstance bars grade A"),
        "below-a-minimum": N_("composite below the minimum of grade A"),
        "component-below-minimum": N_("a component below the minimum of grade A"),
        "no-seat": N_("the A seats were all taken"),
        "tie-at-last-seat": N_("tied at the last A seat, for the committee to decide"),
        "tier-barred": N_("tier of the individual indicators bars grade A"),
        "below-c": N_("composite below the line of grade C"),
        "forced": N_("a circumstance forces grade C"),
        "lowest-share": N_("within the lowest share of the group"),
        "exempt": N_("exempt from assessment"),
        "ungraded": N_("assessed without a grade"),
    },
    "link": {
        "honours": N_("honours"),
        "cadres": N_("use of cadres"),
        "funding": N_("funding"),
        "staffing": N_("staffing posts"),
    },
    "measure": {
        "commendation": N_("commend the unit at the city's meeting"),
        "certificate": N_("award the certificate of an advanced unit"),
        "principal-excellent": N_("grade the principal excellent for the year"),
        "principal-decision": N_("decide who counts as principal of the year"),
        "excellent-quota": N_("quota of staff who may be graded excellent"),
        "warning": N_("warn the unit"),
        "barred-from-honours": N_("no part in this year's honours"),
        "promotion-priority": N_("first for promotion under equal conditions"),
        "removal-proposal": N_("propose demotion, removal or dismissal"),
        "removal-decision": N_("decide who answers for the run of C grades"),
        "per-pupil-standard-up": N_("raise the standard of per-pupil public funds"),
        "appropriation-ratio-up": N_("raise the ratio of guaranteed appropriation"),
        "staffing-priority": N_("priority in adjusting and using posts"),
    },
    "basis": {
        "S28": N_("use of results, link 1: honours"),
        "S29": N_("use of results, link 2: use of cadres"),
        "S30": N_("use of results, link 3: funding"),
        "S31": N_("use of results, link 4: staffing posts"),
    },
    "severity": {
        "error": N_("error"),
        "warning": N_("notice"),
    },
    "direction": {
        "up": N_("the higher the better"),
        "down": N_("the lower the better"),
    },
    "element": {
        "主体业务开展": N_("main business"),
        "经济社会效益": N_("economic and social benefit"),
        "管理运行状况": N_("management and operation"),
    },
    "period": {
        "month": N_("monthly"),
        "quarter": N_("quarterly"),
        "half": N_("half-yearly"),
        "year": N_("yearly"),
    },
    "judge": {
        "automatic": N_("by dates and data"),
        "system": N_("by a system or platform"),
        "inspection": N_("by inspection"),
        "complaint": N_("by complaints"),
        "manual": N_("by hand"),
    },
    "ledger": {
        "registration": N_("ledger of registration management"),
        "establishment": N_("ledger of staffing management"),
    },
    # The codes of the three lists below are the scheme's own: these are the customary ones.
    "channel": {
        "on_site": N_("on-site questionnaire"),
        "telephone": N_("telephone survey"),
        "visit": N_("visits"),
    },
    "round": {
        "h1": N_("first half-year"),
        "h2": N_("year end"),
    },
    "dimension": {
        "duty": N_("performance of duties"),
        "integrity": N_("integrity"),
        "efficiency": N_("efficiency"),
        "effectiveness": N_("effectiveness"),
        "attitude": N_("attitude of service"),
    },
}
OPEN = frozenset({"channel", "round", "dimension", "element"})


def say(kind: str, code: str, translate: Translate = str) -> str:
    """The words for one code.

    Args:
        kind: a key of ``WORDS``: "reason", "flag", "measure" …
        code: as it stands in the table.  A channel, round, dimension or element that the scheme
            names in its own way comes back as it is.

    Raises:
        KeyError: a kind or a code that does not exist.

    >>> say("reason", "no-seat"), say("channel", "website")
    ('the A seats were all taken', 'website')
    """
    words = WORDS[kind]
    if kind in OPEN and code not in words:
        return code
    return translate(words[code])


def without_note(text: str) -> str:
    """A head of a table or a label on a paper without the note that only translators need.

    >>> without_note("Points (column)"), without_note("分值")
    ('Points', '分值')
    """
    return _NOTE.sub("", text)


def say_all(kind: str, codes: str | None, translate: Translate = str) -> str:
    """The words for codes joined by ``;``, joined again for reading.  No codes: an empty text.

    >>> say_all("reason", "below-a-minimum;no-seat")
    'composite below the minimum of grade A; the A seats were all taken'
    """
    parts = [say(kind, code, translate) for code in (codes or "").split(";") if code]
    return translate(SEPARATOR).join(parts)


def reason_words(codes: str | None, translate: Translate = str) -> str:
    """The reasons of a grade, as they stand in ``Result.reasons``, in words."""
    return say_all("reason", codes, translate)


def flag_words(codes: str | None, translate: Translate = str) -> str:
    """The flags of any table, as they stand in its column, in words."""
    return say_all("flag", codes, translate)


def person_measure(measure: str, person: str | None, translate: Translate = str) -> str:
    """A measure, with the name of the person whom it concerns, if any.

    >>> person_measure("warning", None), person_measure("principal-excellent", "Li Min")
    ('warn the unit', 'grade the principal excellent for the year: Li Min')
    """
    words = say("measure", measure, translate)
    return (
        translate(N_("{measure}: {person}")).format(measure=words, person=person)
        if person
        else words
    )
