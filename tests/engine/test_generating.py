"""Orders filled: pictures made, judged, made again; with a program that knows one face."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from facewright import Dataset
from facewright.engine.generating import GenerateReport, generate
from facewright.errors import FacewrightError, UsageError
from facewright.generate.spec import Spec
from facewright.provenance.marks import TRAINED, source_type
from facewright.store.manifest import Manifest

# The astronaut's face, a little different for each seed; or a grey field where "no face" is due.
PROGRAM = """
import json, sys
import numpy as np
from PIL import Image
face = Image.open({photo!r}).convert("RGB").crop((100, 0, 400, 300))
for line in sys.stdin:
    order = json.loads(line)
    size, rng = order["size"], np.random.default_rng(order["seed"])
    pixels = np.asarray(face.resize((size, size))).astype(int)
    if order["attributes"].get("background") == "white" and "-" not in order["key"]:
        pixels = np.full_like(pixels, 128)
    pixels = (pixels + rng.integers(-3, 4, pixels.shape)).clip(0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(order["output"])
    points = [[1.0, 2.0]] * 5
    truth = {{"sex": "female", "head_pose.yaw": 1.5, "landmarks.left_eyebrow": points}}
    print(json.dumps({{"key": order["key"], "truth": truth}}), flush=True)
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> list[str]:
    path = tmp_path_factory.mktemp("program") / "make.py"
    path.write_text(PROGRAM.format(photo=str(samples / "astronaut.png")))
    return [sys.executable, str(path)]


def run(out: Path, program: list[str], workers: int = 1, **spec: Any) -> GenerateReport:
    given = {"generator": "command", "size": 192, "options": {"command": program}, **spec}
    return generate(Spec.from_dict(given), out, workers=workers)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, program: list[str]) -> GenerateReport:
    """Three women, ordered and made."""
    out = tmp_path_factory.mktemp("filled") / "out"
    return run(out, program, count=3, attributes={"sex": "female"})


def content(root: Path) -> dict[str, bytes]:
    kinds = ("crops", "faces", "photos")
    return {
        str(path.relative_to(root)): path.read_bytes()
        for kind in kinds
        for path in sorted((root / kind).rglob("*"))
        if path.is_file()
    }


def test_an_order_is_filled_with_its_truth(filled: GenerateReport) -> None:
    assert (filled.ordered, filled.met, filled.rejected) == (3, 3, {})
    dataset = Dataset.open(filled.root)
    assert len(dataset) == 3
    photos = dataset.photos.to_pylist()
    assert all(photo["synthetic"] for photo in photos)
    assert len({photo["seed"] for photo in photos}) == 3
    truth = dataset.table(["truth"]).column("truth").to_pylist()
    assert [each["sex"] for each in truth] == ["female"] * 3
    assert [each["ordered"] for each in truth] == ['{"sex": "female"}'] * 3
    assert truth[0]["landmarks"]["left_eyebrow"] == [[1.0, 2.0]] * 5
    assert truth[0]["mesh"] is None
    assert len({each["identity"] for each in truth}) == 3
    picture = dataset.image(dataset.face_ids[0])
    assert source_type(bytes(picture)) == TRAINED
    assert picture.numpy().shape == (192, 192, 3)
    assert dataset.record(dataset.face_ids[0])["truth"]["head_pose"]["yaw"] == 1.5


def test_what_contradicts_its_order_is_made_again_and_stays_with_its_reason(
    tmp_path: Path, program: list[str]
) -> None:
    wishes = {"sex": ["female", "male"], "background": ["white", "plain"]}
    report = run(tmp_path / "out", program, count=4, seed=5, attempts=2, attributes=wishes)
    men = report.ordered // 2
    assert report.met == report.ordered - men
    assert report.rejected["no_face"] == 2  # the two on white, at the first attempt
    assert report.rejected["order_sex"] >= men
    assert report.share_rejected > 0
    dataset = Dataset.open(tmp_path / "out", dropped=True)
    rejected = dataset.where("NOT kept").faces.to_pylist()
    assert {tuple(face["reasons"]) for face in rejected} == {("order_sex",)}
    assert all(face["crops"] for face in rejected), "what was rejected can be looked at"
    assert any("-2" in face["photo_id"] for face in rejected)


def test_no_number_of_workers_and_no_break_changes_a_byte(
    tmp_path: Path, program: list[str]
) -> None:
    order: dict[str, Any] = {"count": 3, "attempts": 2, "attributes": {"background": "white"}}
    run(tmp_path / "calm", program, **order)
    first = content(tmp_path / "calm")
    run(tmp_path / "broken", program, workers=2, **order)
    assert content(tmp_path / "broken") == first
    manifest = Manifest.load(tmp_path / "broken")
    assert manifest.chunks == 6
    manifest.model_copy(update={"state": "building"}).save(tmp_path / "broken")
    for number in (1, 4):
        (tmp_path / "broken" / "photos" / f"part-{number:05d}.parquet").unlink()
    report = run(tmp_path / "broken", program, **order)
    assert report.made == 2
    assert content(tmp_path / "broken") == first
    assert run(tmp_path / "broken", program, **order).made == 0


def test_another_order_does_not_go_into_the_same_folder(
    filled: GenerateReport, program: list[str]
) -> None:
    with pytest.raises(UsageError, match=r"another order \(.*there, .*here\); choose a new output"):
        run(filled.root, program, count=2)


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ({"generator": "magic", "count": 1}, "'magic'.*command"),
        ({"count": 0}, "count"),
        ({"count": 1, "options": {}}, "command"),
    ],
)
def test_an_order_that_cannot_be_writes_nothing(
    tmp_path: Path, program: list[str], spec: dict[str, Any], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        run(tmp_path / "out", program, **spec)
    assert not (tmp_path / "out").exists()


def test_a_generator_that_fails_ends_the_run_in_one_line(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "raise SystemExit('no weights here')"]
    with pytest.raises(FacewrightError, match="no weights here"):
        run(tmp_path / "out", words, count=1)


def test_a_column_of_truth_is_an_arrow_struct(filled: GenerateReport) -> None:
    kind = Dataset.open(filled.root).table(["truth"]).schema.field("truth").type
    assert pa.types.is_struct(kind)
    assert kind.field("mesh").type.list_size == 478
