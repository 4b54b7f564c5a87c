"""A dataset's crops as a `torch.utils.data.Dataset` (extra `torch`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from facewright.errors import UsageError
from facewright.extras import not_installed
from facewright.store.image import EncodedImage

try:
    import torch
    from torch.utils.data import Dataset as TorchDataset
except ImportError as error:  # said when it is asked for, with the line that installs it
    raise not_installed("PyTorch", "torch") from error


class Pictures(Protocol):
    """What is needed of a dataset: ids, tables, encoded crops."""

    @property
    def face_ids(self) -> list[str]:
        """Ids of the faces, in order."""
        ...

    def table(self, columns: Sequence[str]) -> pa.Table:
        """Arrow table of some columns, a row a face."""
        ...

    def image(self, face_id: str, crop: str | None) -> EncodedImage:
        """One crop of a face."""
        ...


class TorchFaces(TorchDataset[Any]):
    """Samples of crops, and labels where asked for.

    Opens its own files in each DataLoader worker. A null is NaN among numbers and
    booleans (which are then floats) and "" among texts.

    Args:
        dataset: the faces.
        crop: alignment; None for the main one.
        transform: takes the uint8 (H, W, 3) RGB array; None gives a uint8 (3, H, W) tensor.
        labels: dotted names of record columns.
    """

    def __init__(
        self,
        dataset: Pictures,
        crop: str | None,
        transform: Callable[[Any], Any] | None,
        labels: tuple[str, ...],
    ) -> None:
        self._dataset = dataset
        self._crop = crop
        self._transform = transform
        self._ids = dataset.face_ids
        self._labels = {name: _column(dataset, name) for name in labels}

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, index: int) -> Any:
        pixels = self._dataset.image(self._ids[index], self._crop).numpy()
        if self._transform is not None:
            picture = self._transform(pixels)
        else:
            picture = torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))
        if not self._labels:
            return picture
        return picture, {name: values[index] for name, values in self._labels.items()}


def _column(dataset: Pictures, name: str) -> list[Any]:
    top, *rest = name.split(".")
    column = dataset.table([top]).column(top).combine_chunks()
    for field in rest:
        if not pa.types.is_struct(column.type) or column.type.get_field_index(field) < 0:
            raise UsageError(f"no column '{name}': '{top}' has no such field")
        column = column.field(field)
    if pa.types.is_string(column.type):
        column = column.fill_null("")
    elif column.null_count and not pa.types.is_nested(column.type):
        column = column.cast(pa.float64()).fill_null(float("nan"))
    values: list[Any] = column.to_pylist()
    return values
