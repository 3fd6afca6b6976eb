"""The minutes of a sitting (会议纪要), and the outline to write them from."""

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kaohe.core.problems import N_
from kaohe.documents.grounds import day_words
from kaohe.documents.rules_paper import RulesPaper
from kaohe.documents.rules_text import Piece, cardinal, pieces
from kaohe.organization.models import Seat, Sitting
from kaohe.organization.papers.proofs import paper_proof
from kaohe.organization.queries import committee as queries
from kaohe.organization.services.sitting_refusals import STATES, SittingNotSo

OUTCOMES = {
    "approved": N_("passed"),
    "rejected": N_("rejected"),
    "deferred": N_("deferred"),
    "noted": N_("taken note of"),
}


def minutes_outline(sitting: Sitting, matters: list[queries.Matter]) -> str:
    """What minutes can begin with: a paragraph for each matter, the decision already in it."""
    lines = []
    for matter in matters:
        lines.append(_headed(matter))
        lines.append(_("The sitting heard the report of … and discussed it."))
        if matter.decision:
            lines.append(_decided(matter))
        lines.append("")
    return "\n".join(lines)


def _headed(matter: queries.Matter) -> str:
    """Number and title of a matter, the second level of an official paper: （一）."""
    chinese = (get_language() or "").startswith("zh")
    number = f"（{cardinal(matter.item.number)}）" if chinese else str(matter.item.number)
    return _("%(number)s. %(title)s.") % {"number": number, "title": matter.item.title}


def _decided(matter: queries.Matter) -> str:
    """Outcome, votes and text of a decision as a sentence."""
    decision = matter.decision
    if decision is None:
        return _("Not decided yet.")
    parts = [_("Outcome: %(outcome)s.") % {"outcome": _(OUTCOMES[decision.outcome])}]
    if decision.votes_for + decision.votes_against + decision.abstentions:
        votes = _("For %(yes)s, against %(no)s, abstentions %(none)s.")
        counted = {
            "yes": decision.votes_for,
            "no": decision.votes_against,
            "none": decision.abstentions,
        }
        parts.append(votes % counted)
    if decision.text:
        parts.append(decision.text)
    return _joined(parts)


def _joined(sentences: list[str]) -> str:
    """Sentences one after another; Chinese ones without blanks between them."""
    return ("" if (get_language() or "").startswith("zh") else " ").join(sentences)


def minutes_paper(row: Sitting) -> RulesPaper:
    """The minutes of a sitting that has begun, as they are printed.

    Raises:
        SittingNotSo: it is still planned.
    """
    if row.state == "planned":
        raise SittingNotSo(state=STATES[row.state])
    roll = queries.roll_of(row)
    matters = queries.matters_of(row, roll)
    day = day_words(row.held_on, _)
    closed = row.state == "closed"
    remark = day if closed else _("(not confirmed: %(day)s)") % {"day": day}
    lines = (
        *_facts(row, roll),
        *_decisions(matters),
        Piece("heading", _("II. "), _("Minutes")),
        *(pieces(row.minutes) if row.minutes else [_line(_("No minutes have been written yet."))]),
    )
    head = _("%(committee)s: minutes") % {"committee": row.committee.name}
    issuer = row.jurisdiction.office_name
    sealed = _(
        "The confirmation of this sitting and the text of these minutes are sealed in the record"
        " with index %(index)s."
    )
    proof = paper_proof(row.subject, "sitting.closed", sealed) if closed else None
    signed_on = day if closed else ""
    return RulesPaper(row.title, lines, head, "", remark, issuer, signed_on, proof)


def _line(text: str) -> Piece:
    return Piece("paragraph", "", text)


def _facts(row: Sitting, roll: list[queries.Roll]) -> Iterator[Piece]:
    came = [line.seat for line in roll if line.attendance and line.attendance.present]
    away = [line for line in roll if line.attendance and not line.attendance.present]
    if row.location:
        yield _line(_("Place: %(text)s") % {"text": row.location})
    chair = next((seat for seat in came if seat.seat in ("director", "deputy")), None)
    if chair:
        yield _line(_("In the chair: %(text)s") % {"text": _who(chair)})
    names = _(" / ").join(_who(seat) for seat in came)
    yield _line(_("Present: %(text)s") % {"text": names or _("not noted")})
    if away:
        told = [_away(line) for line in away]
        yield _line(_("Absent: %(text)s") % {"text": _(" / ").join(told)})


def _away(line: queries.Roll) -> str:
    """Who did not come: post, and why, or that nobody said why."""
    reason = line.attendance.reason if line.attendance else ""
    parts = [line.seat.title, reason or _("no reason given")]
    return f"{line.seat.person.name}（{_(', ').join(filter(None, parts))}）"


def _who(seat: Seat) -> str:
    return f"{seat.person.name}（{seat.title}）" if seat.title else seat.person.name


def _decisions(matters: list[queries.Matter]) -> Iterator[Piece]:
    yield Piece("heading", _("I. "), _("What was decided"))
    for matter in matters:
        told = [_headed(matter), _decided(matter)]
        aside = [_told(_("%(name)s stood aside"), row.seat, row.reason) for row in matter.aside]
        stayed = [
            _told(_("%(name)s did not stand aside"), row.seat, row.reason) for row in matter.stayed
        ]
        if aside or stayed:
            text = _("; ").join([*aside, *stayed])
            told.append(_("Recusals: %(text)s.") % {"text": text})
        yield _line(_joined(told))


def _told(words: str, seat: Seat, reason: str | None) -> str:
    """Whether somebody stood aside, with the reason where it is still there."""
    said = words % {"name": seat.person.name}
    why = (reason or "").strip().rstrip("。.")
    return f"{said}（{why}）" if why else said
