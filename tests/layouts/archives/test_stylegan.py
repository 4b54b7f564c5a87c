"""Archives as the published loaders read them, by rules restated here from their description."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facewright import Dataset
from facewright.engine.exporting import export_layout
from facewright.engine.importing import import_layout
from facewright.errors import LayoutError, UsageError
from facewright.layouts.archives.stylegan import STYLEGAN
from facewright.layouts.seam.export import ExportOptions
from facewright.layouts.seam.tree import Tree
from facewright.vision.encode import encode_jpeg, encode_png


def load(path: Path) -> tuple[dict[str, np.ndarray], np.ndarray | None]:
    """Pictures (C, H, W) in the loader's order and labels, with every rule that it asserts."""
    names: list[str]
    if path.suffix == ".zip":
        archive = zipfile.ZipFile(path)
        names, read = archive.namelist(), archive.read
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
    else:
        names = [str(p.relative_to(path)) for p in path.rglob("*") if p.is_file()]

        def read(name: str) -> bytes:
            return (path / name).read_bytes()

    Image.init()
    pictures = sorted(name for name in names if Path(name).suffix.lower() in Image.EXTENSION)
    assert pictures
    arrays = {}
    for name in pictures:
        with Image.open(io.BytesIO(read(name))) as image:
            array = np.array(image)
        arrays[name] = array[:, :, None] if array.ndim == 2 else array
    shapes = {array.shape for array in arrays.values()}
    assert len(shapes) == 1, "one size and one number of channels"
    height, width, channels = shapes.pop()
    assert height == width
    assert height & (height - 1) == 0
    assert channels in (1, 3)
    labels = json.loads(read("dataset.json"))["labels"]
    if labels is None:
        return arrays, None
    table = dict(labels)
    found = np.array([table[name.replace("\\", "/")] for name in pictures])
    return arrays, found.astype({1: np.int64, 2: np.float32}[found.ndim])


def pixels(dataset, face_id):
    return dataset.image(face_id).numpy()


def png(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(array).save(file, "PNG", compress_level=0)
    return file.getvalue()


def noise(side=16, seed=0, channels=(3,)):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (side, side, *channels), dtype=np.uint8)


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        for name, data in files.items():
            out.writestr(name, data)
    return path


def items(path: Path):
    return list(STYLEGAN.read(Tree(path)))


# -- writing --------------------------------------------------------------------------------


@pytest.mark.parametrize("out", ["set.zip", "set"])
def test_the_published_loader_reads_what_is_written(dataset, tmp_path, out):
    export_layout(dataset, "stylegan", tmp_path / out)
    pictures, labels = load(tmp_path / out)
    assert labels is None
    assert list(pictures) == [f"00000/img{n:08d}.png" for n in range(len(dataset))]
    for face_id, picture in zip(dataset.face_ids, pictures.values(), strict=True):
        assert np.array_equal(picture, pixels(dataset, face_id))


@pytest.mark.parametrize("name", ["lanczos", "box"])
def test_smaller_pictures_are_pillows(dataset, tmp_path, name):
    export_layout(dataset, "stylegan", tmp_path / "a.zip", ExportOptions(size=32, resample=name))
    pictures, _ = load(tmp_path / "a.zip")
    how = {"lanczos": Image.Resampling.LANCZOS, "box": Image.Resampling.BOX}[name]
    for face_id, picture in zip(dataset.face_ids, pictures.values(), strict=True):
        image = Image.fromarray(pixels(dataset, face_id)).resize((32, 32), how)
        assert np.array_equal(picture, np.asarray(image))


def test_pngs_are_uncompressed_and_labels_are_one_line(dataset, tmp_path):
    export_layout(dataset, "stylegan", tmp_path / "a")
    file = tmp_path / "a" / "00000" / "img00000000.png"
    assert file.stat().st_size > 128 * 128 * 3
    assert (tmp_path / "a" / "dataset.json").read_bytes() == b'{"labels": null}'


