"""What a layout is given to write: faces in order, their photos, pictures and the options."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Literal, TypeVar

from facewright.record import Photo, Record
from facewright.steps import OnStep, unwatched
from facewright.store.dataset import Dataset
from facewright.store.image import EncodedImage
from facewright.store.jsonrecord import record_rows

_BATCH = 256
_TOGETHER = 8  # what a thread is given at once: handing over costs as much as a small picture
_AHEAD = 2  # such lots for each thread

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How faces are written; a layout takes what means something to it.

    Attributes:
        crop: alignment and size of the pictures ("ffhq:1024"); None for the main ones.
        size: side in pixels to resize pictures to; None leaves them as they are.
        resample: filter for that.
        labels: dotted names of record columns, or "camera", for layouts with labels.
        mirror: write each picture mirrored too, where the layout knows such pairs.
        mixed: pictures that are not RGB: made RGB, or left out and named.
    """

    crop: str | None = None
    size: int | None = None
    resample: Literal["lanczos", "box"] = "lanczos"
    labels: tuple[str, ...] = ()
    mirror: bool = False
    mixed: Literal["convert", "skip"] = "convert"


@dataclass
class Export:
    """Faces on their way into a layout.

    Attributes:
        dataset: the faces, in order, repeats included.
        options: how they are written.
        left_out: faces that were not written, by reason; layouts add to it.
        on_step: told how many faces are written.
    """

    dataset: Dataset
    options: ExportOptions = ExportOptions()
    on_step: OnStep = unwatched

    def __post_init__(self) -> None:
        self.left_out: list[tuple[str, str]] = []

    def __len__(self) -> int:
        return len(self.dataset)

    @property
    def is_whole(self) -> bool:
        """Whether all faces of the dataset are written, so that photos without faces belong."""
        return len(self.dataset) == len(Dataset.open(self.dataset.root))

    def rows(self, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
        """Records as plain data, floats rounded as defined.

        Args:
            columns: top-level columns; None for all but the long ones.
        """
        source = self.dataset
        table = source.faces.arrow if columns is None else source.table(columns)
        for start in range(0, len(table), _BATCH):
            yield from record_rows(table.slice(start, _BATCH), Record)

    @cached_property
    def photos(self) -> dict[str, dict[str, Any]]:
        """Rows of the photo table, as plain data, by photo id."""
        rows = record_rows(self.dataset.photos.arrow, Photo)
        return {row["photo_id"]: row for row in rows}

    def picture(self, face_id: str) -> EncodedImage:
        """The chosen crop of a face, as it is stored.

        Raises:
            UsageError: the face has no such crop.
        """
        return self.dataset.image(face_id, self.options.crop)

    def in_order(self, make: Callable[[Given], Made], items: Iterable[Given]) -> Iterator[Made]:
        """Map what is one for each face, in a thread a core, some ahead, results in order.

        Decoding, resizing and encoding run outside of Python's lock.
        """
        for done, made in enumerate(self._in_order(make, items)):
            if done % _TOGETHER == 0:
                self.written(done)
            yield made
        self.written(len(self))

    def written(self, faces: int) -> None:
        """Tell how many faces are written."""
        self.on_step("writing faces", faces, len(self))

    def _in_order(self, make: Callable[[Given], Made], items: Iterable[Given]) -> Iterator[Made]:
        def make_all(lot: tuple[Given, ...]) -> list[Made]:
            return [make(item) for item in lot]

        threads = os.cpu_count() or 1
        given = iter(items)
        lots = iter(lambda: tuple(islice(given, _TOGETHER)), ())
        with ThreadPoolExecutor(threads) as pool:
            waiting: deque[Future[list[Made]]] = deque()
            try:
                for lot in lots:
                    waiting.append(pool.submit(make_all, lot))
                    if len(waiting) > _AHEAD * threads:
                        yield from waiting.popleft().result()
                while waiting:
                    yield from waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()
