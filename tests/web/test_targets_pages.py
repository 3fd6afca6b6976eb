"""Pages of targets and their adjustments."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kaohe.core.access import Role
from kaohe.indicators.models import Adjustment, Participant, Sheet, TargetTable
from tests.fixtures.targets import IN_TIME, ticks

GIVEN = {
    "J01:zero_at": "80",
    "J01:full_at": "96",
    "J02:target": "100",
    "J03:target": "100",
    "J04:target": "100",
    "J05:zero_at": "30",
    "J05:full_at": "50",
    "J06:zero_at": "60",
    "J06:full_at": "95",
    "J07:target": "１０",
    "J08:zero_at": "70",
    "J08:full_at": "95",
}


def page(client, name, *args):
    return client.get(reverse(f"web:{name}", args=args))


def send(client, name, key, **given):
    return client.post(reverse(f"web:{name}", args=[key]), given)


def text(answer):
    return answer.content.decode()


def filled(shown, name):
    """What stands in a field of a page."""
    [field] = [each for each in re.findall(r"<input[^>]*>", shown) if f'name="{name}"' in each]
    return re.search(r'value="([^"]*)"', field).group(1)


def test_an_empty_list_teaches_and_the_department_opens_the_declaration(
    draft, dept_clerk, signed_in, year
):
    client = signed_in(dept_clerk)
    assert "k-empty" in text(page(client, "targets", year.pk))
    assert "第一中学" not in text(page(client, "targets", year.pk))

    answer = send(client, "open-targets", year.pk, version=draft.pk, once_key="k")

    assert answer.status_code == 302
    assert TargetTable.objects.get().state == "open"
    assert "第一中学" in text(page(client, "targets", year.pk))
    assert "k-empty" in text(page(client, "open-targets", year.pk))


def test_a_unit_declares_from_its_form_once(targets, unit_clerk, signed_in):
    client = signed_in(unit_clerk)
    shown = text(page(client, "declare-targets", targets.pk))
    assert filled(shown, "J07:target") == "8"

    for _again in (1, 2):
        answer = send(client, "declare-targets", targets.pk, do="declare", once_key="k", **GIVEN)
        assert answer.status_code == 302
    targets.refresh_from_db()
    assert (targets.state, targets.content["values"]["J07"]["target"]) == ("declared", "10")
    page_of_unit = text(page(client, "unit-targets", targets.participant_id))
    assert "目标值 10" in page_of_unit
    assert "k-trace" in page_of_unit


def test_what_is_kept_need_not_be_whole(targets, unit_clerk, signed_in):
    client = signed_in(unit_clerk)
    answer = send(client, "declare-targets", targets.pk, do="keep", **{"J07:target": "9"})
    assert answer.status_code == 302
    targets.refresh_from_db()
    assert targets.state == "open"
    assert targets.content["values"]["J07"] == {"target": "9"}
    assert filled(text(page(client, "declare-targets", targets.pk)), "J07:target") == "9"


def test_every_refused_value_is_marked_at_its_field(targets, unit_clerk, signed_in):
    client = signed_in(unit_clerk)
    wrong = GIVEN | {"J01:full_at": "80", "J02:target": "", "J07:target": "0"}
    answer = send(client, "declare-targets", targets.pk, do="declare", **wrong)

    assert answer.status_code == 422
    shown = text(answer)
    assert shown.count('class="err"') == 3
    assert 'href="#id_0_1"' in shown
    bad = send(
        client, "declare-targets", targets.pk, do="declare", **(GIVEN | {"J07:target": "八"})
    )
    assert bad.status_code == 422
    assert "八" in text(bad)
    assert TargetTable.objects.get().state == "open"


def test_a_form_of_an_older_version_is_refused(targets, unit_clerk, signed_in):
    client = signed_in(unit_clerk)
    send(client, "declare-targets", targets.pk, do="keep", seen=1, **GIVEN)
    answer = send(client, "declare-targets", targets.pk, do="declare", seen=1, **GIVEN)
    assert answer.status_code == 422


def test_a_department_accepts_amends_and_returns(declared, dept_head, signed_in, draft):
    client = signed_in(dept_head)
    shown = text(page(client, "unit-targets", declared.participant_id))
    assert reverse("web:review-targets", args=[declared.pk]) in shown
    amended = GIVEN | {"J07:target": "12", "J01:full_at": "95"}

    refused = send(client, "review-targets", declared.pk, **amended)
    assert refused.status_code == 422
    answer = send(client, "review-targets", declared.pk, reason="每月一次<b>", **amended)
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.content["sheets"][declared.participant.code]["values"]["J07"] == {"target": "12"}
    shown = text(page(client, "unit-targets", declared.participant_id))
    assert "<ins>目标值 12</ins>" in shown
    assert "每月一次&lt;b&gt;" in shown


def test_a_department_returns_and_the_unit_sees_why(declared, dept_head, unit_clerk, signed_in):
    client = signed_in(dept_head)
    assert send(client, "return-targets", declared.pk, reason=" ").status_code == 422
    assert send(client, "return-targets", declared.pk, reason="偏低").status_code == 302
    client = signed_in(unit_clerk)
    assert "偏低" in text(page(client, "declare-targets", declared.pk))


def test_many_are_accepted_and_finalised_with_the_exceptions_shown(
    declared, dept_head, office_chief, signed_in, year, person, education
):
    client = signed_in(dept_head)
    assert reverse("web:review-many-targets", args=[year.pk]) in text(
        page(client, "targets", year.pk)
    )
    stale = send(client, "review-many-targets", year.pk, tables=f"{declared.pk}:1")
    assert stale.status_code == 422
    chosen = f"{declared.pk}:{declared.version}"
    assert send(client, "review-many-targets", year.pk, tables=chosen).status_code == 302
    assert send(client, "review-many-targets", year.pk).status_code == 422

    both = person(Role.DEPT_CLERK, Role.OFFICE_CHIEF, department=education)
    TargetTable.objects.update(reviewed_by=both)
    client = signed_in(both)
    shown = text(page(client, "finalise-many-targets", year.pk))
    assert 'name="tables"' not in shown
    assert "第一中学" in shown

    client = signed_in(office_chief)
    declared.refresh_from_db()
    chosen = f"{declared.pk}:{declared.version}"
    assert send(client, "finalise-many-targets", year.pk, tables=chosen).status_code == 302
    declared.refresh_from_db()
    assert declared.state == "finalised"


def test_the_office_finalises_or_returns_one(reviewed, office_chief, signed_in):
    client = signed_in(office_chief)
    assert page(client, "finalise-targets", reviewed.pk).status_code == 200
    assert send(client, "finalise-targets", reviewed.pk).status_code == 302
    assert send(client, "office-return-targets", reviewed.pk, reason="重核").status_code == 302
    reviewed.refresh_from_db()
    assert reviewed.state == "returned"


def test_others_do_not_see_the_targets(targets, person, hospital, other_city, signed_in):
    for user in (
        person(Role.UNIT_CLERK, unit=hospital),
        person(Role.OFFICE_CHIEF, jurisdiction=other_city),
    ):
        client = signed_in(user)
        assert page(client, "unit-targets", targets.participant_id).status_code == 404
    client = signed_in(person(Role.UNIT_CLERK, unit=hospital))
    assert page(client, "declare-targets", targets.pk).status_code == 404


def test_a_list_asks_the_same_number_of_questions_whatever_its_length(
    targets, office_chief, signed_in, year, city, education
):
    client = signed_in(office_chief)
    where = reverse("web:targets", args=[year.pk])

    def questions():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(where).status_code == 200
        return len(asked)

    questions()
    few = questions()
    units = [
        Participant(
            jurisdiction=city,
            assessment_year=year,
            department=education,
            code=f"X{place:017}",
            name=f"第{place}小学",
            department_name=education.name,
        )
        for place in range(60)
    ]
    Participant.objects.bulk_create(units)
    TargetTable.objects.bulk_create(
        TargetTable(jurisdiction=city, participant=each) for each in units
    )
    assert questions() == few
    assert client.get(where, {"export": "xlsx"}).content[:2] == b"PK"
    assert "第7小学" in text(client.get(where, {"q": "第7小学"}))
    assert "第8小学" not in text(client.get(where, {"q": "第7小学"}))


WANTED = {"J07:target": "6", "reason": "操场停用\u202e", "document": "莱教体〔2026〕31号"}


@pytest.fixture
def in_time(on_day):
    on_day(IN_TIME)


def test_a_unit_proposes_and_the_sheet_gets_its_next_version(
    in_time, scheme, participant, unit_clerk, dept_head, office_chief, signed_in
):
    client = signed_in(unit_clerk)
    shown = text(page(client, "unit-targets", participant.pk))
    assert reverse("web:adjust", args=[participant.pk]) in shown
    assert filled(text(page(client, "adjust", participant.pk)), "J07:target") == "8"

    answer = send(client, "adjust", participant.pk, once_key="k", **WANTED)
    row = Adjustment.objects.get()
    assert answer["Location"] == reverse("web:adjustment", args=[row.pk])
    assert row.reason == "操场停用"
    shown = text(page(client, "adjustment", row.pk))
    assert "演练次数" in shown
    assert ">8<" in shown
    assert ">6<" in shown

    client = signed_in(dept_head)
    assert send(client, "review-adjustment", row.pk).status_code == 302
    client = signed_in(office_chief)
    assert send(client, "finalise-adjustment", row.pk).status_code == 302
    sheet = Sheet.objects.get(state="issued")
    assert sheet.content["sheet"]["values"] == {"J07": {"target": "6"}}
    shown = text(page(client, "adjustment", row.pk))
    assert reverse("web:sheet", args=[sheet.pk]) in shown


def test_the_cut_off_that_passes_between_opening_and_sending_is_refused_with_a_sentence(
    on_day, scheme, participant, unit_clerk, signed_in
):
    on_day(date(2026, 9, 30), hour=15, minute=59)
    client = signed_in(unit_clerk)
    assert page(client, "adjust", participant.pk).status_code == 200
    on_day(date(2026, 9, 30), hour=16)
    answer = send(client, "adjust", participant.pk, **WANTED)

    assert answer.status_code == 422
    assert "2026.09.30" in text(answer)
    assert not Adjustment.objects.exists()
    assert reverse("web:adjust", args=[participant.pk]) not in text(
        page(client, "unit-targets", participant.pk)
    )


def test_after_the_cut_off_the_page_says_so_at_once_instead_of_a_form(
    on_day, scheme, participant, unit_clerk, signed_in
):
    client = signed_in(unit_clerk)
    on_day(date(2026, 9, 30), hour=15, minute=59)
    assert "J07:target" in text(page(client, "adjust", participant.pk))
    on_day(date(2026, 9, 30), hour=16)
    shown = text(page(client, "adjust", participant.pk))

    assert "2026.09.30" in shown
    assert "J07:target" not in shown


def test_what_was_returned_is_proposed_again_or_withdrawn(
    adjustment, unit_clerk, dept_head, signed_in
):
    client = signed_in(dept_head)
    assert page(client, "return-adjustment", adjustment.pk).status_code == 200
    assert send(client, "return-adjustment", adjustment.pk, reason="依据不足").status_code == 302
    client = signed_in(unit_clerk)
    shown = text(page(client, "adjust-again", adjustment.pk))
    assert "依据不足" in shown
    assert filled(shown, "J07:target") == "6"
    answer = send(client, "adjust-again", adjustment.pk, **(WANTED | {"J07:target": "7"}))
    assert answer.status_code == 302
    adjustment.refresh_from_db()
    assert (adjustment.state, adjustment.changes[0]["new"]) == ("proposed", "7")
    assert send(client, "withdraw-adjustment", adjustment.pk, reason="").status_code == 302
    adjustment.refresh_from_db()
    assert adjustment.state == "withdrawn"


def test_the_department_proposes_for_its_unit(
    in_time, scheme, participant, dept_clerk, office_chief, signed_in
):
    client = signed_in(dept_clerk)
    assert send(client, "adjust-for", participant.pk, **WANTED).status_code == 302
    row = Adjustment.objects.get()
    assert (row.state, row.by_department) == ("reviewed", True)
    client = signed_in(office_chief)
    assert send(client, "office-return-adjustment", row.pk, reason="缺文件").status_code == 302
    client = signed_in(dept_clerk)
    assert send(client, "adjust-again-for", row.pk, **WANTED).status_code == 302
    assert send(client, "withdraw-adjustment-for", row.pk).status_code == 302


def test_an_adjustment_without_a_change_or_a_reason_says_so(
    in_time, scheme, participant, unit_clerk, signed_in
):
    client = signed_in(unit_clerk)
    same = send(client, "adjust", participant.pk, **(WANTED | {"J07:target": "8"}))
    assert same.status_code == 422
    mute = send(client, "adjust", participant.pk, **(WANTED | {"reason": "\u200b"}))
    assert mute.status_code == 422
    equal = send(
        client, "adjust", participant.pk, **(WANTED | {"J01:zero_at": "95", "J01:full_at": "95"})
    )
    assert equal.status_code == 422


def test_the_list_of_adjustments_teaches_and_lists(
    adjustment, office_chief, signed_in, year, unit_clerk
):
    client = signed_in(office_chief)
    shown = text(page(client, "adjustments", year.pk))
    assert "第一中学" in shown
    assert "2026.09.30" in shown
    Adjustment.objects.all().delete()
    assert "k-empty" in text(page(client, "adjustments", year.pk))


def test_before_there_is_a_sheet_the_page_says_so(draft, participant, unit_clerk, signed_in):
    client = signed_in(unit_clerk)
    assert "k-empty" in text(page(client, "adjust", participant.pk))
    assert "k-empty" in text(page(client, "unit-targets", participant.pk))


def test_values_are_shown_with_what_earlier_years_say(
    targets, unit_clerk, signed_in, monkeypatch, school
):
    from kaohe.core.past import Past, PastValue
    from kaohe.core.texts import fold
    from kaohe.indicators.queries import targets as queries

    known = [
        PastValue(2025, "Y7", "安全演练次数", ticks(10), ticks(11), ticks(9), ticks(10)),
        PastValue(2024, "Y7", "安全演练次数", ticks(10), None, ticks(8), None),
    ]
    past = Past((2025, 2024), {(school.code, fold("安全演练次数")): known})
    monkeypatch.setattr(queries, "past_of", lambda *_given: past)
    client = signed_in(unit_clerk)
    shown = text(page(client, "declare-targets", targets.pk))
    assert "2025" in shown
    assert 'name="J07:reason"' in shown

    low = GIVEN | {"J07:target": "8"}
    assert send(client, "declare-targets", targets.pk, do="declare", **low).status_code == 422
    low |= {"J07:reason": "校区合并，操场减少。"}
    assert send(client, "declare-targets", targets.pk, do="declare", **low).status_code == 302
    shown = text(page(client, "unit-targets", targets.participant_id))
    assert "校区合并" in shown
    assert "st-soon" in shown
