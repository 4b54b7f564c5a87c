import pytest

from facewright import Dataset, Recipe, build
from facewright.engine.merging import merge
from facewright.errors import UsageError
from helpers.trees import content


@pytest.fixture(scope="module")
def pair(tmp_path_factory, samples):
    root = tmp_path_factory.mktemp("pair")
    for name, size in (("first", 64), ("second", 48)):
        build(samples, root / name, Recipe(crops=(f"ffhq-fast:{size}",), chunk=2), workers=1)
    return root / "first", root / "second"


def test_faces_follow_each_other_under_their_own_ids(pair, tmp_path):
    merge(pair, tmp_path / "both")
    first, second, both = (Dataset.open(path) for path in (*pair, tmp_path / "both"))
    assert both.face_ids == [*first.face_ids, *(f"2-{name}" for name in second.face_ids)]
    assert both.image(first.face_ids[0]) == first.image(first.face_ids[0])
    assert both.image(f"2-{second.face_ids[-1]}") == second.image(second.face_ids[-1])
    assert set(both.manifest.recipe.crops) == {"ffhq-fast:64", "ffhq-fast:48"}
    assert both.manifest.counts.photos == 2 * first.manifest.counts.photos
    ids = {row["photo_id"] for row in both.photos.to_pylist()}
    assert {row["photo_id"] for row in both} <= ids


def test_it_goes_on_where_it_stopped(pair, tmp_path):
    merge(pair, tmp_path / "calm")

    def stop(_progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        merge(pair, tmp_path / "wild", on_progress=stop)
    merge(pair, tmp_path / "wild")
    assert content(tmp_path / "wild") == content(tmp_path / "calm")
    assert merge(pair, tmp_path / "wild").built.made == 0


def test_what_cannot_be_merged_is_said(pair, tmp_path):
    with pytest.raises(UsageError, match="two datasets"):
        merge(pair[:1], tmp_path / "out")
    with pytest.raises(UsageError, match="not empty"):
        merge(pair, pair[0].parent)
    merge(pair, tmp_path / "out")
    with pytest.raises(UsageError, match="something else"):
        merge(pair[::-1], tmp_path / "out")


def test_licences_decide(pair, tmp_path):
    report = merge(pair, tmp_path / "out")
    assert (tmp_path / "out" / "LICENCES.md").read_text().startswith("# Licences of out")
    assert report.terms.left_out == {}


def test_photos_that_may_not_be_adapted_are_dropped(samples, tmp_path):
    listing = tmp_path / "list.csv"
    astronaut = samples / "astronaut.png"
    listing.write_text(f"path,licence\n{astronaut},CC BY-ND 4.0\n{samples / 'group.jpg'},CC0 1.0\n")
    build(listing, tmp_path / "a", Recipe(crops=("ffhq-fast:48",)), workers=1)
    build(samples, tmp_path / "b", Recipe(crops=("ffhq-fast:48",)), workers=1)
    report = merge((tmp_path / "a", tmp_path / "b"), tmp_path / "out")
    assert report.built.counts.faces_dropped == {"licence": 1}
    assert sum(report.terms.left_out.values()) == 1
