"""Processes that are started anew when they die."""

import signal
import subprocess
import sys
from time import monotonic

PATIENCE = 5.0  # seconds


class Child:
    """A process that is started anew when it dies, the more slowly the sooner it dies."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.process: subprocess.Popen[bytes] | None = None
        self.delay, self.due, self.begun = 1.0, 0.0, 0.0

    def watch(self) -> None:
        """Start it, if it does not run and its time has come."""
        now = monotonic()
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            self.delay = 1.0 if now - self.begun > 60 else min(self.delay * 2, 30.0)
            self.due, self.process = now + self.delay - 1.0, None
        if now >= self.due:
            self.begun = now
            command = [sys.executable, "-m", "kaohe", *self.words]
            self.process = subprocess.Popen(command, start_new_session=True)  # noqa: S603

    def end(self) -> None:
        """End it, at once if it does not by itself."""
        self.tell(signal.SIGTERM)
        if self.process is not None:
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def tell(self, number: int) -> None:
        """Send it a signal, if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
