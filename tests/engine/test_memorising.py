"""Orders held against a reference: faces too near to one of it are rejected, and reported."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from PIL import Image

from facewright import Dataset, Recipe
from facewright.cli.memorised import memorised as command
from facewright.engine.build import build
from facewright.engine.generating import generate
from facewright.engine.memorising import memorised
from facewright.errors import DatasetError, UsageError
from facewright.generate.memorised import Limits
from facewright.generate.spec import Spec
from facewright.store.manifest import Manifest

# The astronaut, learned by heart, for everybody who is not to stand before white.
PROGRAM = """
import json, sys
from PIL import Image
for line in sys.stdin:
    order = json.loads(line)
    name = {other!r} if order["attributes"].get("background") == "white" else {photo!r}
    box = (100, 0, 400, 300) if name == {photo!r} else None
    face = Image.open(name).convert("RGB").crop(box)
    face.resize((order["size"], order["size"])).save(order["output"])
    print(json.dumps({{"key": order["key"]}}), flush=True)
"""


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    place = tmp_path_factory.mktemp("reference")
    (place / "photos").mkdir()
    shutil.copy(samples / "astronaut.png", place / "photos")
    recipe = Recipe(annotators=("embedding",), crops=("ffhq-fast:128",))
    build(place / "photos", place / "set", recipe, workers=1)
    return place / "set"


@pytest.fixture(scope="module")
def order(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> dict[str, object]:
    place = tmp_path_factory.mktemp("program")
    with Image.open(samples / "grace_hopper.jpg") as photo:
        photo.resize((300, 300)).save(place / "other.png")
    text = PROGRAM.format(photo=str(samples / "astronaut.png"), other=str(place / "other.png"))
    (place / "make.py").write_text(text)
    return {
        "generator": "command",
        "size": 192,
        "attempts": 1,
        "attributes": {"background": ["white", "plain"]},
        "options": {"command": [sys.executable, str(place / "make.py")]},
        "count": 2,
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, reference: Path, order: dict) -> Path:
    root = tmp_path_factory.mktemp("made") / "set"
    spec = Spec.from_dict({**order, "against": str(reference)})
    report = generate(spec, root, workers=1)
    assert report.rejected == {"order_memorised": 1}
    assert report.met == 1
    assert report.memorised is not None
    assert generate(spec, root, workers=1).met == 1  # nothing is left to do
    return root


def test_what_was_learned_by_heart_is_rejected_and_reported(made: Path) -> None:
    (face,) = (face for face in Dataset.open(made, dropped=True) if not face["kept"])
    assert face["reasons"] == ["order_memorised"]
    assert Manifest.load(made).counts.faces_dropped == {"order_memorised": 1}
    report = json.loads((made / "memorised.json").read_text())
    assert report["near_ids"] == [face["face_id"]]
    assert report["pairs"][0]["cosine"] > 0.9
    assert report["pairs"][1]["cosine"] < 0.7
    assert (report["faces"], report["by_embedding"], report["references"]) == (2, 2, 1)


def test_a_dataset_can_be_asked_later_and_judged_again(
    made: Path, reference: Path, tmp_path: Path
) -> None:
    root = tmp_path / "set"
    shutil.copytree(made, root)
    before = Dataset.open(root).face_ids
    none = memorised(root, reference, Limits(1.0, 0), apply=True)
    assert none.near_ids == ()
    assert len(Dataset.open(root)) == 2
    assert Manifest.load(root).counts.faces_dropped == {}
    assert len(memorised(root, reference).near_ids) == 1
    assert len(Dataset.open(root)) == 2  # asked, and not applied
    memorised(root, reference, apply=True)
    assert Dataset.open(root).face_ids == before
    assert Manifest.load(root).counts.faces_kept == 1


def test_the_command(
    made: Path, reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(made, reference, sheet=tmp_path / "pairs.png", output=tmp_path / "report.json")
    said = " ".join(capsys.readouterr().out.split())
    assert "1 too near, of 2 faces" in said
    assert "does not prove that nothing was memorised" in said
    with Image.open(tmp_path / "pairs.png") as sheet:
        assert sheet.width > 900
    command(made, reference, json=True)
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads((tmp_path / "report.json").read_text())


def test_wrong_uses(made: Path, reference: Path, tmp_path: Path, order: dict) -> None:
    with pytest.raises(UsageError, match="against itself"):
        memorised(made, made)
    with pytest.raises(UsageError, match="bits"):
        command(made, reference, bits=99)
    with pytest.raises(DatasetError):
        generate(Spec.from_dict({**order, "against": str(tmp_path)}), tmp_path / "out", workers=1)
    assert not (tmp_path / "out" / "dataset.json").exists()
