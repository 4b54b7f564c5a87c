"""Contact sheet: many faces at a glance, with what was found in each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from facewright.analyse.cells import Cell
from facewright.analyse.crop_cells import crop_cells
from facewright.analyse.grid import Grid, grid_for
from facewright.analyse.heading import Heading, draw_heading
from facewright.analyse.lettering import drawable, font, packed, shortened
from facewright.analyse.marks import DROPPED, KEPT
from facewright.analyse.paper import BACKGROUND, FAINT, TEXT, TITLE, picture_encoder
from facewright.analyse.photo_cells import photo_cells, photos_of
from facewright.analyse.picked import MARK_COLUMNS, evenly, pick
from facewright.errors import UsageError
from facewright.store.atomic import write_atomic
from facewright.store.dataset import Dataset

MOST_CELLS = 2500
NOTICE = "Attributes are apparent and estimated, never facts. A question mark: not sure."


def write_sheet(
    dataset: Dataset, path: str | Path, *, limit: int = 64, photos: bool = False
) -> int:
    """Write a picture of a dataset's faces, evenly spread over it where there are many.

    Args:
        dataset: the faces, or a part of them.
        path: file to write: .jpg, .jpeg, .png or .webp.
        limit: pictures shown at most, 1..`MOST_CELLS`.
        photos: show the source photographs, with all their faces marked, instead of crops.

    Returns:
        How many of the dataset's faces it shows.

    Raises:
        UsageError: another extension or limit.
        DatasetError: a shard is missing or broken.
        SourceError: the photographs are no longer at their place.
        StorageError: the file cannot be written.
    """
    place = Path(path)
    encode = picture_encoder(place)
    if not 1 <= limit <= MOST_CELLS:
        raise UsageError(f"a sheet shows 1 to {MOST_CELLS} pictures, not {limit}")
    heading, grid, cells = (_photos if photos else _crops)(dataset, limit)
    write_atomic(place, encode(drawn(heading, grid, cells)))
    return sum(cell.faces for cell in cells)


def _crops(dataset: Dataset, limit: int) -> tuple[Heading, Grid, list[Cell]]:
    faces = pick(dataset, limit, MARK_COLUMNS)
    grid = grid_for(len(faces))
    main = next(iter(dataset.manifest.recipe.crops), "none")
    shown = f"{len(faces):,} of {len(dataset):,} faces"
    heading = Heading(_name(dataset), (shown, f"crop {main}"))
    return heading, grid, crop_cells(dataset, faces, grid.cell)


def _photos(dataset: Dataset, limit: int) -> tuple[Heading, Grid, list[Cell]]:
    photos = photos_of(dataset)
    rows = photos.take(evenly(len(photos), limit)).to_pylist()
    grid = grid_for(len(rows))
    cells = photo_cells(dataset, rows, grid.cell) if rows else []
    faces = sum(cell.faces for cell in cells)
    facts = (f"{len(cells):,} of {len(photos):,} photos", f"{faces:,} of {len(dataset):,} faces")
    return Heading(_name(dataset), facts), grid, cells


def _name(dataset: Dataset) -> str:
    return dataset.root.resolve().name


def drawn(heading: Heading, grid: Grid, cells: Sequence[Cell]) -> NDArray[np.uint8]:
    """The sheet as pixels, uint8 (H, W, 3), RGB."""
    pixels = np.full((grid.height, grid.width, 3), BACKGROUND, np.uint8)
    for number, cell in enumerate(cells):
        left, top = grid.place(number)
        pixels[top : top + grid.cell, left : left + grid.cell] = cell.picture
    sheet = Image.fromarray(pixels)
    pen = ImageDraw.Draw(sheet)
    draw_heading(pen, heading, grid.margin, grid.width)
    _write_notice(pen, grid)
    for number, cell in enumerate(cells):
        _write_caption(pen, cell, grid, grid.place(number))
        _write_tags(pen, cell, grid, grid.place(number))
    if not cells:
        middle = (grid.width / 2, grid.margin + grid.heading + grid.cell / 2)
        pen.text(middle, "no faces to show", TEXT, font(24), anchor="mm")
    return np.asarray(sheet)


def _write_notice(pen: ImageDraw.ImageDraw, grid: Grid) -> None:
    notice = shortened(NOTICE, grid.width - 2 * grid.margin, font(15))
    pen.text((grid.margin, grid.height - grid.margin), notice, FAINT, font(15), "ls")


def _write_caption(
    pen: ImageDraw.ImageDraw, cell: Cell, grid: Grid, place: tuple[int, int]
) -> None:
    letters = font(grid.text)
    left, top = place[0], place[1] + grid.cell + 5
    pen.text((left, top), shortened(drawable(cell.title), grid.cell, letters), TITLE, letters)
    traits = [drawable(trait) for trait in cell.traits]
    for number, line in enumerate(packed(traits, grid.cell, grid.lines - 1, letters), start=1):
        pen.text((left, top + number * grid.line), line, TEXT, letters)


def _write_tags(pen: ImageDraw.ImageDraw, cell: Cell, grid: Grid, place: tuple[int, int]) -> None:
    """Numbers at the boxes' upper left corners, kept inside of the picture."""
    letters = font(max(grid.text - 2, 9))
    for tag in cell.tags:
        left, top, right, bottom = pen.textbbox((0, 0), tag.text, letters)
        width, height = right - left + 6, bottom - top + 6
        at_x = place[0] + min(max(tag.x, 0), grid.cell - width)
        at_y = place[1] + min(max(tag.y - height, 0), grid.cell - height)
        colour = KEPT if tag.kept else DROPPED
        pen.rectangle((at_x, at_y, at_x + width - 1, at_y + height - 1), fill=colour)
        pen.text((at_x + 3 - left, at_y + 3 - top), tag.text, (0, 0, 0), letters)
