"""Logs that a stranger may read: what broke and where, never about whom.

The text of an exception can hold what a person typed, so of a traceback only the places and the
kinds of exceptions are written.  The few kinds whose text speaks of the program alone keep it.
"""

import logging
import traceback
from logging.handlers import WatchedFileHandler
from pathlib import Path
from types import TracebackType

_Info = (
    tuple[type[BaseException], BaseException, TracebackType | None]
    | tuple[
        None,
        None,
        None,
    ]
)

OF_THE_PROGRAM = (ImportError, NameError, AttributeError)


class QuietFormatter(logging.Formatter):
    """A line for each event; of an exception, its kind and the places that it came through."""

    def formatException(self, ei: _Info) -> str:
        """Without the exception's own words, and without those of its causes."""
        parts: list[str] = []
        error: BaseException | None = ei[1]
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            places = [
                f"  {frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            kind = f"{type(error).__module__}.{type(error).__qualname__}"
            words = f": {error}" if isinstance(error, OF_THE_PROGRAM) else ""
            parts.append("\n".join([kind + words, *places]))
            error = error.__cause__ or error.__context__
        return "\ncaused by ".join(parts)


class OwnFileHandler(WatchedFileHandler):
    """Makes its folder when it first has something to write; follows a file that was moved away."""

    def __init__(self, filename: str) -> None:
        super().__init__(filename, encoding="utf-8", delay=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, if the disk takes it; a full disk must not break a request."""
        try:
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            super().emit(record)
        except OSError:
            self.handleError(record)