def test_one_column_of_words_becomes_classes(dataset, tmp_path):
    chosen = dataset.where("sex IS NOT NULL")
    export_layout(chosen, "stylegan", tmp_path / "a", ExportOptions(labels=("sex",)))
    _, labels = load(tmp_path / "a")
    assert labels is not None
    sexes = [row["sex"] for row in chosen]
    vocabulary = sorted(set(sexes))
    assert labels.tolist() == [vocabulary.index(sex) for sex in sexes]
    about = json.loads((tmp_path / "a" / "labels.json").read_text())
    column = {"column": "sex", "kind": "class", "classes": vocabulary}
    assert about == {"form": "class", "columns": [column]}
    text = (tmp_path / "a" / "dataset.json").read_text()
    first = f'{{"labels": [["00000/img00000000.png", {labels[0]}]'
    assert text.startswith(first)
    assert "\n" not in text


def test_several_columns_become_floats_and_come_back(dataset, tmp_path):
    chosen = dataset.where("sex IS NOT NULL AND age IS NOT NULL AND head_pose.yaw IS NOT NULL")
    wanted = ("age", "sex", "head_pose.yaw")
    export_layout(chosen, "stylegan", tmp_path / "a", ExportOptions(labels=wanted))
    _, labels = load(tmp_path / "a")
    assert labels is not None
    rows = list(chosen)
    vocabulary = sorted({row["sex"] for row in rows})
    expected = [
        [row["age"], *(row["sex"] == sex for sex in vocabulary), row["head_pose"]["yaw"]]
        for row in rows
    ]
    assert np.allclose(labels, expected)
    for item, row in zip(items(tmp_path / "a"), rows, strict=True):
        columns = item.faces[0].columns
        assert columns["sex"] == row["sex"]
        assert columns["age"] == row["age"]
        assert columns["head_pose.yaw"] == row["head_pose"]["yaw"]


def test_camera_labels(dataset, tmp_path):
    chosen = dataset.where("mesh IS NOT NULL")
    export_layout(chosen, "stylegan", tmp_path / "a", ExportOptions(labels=("camera",)))
    _, labels = load(tmp_path / "a")
    assert labels is not None
    assert labels.shape == (len(chosen), 25)
    assert items(tmp_path / "a")[0].faces[0].extra["camera"] == pytest.approx(labels[0])


def test_labels_that_cannot_be(dataset, tmp_path):
    for labels, said in [
        (("nothing",), "nothing"),
        (("head_pose",), "head_pose"),
        (("head_pose.tilt",), "head_pose.tilt"),
        (("crops",), "crops"),
        (("camera", "sex"), "camera"),
    ]:
        with pytest.raises(UsageError, match=said):
            export_layout(dataset, "stylegan", tmp_path / "a", ExportOptions(labels=labels))
    assert not (tmp_path / "a").exists()


def test_a_side_that_is_no_power_of_two(dataset, tmp_path):
    with pytest.raises(UsageError, match="power of two"):
        export_layout(dataset, "stylegan", tmp_path / "a.zip", ExportOptions(size=96))
    assert list(tmp_path.iterdir()) == []


def test_repeats_and_order(dataset, tmp_path):
    first, last = dataset.face_ids[0], dataset.face_ids[-1]
    export_layout(dataset.select([last, first, last]), "stylegan", tmp_path / "a.zip")
    pictures, _ = load(tmp_path / "a.zip")
    assert len(pictures) == 3
    for picture, face_id in zip(pictures.values(), [last, first, last], strict=True):
        assert np.array_equal(picture, pixels(dataset, face_id))


@pytest.mark.parametrize("size", [None, 64])
def test_the_same_dataset_gives_the_same_bytes_by_any_number_of_threads(
    dataset, tmp_path, size, monkeypatch
):
    made = []
    for threads in (1, 2, 5):
        monkeypatch.setattr("facewright.layouts.seam.export.os.cpu_count", lambda n=threads: n)
        out = tmp_path / f"{threads}.zip"
        export_layout(dataset, "stylegan", out, ExportOptions(size=size))
        made.append(out.read_bytes())
    assert made[0] == made[1] == made[2]


# -- mixed pictures, through import ---------------------------------------------------------


