"""What reviewers and finalisers see of targets, and what is in the way, said at once."""

from django.urls import reverse

from kaohe.indicators.services import participants, parts


def page(client, name, *args):
    return client.get(reverse(f"web:{name}", args=args))


def text(answer):
    return answer.content.decode()


def test_a_second_adjustment_is_said_to_be_in_the_way_at_once(adjustment, unit_clerk, signed_in):
    shown = text(page(signed_in(unit_clerk), "adjust", adjustment.participant_id))

    assert '<form method="post" class="k-form' not in shown
    assert reverse("web:adjustment", args=[adjustment.pk]) in shown


def test_who_decides_sees_what_is_easier(adjustment, dept_head, signed_in):
    shown = text(page(signed_in(dept_head), "review-adjustment", adjustment.pk))

    assert "要求低于原考核单" in shown
    assert "未比较" in shown


def test_who_finalises_sees_the_scheme_beside_and_no_dead_return(
    reviewed, office_chief, signed_in, draft, submit
):
    client = signed_in(office_chief)
    shown = text(page(client, "finalise-targets", reviewed.pk))
    assert "方案值" in shown
    assert "目标值 8" in shown

    there = reverse("web:office-return-targets", args=[reviewed.pk])
    assert there in text(page(client, "unit-targets", reviewed.participant_id))
    submit(version=draft)
    parts.approve_part(by=office_chief, version=draft, seen=None)
    assert there not in text(page(client, "unit-targets", reviewed.participant_id))


def test_before_the_freeze_the_way_leads_to_the_groups(year, participant, office_clerk, signed_in):
    shown = text(page(signed_in(office_clerk), "propose-group", participant.pk))

    assert 'name="new"' not in shown
    assert reverse("web:assign-units", args=[year.pk]) in shown


def test_a_proposal_that_waits_is_said_to_be_in_the_way(
    participant, office_clerk, office_head, signed_in
):
    client = signed_in(office_clerk)
    assert 'name="new"' in text(page(client, "propose-status", participant.pk))
    change = participants.propose_change(
        by=office_clerk, participant=participant, field="status", new="exempt", reason="撤并"
    )
    shown = text(page(client, "propose-status", participant.pk))
    assert 'name="new"' not in shown
    assert reverse("web:change", args=[change.pk]) in shown

    where = reverse("web:answer-change", args=[change.pk])
    head = signed_in(office_head)
    assert text(head.get(where)).count('<button class="btn btn-k" name="approve"') == 1
    assert head.post(where, {"answer": "可以"}).status_code == 422
    assert head.post(where, {"answer": "不符合", "approve": "no"}).status_code == 302
    change.refresh_from_db()
    assert change.state == "refused"
