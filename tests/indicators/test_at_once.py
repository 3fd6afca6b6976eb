"""Two people do the same thing at the same moment: one succeeds, the other is told."""

import threading
from datetime import date

import pytest
from django.db import OperationalError, connection

from kaohe.core.access import Role
from kaohe.core.errors import Refusal
from kaohe.core.indicator_trees import tree_of
from kaohe.core.part_path import Sort
from kaohe.indicators.models import Adjustment, Part, Participant, PartVersion, Sheet, TargetTable
from kaohe.indicators.services import adjustments, issuing, parts, receiving, targets
from tests.fixtures.indicators import common_plan
from tests.fixtures.targets import IN_TIME, ticks

pytestmark = pytest.mark.django_db(transaction=True)
CELL = ("J07", "target")


@pytest.fixture
def together(vendor):
    """A function: some deeds at one moment; what came of each, sorted."""
    if vendor != "postgresql":
        pytest.skip("the embedded database lets one writer in at a time by itself")

    def go(*deeds):
        told, begin = [], threading.Barrier(len(deeds))

        def work(deed):
            begin.wait()
            try:
                deed()
                told.append("done")
            except Refusal as refusal:
                told.append(refusal.code)
            except Exception as bug:
                told.append(repr(bug))
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=[deed]) for deed in deeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(told)

    return go


@pytest.fixture
def approved(draft, template, submit, office_chief):
    submit(version=draft)
    return parts.approve_part(by=office_chief, version=draft, seen=None)


def test_a_scheme_is_issued_once(together, approved, office_chief):
    def issue():
        issuing.issue_part(by=office_chief, version=approved, seen=approved.version)

    assert together(issue, issue) == ["done", "writing.changed-meanwhile"]
    assert Sheet.objects.count() == 1


def test_a_part_is_begun_once_and_has_one_next_version(together, year, office_clerk, template):
    def begin():
        content = {"toml": ""}
        parts.begin_part(by=office_clerk, year=year, sort=Sort.SETTINGS, content=content)

    def following():
        parts.draft_next_version(by=office_clerk, part=template.part)

    assert together(begin, begin) == ["done", "part.there"]
    assert together(following, following) == ["done", "part.version-open"]
    assert Part.objects.filter(sort=Sort.SETTINGS).count() == 1
    assert template.part.versions.count() == 2


def test_of_two_who_edit_what_they_both_saw_one_is_told(together, draft, dept_clerk, dept_head):
    def edit(by, preface):
        content = {**draft.content, "preface": preface}
        return lambda: parts.edit_part(by=by, version=draft, seen=draft.version, content=content)

    assert together(edit(dept_clerk, "甲"), edit(dept_head, "乙")) == [
        "done",
        "writing.changed-meanwhile",
    ]


def test_a_version_is_approved_or_returned(together, draft, template, submit, office_chief):
    submit(version=draft)
    told = together(
        lambda: parts.approve_part(by=office_chief, version=draft, seen=None),
        lambda: parts.return_part(by=office_chief, version=draft, seen=None, reason="缺佐证"),
    )
    state = PartVersion.objects.get(pk=draft.pk).state
    assert (told, state) in (
        (["done", "part.move-not-open"], "returned"),
        (["done", "done"], "returned"),  # approved first: what is approved can be returned
    )


def test_one_adjustment_of_a_unit_is_open(together, scheme, participant, unit_clerk, on_day):
    on_day(IN_TIME)

    def propose():
        wanted = {CELL: ticks(6)}
        adjustments.propose_adjustment(
            by=unit_clerk, participant=participant, wanted=wanted, reason="暴雨"
        )

    assert together(propose, propose) == ["adjustment.under-way", "done"]
    assert Adjustment.objects.count() == 1


