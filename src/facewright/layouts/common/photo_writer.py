"""What writers of layouts that hold the photographs beside the crops share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from facewright.layouts.common.originals import Originals
from facewright.layouts.common.pngs import Png, upright_png
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.sink import Sink


class PhotoWriter:
    """Writes one export.

    Args:
        export: the faces.
        sink: where the files go.
    """

    def __init__(self, export: Export, sink: Sink) -> None:
        self._export = export
        self._sink = sink
        self._originals = Originals(export.dataset)

    def _left_out(self, row: Mapping[str, Any], why: str) -> str:
        """Note that a face is not written; the name that it has in the layout: none."""
        self._export.left_out.append((row["face_id"], why))
        return ""

    def _upright(self, photo: Mapping[str, Any], crops: Iterable[bytes]) -> Png:
        """A face's photo as an upright PNG.

        Raises:
            PhotoError: it cannot be had, or is one of the crops.
        """
        return upright_png(self._originals.read(photo, crops), photo["orientation"])
