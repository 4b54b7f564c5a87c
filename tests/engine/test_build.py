import json
import tarfile

import pyarrow.parquet as pq
import pytest
from filelock import FileLock
from PIL import Image

from facewright import Dataset, Recipe, build
from facewright.errors import SourceError, UsageError
from helpers.trees import content


@pytest.fixture(scope="module")
def dataset(tmp_path_factory, portraits) -> Dataset:
    root = tmp_path_factory.mktemp("built") / "ds"
    recipe = Recipe(annotators=("geometry",), crops=("ffhq-fast:128", "eg3d:512"), chunk=5)
    build(portraits, root, recipe, workers=1)
    return Dataset.open(root)


def test_every_photo_has_one_row_and_every_face_its_crops(dataset, portraits):
    photos = dataset.photos.to_pylist()
    assert len(photos) == len(list(portraits.iterdir()))
    by_key = {row["key"]: row for row in photos}
    assert by_key["plain.png"]["status"] == "excluded"
    assert by_key["plain.png"]["reason"] == "no_face"
    used = [row for row in photos if row["status"] == "used"]
    assert len(used) == len(dataset) == 12
    for face in dataset:
        assert [crop["alignment"] for crop in face["crops"]] == ["ffhq-fast", "eg3d"]
        assert dataset.image(face["face_id"], "eg3d").numpy().shape == (512, 512, 3)
        assert dataset.image(face["face_id"], "ffhq-fast:128").numpy().shape == (128, 128, 3)


def test_face_ids_are_photo_id_and_number(dataset):
    for face in dataset:
        assert face["face_id"] == f"{face['photo_id']}_{face['index']:02d}"


def test_manifest_says_who_gave_what(dataset):
    manifest = dataset.manifest
    assert manifest.state == "complete"
    assert manifest.counts.photos == 13
    assert manifest.counts.photos_excluded == {"no_face": 1}
    by_id = {use.id: use for use in manifest.annotators}
    assert "rectangle" in by_id["detector"].columns
    assert all(len(model.sha256) == 64 for use in manifest.annotators for model in use.models)
    assert "head_pose.yaw" in by_id["geometry"].columns


def test_shards_are_webdataset_pairs_of_crop_and_record(dataset):
    tars = sorted((dataset.root / "crops" / "ffhq-fast-128").glob("*.tar"))
    names = []
    for path in tars:
        with tarfile.open(path) as tar:
            names += tar.getnames()
    assert len(names) == 2 * len(dataset)
    with tarfile.open(tars[0]) as tar:
        first = tar.getnames()[0].removesuffix(".png")
        member = tar.extractfile(f"{first}.json")
        assert member is not None
        record = json.load(member)
    assert record["face_id"] == first
    assert record["crop"]["size"] == 128
    assert "embedding" not in record


def test_running_again_does_nothing(dataset, portraits):
    before = dataset.manifest.model_dump()
    report = build(portraits, dataset.root, dataset.manifest.recipe)
    assert report.made == 0
    assert Dataset.open(dataset.root).manifest.model_dump() == before


def test_another_recipe_or_other_photos_are_refused(dataset, portraits, tmp_path):
    with pytest.raises(UsageError, match="another recipe"):
        build(portraits, dataset.root, Recipe(annotators=("geometry",)))
    other = tmp_path / "photos"
    other.mkdir()
    Image.new("RGB", (64, 64)).save(other / "x.png")
    with pytest.raises(UsageError, match="made from other photos"):
        build(other, dataset.root, dataset.manifest.recipe)


def test_content_does_not_depend_on_the_number_of_workers(portraits, tmp_path, recipe):
    build(portraits, tmp_path / "one", recipe, workers=1)
    build(portraits, tmp_path / "three", recipe, workers=3)
    assert content(tmp_path / "one") == content(tmp_path / "three")


