"""The assessment sheet of a unit (考核单) as it is printed, and as it can be read back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from kaohe.core.indicator_trees import indicator_from, sheet_from
from kaohe.core.indicators import Element, Indicator, SheetPlan, Values, ends_for
from kaohe.core.problems import N_
from kaohe.core.quantities import show_plain
from kaohe.core.rule_words import rule_said
from kaohe.documents.grounds import day_words
from kaohe.documents.receipt_code import grouped
from kaohe.documents.sheet_paper import FormColumn, FormPaper, FormTable, print_form
from kaohe.indicators.models import Sheet
from kaohe.indicators.papers.wording import below_title, chosen, column, is_english
from kaohe.indicators.reading.rule_phrases import JOINT
from kaohe.locale.words import SEPARATOR, without_note
from kaohe.organization.papers.printing import shared_press
from kaohe.organization.papers.proofs import paper_proof

LEDGERS = {
    "registration": N_("ledger of registration (on papers)"),
    "establishment": N_("ledger of establishment (on papers)"),
}
STATES = {
    "superseded": N_("(replaced by a later version)"),
    "archived": "",
    "issued": "",
}
_JUDGING = ("aspect", "judge", "tag")
_DETAILS = ("definition", "source", "evidence", "basis", "period", "person")


def sheet_title(sheet: Sheet) -> str:
    """What the paper is called."""
    who = sheet.participant
    facts = {"unit": who.name, "year": who.assessment_year.year}
    return _("{unit} assessment sheet {year}").format(**facts)


def sheet_paper(sheet: Sheet) -> FormPaper:
    """A sheet as it is printed, with the proof of its issue once that is sealed.

    Source: docs/rules/plan_books.md, PB-8.
    """
    sealed = _("This sheet is sealed in the record with index %(index)s.")
    return replace(sheet_form(sheet), proof=paper_proof(sheet.subject, "sheet.issued", sealed))


def sheet_form(sheet: Sheet) -> FormPaper:
    """The same without the proof: all that follows from the sheet itself."""
    content = sheet.content
    indicators = [indicator_from(each) for each in content.get("indicators", ())]
    plan = sheet_from(content.get("sheet", {}))
    common = [each for each in indicators if each.component == "common"]
    own = [each for each in indicators if each.component != "common"]
    tables = [*_common(common), *_individual(own, plan), *_further(own, plan)]
    tables += _exceptions(indicators, plan)
    digest = _("SHA-256 of the sheet: {digest}").format(digest=grouped(sheet.digest))
    return FormPaper(
        sheet_title(sheet),
        _facts(sheet),
        tuple(tables),
        (_("Competent department"), _("Unit assessed"), _("Committee office")),
        _("(seal) day, month, year"),
        digest,
        below_title(_(STATES[sheet.state]) if STATES.get(sheet.state) else ""),
    )


def printed_sheet(paper: FormPaper) -> bytes:
    """A form as a PDF, in the language in which it is asked for.

    Raises:
        PaperRefused: it cannot be printed as it should be.
    """
    return print_form(paper, language="en" if is_english() else "zh", press=shared_press())


def _facts(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    who = sheet.participant
    facts = (
        (_("Name of the unit"), who.name),
        (_("Credit code (on papers)"), who.code),
        (_("Competent department"), who.department_name),
        (_("Group of the year"), who.group.name if who.group else ""),
        (_("Number of the sheet (on papers)"), sheet.sheet_number),
        (_("Version (on papers)"), str(sheet.number)),
        (_("Assessment year (on papers)"), str(who.assessment_year.year)),
        (_("Issued on (on papers)"), day_words(sheet.issued_on, _)),
    )
    return tuple((without_note(label), value) for label, value in facts)


def _common(rows: Sequence[Indicator]) -> list[FormTable]:
    """The common indicators, a table for each ledger."""
    found = []
    heading = _("I. Common indicators")
    for ledger in dict.fromkeys(each.ledger for each in rows):
        part = [each for each in rows if each.ledger == ledger]
        name = without_note(_(LEDGERS[ledger])) if ledger in LEDGERS else ledger
        told = _("{heading} ({ledger})").format(heading=heading, ledger=name) if name else heading
        columns = (
            column(_("Code (column)"), 12, "center"),
            column(_("Aspect (column)"), 24),
            column(_("Content (column)"), 44),
            column(_("Points (column)"), 12, "right"),
            column(_("Deductions (column)")),
        )
        cells = tuple(
            (each.item, each.aspect, each.name, _shown(each.points), rule_text(each))
            for each in part
        )
        found.append(FormTable(told, columns, cells, _sum(part), joined=1))
    return found


def _individual(rows: Sequence[Indicator], plan: SheetPlan) -> list[FormTable]:
    if not rows:
        return []
    columns = (
        column(_("Code (column)"), 12, "center"),
        column(_("Element (column)"), 18),
        column(_("Name (column)")),
        column(_("Visible or latent (column)"), 12 if is_english() else 11, "center"),
        column(_("Unit of measure (column)"), 16, "center"),
        column(_("Points (column)"), 11, "right"),
        column(_("Target (column)"), 15, "right"),
        column(_("Base (column)"), 14, "right"),
        column(_("Scoring (column)"), 33),
    )
    ordered = _by_element(rows)
    cells = tuple(_cells(each, plan.values.get(each.item, Values())) for each in ordered)
    return [FormTable(_("II. Individual indicators"), columns, cells, _sum(rows))]


def _by_element(rows: Sequence[Indicator]) -> list[Indicator]:
    """Indicators by element, the three first; within one in the order of the scheme."""
    order = {each.value: place for place, each in enumerate(Element)}
    return sorted(rows, key=lambda each: order.get(each.element, len(order)))


def _cells(each: Indicator, own: Values) -> tuple[str, ...]:
    ends = ends_for(each, own)
    return (
        each.item,
        chosen("element", each.element),
        each.name,
        chosen("visibility", each.visibility),
        each.measure,
        _shown(each.points),
        _shown(ends.target),
        _shown(ends.base),
        rule_text(each, own),
    )


def rule_text(indicator: Indicator, own: Values | None = None) -> str:
    """How an indicator is scored, in one line; ``rule_phrases`` reads it back."""
    joint = _(SEPARATOR) if is_english() else JOINT
    return joint.join(said.say(_) for said in rule_said(indicator, own))


def _shown(ticks: int | None) -> str:
    return "" if ticks is None else show_plain(ticks)


def _sum(rows: Sequence[Indicator]) -> str:
    total = sum(each.points or 0 for each in rows)
    return _("Points in all: {points}").format(points=show_plain(total))


def _further(rows: Sequence[Indicator], plan: SheetPlan) -> list[FormTable]:
    """What is counted, from where; how it is judged; milestones; why a unit has its own values.

    Source: docs/rules/plan_books.md, PB-8.
    """
    ordered = _by_element(rows)
    reasons = {item: each.reason for item, each in plan.values.items() if each.reason}
    return [
        *_details(ordered),
        *_judging(ordered),
        *_milestones(ordered, plan),
        *_reasons(ordered, reasons, _("Values of the unit's own"), _("Reason (column)")),
    ]


def _details(rows: Sequence[Indicator]) -> list[FormTable]:
    columns = (
        column(_("Code (column)"), 12, "center"),
        column(_("Definition (column)")),
        column(_("Source (column)"), 26),
        column(_("Evidence (column)"), 26),
        column(_("Basis (column)"), 26),
        column(_("Period (column)"), 16, "center"),
        column(_("Post in charge (column)"), 17),
    )
    return _told(rows, _DETAILS, _("III. Notes to the indicators"), columns)


def _judging(rows: Sequence[Indicator]) -> list[FormTable]:
    columns = (
        column(_("Code (column)"), 12, "center"),
        column(_("Aspect (column)")),
        column(_("how it is judged (column)"), 40, "center"),
        column(_("nature of the clause (column)"), 40, "center"),
    )
    return _told(rows, _JUDGING, _("How the indicators are judged"), columns)


def _told(
    rows: Sequence[Indicator], names: Sequence[str], heading: str, columns: tuple[FormColumn, ...]
) -> list[FormTable]:
    """A table of some fields, for those indicators that have any of them."""
    cells = tuple(
        (each.item, *(chosen(name, getattr(each, name)) for name in names))
        for each in rows
        if any(getattr(each, name) for name in names)
    )
    return [FormTable(heading, columns, cells)] if cells else []


def _milestones(rows: Sequence[Indicator], plan: SheetPlan) -> list[FormTable]:
    columns = (
        column(_("Code (column)"), 12, "center"),
        column(_("Name (column)"), 46),
        column(_("Milestone (column)")),
        column(_("Share (column)"), 16, "right"),
        column(_("Due on (column)"), 30, "center"),
    )
    cells = tuple(
        (each.item, each.name, node.milestone, show_plain(node.share), day_words(node.due_on, _))
        for each in rows
        for node in plan.nodes.get(each.item, ())
    )
    return [FormTable(_("Milestones of the unit"), columns, cells)] if cells else []


def _exceptions(rows: Sequence[Indicator], plan: SheetPlan) -> list[FormTable]:
    head = _("Not applicable because (column)")
    return _reasons(rows, plan.not_applicable, _("Indicators that do not apply"), head)


def _reasons(
    rows: Sequence[Indicator], said: Mapping[str, str], heading: str, head: str
) -> list[FormTable]:
    cells = tuple((each.item, each.name, said[each.item]) for each in rows if each.item in said)
    columns = (
        column(_("Code (column)"), 12, "center"),
        column(_("Name (column)"), 50),
        column(head),
    )
    return [FormTable(heading, columns, cells)] if cells else []
