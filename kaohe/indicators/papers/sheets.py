"""The assessment sheet of a unit (考核单) as it is printed, and as it can be read back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kaohe.core.indicator_trees import indicator_from, sheet_from
from kaohe.core.indicators import Element, Indicator, SheetPlan, Values, ends_for
from kaohe.core.problems import N_
from kaohe.core.quantities import show_plain
from kaohe.core.rule_words import rule_said
from kaohe.documents.grounds import day_words
from kaohe.documents.plan_book_columns import written
from kaohe.documents.receipt_code import grouped
from kaohe.documents.sheet_paper import FormColumn, FormPaper, FormTable, print_form
from kaohe.indicators.models import Sheet
from kaohe.indicators.reading.rule_phrases import JOINT
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
        _(STATES[sheet.state]) if STATES.get(sheet.state) else "",
    )


def printed_sheet(paper: FormPaper) -> bytes:
    """A form as a PDF, in the language in which it is asked for.

    Raises:
        PaperRefused: it cannot be printed as it should be.
    """
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return print_form(paper, language=language, press=shared_press())


def _facts(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    who = sheet.participant
    return (
        (_("Name of the unit"), who.name),
        (_("Credit code (on papers)"), who.code),
        (_("Competent department"), who.department_name),
        (_("Group of the year"), who.group.name if who.group else ""),
        (_("Number of the sheet (on papers)"), sheet.sheet_number),
        (_("Version (on papers)"), str(sheet.number)),
        (_("Assessment year (on papers)"), str(who.assessment_year.year)),
        (_("Issued on (on papers)"), day_words(sheet.issued_on, _)),
    )


def _common(rows: Sequence[Indicator]) -> list[FormTable]:
    """The common indicators, a table for each ledger."""
    found = []
    heading = _("I. Common indicators")
    for ledger in dict.fromkeys(each.ledger for each in rows):
        part = [each for each in rows if each.ledger == ledger]
        name = _(LEDGERS[ledger]) if ledger in LEDGERS else ledger
        told = f"{heading}（{name}）" if name else heading
        columns = (
            FormColumn(_("Code (column)"), 12, "center"),
            FormColumn(_("Aspect (column)"), 24),
            FormColumn(_("Content (column)"), 44),
            FormColumn(_("Points (column)"), 12, "right"),
            FormColumn(_("Deductions (column)")),
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
        FormColumn(_("Code (column)"), 12, "center"),
        FormColumn(_("Element (column)"), 18),
        FormColumn(_("Name (column)")),
        FormColumn(_("Visible or latent (column)"), 11, "center"),
        FormColumn(_("Unit of measure (column)"), 16, "center"),
        FormColumn(_("Points (column)"), 11, "right"),
        FormColumn(_("Target (column)"), 15, "right"),
        FormColumn(_("Base (column)"), 14, "right"),
        FormColumn(_("Scoring (column)"), 33),
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
        each.element,
        each.name,
        written("visibility", each.visibility),
        each.measure,
        _shown(each.points),
        _shown(ends.target),
        _shown(ends.base),
        rule_text(each, own),
    )


def rule_text(indicator: Indicator, own: Values | None = None) -> str:
    """How an indicator is scored, in one line; ``rule_phrases`` reads it back."""
    return JOINT.join(said.say(_) for said in rule_said(indicator, own))


def _shown(ticks: int | None) -> str:
    return "" if ticks is None else show_plain(ticks)


def _sum(rows: Sequence[Indicator]) -> str:
    total = sum(each.points or 0 for each in rows)
    return _("Points in all: {points}").format(points=show_plain(total))


def _further(rows: Sequence[Indicator], plan: SheetPlan) -> list[FormTable]:
    """What is counted, from where; milestones; why the unit has values of its own."""
    ordered = _by_element(rows)
    spoken = [each for each in ordered if any(getattr(each, name) for name in _DETAILS)]
    found = []
    if spoken:
        columns = (
            FormColumn(_("Code (column)"), 12, "center"),
            FormColumn(_("Definition (column)")),
            FormColumn(_("Source (column)"), 26),
            FormColumn(_("Evidence (column)"), 26),
            FormColumn(_("Basis (column)"), 26),
            FormColumn(_("Period (column)"), 16, "center"),
            FormColumn(_("Post in charge (column)"), 17),
        )
        cells = tuple(
            (each.item, *(written(name, getattr(each, name)) for name in _DETAILS))
            for each in spoken
        )
        found.append(FormTable(_("III. Notes to the indicators"), columns, cells))
    nodes = tuple(
        (each.item, each.name, node.milestone, show_plain(node.share), day_words(node.due_on, _))
        for each in ordered
        for node in plan.nodes.get(each.item, ())
    )
    if nodes:
        heads = (
            FormColumn(_("Code (column)"), 12, "center"),
            FormColumn(_("Name (column)"), 46),
            FormColumn(_("Milestone (column)")),
            FormColumn(_("Share (column)"), 16, "right"),
            FormColumn(_("Due on (column)"), 30, "center"),
        )
        found.append(FormTable(_("Milestones of the unit"), heads, nodes))
    reasons = {item: each.reason for item, each in plan.values.items() if each.reason}
    return [
        *found,
        *_reasons(ordered, reasons, _("Values of the unit's own"), _("Reason (column)")),
    ]


def _exceptions(rows: Sequence[Indicator], plan: SheetPlan) -> list[FormTable]:
    head = _("Not applicable because (column)")
    return _reasons(rows, plan.not_applicable, _("Indicators that do not apply"), head)


def _reasons(
    rows: Sequence[Indicator], said: Mapping[str, str], heading: str, head: str
) -> list[FormTable]:
    cells = tuple((each.item, each.name, said[each.item]) for each in rows if each.item in said)
    columns = (
        FormColumn(_("Code (column)"), 12, "center"),
        FormColumn(_("Name (column)"), 50),
        FormColumn(head),
    )
    return [FormTable(heading, columns, cells)] if cells else []
