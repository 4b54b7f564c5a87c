import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from facewright import Dataset
from facewright.align.eg3d import EG3D
from facewright.align.lpff import LPFF_STYLEGAN
from facewright.align.realign import REALIGN2400, mapped_landmarks
from facewright.camera.angles import theta_phi
from facewright.camera.deep3d import labels_of_deep3d
from facewright.camera.label import CameraLabel
from facewright.camera.reference import ffhq_density
from facewright.camera.replicas import lpff_keeps
from facewright.engine.importing import import_layout
from facewright.engine.lpff import REPORT, make_lpff
from facewright.engine.lpff_told import FACE_OUTCOMES, PHOTO_OUTCOMES, LPFFSettings
from facewright.errors import SourceError, UsageError
from facewright.vision.decode import decode_photo
from helpers.processes import kill_group, start_group
from helpers.trees import pictures
from helpers.waiting import wait_for

FOLDERS = {"crop/eg3d": 512, "crop/stylegan": 1024, "realign2400": 2400}
FILES = ("camera_parameters.json", "info.json", "raw_lm.json", "realign2400_lm.json")
ALL = LPFFSettings(density=None)
KEPT = ["group_01", "hopper_01", "HOPPER-2_01"]


@pytest.fixture(scope="module")
def raw(tmp_path_factory, samples) -> Path:
    """A portrait, its mirror lying on its side, a group, and what shows no face."""
    folder = tmp_path_factory.mktemp("lpff") / "raw"
    for name in ("one", "two"):
        (folder / name).mkdir(parents=True)
    shutil.copy(samples / "grace_hopper.jpg", folder / "one" / "hopper.jpg")
    shutil.copy(samples / "grace_hopper.jpg", folder / "zcopy.jpg")
    shutil.copy(samples / "group.jpg", folder / "group.jpg")
    with Image.open(samples / "grace_hopper.jpg") as portrait:
        lying = ImageOps.mirror(portrait).transpose(Image.Transpose.ROTATE_90)
        exif = Image.Exif()
        exif[0x0112] = 6
        lying.save(folder / "two" / "HOPPER.jpg", quality=97, exif=exif)
    Image.new("RGB", (200, 100), (90, 120, 90)).save(folder / "plain.png")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    return folder


@pytest.fixture(scope="module")
def everything(raw, tmp_path_factory):
    """The whole folder with every face kept."""
    return make_lpff(raw, tmp_path_factory.mktemp("lpff") / "all", ALL, workers=2)


@pytest.fixture(scope="module")
def out(everything) -> Path:
    return everything.out


def read(out, name):
    return json.loads((out / name).read_text())


def pixels(out, folder, face_id):
    with Image.open(out / folder / f"{face_id}.png") as picture:
        return np.array(picture)


def faces_of(report):
    return {face.id: face for photo in report.photos for face in photo.faces}


def test_every_photo_and_face_is_told_of(everything, out):
    assert {photo.key: photo.outcome for photo in everything.photos} == {
        "broken.jpg": "truncated",
        "group.jpg": "used",
        "one/hopper.jpg": "used",
        "plain.png": "no_face",
        "two/HOPPER.jpg": "used",
        "zcopy.jpg": "duplicate",
    }
    assert everything.face_outcomes == {"crop_too_small": 4, "kept": 3}
    assert [face.id for face in everything.photos[1].faces] == [
        f"group_{number:02d}" for number in range(1, 6)
    ]
    areas = [face.box[2] * face.box[3] for face in everything.photos[1].faces]
    assert areas == sorted(areas, reverse=True)
    said = read(out, REPORT)
    assert (said["density"], said["mode"]) == (None, "orig")
    assert said["photos"] == everything.photo_outcomes
    assert said["faces"] == everything.face_outcomes
    assert [item["photo"] for item in said["outcomes"]] == [p.key for p in everything.photos]
    assert "realign2400 asks for 512" in said["outcomes"][1]["faces"][4]["detail"]
    assert "one/hopper.jpg" in said["outcomes"][5]["detail"]
    assert set(everything.photo_outcomes) <= set(PHOTO_OUTCOMES)
    assert set(everything.face_outcomes) <= set(FACE_OUTCOMES)


