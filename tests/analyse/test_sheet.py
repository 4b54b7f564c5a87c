from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facewright.analyse.grid import grid_for
from facewright.analyse.marks import DOT, KEPT, crop_map, landmark_points, mapped
from facewright.analyse.paper import BACKGROUND
from facewright.analyse.sheet import MOST_CELLS, write_sheet
from facewright.errors import SourceError, StorageError, UsageError
from facewright.store.dataset import Dataset


def read(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


def test_each_face_has_a_cell_with_its_crop(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    assert write_sheet(dataset, path) == len(dataset) == 6
    sheet, grid = read(path), grid_for(6)
    assert sheet.shape == (grid.height, grid.width, 3)
    for number, face_id in enumerate(dataset.face_ids):
        left, top = grid.place(number)
        cell = sheet[top : top + grid.cell, left : left + grid.cell]
        crop = dataset.image(face_id).pil().resize((grid.cell, grid.cell), Image.Resampling.BICUBIC)
        difference = np.abs(cell - np.asarray(crop).astype(int)).mean(axis=2)
        assert np.median(difference) < 3
    assert (sheet[:5] == BACKGROUND).all()


def test_landmark_dots_land_on_the_mapped_positions(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "one.png"
    write_sheet(dataset.select(["astronaut_01"]), path)
    sheet, grid = read(path), grid_for(1)
    record = dataset.record("astronaut_01")
    points = mapped(
        landmark_points(record["landmarks"]), crop_map(record["crops"][0]["quad"], grid.cell)
    )
    assert points.shape == (68, 2)
    left, top = grid.place(0)
    at = np.round(points).astype(int) + np.array([left, top])
    colours = sheet[at[:, 1], at[:, 0]]
    assert np.abs(colours - DOT).max(axis=1).max() < 40
    # The eyes of a level crop: the picture's left one, 36..41, is the subject's right.
    assert points[36:42, 0].mean() < grid.cell / 2 < points[42:48, 0].mean()


def test_captions_are_written_below_the_cells(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    write_sheet(dataset, path)
    sheet, grid = read(path), grid_for(6)
    for number in range(6):
        left, top = grid.place(number)
        caption = sheet[top + grid.cell : top + grid.cell + grid.caption, left : left + grid.cell]
        assert (caption.min(axis=2) > 150).sum() > 40
    footer = sheet[-grid.margin - 15 : -grid.margin + 4]
    assert (footer.min(axis=2) > 120).sum() > 100


@pytest.mark.parametrize("name", ["sheet.jpg", "sheet.JPEG", "sheet.png", "sheet.webp"])
def test_format_follows_the_extension(dataset: Dataset, tmp_path: Path, name: str) -> None:
    write_sheet(dataset, tmp_path / name, limit=2)
    with Image.open(tmp_path / name) as picture:
        expected = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
        assert picture.format == expected[name.rpartition(".")[2].lower()]


@pytest.mark.parametrize("name", ["sheet.gif", "sheet", "sheet.jpg.txt"])
def test_other_extensions_are_refused(dataset: Dataset, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"\.jpg, \.png or \.webp"):
        write_sheet(dataset, tmp_path / name)
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("limit", [0, -1, MOST_CELLS + 1])
def test_other_limits_are_refused(dataset: Dataset, tmp_path: Path, limit: int) -> None:
    with pytest.raises(UsageError, match="1 to 2500"):
        write_sheet(dataset, tmp_path / "a.jpg", limit=limit)


def test_a_sheet_of_nothing_says_so(
    dataset: Dataset, empty_dataset: Dataset, tmp_path: Path
) -> None:
    for number, nothing in enumerate((dataset.where("false"), empty_dataset)):
        for photos in (False, True):
            path = tmp_path / f"{number}{photos}.png"
            assert write_sheet(nothing, path, photos=photos) == 0
            sheet, grid = read(path), grid_for(0)
            middle = grid.margin + grid.heading + grid.cell // 2
            assert (sheet[middle - 15 : middle + 15].min(axis=2) > 150).sum() > 50


def test_limit_and_a_thousand_faces(dataset: Dataset, tmp_path: Path) -> None:
    many = dataset.select((dataset.face_ids * 200)[:1000])
    assert write_sheet(many, tmp_path / "a.jpg", limit=100) == 100
    with Image.open(tmp_path / "a.jpg") as picture:
        grid = grid_for(100)
        assert picture.size == (grid.width, grid.height)


def test_dropped_faces_show_why(dataset_root: Path, tmp_path: Path) -> None:
    whole = Dataset.open(dataset_root, dropped=True)
    assert write_sheet(whole, tmp_path / "a.png") == len(whole) == 7


def test_photos_with_boxes_and_excluded_ones(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "photos.png"
    assert write_sheet(dataset, path, photos=True) == 6
    sheet, grid = read(path), grid_for(5)
    assert sheet.shape[:2] == (grid.height, grid.width)
    rectangle = dataset.record("astronaut_01")["rectangle"]
    scale = grid.cell / 512  # the astronaut is 512 x 512
    left, top = grid.place(0)
    x = left + round((rectangle["left"]) * scale - 0.5)
    y = top + round((rectangle["top"] + rectangle["height"] / 2) * scale)
    line = sheet[y - 2 : y + 3, x - 2 : x + 3].reshape(-1, 3)
    assert np.abs(line - KEPT).max(axis=1).min() < 90


def test_photos_of_a_part_are_those_of_its_faces(dataset: Dataset, tmp_path: Path) -> None:
    part = dataset.where("face_id = 'group_02'")  # of a photo with five faces
    assert write_sheet(part, tmp_path / "a.png", photos=True) == 1
    assert read(tmp_path / "a.png").shape[1] == grid_for(1).width


def test_photos_that_are_gone_are_an_error_that_names_the_place(
    dataset: Dataset, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    dataset.manifest = dataset.manifest.model_copy(update={"source_path": str(gone)})
    with pytest.raises(SourceError, match="gone"):
        write_sheet(dataset, tmp_path / "a.jpg", photos=True)


def test_a_single_photo_that_is_gone_leaves_a_blank_cell(dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    dataset.manifest = dataset.manifest.model_copy(update={"source_path": str(tmp_path)})
    assert write_sheet(dataset, tmp_path / "a.jpg", photos=True) == 0


def test_a_place_that_cannot_be_written(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        write_sheet(dataset, tmp_path / "no" / "folder" / "a.jpg", limit=1)
