"""Pages of a year: opening, journey, calendar, documents, its end."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.indicators.models import (
    AssessmentYear,
    Step,
)
from kaohe.indicators.services import years


@pytest.fixture
def free(year):
    """The year, its groups not frozen for a long time."""
    year.freeze_on = date(2100, 3, 31)
    year.save()
    return year


@pytest.fixture
def office(person, signed_in):
    return signed_in(person(Role.OFFICE_HEAD))


def text(answer):
    return answer.content.decode()


def at(year, tail=""):
    return f"/indicators/years/{year.pk}{tail}"


def test_without_a_year_the_first_page_teaches_and_offers_to_open_one(office, city):
    answer = office.get("/indicators/", follow=True)

    assert "k-empty" in text(answer)
    assert "/indicators/years/new" in text(answer)


def test_a_year_is_opened_once_although_the_form_is_sent_twice(office, city):
    sent = {"year": "2026", "title": "", "once_key": "k1"}
    first = office.post("/indicators/years/new", sent)
    second = office.post("/indicators/years/new", sent)

    assert first["Location"] == second["Location"] == at(AssessmentYear.objects.get())
    assert "29" in text(office.get(first["Location"]))


@pytest.mark.parametrize("number", ["1", "20260", "-5", "二〇二六"])
def test_a_year_that_cannot_be_meant_is_refused_on_the_form(office, city, number):
    answer = office.post("/indicators/years/new", {"year": number})

    assert answer.status_code == 422
    assert AssessmentYear.objects.count() == 0


def test_a_year_that_is_there_is_refused_on_the_form(office, free):
    answer = office.post("/indicators/years/new", {"year": "2026"})

    assert answer.status_code == 422
    assert "2026" in text(answer)


def test_the_first_page_leads_to_the_year_of_today_or_else_to_the_latest(
    office, free, city, office_clerk, monkeypatch
):
    later = years.open_year(by=office_clerk, jurisdiction=city, year=2027)
    for day, row in ((date(2026, 12, 31), free), (date(2028, 1, 1), later)):
        monkeypatch.setattr(timezone, "localdate", lambda *_, day=day: day)

        assert office.get("/indicators/")["Location"] == at(row)


def test_the_first_page_leads_back_to_the_year_that_was_looked_at(office, free, city, office_clerk):
    later = years.open_year(by=office_clerk, jurisdiction=city, year=2027)
    for row in (later, free):
        office.get(at(row))

        assert office.get("/indicators/")["Location"] == at(row)


def test_another_year_is_chosen_on_the_same_tab(office, free, city, office_clerk):
    later = years.open_year(by=office_clerk, jurisdiction=city, year=2027)
    page = text(office.get(at(free, "/groups")))
    assert f'<option value="{later.pk}"' in page
    answer = office.post("/indicators/choose", {"year": str(later.pk), "tab": "groups"})

    assert answer["Location"] == at(later, "/groups")
    desk = office.post("/indicators/choose", {"year": str(free.pk), "tab": "desk"})
    assert desk["Location"] == "/"
    odd = office.post("/indicators/choose", {"year": str(free.pk), "tab": "../../x"})
    assert odd["Location"] == at(free)
    assert office.post("/indicators/choose", {"year": "x"}).status_code == 404


def test_the_journey_stands_on_everybodys_desk(free, person, signed_in, education, school):
    for role, where in (
        (Role.OFFICE_CLERK, {}),
        (Role.DEPT_CLERK, {"department": education}),
        (Role.UNIT_CLERK, {"unit": school}),
        (Role.COMMITTEE_DIRECTOR, {}),
    ):
        page = text(signed_in(person(role, **where)).get("/"))

        assert 'class="k-jour of9"' in page, role
        assert f'href="{at(free, "/calendar")}"' in page, role


def test_the_desk_without_a_year_shows_no_journey(office, city):
    assert "k-jour of9" not in text(office.get("/"))


def test_the_year_of_another_city_is_not_there(office, other_city):
    from tests.fixtures.people import make_user

    stranger = make_user(Role.OFFICE_HEAD, jurisdiction=other_city)
    other = years.open_year(by=stranger, jurisdiction=other_city, year=2026)

    for tail in ("", "/calendar", "/groups", "/units", "/changes", "/register", "/correct"):
        assert office.get(at(other, tail)).status_code == 404, tail


def test_a_year_is_corrected_and_a_stale_form_is_refused(office, free):
    sent = {
        "title": "2026年度考核",
        "minimum_group": "4",
        "freeze_on": "2026-04-10",
        "cut_off_on": "2026-09-30",
        "seen": str(free.version),
    }
    first = office.post(at(free, "/correct"), {**sent, "once_key": "a"})
    second = office.post(at(free, "/correct"), {**sent, "title": "别的", "once_key": "b"})

    assert (first.status_code, second.status_code) == (302, 422)
    free.refresh_from_db()
    assert (free.title, free.minimum_group) == ("2026年度考核", 4)


def test_the_work_plan_is_drafted_from_its_outline_and_linked(office, free):
    page = text(office.get(at(free)))
    assert "?outline=work_plan" in page
    draft = text(office.get("/organization/documents/new?outline=opinion"))
    assert "绩效考核意见" in draft
    from kaohe.organization.models import Document

    document = Document.objects.create(
        jurisdiction=free.jurisdiction, sort="opinion", title="2026年度考核意见"
    )
    answer = office.post(at(free, "/document/opinion"), {"document": str(document.pk)})

    assert answer.status_code == 302
    assert "2026年度考核意见" in text(office.get(at(free)))
    assert office.get(at(free, "/document/measures")).status_code == 404


def test_the_calendar_shows_each_step_and_leads_to_it(office, free):
    page = text(office.get(at(free, "/calendar")))

    for step in Step.objects.all():
        assert f'href="/indicators/steps/{step.pk}"' in page


def test_a_step_is_done_undone_and_dropped_on_its_page(office, free):
    step = Step.objects.get(code="scheme")
    where = f"/indicators/steps/{step.pk}"
    assert f"{where}/finish" in text(office.get(where))
    assert office.post(f"{where}/finish", {"note": "示考委1号"}).status_code == 302
    page = text(office.get(where))
    assert f"{where}/reopen" in page
    assert f"{where}/finish" not in page
    assert office.post(f"{where}/reopen", {"reason": ""}).status_code == 422
    assert office.post(f"{where}/reopen", {"reason": "漏发"}).status_code == 302
    assert office.post(f"{where}/drop", {"reason": "沿用上年"}).status_code == 302

    step.refresh_from_db()
    assert step.dropped


def test_a_step_is_not_moved_to_a_day_off(office, free):
    step = Step.objects.get(code="scheme")
    sent = {"starts_on": "2026-02-01", "ends_on": "2026-04-11", "reason": "推迟"}
    answer = office.post(f"/indicators/steps/{step.pk}/move", sent)

    assert answer.status_code == 422
    assert "2026.04.13" in text(answer)
    assert office.post(f"/indicators/steps/{step.pk}/move", sent | {"ends_on": "2026-04-10"})
    step.refresh_from_db()
    assert step.ends_on == date(2026, 4, 10)


def test_who_only_reads_sees_the_step_without_its_deeds(free, dept_clerk, signed_in):
    client = signed_in(dept_clerk)
    step = Step.objects.get(code="scheme")

    assert "/finish" not in text(client.get(f"/indicators/steps/{step.pk}"))
    assert client.get(f"/indicators/steps/{step.pk}/finish").status_code == 403


def test_a_year_is_closed_and_archived_by_who_approves(office, free):
    assert "/close" in text(office.get(at(free)))
    assert office.post(at(free, "/archive"), {"once_key": "x"}).status_code == 422
    assert office.post(at(free, "/close"), {"once_key": "y"}).status_code == 302
    page = text(office.get(at(free)))
    assert "/archive" in page
    assert "/correct" not in page
    assert office.post(at(free, "/archive"), {"once_key": "z"}).status_code == 302

    free.refresh_from_db()
    assert free.state == "archived"


def test_a_year_of_a_folder_has_no_calendar_and_its_pages_say_so(office, free):
    Step.objects.all().delete()

    assert "k-empty" in text(office.get(at(free, "/calendar")))
    assert "k-jour" not in text(office.get(at(free)))


def test_the_desk_asks_as_many_questions_however_many_years_there_were(office, free, city):
    def questions():
        with CaptureQueriesContext(connection) as caught:
            assert office.get("/").status_code == 200
        return len(caught)

    office.get(at(free))
    few = questions()
    for number in range(2015, 2025):
        AssessmentYear.objects.create(
            jurisdiction=city,
            year=number,
            title=str(number),
            state="archived",
            freeze_on=date(number, 3, 31),
            cut_off_on=date(number, 9, 30),
            opened_by=free.opened_by,
        )

    assert questions() == few
