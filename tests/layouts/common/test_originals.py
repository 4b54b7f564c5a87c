import shutil

import pytest

from facewright import Dataset
from facewright.errors import PhotoError
from facewright.layouts.common.originals import Originals


def test_photos_are_read_again_only_if_they_are_the_same(dataset, samples, tmp_path):
    photos = {row["photo_id"]: row for row in dataset.photos.arrow.to_pylist()}
    row, data = photos["astronaut"], (samples / "astronaut.png").read_bytes()
    originals = Originals(dataset)
    assert originals.read(row) == data
    assert originals.read(row, [b"its crop"]) == data
    for other, crops, reason in (
        ({**row, "sha256": "0" * 64}, [], "checksum"),
        ({**row, "sha256": None}, [], "missing"),
        ({**row, "key": "nowhere.png"}, [], "missing"),
        (row, [data], "missing"),
    ):
        with pytest.raises(PhotoError) as caught:
            originals.read(other, crops)
        assert caught.value.reason == reason
    shutil.copytree(dataset.root, tmp_path / "else" / "where")
    with pytest.raises(PhotoError, match="not in the dataset's source"):
        Originals(Dataset.open(tmp_path / "else" / "where")).read(row)
