"""The committee of the demonstration city, what it decided, and its rules in all their states."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from kaohe.demo.platform_accounts import Cast, person_in_seat
from kaohe.organization.models import (
    Committee,
    Department,
    Document,
    DocumentVersion,
    Jurisdiction,
    Seat,
)
from kaohe.organization.queries.documents import outline_of
from kaohe.organization.services import committee as committees
from kaohe.organization.services import decisions, documents, sittings

OFFICE, CLERK, DIRECTOR = "kaoban", "jingban", "zhuren"


def found_committee(cast: Cast, city: Jurisdiction, table: Mapping[str, Any]) -> Committee:
    """The committee with its seats."""
    by = cast.user(OFFICE)
    committee = committees.found_committee(
        by=by,
        jurisdiction=city,
        name=table["name"],
        founded_on=table["founded_on"],
        document=table["document"],
    )
    here = Department.objects.filter(jurisdiction=city)
    for number, row in enumerate(table["seats"]):
        committees.give_seat(
            by=by,
            committee=committee,
            seat=row["seat"],
            name=person_in_seat(number),
            department=here.get(name=row["department"]) if "department" in row else None,
            title=row["title"],
            from_on=date(2022, 3, 1),
        )
    return committee


def make_rules(cast: Cast, committee: Committee, table: Mapping[str, Any], today: date) -> None:
    """Both rules issued, the second one's next version under review, a third document returned."""
    rules = submitted(cast, committee.jurisdiction, "work_rules")
    measures = submitted(cast, committee.jurisdiction, "measures")
    decided_on = today - timedelta(days=14)
    _sit(cast, committee, decided_on, [rules, measures], table["minutes"])
    for number, version in enumerate((rules, measures), 1):
        approved = documents.approve_version(
            by=cast.user(DIRECTOR), version=as_it_is(version), seen=None
        )
        documents.issue_version(
            by=cast.user(DIRECTOR),
            version=as_it_is(approved),
            seen=None,
            number=f"示考委〔{today.year}〕{number}号",
            effective_on=today,
        )
    _revise(cast, measures.document, table)
    _return(cast, committee.jurisdiction, table)
    _plan(cast, committee, today)


def submitted(cast: Cast, city: Jurisdiction, sort: str) -> DocumentVersion:
    """A document with its outline, drafted by the clerk and handed in."""
    title, text = outline_of(sort, city)
    clerk = cast.user(CLERK)
    document = documents.open_document(
        by=clerk, jurisdiction=city, sort=sort, title=title, text=text
    )
    return documents.submit_version(by=clerk, version=document.versions.get(), seen=None)


def as_it_is(version: DocumentVersion) -> DocumentVersion:
    """A version as it stands by now."""
    return DocumentVersion.objects.get(pk=version.pk)


def _sit(
    cast: Cast, committee: Committee, day: date, versions: list[DocumentVersion], minutes: str
) -> None:
    """A sitting from its plan to its end; one member is away, one stands aside."""
    by = cast.user(OFFICE)
    sitting = sittings.plan_sitting(
        by=by,
        committee=committee,
        title=f"{day.year}年第一次全体会议",
        held_on=day,
        location="市政府第一会议室",
    )
    items = [
        sittings.enter_matter(
            by=by,
            sitting=sitting,
            title=f"审议《{version.document.title}》",
            document_version=version,
        )
        for version in versions
    ]
    sittings.open_sitting(by=by, sitting=sitting, seen=None)
    seats = list(Seat.objects.filter(committee=committee).order_by("rank"))
    away = seats[-1]
    sittings.note_attendance(
        by=by,
        sitting=sitting,
        present={seat.pk: seat != away for seat in seats},
        reasons={away.pk: "在省里参加会议"},
    )
    aside = next(seat for seat in seats if seat.department and "教育" in seat.department.name)
    decisions.recuse(by=by, item=items[1], seat=aside, reason="本局所属学校较多，主动回避")
    for place, item in enumerate(items):
        voters = len(seats) - 1 - place
        decisions.decide(
            by=by, item=item, outcome="approved", text="同意，按程序印发。", votes_for=voters
        )
    sittings.write_minutes(by=by, sitting=sitting, seen=None, minutes=minutes)
    sittings.close_sitting(by=cast.user(DIRECTOR), sitting=sitting, seen=None)


def _revise(cast: Cast, document: Document, table: Mapping[str, Any]) -> None:
    """The next version, changed and handed in, with what two parties say of it.

    Raises:
        ValueError: the table would change what the rule does not say.
    """
    clerk = cast.user(CLERK)
    text = document.versions.get(state="issued").text
    for change in table["changes"]:
        if change["was"] not in text:
            raise ValueError(f"the rule does not say: {change['was']}")
        text = text.replace(change["was"], change["now"])
    version = documents.draft_version(
        by=clerk, document=document, change_note=table["change_note"], text=text
    )
    version = documents.submit_version(by=clerk, version=version, seen=None)
    for username, text in table["comments"]:
        documents.comment_on(by=cast.user(username), version=version, text=text)


def _return(cast: Cast, city: Jurisdiction, table: Mapping[str, Any]) -> None:
    clerk = cast.user(CLERK)
    document = documents.open_document(
        by=clerk,
        jurisdiction=city,
        sort="other",
        title=table["returned_title"],
        text=table["returned_text"],
    )
    version = documents.submit_version(by=clerk, version=document.versions.get(), seen=None)
    documents.return_version(
        by=cast.user(DIRECTOR), version=version, seen=None, reason=table["returned_reason"]
    )


def _plan(cast: Cast, committee: Committee, today: date) -> None:
    """The next sitting, a week ahead."""
    by = cast.user(OFFICE)
    sitting = sittings.plan_sitting(
        by=by,
        committee=committee,
        title=f"{today.year}年第二次全体会议",
        held_on=today + timedelta(days=9),
        location="市政府第一会议室",
    )
    open_ones = DocumentVersion.objects.filter(
        document__jurisdiction=committee.jurisdiction, state="submitted"
    )
    for version in open_ones.select_related("document"):
        sittings.enter_matter(
            by=by,
            sitting=sitting,
            title=f"审议《{version.document.title}》（修订稿）",
            document_version=version,
        )
    sittings.enter_matter(by=by, sitting=sitting, title="听取半年考核工作情况汇报")
