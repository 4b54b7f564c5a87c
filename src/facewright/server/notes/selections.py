"""Selections that the server keeps: named, ordered lists of faces, with repeats."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from facewright.server.catalogue.catalogue import Catalogue
from facewright.server.catalogue.memo import Memo
from facewright.server.notes.book import Book
from facewright.server.notes.flags import now
from facewright.server.notes.picked import Picked, Rows
from facewright.store.selection import Selection

_HELD: Final = 4  # selections whose rows are remembered
_FIELDS: Final = ("id", "name", "why", "faces", "created", "changed")
_TOLD: Final = "SELECT id, name, why, faces, created, changed FROM selections"


class Selections:
    """All selections.

    Args:
        book: where they are kept.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._changes = 0
        self._rows: Memo[tuple[Any, ...], Rows] = Memo(_HELD)

    def all(self) -> list[dict[str, Any]]:
        """All of them without their faces, newest first."""
        return self._book.rows(f"{_TOLD} ORDER BY rowid DESC")

    def make(self, name: str, picked: Picked, why: str) -> dict[str, Any]:
        """Keep a selection.

        Returns:
            What `one` gives.

        Raises:
            StorageError: it cannot be kept.
        """
        selection_id, time = secrets.token_hex(6), now()
        told = (selection_id, name, why, len(picked), time, time, picked.packed())
        self._book.write("INSERT INTO selections VALUES (?, ?, ?, ?, ?, ?, ?)", told)
        return dict(zip(_FIELDS, told, strict=False))

    def one(self, selection_id: str) -> dict[str, Any] | None:
        """One selection without its faces."""
        found = self._book.rows(f"{_TOLD} WHERE id = ?", (selection_id,))
        return found[0] if found else None

    def picked(self, selection_id: str) -> Picked | None:
        """Faces of a selection; None where there is no such."""
        found = self._book.rows("SELECT packed FROM selections WHERE id = ?", (selection_id,))
        return Picked.unpacked(found[0]["packed"]) if found else None

    def rows(self, catalogue: Catalogue, selection_id: str) -> Rows | None:
        """Rows of a selection's faces, those that are shown; None where there is no such."""
        told = self.one(selection_id)
        if told is None:
            return None
        key = (selection_id, told["changed"], told["faces"], self._changes, catalogue.version)
        return self._rows.get(key, lambda: self._shown(catalogue, selection_id))

    def change(
        self, selection_id: str, name: str, picked: Picked, why: str
    ) -> dict[str, Any] | None:
        """Give a selection another name and other faces; None where there is no such.

        Raises:
            StorageError: it cannot be kept.
        """
        self._book.write(
            "UPDATE selections SET name = ?, why = ?, faces = ?, changed = ?, packed = ?"
            " WHERE id = ?",
            (name, why, len(picked), now(), picked.packed(), selection_id),
        )
        self._changes += 1
        return self.one(selection_id)

    def drop(self, selection_id: str) -> bool:
        """Forget a selection; whether there was one.

        Raises:
            StorageError: that cannot be kept.
        """
        return bool(self._book.write("DELETE FROM selections WHERE id = ?", (selection_id,)))

    def _shown(self, catalogue: Catalogue, selection_id: str) -> Rows:
        picked = self.picked(selection_id)
        rows = np.zeros(0, np.int64) if picked is None else picked.rows(catalogue)
        return rows[rows >= 0]


def as_file(selection: Selection, kind: str) -> bytes:
    """The file that `facewright export --select` reads. kind: json, csv or txt."""
    with tempfile.TemporaryDirectory(prefix="facewright-") as folder:
        path = Path(folder) / f"selection.{kind}"
        selection.save(path)
        return path.read_bytes()
