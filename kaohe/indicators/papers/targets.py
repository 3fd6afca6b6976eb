"""The table of approved targets of a unit (目标审定表) as it is printed."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from kaohe.core.indicators import Indicator, Node, Values
from kaohe.core.problems import N_
from kaohe.core.quantities import show_plain
from kaohe.documents.receipt_code import grouped
from kaohe.documents.sheet_paper import FormPaper, FormTable
from kaohe.indicators.models import TargetTable
from kaohe.indicators.papers.wording import below_title, column
from kaohe.indicators.queries.targets import TargetLine, target_lines
from kaohe.locale.words import without_note
from kaohe.organization.papers.proofs import paper_proof

DRAFTS = {
    "open": N_("(not declared yet)"),
    "declared": N_("(declared, not reviewed yet)"),
    "reviewed": N_("(reviewed, not finalised yet)"),
    "returned": N_("(returned)"),
    "finalised": "",
}


def targets_title(table: TargetTable) -> str:
    """What the paper is called."""
    who = table.participant
    facts = {"unit": who.name, "year": who.assessment_year.year}
    return _("{unit} approved targets {year}").format(**facts)


def targets_paper(table: TargetTable) -> FormPaper:
    """The targets of a unit as they are printed: history, what was declared, what stands."""
    who, final = table.participant, table.state == "finalised"
    lines = target_lines(table)
    years = [who.assessment_year.year - back for back in (3, 2, 1)]
    columns = (
        column(_("Code (column)"), 12, "center"),
        column(_("Name (column)")),
        column(_("Unit of measure (column)"), 16, "center"),
        column(_("Points (column)"), 11, "right"),
        *(column(_("{year} (column)").format(year=year), 14, "right") for year in years),
        column(_("Declared (column)"), 22, "right"),
        column(_("Finalised (column)") if final else _("Reviewed (column)"), 22, "right"),
    )
    cells = tuple(_cells(each, years) for each in lines)
    sealed = _("These targets are sealed in the record with index %(index)s.")
    draft = DRAFTS.get(table.state, "")
    return FormPaper(
        targets_title(table),
        (
            (_("Name of the unit"), who.name),
            (without_note(_("Credit code (on papers)")), who.code),
            (_("Competent department"), who.department_name),
            (without_note(_("Assessment year (on papers)")), str(who.assessment_year.year)),
        ),
        (
            FormTable(_("Targets of the year"), columns, cells, _("Empty: not recorded.")),
            *_reasons(lines),
        ),
        (
            _("Declared by the unit"),
            _("Review of the department"),
            _("Finalised by the committee office"),
        ),
        _("(seal) day, month, year"),
        _("SHA-256 of the targets: {digest}").format(digest=grouped(table.digest))
        if table.digest
        else "",
        below_title(_(draft) if draft else ""),
        paper_proof(table.subject, "targets.finalised", sealed) if final else None,
    )


def _cells(line: TargetLine, years: Sequence[int]) -> tuple[str, ...]:
    each = line.indicator
    past = {value.year: value.value for value in line.history}
    declared = "" if line.declared is None else said(each, line.declared, line.declared_nodes)
    return (
        each.item,
        each.name,
        each.measure,
        _shown(each.points),
        *(_shown(past.get(year)) for year in years),
        declared,
        said(each, line.agreed, line.nodes),
    )


def said(indicator: Indicator, values: Values, nodes: Sequence[Node] = ()) -> str:
    """The target of a unit under one indicator, as its rule has it."""
    if indicator.rule == "milestones":
        return "\n".join(f"{node.milestone} {node.due_on:%m.%d}" for node in nodes)
    if indicator.rule == "interval":
        return _("{zero}–{full}").format(zero=_shown(values.zero_at), full=_shown(values.full_at))
    return _shown(values.target)


def _shown(ticks: int | None) -> str:
    return "" if ticks is None else show_plain(ticks)


def _reasons(lines: Sequence[TargetLine]) -> list[FormTable]:
    cells = tuple(
        (each.indicator.item, each.indicator.name, each.agreed.reason)
        for each in lines
        if each.agreed.reason
    )
    columns = (
        column(_("Code (column)"), 12, "center"),
        column(_("Name (column)"), 50),
        column(_("Reason (column)")),
    )
    return [FormTable(_("Targets made easier"), columns, cells)] if cells else []
