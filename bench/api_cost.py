"""What the API costs, measured inside one process: reads, and registers in one request.

``python -m bench.api_cost [ROWS]`` makes an installation of its own in a temporary folder (its
database where KAOHE_DATABASE says, else SQLite), calls the WSGI application as a web server would,
and prints seconds as JSON.
"""

import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from statistics import median
from typing import Any, NamedTuple
from wsgiref.util import setup_testing_defaults

ROWS = 10_000
ROUNDS, WARM = 40, 3
CITY = "370683"


class Spent(NamedTuple):
    """Seconds of this process, and on the clock."""

    cpu: float
    wall: float


class Client:
    """A program with a token, without a network between."""

    def __init__(self, application: Any, secret: str) -> None:
        self.application, self.secret = application, secret

    def call(self, method: str, path: str, body: bytes = b"") -> tuple[Any, Spent]:
        """The JSON of an answer, and what it cost.

        Raises:
            RuntimeError: it is a problem.
        """
        path, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": f"/api/v1{path}",
            "QUERY_STRING": query,
            "HTTP_AUTHORIZATION": f"Bearer {self.secret}",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        setup_testing_defaults(environ)
        told: list[str] = []
        wall, cpu = time.perf_counter(), time.process_time()
        answer = self.application(environ, lambda status, headers, info=None: told.append(status))
        content = b"".join(answer)
        spent = Spent(time.process_time() - cpu, time.perf_counter() - wall)
        answer.close()
        if told[0][:1] != "2":
            raise RuntimeError(f"{method} {path}: {told[0]} {content[:500].decode()}")
        return json.loads(content), spent


def main() -> None:
    """Measure and say so."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="kaohe.config.settings", KAOHE_HOME=home, KAOHE_TLS="off"
        )
        import django

        django.setup()
        from django.core.management import call_command
        from django.core.wsgi import get_wsgi_application

        call_command("migrate", verbosity=0)
        secret, departments = _installation()
        found = _measure(Client(get_wsgi_application(), secret), departments, count)
    print(json.dumps(found))


def _installation() -> tuple[str, list[int]]:
    """A city, its departments, and the token of the head of its office."""
    import secrets

    from django.utils import timezone

    from kaohe.core.access import Verb
    from kaohe.organization.models import (
        ApiToken,
        Department,
        Jurisdiction,
        RoleAssignment,
        User,
    )
    from kaohe.organization.queries.tokens import PREFIX, digest_of

    city = Jurisdiction.objects.create(code=CITY, name="示例市")
    city.path = f"{city.pk}/"
    city.save()
    rows = [Department.objects.create(jurisdiction=city, name=f"市第{n}局") for n in range(30)]
    user = User.objects.create(
        username="bench",
        name="bench",
        jurisdiction=city,
        must_change_password=False,
        password_set_at=timezone.now(),
    )
    RoleAssignment.objects.create(
        user=user, role="office_head", jurisdiction=city, from_on=date(2020, 1, 1)
    )
    secret = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        user=user,
        name="bench",
        digest=digest_of(secret),
        scopes=sorted(Verb),
        expires_at=timezone.now() + timedelta(days=1),
    )
    return secret, [row.pk for row in rows]


def _measure(client: Client, departments: list[int], count: int) -> dict[str, float]:
    from kaohe.journal.models import JournalEntry

    found: dict[str, float] = {"rows": count}

    def send(name: str, path: str, rows: Iterable[dict[str, Any]]) -> Any:
        body = json.dumps({"rows": list(rows)}, ensure_ascii=False).encode()
        before = JournalEntry.objects.count()
        answer, spent = client.call("POST", path, body)
        found[name], found[f"{name}_cpu"] = spent.wall, spent.cpu
        found[f"{name}_entries"] = JournalEntry.objects.count() - before
        return answer

    send("first", "/units:batch", (unit(departments, n) for n in range(10)))
    keys = send("units", "/units:batch", (unit(departments, n) for n in _numbers(1, count)))["ids"]
    send("full", "/units:batch", (full_unit(departments, n) for n in _numbers(2, count)))
    send("people", "/people:batch", (person(keys[n], n) for n in range(count)))
    entry = JournalEntry.objects.order_by("-pk")[0].entry
    key = keys[len(keys) // 2]
    for name, path in (
        ("unit", f"/units/{key}"),
        ("list", "/units?limit=100"),
        ("record", f"/units/{key}/record"),
        ("entry", f"/entries/{entry}"),
        ("departments", "/departments?limit=100"),
    ):
        found[name] = _read(client, path)
    return found


def _numbers(group: int, count: int) -> range:
    return range(group * 1_000_000, group * 1_000_000 + count)


def _read(client: Client, path: str) -> float:
    """CPU seconds of reading what stands at a path, at the median."""
    spent = [client.call("GET", path)[1].cpu for _ in range(WARM + ROUNDS)]
    return median(spent[WARM:])


def unit(departments: list[int], number: int) -> dict[str, Any]:
    """A unit as another system has it."""
    from kaohe.demo.roster import credit_code

    code: Callable[[int, str], str] = credit_code
    return {
        "code": code(10_000_000 + number, CITY),
        "name": f"示例市第{number}事业单位",
        "department": departments[number % len(departments)],
        "category": "public_second",
        "funding": "full",
        "level": "section_chief",
        "sector": "教育",
        "group": "学校组",
        "posts_approved": 9,
        "posts_filled": 9,
        "staff": 40,
        "address": f"示例市府前街{number}号",
        "registrar": "示例市事业单位登记管理局",
        "cert_from": "2024-03-05",
        "cert_to": "2029-03-05",
        "opened_on": "1998-09-01",
    }


def full_unit(departments: list[int], number: int) -> dict[str, Any]:
    """The same with its further names, its purpose, and who leads it."""
    return {
        **unit(departments, number),
        "short_name": f"第{number}单位",
        "plates": [f"示例基地{number}"],
        "purpose": "实施学历教育，促进基础教育发展，开展相关社会服务。",
        "start_up": "120.5",
        "principal": {"name": f"王建{number}", "title": "党委书记", "from_on": "2021-08-20"},
    }


def person(unit_key: int, number: int) -> dict[str, Any]:
    """Somebody in a post."""
    return {
        "name": f"李国{number}",
        "phone": "0535-2212345",
        "unit": unit_key,
        "post": "deputy",
        "from_on": "2022-01-10",
    }


if __name__ == "__main__":
    main()