def test_the_files_are_those_that_lpff_publishes(out, raw):
    for name in FILES:
        assert list(read(out, name)) == KEPT
    for folder, side in FOLDERS.items():
        assert {path.stem for path in (out / folder).iterdir()} == set(KEPT)
        for face_id in KEPT:
            assert pixels(out, folder, face_id).shape == (side, side, 3)
    photos = {path.name for path in (out / "raw").iterdir()}
    assert photos == {"group.jpg", "hopper.jpg", "HOPPER-2.png"}
    before = (raw / "one" / "hopper.jpg").read_bytes()
    assert (out / "raw" / "hopper.jpg").read_bytes() == before
    assert pixels(out, "raw", "HOPPER-2").shape == (600, 512, 3)
    info = read(out, "info.json")["HOPPER-2_01"]
    assert info["raw_image_name"] == "HOPPER-2"
    assert info["image_info"]["license"] == {"name": "", "url": ""}


@pytest.mark.parametrize("face_id", KEPT)
def test_the_files_make_the_pictures_again(out, face_id):
    (photo,) = (out / "raw").glob(f"{face_id[:-3]}.*")
    raw_points = np.array(read(out, "raw_lm.json")[face_id])
    points = np.array(read(out, "realign2400_lm.json")[face_id])
    whole = REALIGN2400.crop(decode_photo(photo.read_bytes()).pixels, raw_points, 2400).pixels
    assert np.array_equal(whole, pixels(out, "realign2400", face_id))
    assert np.array_equal(EG3D.crop(whole, points, 512).pixels, pixels(out, "crop/eg3d", face_id))
    stylegan = LPFF_STYLEGAN.crop(whole, points, 1024).pixels
    assert np.array_equal(stylegan, pixels(out, "crop/stylegan", face_id))
    # The second look is at the same face.
    distance = np.hypot(*(points - mapped_landmarks(raw_points)).T)
    assert np.median(distance) < 0.004 * 2400


def test_cameras_are_labels_and_the_report_tells_their_density(everything, out):
    labels = read(out, "camera_parameters.json")
    for face_id, face in faces_of(everything).items():
        if face.outcome != "kept":
            assert (face.density, face.theta) == (None, None)
            continue
        label = CameraLabel.parse(labels[face_id], face_id)
        assert label.radius == pytest.approx(2.7)
        angles = theta_phi(label.position)
        assert np.degrees(angles) == pytest.approx([face.theta, face.phi], abs=1e-5)
        assert face.density == pytest.approx(float(ffhq_density()(angles)[0]), abs=1e-5)


def test_a_mirrored_photo_has_the_mirrored_camera(out):
    labels = read(out, "camera_parameters.json")
    here, there = (CameraLabel.parse(labels[face_id]) for face_id in KEPT[1:])
    turn = here.rotation.T @ there.mirrored().rotation
    assert np.degrees(np.arccos((np.trace(turn) - 1) / 2)) < 3


def test_only_rare_views_are_kept(raw, everything, tmp_path):
    before = faces_of(everything)
    limit = sorted(before[face_id].density for face_id in KEPT)[1]
    report = make_lpff(raw, tmp_path / "out", LPFFSettings(density=limit), workers=2)
    (kept,) = read(tmp_path / "out", "camera_parameters.json")
    assert before[kept].density < limit
    assert report.face_outcomes == {"crop_too_small": 4, "common_view": 2, "kept": 1}
    assert report.photo_outcomes["none_kept"] == 2
    for face in faces_of(report).values():
        assert face.density == before[face.id].density
        assert (face.outcome == "common_view") == ("the limit is" in face.detail)
    assert {Path(name).stem for name in pictures(tmp_path / "out")} <= {kept, kept[:-3]}
    for name, digest in pictures(tmp_path / "out").items():
        assert pictures(everything.out)[name] == digest


def test_lpffs_own_limit_is_the_default():
    assert lpff_keeps(np.nextafter(LPFFSettings().density, 0))
    assert not lpff_keeps(LPFFSettings().density)


