import pytest
from PIL import Image

from facewright.engine.lpff_crew import lpff_crew
from facewright.engine.lpff_names import raw_names
from facewright.engine.lpff_photo import Darkroom, RawPhoto
from facewright.engine.lpff_told import LPFFSettings
from facewright.sources.opening import open_source
from helpers.lpff_mishaps import HardSource

pytestmark = pytest.mark.usefixtures("forked_early")


@pytest.fixture
def work(tmp_path):
    """What becomes of plain pictures of these names."""

    def run(*keys):
        folder = tmp_path / "raw"
        folder.mkdir()
        for key in keys:
            Image.new("RGB", (64, 64), (90, 120, 90)).save(folder / f"{key}.png")
        source = HardSource(open_source(folder))
        entries = list(source.entries())
        photos = map(RawPhoto, entries, raw_names(entries))
        darkroom = Darkroom(source, tmp_path / "out", LPFFSettings())
        crew = lpff_crew(darkroom, 2)
        return {told.raw: (told.outcome, told.detail) for told in crew.work(photos)}

    return run


def test_photos_are_told_of_in_order(work):
    keys = [f"{n:02d}" for n in range(9)]
    found = work(*keys)
    assert list(found) == keys
    assert {outcome for outcome, _ in found.values()} == {"no_face"}


def test_what_nobody_foresaw_ends_one_photo(work):
    found = work("a", "odd", "z")
    assert found["odd"] == ("crashed", "ValueError: nobody thought of this")
    assert [found[key][0] for key in "az"] == ["no_face", "no_face"]


def test_workers_that_die_end_one_photo_each(work):
    found = work("a", "b_deadly", "c", "d", "e", "f", "g_deadly", "h")
    assert list(found) == ["a", "b_deadly", "c", "d", "e", "f", "g_deadly", "h"]
    for key, (outcome, detail) in found.items():
        assert outcome == ("crashed" if "deadly" in key else "no_face")
        assert ("died 2 times" in detail) == ("deadly" in key)
