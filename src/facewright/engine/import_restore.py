"""What the sidecar of an export knows of a layout's items, chunk by chunk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from facewright.engine.import_chunk import ImportJob
from facewright.engine.import_rows import ImportSettings
from facewright.layouts.seam.items import PhotoItem
from facewright.layouts.seam.sidecar import Sidecar


class Restorer:
    """Hands each chunk the sidecar's rows for its faces, and for photos that are new with it.

    Items are to come in their order: an export makes a picture of each face, so faces of one
    photo come back as several items, and one that was selected twice as two faces of one id. The
    photo then gets one row, and the repeated face the id "<id>~2".

    Args:
        kept: the sidecar, or None where there is none to be used.
        settings: of the import.
    """

    def __init__(self, kept: Sidecar | None, settings: ImportSettings) -> None:
        self._kept = kept
        self._settings = settings
        self._photos: set[str] = set()
        self._faces: Counter[str] = Counter()

    def job(self, number: int, items: Sequence[PhotoItem]) -> ImportJob:
        """The next chunk."""
        kept = self._kept
        if kept is None:
            return ImportJob(number, self._settings, items, [True] * len(items))
        faces: list[int] = []
        photos: list[int] = []
        new = []
        restored = []
        for item in items:
            found = [kept.rows.get(face.name) for face in item.faces]
            rows = [row for row in found if row is not None]
            photo_id = kept.photo_ids[rows[0]] if rows else item.photo_id
            new.append(photo_id not in self._photos)
            if rows and photo_id not in self._photos and photo_id in kept.photo_rows:
                photos.append(kept.photo_rows[photo_id])
            self._photos.add(photo_id)
            faces += rows
            restored.append(replace(item, photo_id=photo_id))
        return ImportJob(
            number,
            self._settings,
            restored,
            new,
            self._rows(kept, faces),
            kept.photos.take(pa.array(photos, pa.int64())),
        )

    def _rows(self, kept: Sidecar, rows: list[int]) -> pa.Table:
        """Rows of the sidecar's faces, with ids that are unique in the new dataset."""
        table = kept.faces.take(pa.array(rows, pa.int64()))
        ids = []
        for face_id in table.column("face_id").to_pylist():
            self._faces[face_id] += 1
            number = self._faces[face_id]
            ids.append(face_id if number == 1 else f"{face_id}~{number}")
        at = table.schema.get_field_index("face_id")
        return table.set_column(at, table.schema.field(at), pa.array(ids, pa.string()))
