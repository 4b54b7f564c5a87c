"""Labels by hand: what somebody saw wins over what was estimated, and keeps who and when.

Nothing is overwritten: a label that is changed or taken back stays in the book. What holds can be
had as an audit, a CSV that `facewright analyse --audit` reads.
"""

from __future__ import annotations

from typing import Any, Final

from facewright.server.notes.audit import Said, as_audit
from facewright.server.notes.book import Book
from facewright.server.notes.flags import now
from facewright.server.notes.place import Place

_COLUMNS: Final = 'attribute, value, who, "when"'
_NEWEST: Final = (
    'SELECT dataset, face_id, attribute, value, taken_back, who, "when" FROM labels'
    " WHERE n IN (SELECT max(n) FROM labels GROUP BY dataset, face_id, attribute)"
    " AND NOT taken_back"
)


class Labels:
    """Labels of all datasets.

    Args:
        book: where they are kept.
    """

    def __init__(self, book: Book) -> None:
        self._book = book

    def set(self, place: Place, attribute: str, value: str | None, who: str) -> dict[str, Any]:
        """Say what a face is. value: a level's key; None: nobody can tell.

        Returns:
            The label: attribute, value, who, when.

        Raises:
            StorageError: it cannot be kept.
        """
        label = {"attribute": attribute, "value": value, "who": who, "when": now()}
        self._keep(place, label, taken_back=False)
        return label

    def take_back(self, place: Place, attribute: str, who: str) -> bool:
        """Let the estimate hold again; whether there was a label.

        Raises:
            StorageError: that cannot be kept.
        """
        if not any(each["attribute"] == attribute for each in self.of(place)):
            return False
        label = {"attribute": attribute, "value": None, "who": who, "when": now()}
        self._keep(place, label, taken_back=True)
        return True

    def of(self, place: Place) -> list[dict[str, Any]]:
        """Labels of a face that hold."""
        return self._book.rows(
            f"SELECT {_COLUMNS} FROM ({_NEWEST}) WHERE dataset = ? AND face_id = ?"  # noqa: S608
            " ORDER BY attribute",
            (place.dataset, place.face_id),
        )

    def held(self) -> list[dict[str, Any]]:
        """All labels that hold, of all datasets."""
        return self._book.rows(f"{_NEWEST} ORDER BY n")

    def version(self) -> str:
        """Changes when any label does."""
        return str(self._book.rows("SELECT coalesce(max(n), 0) AS n FROM labels")[0]["n"])

    def of_dataset(self, dataset: str) -> list[Said]:
        """Labels of a dataset that hold, oldest first."""
        told = (each for each in self.held() if each["dataset"] == dataset)
        return [
            Said(each["face_id"], each["attribute"], each["value"], each["who"], each["when"])
            for each in told
        ]

    def audit(self, dataset: str) -> bytes:
        """Labels of a dataset as `as_audit` writes them."""
        return as_audit(self.of_dataset(dataset))

    def _keep(self, place: Place, label: dict[str, Any], *, taken_back: bool) -> None:
        self._book.write(
            'INSERT INTO labels (dataset, face_id, attribute, value, who, "when", taken_back)'
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (place.dataset, place.face_id, *label.values(), taken_back),
        )