def test_a_sheet_is_adjusted_or_issued_anew_never_both_as_one_version(
    together, adjustment, scheme, dept_clerk, dept_head, office_chief, on_day
):
    adjustments.review_adjustment(by=dept_head, adjustment=adjustment, seen=None)
    row = parts.draft_next_version(by=dept_clerk, part=scheme.part, change_note="改名")
    indicators = [dict(each) for each in row.content["indicators"]]
    indicators[0]["name"] = "教学常规检查优良率"
    content = {**row.content, "indicators": indicators}
    parts.edit_part(by=dept_clerk, version=row, seen=None, content=content)
    parts.submit_part(by=dept_clerk, version=row, seen=None)
    parts.approve_part(by=office_chief, version=row, seen=None)
    on_day(date(2026, 8, 11))

    told = together(
        lambda: adjustments.finalise_adjustment(by=office_chief, adjustment=adjustment, seen=None),
        lambda: issuing.issue_part(by=office_chief, version=row, seen=None),
    )

    assert told in (["done", "done"], ["done", "part.undoes-adjustment"])
    [sheet] = Sheet.objects.filter(state="issued")
    assert sheet.content["sheet"]["values"] == {"J07": {"target": "6"}}


def test_a_sheet_is_received_once(together, scheme, person, school):
    head, sheet = person(Role.UNIT_HEAD, unit=school), Sheet.objects.get()

    def receive():
        receiving.receive_sheet(by=head, sheet=sheet, seen=None)

    assert together(receive, receive) == ["done", "sheet.received"]


def test_targets_are_opened_once(together, draft, dept_clerk, dept_head):
    assert together(
        lambda: targets.open_targets(by=dept_clerk, version=draft),
        lambda: targets.open_targets(by=dept_head, version=draft),
    ) == ["done", "target.nothing-to-open"]
    assert Participant.objects.filter(targets__isnull=False).count() == 1


def test_a_scheme_is_approved_while_its_targets_are_reviewed(
    together, declared, draft, template, dept_clerk, dept_head, office_chief
):
    parts.submit_part(by=dept_clerk, version=draft, seen=None)
    told = together(
        lambda: targets.review_targets(by=dept_head, table=declared, seen=None),
        lambda: parts.approve_part(by=office_chief, version=draft, seen=None),
    )
    assert told == ["done", "target.draft-closed"]
    assert TargetTable.objects.get().state == "declared"


def test_the_template_goes_on_while_sheets_are_renewed(
    together, scheme, template, office_clerk, office_chief, year
):
    row = parts.draft_next_version(by=office_clerk, part=template.part, change_note="修订")
    content = tree_of(common_plan()) | {"preface": "修订"}
    content["indicators"][0]["name"] = "登记事项变更及时办理"
    parts.edit_part(by=office_clerk, version=row, seen=None, content=content)
    parts.submit_part(by=office_clerk, version=row, seen=None)
    parts.approve_part(by=office_chief, version=row, seen=None)
    issuing.issue_part(by=office_chief, version=row, seen=None)

    def renew():
        receiving.renew_sheets(by=office_chief, year=year, reason="模板修订")

    assert together(renew, renew) == ["done", "sheet.nothing-to-renew"]
    assert Sheet.objects.count() == 2


def test_no_adjustment_slips_in_while_the_next_version_begins(
    vendor, adjustment, scheme, dept_clerk, dept_head, office_chief, monkeypatch
):
    if vendor != "postgresql":
        pytest.skip("the embedded database lets one writer in at a time by itself")
    adjustments.review_adjustment(by=dept_head, adjustment=adjustment, seen=None)
    told, next_content = [], parts.next_content

    def finalise():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '300ms'")
            adjustments.finalise_adjustment(by=office_chief, adjustment=adjustment, seen=None)
            told.append("done")
        except OperationalError:
            told.append("waits")
        finally:
            connection.close()

    def content(part):
        found = next_content(part)  # the draft has the old target from here on
        thread = threading.Thread(target=finalise)
        thread.start()
        thread.join()
        return found

    monkeypatch.setattr(parts, "next_content", content)
    parts.draft_next_version(by=dept_clerk, part=scheme.part, change_note="改名")

    assert told == ["waits"]