@pytest.fixture(scope="module")
def mixed(tmp_path_factory) -> Dataset:
    """A colour PNG, a JPEG, a grey one, one with alpha, a palette."""
    folder = tmp_path_factory.mktemp("mixed")
    source = folder / "in"
    source.mkdir()
    alpha = np.dstack([noise(seed=3), np.full((16, 16), 255, np.uint8)])
    palette = io.BytesIO()
    Image.fromarray(noise(seed=4)).quantize(8).save(palette, "PNG")
    files = {
        "a.png": encode_png(noise()),
        "b.jpg": encode_jpeg(noise(seed=1)),
        "c.png": png(noise(seed=2, channels=())),
        "d.png": png(alpha),
        "e.png": palette.getvalue(),
    }
    for name, data in files.items():
        (source / name).write_bytes(data)
    import_layout("stylegan", source, folder / "out", workers=1)
    return Dataset.open(folder / "out")


def test_mixed_pictures_are_made_rgb(mixed, tmp_path):
    report = export_layout(mixed, "stylegan", tmp_path / "a.zip")
    pictures, _ = load(tmp_path / "a.zip")
    assert report.left_out == ()
    assert [p.shape for p in pictures.values()] == [(16, 16, 3)] * 5
    for picture, face_id in zip(pictures.values(), mixed.face_ids, strict=True):
        assert np.array_equal(picture, pixels(mixed, face_id))


def test_mixed_pictures_are_skipped_and_named_and_their_numbers_stay_free(mixed, tmp_path):
    report = export_layout(mixed, "stylegan", tmp_path / "a.zip", ExportOptions(mixed="skip"))
    pictures, _ = load(tmp_path / "a.zip")
    assert list(pictures) == ["00000/img00000000.png", "00000/img00000001.png"]
    assert [(face, why.split()[-3]) for face, why in report.left_out] == [
        ("c_01", "L,"),
        ("d_01", "RGBA,"),
        ("e_01", "P,"),
    ]


def test_a_face_without_a_label_is_named(mixed, tmp_path):
    with pytest.raises(UsageError, match="5 of 5 faces have no sex, as a_01"):
        export_layout(mixed, "stylegan", tmp_path / "a.zip", ExportOptions(labels=("sex",)))
    with pytest.raises(UsageError, match="a_01 has no camera label"):
        export_layout(mixed, "stylegan", tmp_path / "a.zip", ExportOptions(labels=("camera",)))


def test_pictures_of_two_sizes_need_one(tmp_path):
    for name, side in (("a.png", 16), ("b.png", 32)):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_bytes(encode_png(noise(side)))
    import_layout("stylegan", tmp_path / "in", tmp_path / "out", workers=1)
    both = Dataset.open(tmp_path / "out")
    with pytest.raises(UsageError, match="b_01 has 32 pixels a side, others 16"):
        export_layout(both, "stylegan", tmp_path / "a.zip")
    export_layout(both, "stylegan", tmp_path / "a.zip", ExportOptions(size=16))
    assert len(load(tmp_path / "a.zip")[0]) == 2


