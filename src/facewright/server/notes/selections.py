"""Selections that the server keeps: named, ordered lists of public face ids, with repeats."""

from __future__ import annotations

import json
import secrets
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from facewright.server.notes.book import Book
from facewright.server.notes.flags import now
from facewright.store.selection import Selection

_FIELDS: Final = ("id", "name", "why", "faces", "created", "changed")
_TOLD: Final = "SELECT id, name, why, faces, created, changed FROM selections"


class Selections:
    """All selections.

    Args:
        book: where they are kept.
    """

    def __init__(self, book: Book) -> None:
        self._book = book

    def all(self) -> list[dict[str, Any]]:
        """All of them without their faces, newest first."""
        return self._book.rows(f"{_TOLD} ORDER BY rowid DESC")

    def make(self, name: str, face_ids: Sequence[str], why: str) -> dict[str, Any]:
        """Keep a selection.

        Returns:
            What `one` gives.

        Raises:
            StorageError: it cannot be kept.
        """
        selection_id, time = secrets.token_hex(6), now()
        told = (selection_id, name, why, len(face_ids), time, time, _packed(face_ids))
        self._book.write("INSERT INTO selections VALUES (?, ?, ?, ?, ?, ?, ?)", told)
        return dict(zip(_FIELDS, told, strict=False))

    def one(self, selection_id: str) -> dict[str, Any] | None:
        """One selection without its faces."""
        found = self._book.rows(f"{_TOLD} WHERE id = ?", (selection_id,))
        return found[0] if found else None

    def face_ids(self, selection_id: str) -> list[str] | None:
        """Faces of a selection; None where there is no such."""
        found = self._book.rows("SELECT packed FROM selections WHERE id = ?", (selection_id,))
        if not found:
            return None
        ids: list[str] = json.loads(zlib.decompress(found[0]["packed"]))
        return ids

    def change(
        self, selection_id: str, name: str, face_ids: Sequence[str], why: str
    ) -> dict[str, Any] | None:
        """Give a selection another name and other faces; None where there is no such.

        Raises:
            StorageError: it cannot be kept.
        """
        self._book.write(
            "UPDATE selections SET name = ?, why = ?, faces = ?, changed = ?, packed = ?"
            " WHERE id = ?",
            (name, why, len(face_ids), now(), _packed(face_ids), selection_id),
        )
        return self.one(selection_id)

    def drop(self, selection_id: str) -> bool:
        """Forget a selection; whether there was one.

        Raises:
            StorageError: that cannot be kept.
        """
        return bool(self._book.write("DELETE FROM selections WHERE id = ?", (selection_id,)))


def as_file(selection: Selection, kind: str) -> bytes:
    """The file that `facewright export --select` reads. kind: json, csv or txt."""
    with tempfile.TemporaryDirectory(prefix="facewright-") as folder:
        path = Path(folder) / f"selection.{kind}"
        selection.save(path)
        return path.read_bytes()


def _packed(face_ids: Sequence[str]) -> bytes:
    return zlib.compress(json.dumps(list(face_ids)).encode(), 1)
