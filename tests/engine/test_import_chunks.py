from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from facewright.engine import import_chunks as module
from facewright.engine.import_chunks import import_chunks
from facewright.layouts.seam.items import (
    BytesPicture,
    CropItem,
    FaceItem,
    FilePicture,
    PhotoItem,
)
from facewright.sources.base import Entry
from facewright.sources.folder import FolderSource

SOURCE = FolderSource(Path())


def item(n, *sizes):
    crops = [CropItem(FilePicture(SOURCE, Entry(f"{n}.png", "", size))) for size in sizes]
    return PhotoItem(str(n), str(n), faces=[FaceItem(str(n), crops=crops)])


def lengths(items, *, annotate=False):
    return [len(chunk) for chunk in import_chunks(items, annotate=annotate)]


@given(st.lists(st.lists(st.integers(0, 300 << 20) | st.none(), max_size=3), max_size=40))
def test_chunks_hold_all_in_order_and_no_more_than_fits(sizes):
    items = [item(n, *each) for n, each in enumerate(sizes)]
    chunks = list(import_chunks(items, annotate=False))
    assert [one for chunk in chunks for one in chunk] == items
    for chunk in chunks:
        held = sum(
            crop.picture.size or 0 for one in chunk for face in one.faces for crop in face.crops
        )
        assert len(chunk) == 1 or held <= module._BYTES


def test_small_pictures_make_long_chunks_and_large_ones_short():
    assert lengths([item(n, 100_000) for n in range(5000)]) == [2013, 2013, 974]
    assert lengths([item(n, 6 << 20) for n in range(100)]) == [32, 32, 32, 4]
    assert lengths([item(n) for n in range(5000)]) == [4096, 904]


def test_faces_that_are_looked_at_come_in_short_chunks():
    assert lengths([item(n, 100) for n in range(300)], annotate=True) == [128, 128, 44]


def test_pictures_that_travel_with_their_job_weigh_more():
    held = BytesPicture("a", bytes(1 << 20))
    items = [PhotoItem(str(n), str(n), picture=held) for n in range(100)]
    assert lengths(items) == [48, 48, 4]
