"""Selection: an ordered list of face ids, repeats allowed, and why."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from facewright.errors import UsageError
from facewright.store.atomic import write_atomic


@dataclass(frozen=True, slots=True)
class Selection:
    """Faces chosen from a dataset, in order.

    Attributes:
        face_ids: ids; a face may come several times.
        why: how they were chosen, for people.
    """

    face_ids: tuple[str, ...]
    why: str = ""

    def save(self, path: Path) -> None:
        """Write it as JSON.

        Raises:
            StorageError: it cannot be written.
        """
        data = {"why": self.why, "face_ids": list(self.face_ids)}
        write_atomic(path, json.dumps(data, indent=1, ensure_ascii=False).encode() + b"\n")

    @classmethod
    def load(cls, path: Path) -> Selection:
        """Read .json (as `save` writes it), .csv with a column face_id, or an id a line.

        Raises:
            UsageError: it cannot be read, or names no face.
        """
        try:
            text = path.read_text(encoding="utf-8-sig")
            chosen = _READERS.get(path.suffix.lower(), _from_lines)(text)
        except OSError as error:
            raise UsageError(f"{path}: cannot read the selection: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{path} is no selection ({error}); write one id a line, a CSV with a column"
                ' face_id, or JSON {"why": "...", "face_ids": [...]}'
            ) from error
        if not chosen.face_ids:
            raise UsageError(f"{path} names no face")
        return chosen


def _from_json(text: str) -> Selection:
    data = json.loads(text)
    ids = data["face_ids"]
    if not isinstance(ids, list) or not all(isinstance(face_id, str) for face_id in ids):
        raise TypeError("face_ids must be a list of texts")
    return Selection(tuple(ids), str(data.get("why", "")))


def _from_csv(text: str) -> Selection:
    return Selection(tuple(row["face_id"] for row in csv.DictReader(text.splitlines())))


def _from_lines(text: str) -> Selection:
    return Selection(tuple(line.strip() for line in text.splitlines() if line.strip()))


_READERS = {".json": _from_json, ".csv": _from_csv}
