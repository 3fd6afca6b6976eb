"""The cache that all processes share, in the database: it says so where it could not write.

Failed sign-ins are counted in it.  Django's own keeps silent when the database has no turn free,
which a caller takes for "the place is taken", and so for too many tries.
"""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends import db
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.db import OperationalError, connections, router


class SharedCache(db.DatabaseCache):
    """Django's cache in a table, but a database that is busy or full is no silent refusal."""

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        broken: list[OperationalError] = []

        def watch(execute: Callable[..., Any], *given: Any) -> Any:
            try:
                return execute(*given)
            except OperationalError as error:
                broken.append(error)
                raise

        connection = connections[router.db_for_write(self.cache_model_class)]
        with connection.execute_wrapper(watch):
            done = bool(super()._base_set(mode, key, value, timeout))  # type: ignore[misc]  # no stub
        if broken and not done:
            raise broken[0]
        return done
