"""Flags: somebody says what is wrong with a face. Lines are only added, as in the rule's file.

Each dataset has a file of its flags that the rule `flagged` reads (docs/rules.md); it is written
again whole from the book when the server starts, and line by line as flags come.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from facewright.server.notes.book import Book
from facewright.server.notes.place import Place
from facewright.store.atomic import make_folder, storage_error, write_atomic

FILE: Final = "flags.jsonl"
_TOLD: Final = 'SELECT face_id, reason, note, who, "when" FROM flags WHERE dataset = ?'


class Flags:
    """Flags of all datasets. A line without a reason takes a face's flags away.

    Args:
        book: where they are kept.
        folder: below it, each dataset's file in a folder of its key.
    """

    def __init__(self, book: Book, folder: Path) -> None:
        self._book = book
        self._folder = folder
        self._lock = threading.Lock()
        for row in book.rows("SELECT DISTINCT dataset FROM flags"):
            self._write_whole(row["dataset"])

    def file(self, dataset: str) -> Path:
        """The file that the rule `flagged` reads."""
        return self._folder / dataset / FILE

    def add(self, place: Place, reason: str, note: str, who: str) -> dict[str, Any]:
        """Flag a face.

        Returns:
            The flag: reason, note, who, when.

        Raises:
            StorageError: it cannot be kept.
        """
        flag = {"reason": reason, "note": note, "who": who, "when": now()}
        with self._lock:
            self._keep(place, flag)
        return flag

    def take_back(self, place: Place, who: str) -> bool:
        """Take all flags of a face away; whether there was one.

        Raises:
            StorageError: that cannot be kept.
        """
        with self._lock:
            if not self.of(place):
                return False
            self._keep(place, {"reason": "", "note": "", "who": who, "when": now()})
            return True

    def of(self, place: Place) -> list[dict[str, Any]]:
        """Flags of a face that hold, oldest first."""
        rows = self._book.rows(
            f"{_TOLD} AND face_id = ? ORDER BY n", (place.dataset, place.face_id)
        )
        ends = [at for at, row in enumerate(rows) if not row["reason"]]
        held = rows[ends[-1] + 1 :] if ends else rows
        return [{k: v for k, v in row.items() if k != "face_id"} for row in held]

    def held(self) -> list[Place]:
        """All faces that are flagged, of all datasets."""
        rows = self._book.rows(
            "SELECT dataset, face_id FROM flags WHERE reason <> '' AND n IN"
            " (SELECT max(n) FROM flags GROUP BY dataset, face_id)"
        )
        return [Place(row["dataset"], row["face_id"]) for row in rows]

    def lines(self, dataset: str) -> list[dict[str, Any]]:
        """All that was said of a dataset's faces, in order."""
        return self._book.rows(f"{_TOLD} ORDER BY n", (dataset,))

    def _keep(self, place: Place, flag: dict[str, Any]) -> None:
        self._book.write(
            'INSERT INTO flags (dataset, face_id, reason, note, who, "when")'
            " VALUES (?, ?, ?, ?, ?, ?)",
            (place.dataset, place.face_id, *flag.values()),
        )
        path = self.file(place.dataset)
        if path.exists():
            _append(path, _line({"face_id": place.face_id, **flag}))
        else:
            self._write_whole(place.dataset)

    def _write_whole(self, dataset: str) -> None:
        path = self.file(dataset)
        make_folder(path.parent)
        write_atomic(path, as_lines(self.lines(dataset)))


def as_lines(flags: Iterable[dict[str, Any]]) -> bytes:
    """Flags as JSON lines, as the rule reads them."""
    return b"".join(_line(flag) for flag in flags)


def now() -> str:
    """The time, for people."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _line(flag: dict[str, Any]) -> bytes:
    return json.dumps(flag, ensure_ascii=True).encode() + b"\n"


def _append(path: Path, line: bytes) -> None:
    try:
        with path.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise storage_error(path, error) from error
