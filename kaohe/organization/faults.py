"""What a machine cannot do now, told apart from bugs."""

import errno

from django.db import OperationalError


def is_disk_full(exception: BaseException) -> bool:
    """Whether there was no room to write, in a file or in the database."""
    words = str(exception).lower()
    return getattr(exception, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or (
        isinstance(exception, OperationalError) and ("is full" in words or "no space" in words)
    )


def is_database_busy(exception: BaseException) -> bool:
    """Whether the database had no turn free for a writer."""
    return isinstance(exception, OperationalError) and "locked" in str(exception).lower()
