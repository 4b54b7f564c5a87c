"""Which photos were in hand when workers died, kept on disk between runs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from facewright.store.atomic import write_atomic

DEATHS_TO_BLAME = 2


@dataclass
class Attempts:
    """Suspicion and blame.

    A worker's death makes suspects of all photos it had in hand; each is then tried alone, and
    only a photo that was alone in hand at two deaths is blamed. One death proves nothing: the
    whole machine may have been short of memory.

    path: where it is kept. suspects: keys to try alone. alone: deaths of each key alone.
    details: how the last such death looked.
    """

    path: Path
    suspects: set[str] = field(default_factory=set)
    alone: dict[str, int] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Attempts:
        """Read what earlier runs noted; nothing noted is no suspicion."""
        if not path.exists():
            return cls(path)
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(path, set(data["suspects"]), data["alone"], data["details"])

    def died(self, in_hand: set[str], *, alone: bool, detail: str) -> None:
        """A worker died with these photos in hand."""
        self.suspects |= in_hand
        if alone:
            for key in in_hand:
                self.alone[key] = self.alone.get(key, 0) + 1
                self.details[key] = detail
        self._save()

    def cleared(self, key: str) -> None:
        """A suspect was tried alone and nothing happened."""
        self.suspects.discard(key)
        self._save()

    @property
    def blamed(self) -> dict[str, str]:
        """Keys that are to be excluded as crashed, and why."""
        return {
            key: self.details[key]
            for key, deaths in self.alone.items()
            if deaths >= DEATHS_TO_BLAME
        }

    def _save(self) -> None:
        data = {
            "suspects": sorted(self.suspects),
            "alone": self.alone,
            "details": self.details,
        }
        write_atomic(self.path, json.dumps(data, indent=1).encode())
