"""Nearest pairs as a picture: synthetic left, reference right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from facewright.analyse.cells import fitted, in_threads
from facewright.analyse.heading import Heading, draw_heading
from facewright.analyse.lettering import SEPARATOR, drawable, font, shortened
from facewright.analyse.marks import DROPPED
from facewright.analyse.paper import BACKGROUND, TEXT, picture_encoder
from facewright.analyse.picked import picture_of
from facewright.errors import UsageError
from facewright.generate.memorised_report import MemorisedReport, Pair
from facewright.store.atomic import write_atomic
from facewright.store.dataset import Dataset

MOST = 200
_ACROSS: Final = 3
_CELL, _GAP, _MARGIN, _HEADING, _CAPTION = 160, 12, 24, 76, 46


def write_pair_sheet(
    synthetic: Dataset,
    reference: Dataset,
    report: MemorisedReport,
    path: str | Path,
    *,
    limit: int = 24,
) -> int:
    """Write a picture of the nearest pairs; those too near are framed.

    Args:
        synthetic: of the report.
        reference: of the report.
        report: what to show.
        path: file to write: .jpg, .jpeg, .png or .webp.
        limit: pairs shown at most, 1..`MOST`.

    Returns:
        How many pairs it shows.

    Raises:
        UsageError: another extension or limit.
        DatasetError: a shard is missing or broken.
        StorageError: the file cannot be written.
    """
    place = Path(path)
    encode = picture_encoder(place)
    if not 1 <= limit <= MOST:
        raise UsageError(f"a sheet shows 1 to {MOST} pairs, not {limit}")
    pairs = report.pairs[:limit]
    left = _cells(synthetic, [pair.face_id for pair in pairs])
    right = _cells(reference, [pair.reference_id for pair in pairs])
    write_atomic(place, encode(_drawn(report, pairs, list(zip(left, right, strict=True)))))
    return len(pairs)


def _cells(dataset: Dataset, face_ids: Sequence[str]) -> list[NDArray[np.uint8]]:
    images = [picture_of(dataset, face_id) for face_id in face_ids]
    return in_threads(lambda image: fitted(image, _CELL), images)


def _drawn(
    report: MemorisedReport,
    pairs: Sequence[Pair],
    pictures: Sequence[tuple[NDArray[np.uint8], NDArray[np.uint8]]],
) -> NDArray[np.uint8]:
    wide, high = 2 * _CELL + 2 * _GAP, _CELL + _CAPTION + _GAP
    lines = max(-(-len(pairs) // _ACROSS), 1)
    width = 2 * _MARGIN + _ACROSS * wide - 2 * _GAP
    sheet = Image.new("RGB", (width, 2 * _MARGIN + _HEADING + lines * high), BACKGROUND)
    pen = ImageDraw.Draw(sheet)
    title = f"{report.synthetic} (left) and what it is nearest to in {report.reference} (right)"
    facts = (
        f"{len(pairs)} nearest of {report.faces:,} faces",
        f"{len(report.near_ids):,} too near, framed",
        "look-alikes among them",
    )
    draw_heading(pen, Heading(title, facts), _MARGIN, width)
    for number, (pair, both) in enumerate(zip(pairs, pictures, strict=True)):
        line, column = divmod(number, _ACROSS)
        place = _MARGIN + column * wide, _MARGIN + _HEADING + line * high
        _draw_pair(sheet, pen, pair, both, place)
    return np.asarray(sheet)


def _draw_pair(
    sheet: Image.Image,
    pen: ImageDraw.ImageDraw,
    pair: Pair,
    pictures: tuple[NDArray[np.uint8], NDArray[np.uint8]],
    place: tuple[int, int],
) -> None:
    left, top = place
    for side, (picture, name) in enumerate(
        zip(pictures, (pair.face_id, pair.reference_id), strict=True)
    ):
        corner = left + side * _CELL, top
        sheet.paste(Image.fromarray(picture), corner)
        told = shortened(drawable(name), _CELL - 4, font(13))
        pen.text((corner[0], top + _CELL + 4), told, TEXT, font(13))
    if pair.too_near:
        box = (left, top, left + 2 * _CELL - 1, top + _CELL - 1)
        pen.rectangle(box, outline=DROPPED, width=4)
    pen.text((left, top + _CELL + 22), _how(pair), TEXT, font(13))


def _how(pair: Pair) -> str:
    parts = [] if pair.cosine is None else [f"cosine {pair.cosine:.2f}"]
    return SEPARATOR.join([*parts, *([] if pair.bits is None else [f"{pair.bits} bits"])])