def test_pictures_that_are_not_square_are_refused(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.png").write_bytes(encode_png(noise(32)[:16]))
    import_layout("stylegan", tmp_path / "in", tmp_path / "out", workers=1)
    with pytest.raises(UsageError, match=r"a_01.*32x16"):
        export_layout(Dataset.open(tmp_path / "out"), "stylegan", tmp_path / "a.zip")


# -- reading --------------------------------------------------------------------------------


def test_a_published_archive_is_read(tmp_path):
    camera = [float(n) for n in range(25)]
    labels = [["00000/img00000000.png", camera], ["00000\\img00000001.png", 3]]
    names = [f"00000/img{n:08d}.png" for n in range(3)]
    files = {name: png(noise(seed=n)) for n, name in enumerate(names)}
    files["dataset.json"] = json.dumps({"labels": labels}).encode()
    rebalanced = [names[0], names[2], names[2]]
    files["FFHQ_LPFF_rebalanced.json"] = json.dumps(rebalanced, indent=1).encode()
    path = archive(tmp_path / "a.zip", files)
    assert STYLEGAN.recognises(Tree(path))
    found = items(path)
    assert [item.key for item in found] == names
    assert [item.photo_id for item in found] == [Path(name).stem for name in names]
    assert [item.faces[0].extra for item in found] == [
        {"camera": camera, "lists": {"FFHQ_LPFF_rebalanced.json": 1}},
        {"label": 3},
        {"lists": {"FFHQ_LPFF_rebalanced.json": 2}},
    ]
    import_layout("auto", path, tmp_path / "out", workers=1)
    dataset = Dataset.open(tmp_path / "out")
    assert [bytes(dataset.image(face)) for face in dataset.face_ids] == [files[n] for n in names]


def test_names_in_two_folders_stay_apart(tmp_path):
    files = {f"{folder}/x.png": png(noise()) for folder in ("a", "b")}
    assert [i.photo_id for i in items(archive(tmp_path / "a.zip", files))] == ["a_x", "b_x"]


def test_a_round_trip_gives_records_and_pictures_back(dataset, tmp_path):
    export_layout(dataset, "stylegan", tmp_path / "a.zip")
    import_layout("stylegan", tmp_path / "a.zip", tmp_path / "out", workers=1)
    back = Dataset.open(tmp_path / "out")
    assert back.face_ids == dataset.face_ids
    for old, new in zip(dataset, back, strict=True):
        assert {k: v for k, v in new.items() if k not in ("crops", "origin")} == {
            k: v for k, v in old.items() if k not in ("crops", "origin")
        }
    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        for n, face_id in enumerate(back.face_ids):
            assert bytes(back.image(face_id)) == file.read(f"00000/img{n:08d}.png")
            assert np.array_equal(pixels(back, face_id), pixels(dataset, face_id))


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"labels": {}}',
        '{"labels": [1]}',
        '{"labels": [["a.png"]]}',
        '{"labels": [[1, 2]]}',
        '{"labels": [["a.png", NaN]]}',
        '{"labels": null, "labels": null}',
        "{",
    ],
)
def test_broken_metadata_are_refused_by_name(tmp_path, text):
    path = archive(tmp_path / "a.zip", {"a.png": png(noise()), "dataset.json": text.encode()})
    with pytest.raises(LayoutError, match=r"dataset\.json"):
        items(path)


@pytest.mark.parametrize("label", ['"x"', "-1", "true", "null", "[]", '["x"]', "[[1]]", "{}"])
def test_a_label_that_is_none_excludes_its_picture(tmp_path, label):
    text = f'{{"labels": [["a.png", {label}], ["b.png", 1]]}}'
    files = {"a.png": png(noise()), "b.png": png(noise()), "dataset.json": text.encode()}
    bad, good = items(archive(tmp_path / "a.zip", files))
    assert bad.problem is not None
    assert bad.problem[0] == "bad_entry"
    assert "labels[0]" in bad.problem[1]
    assert good.problem is None


def test_nothing_is_dropped_in_silence(tmp_path):
    labels = [["a.png", 1], ["a.png", 2], ["gone.png", 3]]
    files = {
        "a.png": png(noise()),
        "b.png": png(noise()),
        "dataset.json": json.dumps({"labels": labels}).encode(),
        "list.json": b'["b.png", "elsewhere.png"]',
        "odd.json": b'{"x": 1}',
        "broken.json": b"{",
    }
    found = {item.key: item for item in items(archive(tmp_path / "a.zip", files))}
    assert found["a.png"].problem[0] == "bad_entry"
    assert found["b.png"].faces[0].extra == {"lists": {"list.json": 1}}
    assert found["gone.png"].problem[0] == "missing"
    for name in ("list.json", "odd.json", "broken.json"):
        assert found[name].problem[0] == "bad_entry"
        assert name in found[name].problem[1]


def test_hostile_members(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        for name in ("../up.png", "x.png", "/abs.png"):
            out.writestr(name, png(noise()))
        with pytest.warns(UserWarning, match="Duplicate"):
            out.writestr("x.png", png(noise(seed=1)))
    import_layout("stylegan", path, tmp_path / "out", workers=1)
    photos = Dataset.open(tmp_path / "out").photos.arrow.to_pylist()
    reasons = {photo["key"]: photo["reason"] for photo in photos}
    assert reasons == {
        "../up.png": "escapes",
        "/abs.png": "escapes",
        "x.png": None,
        "x.png#2": "duplicate_id",
    }


def test_a_foreign_labels_file_states_nothing(tmp_path):
    files = {
        "a.png": png(noise()),
        "dataset.json": b'{"labels": [["a.png", 7]]}',
        "labels.json": b'{"form": "class", "columns": [{"column": "sex", "classes": ["female"]}]}',
    }
    (item,) = items(archive(tmp_path / "a.zip", files))
    assert item.faces[0].columns == {}
    assert item.faces[0].extra == {"label": 7}
