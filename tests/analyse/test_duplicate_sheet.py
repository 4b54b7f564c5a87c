from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facewright.analyse.duplicate_sheet import MOST_ROWS, write_duplicate_sheet
from facewright.analyse.marks import KEPT
from facewright.duplicates.report import Cluster, DuplicateReport, Member
from facewright.duplicates.settings import DuplicateSettings
from facewright.errors import UsageError
from facewright.store.dataset import Dataset


def read(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def report_of(dataset: Dataset, *sizes: int) -> DuplicateReport:
    ids = dataset.face_ids
    clusters = [
        Cluster("near", (Member(0, ids[0]), *(Member(0, i, "near", 3) for i in ids[1:size])))
        for size in sizes
    ]
    compared = {"bytes": 0, "pixels": 0, "near": len(ids), "same_face": 0}
    settings = DuplicateSettings()
    return DuplicateReport(("set",), settings, compared, tuple(clusters), (), (tuple(ids),))


def test_a_row_a_cluster_with_the_best_framed(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    assert write_duplicate_sheet([dataset], report_of(dataset, 4, 2), path) == 2
    pixels = read(path)
    framed = (pixels == KEPT).all(axis=2)
    columns, rows = np.flatnonzero(framed.sum(axis=0) > 150), framed.sum(axis=1)
    assert columns.max() < pixels.shape[1] / 3
    assert (rows > 150).sum() == 2 * 2 * 4  # two frames of four pixels, above and below


def test_limit_and_nothing_to_show(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "sheet.jpg"
    assert write_duplicate_sheet([dataset], report_of(dataset, 3, 2, 2), path, limit=2) == 2
    assert write_duplicate_sheet([dataset], report_of(dataset), path) == 0
    assert read(path).max() > 150  # it says so


def test_faces_without_a_crop_are_blank(dataset_root: Path, tmp_path: Path) -> None:
    whole = Dataset.open(dataset_root, dropped=True)
    assert write_duplicate_sheet([whole], report_of(whole, 7), tmp_path / "sheet.webp") == 1


@pytest.mark.parametrize("name", ["sheet.gif", "sheet"])
def test_other_extensions(dataset: Dataset, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"\.jpg, \.png or \.webp"):
        write_duplicate_sheet([dataset], report_of(dataset, 2), tmp_path / name)


@pytest.mark.parametrize("limit", [0, MOST_ROWS + 1])
def test_other_limits(dataset: Dataset, tmp_path: Path, limit: int) -> None:
    with pytest.raises(UsageError, match="1 to 200"):
        write_duplicate_sheet([dataset], report_of(dataset, 2), tmp_path / "a.png", limit=limit)
