"""The log under ``/log/``, read-only and for everybody: checkpoint, keys, tiles, bundles.

The names are those of C2SP tlog-tiles and nothing else is served; only what the published
checkpoint covers is there.  Answers know nothing of sessions, languages or cookies
(``PublicLogMiddleware``), so that any cache may keep them.
"""

import hashlib
import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from kaohe.core.errors import Refusal
from kaohe.core.tiles import ENTRIES, WIDTH, Tile, tile_of
from kaohe.tlog.folder import CHECKPOINT, VKEY, LogFolder

UNDER = "/log/"
TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
SHORT = "public, max-age=5, no-transform"
FOR_EVER = "public, max-age=31536000, immutable, no-transform"
NEVER = "no-store"
METHODS = ("GET", "HEAD")
_log = logging.getLogger("kaohe.log")

NOTHING = "There is no such file in the log.\n"
CLOSED = (
    "The entries of this log are not published here; their hashes and the checkpoint are. Whoever"
    " is concerned by an entry gets its receipt from the page of the entry.\n"
)
DAMAGED = "This file of the log cannot be read now. The operator has been told by the server log.\n"


def log_checkpoint(request: HttpRequest) -> HttpResponse:
    """The published checkpoint, with the cosignatures that it has got."""
    return _answered(request, lambda: _checkpoint(_folder()), TEXT, SHORT)


def log_vkey(request: HttpRequest) -> HttpResponse:
    """The verification keys of the log, the newest first."""
    return _answered(request, lambda: (_folder().root / VKEY).read_bytes(), TEXT, SHORT)


def log_tile(request: HttpRequest, name: str) -> HttpResponse:
    """A tile or a bundle, under exactly its own name."""
    tile = tile_of(f"tile/{name}")
    if tile is None:
        return _told(request, 404, NOTHING)
    if tile.level == ENTRIES and settings.LOG_ENTRIES == "closed":
        return _told(request, 403, CLOSED)
    return _answered(request, lambda: _tile(_folder(), tile), BYTES, FOR_EVER)


def log_nothing(request: HttpRequest, name: str = "") -> HttpResponse:
    """Whatever else is asked for; no folder is ever listed."""
    return _told(request, 404, NOTHING)


def _folder() -> LogFolder:
    return LogFolder(settings.LOG)


def _checkpoint(folder: LogFolder) -> bytes:
    there = folder.checkpoint()
    if there is None:
        raise FileNotFoundError(CHECKPOINT)
    return there[0].content.encode()


def _tile(folder: LogFolder, tile: Tile) -> bytes:
    """The bytes of a tile, if the published checkpoint covers it.

    Raises:
        FileNotFoundError: it does not.
        LogDamaged: it does, but the file is not what it must be.
    """
    there = folder.checkpoint()
    size = there[1].size if there else 0
    level = max(tile.level, 0)
    held = (size >> (8 * level)) - tile.number * WIDTH  # hashes of this tile that there are
    if held < tile.width:
        raise FileNotFoundError(tile.path)
    return folder.exactly(tile)


def _answered(
    request: HttpRequest, read: Callable[[], bytes], media: str, cache: str
) -> HttpResponse:
    """A file of the log, or a sentence why not."""
    if request.method not in METHODS:
        answer = _told(request, 405, "The log can only be read.\n")
        answer["Allow"] = ", ".join(METHODS)
        return answer
    try:
        content = read()
    except FileNotFoundError:
        return _told(request, 404, NOTHING)
    except (Refusal, OSError):
        _log.exception("a file of the log cannot be served")
        return _told(request, 503, DAMAGED)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    answer = HttpResponse(b"" if request.method == "HEAD" else content, content_type=media)
    answer["Content-Length"] = str(len(content))
    answer["ETag"] = etag
    answer["Cache-Control"] = cache
    answer["Access-Control-Allow-Origin"] = "*"  # anybody's page may verify
    found = get_conditional_response(request, etag=etag, response=answer)
    return found if isinstance(found, HttpResponse) else answer


def _told(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    content = "" if request.method == "HEAD" else sentence
    answer = HttpResponse(content, status=status, content_type=TEXT)
    answer["Content-Length"] = str(len(sentence.encode()))
    answer["Cache-Control"] = NEVER
    return answer
