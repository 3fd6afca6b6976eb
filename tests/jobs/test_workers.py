"""Jobs with real workers, which are killed in the middle of the work."""

import json
import os
import signal

from tests.cli.installations import below, poll

KINDS = "import django\ndjango.setup()\nimport tests.jobs.kinds"
ASK = """
from kaohe.jobs.services import ask
from kaohe.organization.models import User
by = User.objects.get(username="sysadmin")
print(ask(by=by, jurisdiction=None, kind="test.hold", subject="x:1", arguments={}).pk)
"""
LOOK = """
import json
from kaohe.jobs.models import Job
from kaohe.jobs.queries import standing, worker_lives
from kaohe.organization.models import Jurisdiction
job = Job.objects.get()
at = standing(job)
print(json.dumps([job.state, job.tries, at.done, at.total, at.message, job.outcome.get("facts"),
                  list(Jurisdiction.objects.values_list("code", flat=True)), worker_lives()]))
"""


def look(installation):
    return json.loads(installation.python(LOOK))


def begun(installation):
    path = installation.home / "begun"
    return path.read_text().split() if path.exists() else []


def test_a_job_survives_its_worker(made):
    made.python(ASK)
    first = made.start("worker", prelude=KINDS)
    poll(lambda: begun(made) == ["1"])

    state, tries, *at, outcome, rows, lives = poll(lambda: look(made), lambda told: told[2] == 5)
    assert (state, tries, at, rows, lives) == ("running", 1, [5, 10, "counting"], [], True)
    assert outcome is None

    for pid in [first.pid, *below(first.pid)]:
        os.kill(pid, signal.SIGKILL)
    first.wait(10)
    made.start("worker", prelude=KINDS)
    poll(lambda: begun(made) == ["1", "2"])
    (made.home / "go-2").touch()

    told = poll(lambda: look(made), lambda found: found[0] == "done")
    assert told[1] == 2
    assert told[5] == {"n": 2}
    assert told[6] == ["000002"]  # once, though it was begun twice
    assert list((made.home / "run").glob("job-*")) == []


def test_a_killed_process_of_a_living_worker_is_replaced(made):
    made.python(ASK)
    worker = made.start("worker", prelude=KINDS)
    poll(lambda: begun(made) == ["1"])

    deepest = [pid for pid in below(worker.pid) if not below(pid)]
    for pid in deepest:
        os.kill(pid, signal.SIGKILL)

    poll(lambda: begun(made) == ["1", "2"])
    (made.home / "go-2").touch()
    assert poll(lambda: look(made), lambda found: found[0] == "done")[6] == ["000002"]


def test_a_worker_killed_while_it_waited_does_not_block_the_others(made):
    worker = made.start("worker", prelude=KINDS)
    poll(lambda: "ready" in worker.log.read_text())
    deepest = poll(  # those of the queue, and the sealer
        lambda: [pid for pid in below(worker.pid) if not below(pid)], lambda found: len(found) == 4
    )
    for pid in deepest:
        os.kill(pid, signal.SIGKILL)

    made.python(ASK)
    (made.home / "go-1").touch()

    poll(lambda: look(made), lambda found: found[0] == "done")


def test_two_workers_carry_a_job_out_once(made):
    for _ in range(2):
        made.start("worker", prelude=KINDS)
    (made.home / "go-1").touch()
    made.python(ASK)

    poll(lambda: look(made), lambda found: found[0] == "done")

    assert begun(made) == ["1"]


def test_a_worker_that_is_told_to_stop_finishes_its_job_first(made):
    made.python(ASK)
    worker = made.start("worker", prelude=KINDS)
    poll(lambda: begun(made) == ["1"])

    worker.terminate()
    (made.home / "go-1").touch()

    assert worker.wait(60) == 0
    assert look(made)[0] == "done"


def test_a_job_that_takes_too_much_memory_ends_and_the_worker_goes_on(made):
    made.python(ASK.replace("test.hold", "test.eat"))
    made.start("worker", prelude=KINDS, KAOHE_JOB_MEMORY_MB="1024")

    told = poll(lambda: look(made), lambda found: found[0] == "failed")

    assert told[1] == 1
