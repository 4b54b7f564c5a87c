"""Clusters of duplicates as a picture: a row a cluster, the best face first and framed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from facewright.analyse.cells import fitted, in_threads
from facewright.analyse.heading import Heading, draw_heading
from facewright.analyse.lettering import SEPARATOR, drawable, font, shortened
from facewright.analyse.marks import KEPT
from facewright.analyse.paper import BACKGROUND, FAINT, TEXT, TITLE, picture_encoder
from facewright.analyse.picked import picture_of
from facewright.duplicates.report import Cluster, DuplicateReport, Member
from facewright.errors import UsageError
from facewright.store.atomic import write_atomic
from facewright.store.dataset import Dataset

MOST_ROWS = 200
_ACROSS: Final = 8
_CELL, _GAP, _MARGIN, _HEADING = 192, 12, 24, 76
_TITLE_LINE, _CAPTION = 30, 46
_FRAME: Final = 4
_ROW: Final = _TITLE_LINE + _CELL + _CAPTION + 2 * _GAP
_KINDS: Final = {
    "bytes": "same file",
    "pixels": "same pixels",
    "near": "near",
    "same_face": "same face",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One cluster's row: what stands above it, its members that are shown, their pictures."""

    title: str
    members: Sequence[Member]
    pictures: Sequence[NDArray[np.uint8]]


def write_duplicate_sheet(
    datasets: Sequence[Dataset], report: DuplicateReport, path: str | Path, *, limit: int = 24
) -> int:
    """Write a picture of the largest clusters, copies before people.

    Args:
        datasets: of the report, in its order.
        report: what to show.
        path: file to write: .jpg, .jpeg, .png or .webp.
        limit: clusters shown at most, 1..`MOST_ROWS`; people get at least half of the rows that
            they can fill.

    Returns:
        How many clusters it shows.

    Raises:
        UsageError: another extension or limit.
        DatasetError: a shard is missing or broken.
        StorageError: the file cannot be written.
    """
    place = Path(path)
    encode = picture_encoder(place)
    if not 1 <= limit <= MOST_ROWS:
        raise UsageError(f"a sheet shows 1 to {MOST_ROWS} clusters, not {limit}")
    people = report.people[: max(limit // 2, limit - len(report.copies))]
    clusters = [*report.copies[: limit - len(people)], *people]
    rows = [_row(datasets, report, cluster) for cluster in clusters]
    of_all = f"{len(rows)} of {len(report.copies) + len(report.people)} clusters"
    facts = (of_all, f"{report.faces:,} faces compared", "framed: the best, which is kept")
    heading = Heading(" and ".join(report.datasets), facts)
    write_atomic(place, encode(_drawn(heading, rows)))
    return len(rows)


def _row(datasets: Sequence[Dataset], report: DuplicateReport, cluster: Cluster) -> _Row:
    shown = cluster.members[:_ACROSS]
    more = len(cluster.members) - len(shown)
    title = f"{len(cluster.members)} faces{SEPARATOR}{_KINDS[cluster.kind]}"
    title += f"{SEPARATOR}{more} more not shown" if more else ""
    if len(report.datasets) > 1:
        names = dict.fromkeys(report.datasets[member.dataset] for member in cluster.members)
        title += f"{SEPARATOR}in {', '.join(names)}"
    images = [picture_of(datasets[member.dataset], member.face_id) for member in shown]
    return _Row(title, shown, in_threads(lambda image: fitted(image, _CELL), images))


def _drawn(heading: Heading, rows: Sequence[_Row]) -> NDArray[np.uint8]:
    across = max((len(row.members) for row in rows), default=1)
    width = max(2 * _MARGIN + across * (_CELL + _GAP) - _GAP, 720)
    height = 2 * _MARGIN + _HEADING + max(len(rows), 1) * _ROW - _GAP
    sheet = Image.new("RGB", (width, height), BACKGROUND)
    pen = ImageDraw.Draw(sheet)
    draw_heading(pen, heading, _MARGIN, width)
    for number, row in enumerate(rows):
        _draw_row(sheet, pen, row, _MARGIN + _HEADING + number * _ROW)
    if not rows:
        middle = (width / 2, _MARGIN + _HEADING + _ROW / 2)
        pen.text(middle, "no duplicates were found", TEXT, font(24), anchor="mm")
    return np.asarray(sheet)


def _draw_row(sheet: Image.Image, pen: ImageDraw.ImageDraw, row: _Row, top: int) -> None:
    room = sheet.width - 2 * _MARGIN
    pen.line((_MARGIN, top - 6, sheet.width - _MARGIN, top - 6), (52, 56, 64))
    pen.text((_MARGIN, top), shortened(drawable(row.title), room, font(16)), TITLE, font(16))
    for number, (member, picture) in enumerate(zip(row.members, row.pictures, strict=True)):
        left, upper = _MARGIN + number * (_CELL + _GAP), top + _TITLE_LINE
        sheet.paste(Image.fromarray(picture), (left, upper))
        if number == 0:
            corner = (left + _CELL - 1, upper + _CELL - 1)
            pen.rectangle((left, upper, *corner), outline=KEPT, width=_FRAME)
        name = shortened(drawable(member.face_id), _CELL, font(13))
        pen.text((left, upper + _CELL + 4), name, TEXT, font(13))
        how = shortened(_how(member), _CELL, font(13))
        pen.text((left, upper + _CELL + 22), how, FAINT if number else KEPT, font(13))


def _how(member: Member) -> str:
    """How a member is the same as the best, short enough for its cell."""
    if member.kind is None:
        return "best"
    parts = [_KINDS[member.kind]]
    if member.bits is not None and member.kind == "near":
        bits = f"{member.bits} bit" + "s" * (member.bits != 1)
        parts.append(bits + " mirrored" * member.mirrored)
    if member.cosine is not None:
        parts.append(f"cos {member.cosine:.2f}".replace("0.", "."))
    return ", ".join(parts)
