"""EG3D's archive: 25-float cameras, and mirrors in the published order."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from facewright import Dataset, Recipe, build
from facewright.camera.label import FLIPPED, LENGTH, pack_labels
from facewright.engine.exporting import export_layout
from facewright.engine.importing import import_layout, recognise
from facewright.errors import UsageError
from facewright.layouts.archives.eg3d import EG3D
from facewright.layouts.seam.export import ExportOptions
from facewright.layouts.seam.tree import Tree
from facewright.vision.encode import encode_png

CROP = ExportOptions(crop="eg3d:512")
MIRRORED = ExportOptions(crop="eg3d:512", mirror=True, size=64)


@pytest.fixture(scope="module")
def faces(tmp_path_factory, samples) -> Dataset:
    root = tmp_path_factory.mktemp("eg3d") / "faces"
    recipe = Recipe(annotators=("geometry",), crops=("ffhq-fast:64", "eg3d:512"))
    build(samples.parent / "photos.csv", root, recipe, workers=1)
    return Dataset.open(root).where("mesh IS NOT NULL")


def load(path):
    """Names, pictures and labels of a zip."""
    with zipfile.ZipFile(path) as archive:
        labels = json.loads(archive.read("dataset.json"))["labels"]
        names = sorted(name for name in archive.namelist() if name.endswith(".png"))
        images = [np.asarray(Image.open(io.BytesIO(archive.read(name)))) for name in names]
    return names, images, labels


def camera(seed: int) -> list[float]:
    turned = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))[0]
    turned *= np.linalg.det(turned)
    return pack_labels(turned, turned[:, 2] * -2.7).tolist()


def flipped(label: list[float]) -> list[float]:
    """The mirror's camera as published: these five entries change their sign."""
    return [-x if n in {1, 2, 3, 4, 8} else x for n, x in enumerate(label)]


def test_every_picture_has_its_camera(faces, tmp_path):
    export_layout(faces, "eg3d", tmp_path / "a.zip", CROP)
    names, images, labels = load(tmp_path / "a.zip")
    assert [name for name, _ in labels] == names
    assert {len(label) for _, label in labels} == {LENGTH}
    for face_id, image, (_, label) in zip(faces.face_ids, images, labels, strict=True):
        assert np.array_equal(image, faces.image(face_id, "eg3d:512").numpy())
        assert np.hypot.reduce([label[3], label[7], label[11]]) == pytest.approx(2.7)
        assert label[16:] == [4.2647, 0, 0.5, 0, 4.2647, 0.5, 0, 0, 1]


def test_mirrors_follow_their_pictures(faces, tmp_path):
    assert set(FLIPPED) == {1, 2, 3, 4, 8}
    export_layout(faces, "eg3d", tmp_path / "a.zip", MIRRORED)
    names, images, labels = load(tmp_path / "a.zip")
    assert names == [f"00000/img{n:08d}.png" for n in range(2 * len(faces))]
    for n in range(0, len(names), 2):
        assert np.array_equal(images[n + 1], images[n][:, ::-1])
        assert labels[n + 1][1] == flipped(labels[n][1])


def test_the_crop_is_asked_for(faces, dataset, tmp_path):
    with pytest.raises(UsageError, match="choose the crop eg3d:512"):
        export_layout(faces, "eg3d", tmp_path / "a.zip")
    with pytest.raises(UsageError, match="build the dataset with the crop eg3d:512"):
        export_layout(dataset, "eg3d", tmp_path / "a.zip", CROP)
    assert list(tmp_path.iterdir()) == []


def test_a_round_trip_with_mirrors(faces, tmp_path):
    export_layout(faces, "eg3d", tmp_path / "a.zip", MIRRORED)
    import_layout("eg3d", tmp_path / "a.zip", tmp_path / "out", workers=1)
    back = Dataset.open(tmp_path / "out")
    assert back.face_ids == faces.face_ids
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        for n, face_id in enumerate(back.face_ids):
            assert bytes(back.image(face_id)) == archive.read(f"00000/img{2 * n:08d}.png")
    _, _, labels = load(tmp_path / "a.zip")
    extra = json.loads(back.record(back.face_ids[1])["origin"]["extra"])
    assert extra == {"camera": labels[2][1], "mirror": "00000/img00000003.png"}
    for old, new in zip(faces, back, strict=True):
        assert new["head_pose"] == old["head_pose"]
        assert new["crops"][0]["alignment"] == "eg3d"


@pytest.fixture
def published(tmp_path):
    """The folder before it is zipped: 00000.png, 00000_mirror.png, ..., one without a mirror."""
    folder = tmp_path / "published"
    folder.mkdir()
    labels = []
    for n in range(3):
        pixels = np.random.default_rng(n).integers(0, 256, (64, 64, 3), dtype=np.uint8)
        (folder / f"{n:05d}.png").write_bytes(encode_png(pixels))
        labels.append([f"{n:05d}.png", camera(n)])
        if n < 2:
            mirror = np.ascontiguousarray(pixels[:, ::-1])
            (folder / f"{n:05d}_mirror.png").write_bytes(encode_png(mirror))
            labels.append([f"{n:05d}_mirror.png", flipped(camera(n))])
    (folder / "dataset.json").write_text(json.dumps({"labels": labels}))
    return folder


def test_the_published_folder_is_read_and_its_cameras_are_written_again(published, tmp_path):
    assert recognise(Tree(published)) is EG3D
    import_layout("auto", published, tmp_path / "out", workers=1)
    dataset = Dataset.open(tmp_path / "out")
    assert [row["photo_id"] for row in dataset] == ["00000", "00001", "00002"]
    for n, row in enumerate(dataset):
        assert row["camera"] == pytest.approx(camera(n), abs=1e-6)
        assert row["camera_density"] is not None
        assert not {"camera", "camera_density"} & set(row["null_reasons"])
    notes = dataset.photos.arrow.column("notes").to_pylist()
    assert all("layout's own label" in note for (note,) in notes)
    export_layout(dataset, "eg3d", tmp_path / "a.zip", ExportOptions(mirror=True))
    names, images, labels = load(tmp_path / "a.zip")
    assert [label for _, label in labels[::2]] == [camera(n) for n in range(3)]
    with Image.open(published / "00001_mirror.png") as mirror:
        assert np.array_equal(images[3], np.asarray(mirror))
    assert len(names) == 6


def test_a_zip_of_others_has_a_photo_for_each_picture(published, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for n, path in enumerate(sorted(published.glob("*.png"))):
            archive.write(path, f"00000/img{n:08d}.png")
        labels = json.loads((published / "dataset.json").read_text())["labels"]
        labels = [[f"00000/img{n:08d}.png", label] for n, (_, label) in enumerate(sorted(labels))]
        archive.writestr("dataset.json", json.dumps({"labels": labels}))
    found = list(EG3D.read(Tree(tmp_path / "a.zip")))
    assert [item.faces[0].extra for item in found] == [{"camera": label} for _, label in labels]


@pytest.mark.parametrize("label", ["3", "[1.0, 2.0]"])
def test_a_label_that_is_no_camera(tmp_path, label):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x.png", encode_png(np.zeros((16, 16, 3), np.uint8)))
        archive.writestr("dataset.json", f'{{"labels": [["x.png", {label}]]}}')
    (item,) = EG3D.read(Tree(tmp_path / "a.zip"))
    assert item.problem == ("bad_entry", "dataset.json: the label of x.png is not 25 numbers")
