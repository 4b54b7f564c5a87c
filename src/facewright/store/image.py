"""One encoded crop: a file's content that knows how to become pixels."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image


class EncodedImage:
    """A crop's file content (PNG, JPEG or WebP) where it lies in its shard; nothing is copied.

    `bytes(image)` copies the content, `save(path)` writes it; `numpy()` gives uint8 (H, W, 3)
    RGB, `pil()` a PIL image; notebooks show it as a picture. From Python 3.12 on it is itself a
    buffer, as its `data` is everywhere.

    data: the content, read-only. It keeps the shard's mapping open.
    """

    __slots__ = ("data",)

    def __init__(self, data: memoryview | bytes) -> None:
        self.data = memoryview(data).toreadonly()

    def __len__(self) -> int:
        return len(self.data)

    def __bytes__(self) -> bytes:
        return bytes(self.data)

    def __buffer__(self, flags: int) -> memoryview:
        return self.data

    def __eq__(self, other: object) -> bool:
        if isinstance(other, EncodedImage):
            return self.data == other.data
        return self.data == other if isinstance(other, bytes | memoryview) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.data)

    def __reduce__(self) -> tuple[type[EncodedImage], tuple[bytes]]:
        return (EncodedImage, (bytes(self),))

    def save(self, path: str | Path) -> None:
        """Write the content to a file as it is; the name's ending is yours to choose."""
        Path(path).write_bytes(self.data)

    def pil(self) -> Image.Image:
        """Decode to a PIL image in RGB."""
        return Image.open(io.BytesIO(self.data)).convert("RGB")

    def numpy(self) -> NDArray[np.uint8]:
        """Decode to uint8 (H, W, 3), RGB."""
        return np.asarray(self.pil())

    def _repr_png_(self) -> bytes | None:
        return bytes(self) if bytes(self.data[:4]) == b"\x89PNG" else None

    def _repr_jpeg_(self) -> bytes | None:
        return bytes(self) if bytes(self.data[:2]) == b"\xff\xd8" else None

    def __repr__(self) -> str:
        return f"<EncodedImage of {len(self)} bytes>"
