"""Governing documents: drafted, commented on, returned, approved, issued, replaced."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.core.documents import (
    EffectiveDayMissing,
    EffectiveTooEarly,
    IssuedIsFixed,
    MoveNotOpen,
    NumberForm,
    NumberMissing,
    NumberTaken,
    OwnDraft,
    ReasonMissing,
    VersionOpen,
)
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import DocumentVersion
from kaohe.organization.queries import documents as queries
from kaohe.organization.services import decisions, sittings
from kaohe.organization.services import documents as services
from kaohe.organization.services.document_refusals import (
    CommentMissing,
    CommentsClosed,
    DecidedOtherwise,
    EffectiveBeforeIssue,
    TextMissing,
    TextUnchanged,
    TitleInUse,
    TitleTaken,
)
from kaohe.organization.services.writing import Changed
from tests.fixtures.people import make_user

TEXT = "第一章 总则\n第一条 为规范工作，制定本规则。"


def actions(row):
    return [each.action for each in tell(entries_of([row.subject]))]


def test_the_whole_path_is_an_entry_for_each_step(document, version, issue):
    row = issue(version)

    assert actions(document) == ["document.entered"]
    assert document.title == "工作规则"
    assert actions(version)[::-1] == [
        "version.drafted",
        "version.submitted",
        "version.approved",
        "version.issued",
    ]
    assert (row.state, row.issued_on) == ("issued", timezone.localdate())
    told = next(iter(tell(entries_of([version.subject]))))
    assert told.facts["document_number"] == "莱事考办〔2026〕3号"
    assert told.effective_on == date(2026, 4, 1)
    assert not any("为规范" in each.leaf for each in JournalEntry.objects.all())


def test_one_title_names_one_document(document, clerk, city, other_city):
    with pytest.raises(TitleTaken, match="工作规则"):
        services.open_document(by=clerk, jurisdiction=city, sort="other", title=" 工作规则 ")

    elsewhere = make_user(Role.OFFICE_CLERK, jurisdiction=other_city, username="外市")
    services.open_document(by=elsewhere, jurisdiction=other_city, sort="other", title="工作规则")


def test_a_title_is_corrected_until_something_is_issued(document, version, clerk, issue):
    retitle = partial(services.retitle_document, by=clerk, document=document)

    retitle(seen=1, title="考核委员会工作规则")
    retitle(seen=2, title="考核委员会工作规则")

    assert actions(document) == ["document.corrected", "document.entered"]
    with pytest.raises(Changed):
        retitle(seen=1, title="甲")
    issue(version)
    with pytest.raises(TitleInUse):
        retitle(seen=None, title="甲")


def test_two_documents_cannot_come_to_bear_one_title(document, clerk, city):
    other = services.open_document(by=clerk, jurisdiction=city, sort="measures", title="办法")

    with pytest.raises(TitleTaken):
        services.retitle_document(by=clerk, document=other, seen=1, title="工作规则")


def test_two_who_draft_at_once_are_told(document, version, issue, clerk, head):
    with pytest.raises(VersionOpen, match="still a draft"):
        services.draft_version(by=head, document=document)
    issue(version)

    first = services.draft_version(by=head, document=document)
    with pytest.raises(VersionOpen, match="Version 2"):
        services.draft_version(by=clerk, document=document)

    assert (first.number, first.text) == (2, TEXT)
    assert DocumentVersion.objects.count() == 2


def test_a_draft_is_edited_by_who_saw_it(version, clerk, head):
    edit = partial(services.edit_version, version=version, change_note="")

    edit(by=clerk, seen=1, text=TEXT + "\n第二条 甲。")
    with pytest.raises(Changed):
        edit(by=head, seen=1, text="另一文本")
    edit(by=head, seen=2, text=TEXT + "\n第二条 甲。")

    assert actions(version) == ["version.edited", "version.drafted"]


def test_an_empty_text_is_not_submitted(clerk, city, submit_document):
    row = services.open_document(by=clerk, jurisdiction=city, sort="other", title="空文件")

    with pytest.raises(TextMissing):
        submit_document(version=row.versions.get())


def test_what_is_submitted_cannot_be_edited_but_withdrawn(
    version, clerk, submit_document, document
):
    submit_document(version=version)

    with pytest.raises(MoveNotOpen, match="submitted"):
        services.edit_version(by=clerk, version=version, seen=None, text="甲", change_note="")
    row = services.withdraw_version(by=clerk, version=version, seen=None, reason="另行研究")

    assert row.state == "withdrawn"
    told = next(iter(tell(entries_of([version.subject]))))
    assert told.sealed == {"reason": "另行研究"}
    assert services.draft_version(by=clerk, document=document).number == 2


def test_a_return_needs_a_reason_and_goes_back_to_the_drafter(
    version, submit_document, director, clerk, city
):
    submit_document(version=version)
    give_back = partial(services.return_version, by=director, version=version, seen=None)

    with pytest.raises(ReasonMissing):
        give_back(reason="\u3000\u200b")
    give_back(reason="请补充第五条。" * 700)

    [waiting] = queries.waiting_for(clerk, city)
    assert (waiting.why, waiting.title, waiting.key) == ("returned", "工作规则", version.pk)
    services.edit_version(by=clerk, version=version, seen=None, text=TEXT + "五", change_note="")
    row = submit_document(version=version)
    assert (row.state, row.return_reason) == ("submitted", "")


def test_an_approved_version_can_still_be_returned(version, submit_document, director):
    submit_document(version=version)
    services.approve_version(by=director, version=version, seen=None)

    row = services.return_version(by=director, version=version, seen=None, reason="条款有误")

    assert (row.state, row.approved_by) == ("returned", None)


@pytest.mark.parametrize("part", ["drafted", "edited", "submitted"])
def test_who_had_a_hand_in_a_version_does_not_approve_it(part, person, clerk, document, version):
    both = person(Role.OFFICE_CHIEF, Role.COMMITTEE_DIRECTOR)
    if part == "drafted":
        services.withdraw_version(by=clerk, version=version, seen=None)
        version = services.draft_version(by=both, document=document, text=TEXT)
    if part == "edited":
        services.edit_version(by=both, version=version, seen=None, text="甲。", change_note="")
    submitter = both if part == "submitted" else clerk
    services.submit_version(by=submitter, version=version, seen=None)

    with pytest.raises(OwnDraft):
        services.approve_version(by=both, version=version, seen=None)


def test_a_version_is_issued_under_a_sound_number_of_its_own(
    document, version, submit_document, director, head, issue
):
    issue(version)
    second = services.draft_version(by=head, document=document, text=TEXT + "\n第二条 甲。")
    services.submit_version(by=head, version=second, seen=None)
    services.approve_version(by=director, version=second, seen=None)
    give = partial(services.issue_version, by=head, version=second, seen=None, retroactive=True)
    day = date(2026, 6, 1)

    for number, on, refusal in (
        ("", day, NumberMissing),
        ("莱事考办(2026)第04号", day, NumberForm),
        ("莱事考办〔2026〕3号", day, NumberTaken),
        ("莱事考办〔2026〕4号", None, EffectiveDayMissing),
        ("莱事考办〔2026〕4号", date(2026, 4, 1), EffectiveTooEarly),
    ):
        with pytest.raises(refusal):
            give(number=number, effective_on=on)
    give(number=" 莱事考办〔2026〕4号 ", effective_on=day)

    version.refresh_from_db()
    assert version.state == "superseded"
    assert actions(version)[0] == "version.superseded"
    assert queries.in_force(document.versions.all()) == second


def test_what_is_issued_never_changes(version, issue, clerk, director, head):
    issue(version)
    before = JournalEntry.objects.count()

    with pytest.raises(IssuedIsFixed):
        services.edit_version(by=clerk, version=version, seen=None, text="甲", change_note="")
    for deed in (
        lambda: services.submit_version(by=clerk, version=version, seen=None),
        lambda: services.approve_version(by=director, version=version, seen=None),
        lambda: services.return_version(by=director, version=version, seen=None, reason="甲"),
        lambda: services.withdraw_version(by=clerk, version=version, seen=None),
        lambda: services.issue_version(
            by=head, version=version, seen=None, number="甲", effective_on=None
        ),
    ):
        with pytest.raises(MoveNotOpen):
            deed()
    assert JournalEntry.objects.count() == before


def test_a_revision_that_revises_nothing_is_not_submitted(document, version, issue, head):
    issue(version)
    second = services.draft_version(by=head, document=document)

    with pytest.raises(TextUnchanged, match="version 1"):
        services.submit_version(by=head, version=second, seen=None)
    services.edit_version(by=head, version=second, seen=None, text=TEXT + "甲。", change_note="")

    assert services.submit_version(by=head, version=second, seen=None).state == "submitted"


def test_a_day_of_effect_before_the_issue_has_to_be_meant(version, submit_document, director, head):
    submit_document(version=version)
    services.approve_version(by=director, version=version, seen=None)
    today = timezone.localdate()
    give = partial(
        services.issue_version, by=head, version=version, seen=None, number="示考委〔2026〕1号"
    )

    with pytest.raises(EffectiveBeforeIssue, match=f"{today:%Y.%m.%d}"):
        give(effective_on=today - timedelta(days=1))
    version.refresh_from_db()
    assert (version.state, version.issued_on) == ("approved", None)
    assert give(effective_on=today).state == "issued"


def test_the_next_number_follows_the_last_of_the_own_series(city, document, version, issue):
    year = timezone.localdate().year
    assert queries.next_number(city) == ""
    issue(version, number=f"示考委〔{year - 1}〕8号")

    assert queries.next_number(city) == f"示考委〔{year}〕1号"
    DocumentVersion.objects.update(document_number=f"示考委〔{year}〕11号")
    assert queries.next_number(city) == f"示考委〔{year}〕12号"


def test_the_trail_of_a_version_tells_who_moved_it_last(version, submit_document, director, clerk):
    submit_document(version=version)
    services.return_version(by=director, version=version, seen=None, reason="请补充")

    trail = queries.trail_of(version)

    assert {action: move.who for action, move in trail.items()} == {
        "version.drafted": clerk.name,
        "version.submitted": clerk.name,
        "version.returned": director.name,
    }


def test_each_move_tells_which_version_moved(document, version, issue):
    issue(version)

    told = list(tell(entries_of([version.subject])))

    assert [each.facts["number"] for each in told] == [1, 1, 1, 1]


def test_comments_are_taken_while_a_version_waits(
    version, submit_document, person, education, director
):
    speak = partial(services.comment_on, by=person(Role.DEPT_HEAD, department=education))
    with pytest.raises(CommentsClosed):
        speak(version=version, text="意见")
    submit_document(version=version)

    with pytest.raises(CommentMissing):
        speak(version=version, text=" ")
    row = speak(version=version, text="同意。")

    assert row.department == education
    assert actions(row) == ["comment.made"]
    services.approve_version(by=director, version=version, seen=None)
    with pytest.raises(CommentsClosed):
        speak(version=version, text="补充意见")


def test_a_member_speaks_for_its_department(version, submit_document, person, health):
    submit_document(version=version)

    row = services.comment_on(by=person(Role.MEMBER_HEALTH), version=version, text="无意见。")

    assert row.department == health


@pytest.fixture
def decide(chief, director, committee, seats, sitting, enter):
    """A function: a closed sitting decides on a version."""

    def go(version, outcome):
        item = enter(document_version=version)
        sittings.open_sitting(by=chief, sitting=sitting, seen=None)
        present = {seat.pk: True for seat in seats}
        sittings.note_attendance(by=chief, sitting=sitting, present=present, reasons={})
        row = decisions.decide(by=chief, item=item, outcome=outcome)
        sittings.write_minutes(by=chief, sitting=sitting, seen=None, minutes="纪要")
        sittings.close_sitting(by=director, sitting=sitting, seen=None)
        return row

    return go


def test_an_approval_refers_to_the_decision_of_the_sitting(
    version, submit_document, director, decide
):
    submit_document(version=version)
    decision = decide(version, "approved")

    services.approve_version(by=director, version=version, seen=None)

    told = next(iter(tell(entries_of([version.subject]))))
    assert told.facts["decision_id"] == decision.pk


@pytest.mark.parametrize("outcome", ["rejected", "deferred"])
def test_what_a_sitting_did_not_approve_is_not_approved(
    version, submit_document, director, clerk, decide, outcome
):
    submit_document(version=version)
    decide(version, outcome)

    with pytest.raises(DecidedOtherwise, match="第一次会议"):
        services.approve_version(by=director, version=version, seen=None)

    services.return_version(by=director, version=version, seen=None, reason="按会议意见修改")
    services.edit_version(by=clerk, version=version, seen=None, text="新文本。", change_note="")
    submit_document(version=version)
    assert [row.holds for row in queries.resolutions_on(version)] == [False]
    row = services.approve_version(by=director, version=version, seen=None)
    assert row.state == "approved"
    assert "decision_id" not in next(iter(tell(entries_of([version.subject])))).facts


@pytest.mark.django_db(transaction=True)
def test_two_who_draft_in_one_moment_make_one_version(document, version, issue, clerk, head):
    issue(version)
    ready = Barrier(2)

    def draft(user):
        ready.wait(timeout=10)
        try:
            return services.draft_version(by=user, document=document).number
        except VersionOpen:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(draft, (clerk, head)))

    assert sorted(map(str, found)) == ["2", "told"]
    assert document.versions.count() == 2
