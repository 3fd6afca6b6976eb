"""Governing documents in versions."""

from datetime import date
from functools import partial

from kaohe.core.access import Role
from kaohe.organization.models import Document, DocumentVersion
from kaohe.organization.services import documents
from tests.record.cases import leaves


def version(city, state="draft", **fields):
    """A first version in some state, drafted by the office."""
    document = Document.objects.create(jurisdiction=city.place, sort="work_rules", title="工作规则")
    return further(city, document, 1, state, **fields)


def further(city, document, number, state, **fields):
    return DocumentVersion.objects.create(
        jurisdiction=city.place,
        document=document,
        number=number,
        state=state,
        text="第一条 为规范考核工作，制定本规则。",
        drafted_by=city.office,
        submitted_by=None if state == "draft" else city.office,
        **fields,
    )


@leaves("documents.open_document", "document.entered", "version.drafted")
def _(city):
    return partial(
        documents.open_document,
        by=city.office,
        jurisdiction=city.place,
        sort="measures",
        title="考核实施办法",
    )


@leaves("documents.draft_version", "version.drafted")
def _(city):
    row = version(city, "issued", document_number="示考〔2025〕1号", effective_on=date(2025, 1, 1))
    return partial(documents.draft_version, by=city.office, document=row.document)


@leaves("documents.edit_version", "version.edited")
def _(city):
    return partial(
        documents.edit_version,
        by=city.office,
        version=version(city),
        seen=1,
        text="第一条 改。",
        change_note="",
    )


@leaves("documents.submit_version", "version.submitted")
def _(city):
    return partial(documents.submit_version, by=city.office, version=version(city), seen=1)


@leaves("documents.return_version", "version.returned")
def _(city):
    row = version(city, "submitted")
    return partial(
        documents.return_version, by=city.director, version=row, seen=1, reason="第三条请核"
    )


@leaves("documents.approve_version", "version.approved")
def _(city):
    row = version(city, "submitted")
    return partial(documents.approve_version, by=city.director, version=row, seen=1)


@leaves("documents.issue_version", "version.issued", "version.superseded")
def _(city):
    old = version(city, "issued", document_number="示考〔2025〕1号", effective_on=date(2025, 1, 1))
    row = further(city, old.document, 2, "approved")
    return partial(
        documents.issue_version,
        by=city.director,
        version=row,
        seen=1,
        number="示考〔2026〕1号",
        effective_on=date(2026, 3, 1),
        retroactive=True,
    )


@leaves("documents.withdraw_version", "version.withdrawn")
def _(city):
    row = version(city)
    return partial(
        documents.withdraw_version, by=city.office, version=row, seen=1, reason="另行起草"
    )


@leaves("documents.comment_on", "comment.made")
def _(city):
    row = version(city, "submitted")
    clerk = city.person(Role.DEPT_CLERK, department=city.education)
    return partial(documents.comment_on, by=clerk, version=row, text="无意见")


@leaves("documents.retitle_document", "document.corrected")
def _(city):
    row = version(city).document
    return partial(
        documents.retitle_document, by=city.office, document=row, seen=1, title="委员会工作规则"
    )
