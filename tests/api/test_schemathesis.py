"""Requests made up from the API's own description: none is answered otherwise than it says."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from kaohe.core.access import ADMINISTRATORS, GRANTS, Role, Verb
from tests.api.places import object_of
from tests.fixtures.api import UNDER, make_token
from tests.fixtures.people import make_jurisdiction, make_user
from tests.fixtures.places import furnish

# What is both unsound and too large is refused as too large, before anybody reads it.
REFUSED = SchemathesisConfig.from_dict(
    {
        "checks": {
            "negative_data_rejection": {
                "expected-statuses": [400, 401, 403, 404, 405, 406, 409, 413, 415, 422]
            }
        }
    }
)
SCHEMA = schemathesis.openapi.from_wsgi(
    f"{UNDER}/openapi.json", get_wsgi_application(), config=REFUSED
)
OPERATIONS = {each.ok().label: each.ok() for each in SCHEMA.get_all_operations()}
load_all_checks()
# What is sound by its shape may still break a rule of the business.  The rest would ask again
# without a token or after the deed, which is what test_matrix_api.py does.
LEFT_OUT = (
    "positive_data_acceptance",
    "ignored_auth",
    "use_after_free",
    "ensure_resource_availability",
)
FEW = settings(
    max_examples=10,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def one_connection():
    """The server in this process leaves the connection open, as Django's test client does."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def home(db, one_connection):
    return furnish(make_jurisdiction("370699", "示例市"), "市教育局", 49458012, edition=1)


def everything_at(home, verb):
    """Somebody who holds every role but those of administrators; for a verb of theirs, one."""
    roles = [role for role in Role if role not in ADMINISTRATORS]
    if verb is not Verb.DESK_READ and not any(verb in GRANTS[role] for role in roles):
        roles = [next(role for role in Role if verb in GRANTS[role])]
    where = {"department": home.department, "unit": home.unit}
    return make_user(*roles, jurisdiction=home.city, **where)


def is_sent(case):
    """Whether all of the query is sent at all: a name with an empty list leaves no trace."""
    return all(value not in (None, [], {}) for value in (case.query or {}).values())


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_no_request_is_answered_otherwise_than_the_description_says(home, label, mode):
    operation = OPERATIONS[label]
    _row, secret = make_token(everything_at(home, Verb(operation.definition.raw["x-verb"])))
    path = operation.path.removeprefix(UNDER)
    keys, _place = object_of(path, home) if "{" in path else ({}, None)
    cases = operation.as_strategy(mode)
    if keys:  # of what is there, else nothing would be asked of any object
        cases |= operation.as_strategy(mode, path_parameters=keys)

    @FEW
    @given(cases)
    def asked(case):
        assume(is_sent(case))
        with transaction.atomic():
            case.call_and_validate(
                headers={"Authorization": f"Bearer {secret}"},
                excluded_checks=[CHECKS.get_one(name) for name in LEFT_OUT],
            )
            transaction.set_rollback(True)

    asked()