def test_refuses_what_it_cannot_use(tmp_path, portraits, recipe):
    with pytest.raises(SourceError, match="nothing at"):
        build(tmp_path / "nowhere", tmp_path / "out", recipe)
    with pytest.raises(UsageError, match="among the alignments"):
        build(portraits, tmp_path / "out", recipe, crops=["nonsense:12"])
    with pytest.raises(UsageError, match="device"):
        build(portraits, tmp_path / "out", recipe, device="abacus")
    with pytest.raises(UsageError, match="0 workers"):
        build(portraits, tmp_path / "out", recipe, workers=0)
    assert not (tmp_path / "out").exists()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep me")
    with pytest.raises(UsageError, match="not empty and not a dataset"):
        build(portraits, tmp_path / "full", recipe)
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_a_second_run_on_the_same_folder_is_kept_out(tmp_path, portraits, recipe):
    out = tmp_path / "out"
    (out / ".work").mkdir(parents=True)
    with (
        FileLock(out / ".work" / "lock"),
        pytest.raises(UsageError, match="another run is working"),
    ):
        build(portraits, out, recipe)


def test_an_empty_folder_is_said_and_nothing_written(tmp_path, recipe):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "notes.txt").write_text("no picture")
    with pytest.raises(SourceError, match=r"no photos in .*1 files are not pictures by name"):
        build(tmp_path / "photos", tmp_path / "out", recipe)
    assert not (tmp_path / "out").exists()


def test_a_dataset_without_a_face_is_one(tmp_path, samples, recipe):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "coffee.png").write_bytes((samples / "coffee.png").read_bytes())
    build(tmp_path / "photos", tmp_path / "out", recipe)
    dataset = Dataset.open(tmp_path / "out")
    assert len(dataset) == 0
    assert list(dataset) == []
    assert dataset.photos["reason"].to_pylist() == ["no_face"]
    assert len(dataset.where("age > 3")) == 0


def test_changed_provenance_is_noticed(tmp_path, portraits, recipe):
    listing = tmp_path / "list.csv"
    listing.write_text(f"path,licence\n{portraits}/photo_000.jpg,CC0-1.0\n")
    build(listing, tmp_path / "out", recipe)
    listing.write_text(f"path,licence\n{portraits}/photo_000.jpg,CC-BY-NC\n")
    with pytest.raises(UsageError, match="they have changed"):
        build(listing, tmp_path / "out", recipe)


def test_provenance_of_a_list_travels_into_the_photo_table(tmp_path, portraits, recipe):
    lines = ["path,id,author,licence,licence_url,source_url"]
    lines.append(f"{portraits}/photo_000.jpg,first,Ann Other,CC0-1.0,https://l,https://s")
    lines.append(f"{portraits}/photo_001.jpg,first,,,,")
    lines.append(f"{portraits}/photo_000.jpg,copy,,,,")
    (tmp_path / "list.csv").write_text("\n".join(lines))
    build(tmp_path / "list.csv", tmp_path / "out", recipe)
    rows = pq.read_table(tmp_path / "out" / "photos").to_pylist()
    assert [row["reason"] for row in rows] == [None, "duplicate_id", "duplicate"]
    assert rows[0]["photo_id"] == "first"
    assert rows[0]["author"] == "Ann Other"
    assert rows[0]["licence_url"] == "https://l"
    assert rows[2]["duplicate_of"] == rows[0]["key"]
    assert len({row["photo_id"] for row in rows}) == 3
    assert Dataset.open(tmp_path / "out").manifest.counts.licences == {"CC0-1.0": 1}


def test_aligned_pictures_are_kept_as_they_are(samples, tmp_path, recipe):
    source = tmp_path / "first"
    build(samples, source, recipe.model_copy(update={"crops": ("ffhq-fast:256",)}), workers=1)
    crops = tmp_path / "crops"
    crops.mkdir()
    first = Dataset.open(source)
    for face_id in first.face_ids:
        first.image(face_id).save(crops / f"{face_id}.png")
    asked = recipe.model_copy(update={"crops": ("ffhq-fast:256",)})
    report = build(crops, tmp_path / "second", asked, workers=1)
    assert report.counts.photos_already_aligned == len(first)
    second = Dataset.open(tmp_path / "second")
    keys = {row["photo_id"]: row["key"].removesuffix(".png") for row in second.photos.to_pylist()}
    for row in second:
        same = second.image(row["face_id"]).numpy() == first.image(keys[row["photo_id"]]).numpy()
        assert same.all()
    again = asked.model_copy(update={"realign": True})
    assert build(crops, tmp_path / "third", again).counts.photos_already_aligned == 0
