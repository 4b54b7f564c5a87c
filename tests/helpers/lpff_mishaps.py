"""A source at whose photos workers die or fail, importable in their processes."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass

from facewright.sources.base import Source


@dataclass
class HardSource:
    """Photos of another source; some kill who reads them, one is not foreseen."""

    inner: Source

    def describe(self):
        return "a test"

    @property
    def ignored(self):
        return 0

    def entries(self):
        return self.inner.entries()

    def read(self, entry, limits):
        if "deadly" in entry.key:
            os.kill(os.getpid(), signal.SIGKILL)
        if "odd" in entry.key:
            raise ValueError("nobody thought of this")
        return self.inner.read(entry, limits)
