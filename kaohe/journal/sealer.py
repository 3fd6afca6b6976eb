"""The sequencer at work: seals whenever something waits, asks the witnesses, tells how it is.

Its state lies in a small file that pages read.  Whatever is refused is tried again; nothing that
waits is lost by that.
"""

import json
import logging
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from kaohe.core.errors import Refusal
from kaohe.journal import models, proofs
from kaohe.journal.cosigning import ask_witnesses
from kaohe.journal.log import Log, SealingElsewhere, open_log
from kaohe.journal.rows import standing
from kaohe.journal.sealing import seal
from kaohe.tlog.folder import write_durably

ASK_AGAIN = 600.0  # seconds until a witness that did not answer is asked again
LOOK = 1.0  # seconds between two looks at the clock
_log = logging.getLogger("kaohe.journal")


def state_of(file: Path) -> dict[str, Any]:
    """What a sealer told last; empty where there is none."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


class Sealer:
    """Seals every so often, as long as its process lives."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.state: dict[str, Any] = {}
        self.asked_at, self.asked_size = 0.0, -1

    def run(self) -> None:
        """For ever."""
        while True:
            began = monotonic()
            self.once()
            while monotonic() - began < settings.SEAL_SECONDS:
                sleep(LOOK)

    def once(self) -> None:
        """Seal what waits, if anything does; what went wrong is told, and tried again."""
        close_old_connections()
        try:
            if self._is_due():
                sealed = seal(open_log(make=True))
                if sealed is not None:
                    self.state["sealed"] = sealed.checkpoint.size
            self.state["trouble"] = None
            self._ask()
        except SealingElsewhere:
            pass  # somebody does it by hand right now
        except Refusal as refusal:
            self._trouble(refusal.code, {name: str(fact) for name, fact in refusal.facts.items()})
        except (Error, OSError, ValueError) as error:
            connection.close()
            self._trouble("", {"reason": f"{type(error).__name__}: {error}"[:300]})
        self._tell()

    def _is_due(self) -> bool:
        """Whether something waits, or has an index from a sealing that was cut off."""
        row, now = proofs.latest_checkpoint(), standing()
        return now.pending > 0 or now.next_index != (row.size if row else 0)

    def _ask(self) -> None:
        """Ask the witnesses, at once for what is new, else now and then."""
        row = proofs.latest_checkpoint()
        due = monotonic() - self.asked_at > ASK_AGAIN
        if row is None or (row.size == self.asked_size and not due):
            return
        if not models.Witness.objects.filter(ended_at__isnull=True).exclude(url="").exists():
            return
        log: Log = open_log()
        self.asked_at, self.asked_size = monotonic(), row.size
        for each in ask_witnesses(log):
            if each.refusal is not None:
                _log.warning("witness %s: %s", each.witness.pk, each.refusal)

    def _trouble(self, code: str, facts: dict[str, str]) -> None:
        told = {"code": code, "facts": facts}
        if self.state.get("trouble") != told:
            _log.error("sealing: %s %s", code, facts)
        self.state["trouble"] = told

    def _tell(self) -> None:
        self.state["at"] = timezone.now().isoformat()
        try:
            write_durably(self.file, json.dumps(self.state, ensure_ascii=False).encode(), 0o600)
        except OSError as error:  # the disk is full: the next one will tell
            _log.error("the sealer cannot write its state: %s", error.strerror)
