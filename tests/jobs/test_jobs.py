"""Jobs: asked for once, carried out by one worker, ended with something that can be told."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from kaohe.core.access import Role
from kaohe.core.errors import Conflict
from kaohe.jobs import registry, runner
from kaohe.jobs.models import Job
from kaohe.jobs.progress import STALE, Beat
from kaohe.jobs.queries import get_job, jobs_seen_by, outcome_of
from kaohe.jobs.registry import Outcome, UnknownKind, find, job_kind
from kaohe.jobs.services import ask, resume
from kaohe.organization.queries.access import NothingHere


class TestRefused(Conflict):
    """Refused by a job of these tests."""

    __test__ = False
    code = "test.refused"
    sentence = "“{name}” is in the way."


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    with suppress(UnknownKind):
        find("no such kind")  # so that the real kinds are there before, and stay after
    monkeypatch.setattr(registry, "_KINDS", dict(registry._KINDS))


@pytest.fixture
def clerk(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def asked(clerk, city):
    def make(work, **arguments):
        job_kind("test.work")(work)
        return ask(
            by=clerk,
            jurisdiction=city,
            kind="test.work",
            subject="unit:1",
            arguments=arguments,
        )

    return make


def test_a_job_runs_to_an_outcome_that_can_be_told(asked):
    def work(job, progress):
        progress(3, 3, "counting")
        return Outcome("{n} units", {"n": job.arguments["n"]}, "/there")

    job = asked(work, n=3)
    runner.run(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.location) == ("done", 3, 3, "/there")
    assert outcome_of(job, str) == "3 units"
    assert job.ended_at is not None


def test_a_refusal_is_the_outcome(asked):
    def work(job, progress):
        raise TestRefused(name="示例")

    job = asked(work)
    runner.run(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.tries) == ("failed", 1)
    assert job.outcome["code"] == "test.refused"
    assert outcome_of(job, str) == "“示例” is in the way."


def test_a_bug_is_tried_three_times_and_its_traceback_is_in_the_log_alone(asked, caplog):
    def work(job, progress):
        raise ZeroDivisionError("a secret name")

    job = asked(work)
    for _ in range(5):
        runner.run(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.tries) == ("failed", 3)
    assert job.outcome["code"] == "job.broken"
    assert "secret" not in str(job.outcome)
    assert "ZeroDivisionError" in caplog.text


def test_a_want_of_memory_is_the_outcome_and_not_tried_again(asked, caplog):
    def work(job, progress):
        raise MemoryError

    job = asked(work)
    OrmQ.objects.all().delete()
    runner.run(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.tries, OrmQ.objects.count()) == ("failed", 1, 0)
    assert job.outcome["code"] == "job.no-memory"
    assert "more memory" in outcome_of(job, str)


def test_a_job_that_has_ended_is_not_run_again(asked):
    seen = []
    job = asked(lambda job, progress: seen.append(job.pk))

    runner.run(str(job.pk))
    runner.run(str(job.pk))

    assert len(seen) == 1


def test_a_job_of_a_living_worker_is_left_to_it(asked):
    seen = []
    job = asked(lambda job, progress: seen.append(job.pk))
    Job.objects.update(state="running", tries=1, beat_at=timezone.now())

    runner.run(str(job.pk))
    assert resume() == 0
    assert seen == []


def test_a_job_of_a_dead_worker_is_asked_again_and_run(asked):
    seen = []
    job = asked(lambda job, progress: seen.append(job.pk))
    OrmQ.objects.all().delete()
    Job.objects.update(state="running", tries=1, beat_at=timezone.now() - 2 * STALE)

    assert resume() == 1
    assert resume() == 0
    assert OrmQ.objects.count() == 1
    runner.run(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.tries, len(seen)) == ("done", 2, 1)


def test_a_message_that_a_dead_worker_took_is_given_back(asked):
    asked(lambda job, progress: None)
    Job.objects.update(requested_at=timezone.now() - timedelta(minutes=5))
    OrmQ.objects.update(lock=timezone.now() + timedelta(hours=1))

    resume()

    assert OrmQ.objects.filter(lock__lte=timezone.now()).count() == 1


def test_a_job_that_brings_its_worker_down_each_time_is_given_up(asked):
    job = asked(lambda job, progress: None)
    Job.objects.update(state="running", tries=3, beat_at=timezone.now() - 2 * STALE)

    runner.run(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.outcome["code"]) == ("failed", "job.interrupted")
    assert "3 times" in outcome_of(job, str)


def test_who_was_overtaken_does_not_write_over_the_other(asked):
    def work(job, progress):
        Job.objects.filter(pk=job.pk).update(tries=2)  # another worker has taken over
        return Outcome("mine")

    job = asked(work)
    runner.run(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.outcome) == ("running", {})


def test_the_same_work_asked_twice_is_one_job(asked):
    def work(job, progress):
        return None

    assert asked(work, file=1).pk == asked(work, file=1).pk
    assert asked(work, file=2).pk != asked(work, file=1).pk
    assert Job.objects.count() == OrmQ.objects.count() == 2


def test_a_job_of_another_version_is_given_up_with_a_sentence(clerk):
    with pytest.raises(UnknownKind):
        find("test.none")
    job = ask(by=clerk, jurisdiction=None, kind="test.none", subject="", arguments={})

    runner.run(str(job.pk))

    job.refresh_from_db()
    assert job.outcome["code"] == "job.unknown"


def test_two_functions_cannot_carry_out_one_kind():
    job_kind("test.work")(lambda job, progress: None)
    with pytest.raises(ValueError, match=r"test\.work"):
        job_kind("test.work")(lambda job, progress: None)


def test_a_beat_that_cannot_be_written_does_not_stop_the_work(asked, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kaohe.jobs.progress.write_whole", full)
    job = asked(lambda job, progress: progress(1, 2, ""))

    runner.run(str(job.pk))

    job.refresh_from_db()
    assert job.state == "done"
    with Beat(job):
        pass


def test_jobs_are_seen_by_who_asked_and_by_the_system_administrator(asked, person, clerk):
    job = asked(lambda job, progress: None)

    assert get_job(clerk, job.pk) == job
    assert list(jobs_seen_by(person(Role.SYS_ADMIN))) == [job]
    assert list(jobs_seen_by(person(Role.OFFICE_CHIEF))) == []
    with pytest.raises(NothingHere):
        get_job(person(Role.SEC_ADMIN), job.pk)
