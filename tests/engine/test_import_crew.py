import pytest
from PIL import Image

from facewright.engine.import_chunk import ImportJob
from facewright.engine.import_crew import import_crew
from facewright.engine.import_rows import ImportSettings
from facewright.layouts.seam.items import CropItem, FaceItem, FilePicture, PhotoItem
from facewright.limits import Limits
from facewright.sources.opening import open_source
from facewright.store.tables import read_part
from helpers.lpff_mishaps import HardSource

pytestmark = pytest.mark.usefixtures("forked_early")


@pytest.fixture
def imported(tmp_path):
    """Photos by key after an import of pictures of these names, some to a chunk."""

    def run(*chunks):
        folder, root = tmp_path / "pictures", tmp_path / "out"
        for place in (folder, root / "photos", root / "faces"):
            place.mkdir(parents=True)
        for key in sum(chunks, ()):
            Image.new("RGB", (64, 64), (90, 120, 90)).save(folder / f"{key}.png")
        source = HardSource(open_source(folder))
        items = {}
        for entry in source.entries():
            face = FaceItem(entry.key, crops=[CropItem(FilePicture(source, entry))])
            items[entry.key.removesuffix(".png")] = PhotoItem(entry.key, entry.key, faces=[face])
        settings = ImportSettings("stylegan", Limits())
        jobs = [
            ImportJob(n, settings, [items[key] for key in keys], [True] * len(keys))
            for n, keys in enumerate(chunks)
        ]
        done = list(import_crew(root, 2).work(jobs))
        tables = [read_part(path) for path in sorted((root / "photos").glob("*.parquet"))]
        rows = [row for table in tables for row in table.to_pylist(maps_as_pydicts="lossy")]
        assert not (root / ".work" / "trial").exists()
        found = {row["key"].removesuffix(".png"): (row["reason"], row["detail"]) for row in rows}
        return done, found

    return run


def test_a_picture_that_kills_workers_is_excluded_alone(imported):
    keys = tuple(f"{n:02d}" for n in range(6))
    done, photos = imported(keys, ("a", "b_deadly", "c", "d_deadly", "e"), ("f",))
    assert [one.faces for one in done] == [6, 3, 1]
    for key, (reason, detail) in photos.items():
        assert reason == ("crashed" if "deadly" in key else None)
        assert detail == ("the process that worked on it alone died 2 times" if reason else None)


def test_what_nobody_foresaw_excludes_one_picture(imported):
    done, photos = imported(("a", "odd", "c"))
    assert [one.faces for one in done] == [2]
    assert photos["odd"] == ("crashed", "ValueError: nobody thought of this")