def test_ones_own_coefficients_are_the_camera(raw, tmp_path):
    angle, trans = np.array([[0.1, 0.9, -0.05]]), np.array([[0.01, 0.02, 0.3]])
    np.savez(tmp_path / "deep3d.npz", ids=["hopper_01"], angle=angle, trans=trans)
    report = make_lpff(
        raw,
        tmp_path / "out",
        LPFFSettings(mode="cor"),
        coefficients=tmp_path / "deep3d.npz",
        workers=1,
    )
    labels = read(tmp_path / "out", "camera_parameters.json")
    assert labels == {"hopper_01": labels_of_deep3d(angle, trans, "cor")[0].tolist()}
    assert report.face_outcomes == {"no_coefficients": 6, "kept": 1}


def test_import_reads_it(out, tmp_path):
    import_layout("auto", out, tmp_path / "dataset", workers=1)
    dataset = Dataset.open(tmp_path / "dataset")
    assert sorted(dataset.face_ids) == sorted(KEPT)
    for face_id in KEPT:
        record = dataset.record(face_id)
        extra = record["origin"]["extra"]
        extra = json.loads(extra) if isinstance(extra, str) else extra
        assert extra["camera_parameters.json"] == read(out, "camera_parameters.json")[face_id]
        by_name = {crop["alignment"]: crop for crop in record["crops"]}
        assert set(by_name) == {"realign2400", "eg3d", "lpff-stylegan"}
        stored = bytes(dataset.image(face_id, "eg3d:512"))
        assert stored == (out / "crop" / "eg3d" / f"{face_id}.png").read_bytes()


def test_a_second_run_makes_what_is_missing_or_was_changed(raw, everything, tmp_path):
    out = tmp_path / "again"
    shutil.copytree(everything.out, out)
    before = pictures(out)
    kept = (out / "realign2400" / "group_01.png").stat().st_mtime_ns
    (out / "crop" / "eg3d" / "hopper_01.png").unlink()
    (out / "info.json").unlink()
    with (out / ".work" / "lpff-made.jsonl").open("a") as file:
        file.write('{"key": "one/hop')  # as when the machine stops
    report = make_lpff(raw, out, ALL, workers=1)
    assert report.photos == everything.photos
    assert pictures(out) == before
    assert (out / "realign2400" / "group_01.png").stat().st_mtime_ns == kept
    for name in (*FILES, REPORT):
        assert (out / name).read_bytes() == (everything.out / name).read_bytes()


def test_a_folder_of_something_else_is_left_alone(raw, everything, tmp_path):
    with pytest.raises(UsageError, match="from other photos or in another way"):
        make_lpff(raw, everything.out, LPFFSettings())
    with pytest.raises(UsageError, match="not empty"):
        make_lpff(raw, raw, ALL)
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        make_lpff(raw, tmp_path / "file", ALL)
    with pytest.raises(SourceError):
        make_lpff(tmp_path / "nowhere", tmp_path / "out", ALL)


@pytest.mark.parametrize("limit", [0, -1.0, float("nan"), float("inf")])
def test_a_limit_that_decides_nothing_is_refused(limit):
    with pytest.raises(UsageError, match="density limit"):
        LPFFSettings(density=limit)


def test_coefficients_must_say_whose_they_are(raw, tmp_path):
    np.save(tmp_path / "deep3d.npy", np.zeros((3, 6)))
    with pytest.raises(UsageError, match="does not name faces"):
        make_lpff(raw, tmp_path / "out", coefficients=tmp_path / "deep3d.npy")
    with pytest.raises(UsageError, match="no mode"):
        LPFFSettings(mode="other")


@pytest.mark.slow
def test_killed_and_run_again_it_is_the_same(raw, everything, tmp_path):
    wild = tmp_path / "wild"
    journal = wild / ".work" / "lpff-made.jsonl"
    command = [sys.executable, "-m", "facewright", "lpff", raw, wild, "--all"]
    moments = (
        ("a picture", lambda: pictures(wild)),
        (
            "a photo with a face done",
            lambda: journal.exists() and journal.read_text().count("\n") > 1,
        ),
    )
    for what, has_come in moments:
        process = start_group(*command)
        wait_for(has_come, what, alive=process)
        kill_group(process)
    report = make_lpff(raw, wild, ALL, workers=2)
    assert report.photos == everything.photos
    assert pictures(wild) == pictures(everything.out)
    assert not list(wild.rglob("*.partial"))
    for name in (*FILES, REPORT):
        assert (wild / name).read_bytes() == (everything.out / name).read_bytes()
