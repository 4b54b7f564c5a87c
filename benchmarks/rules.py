"""Time and memory of judging a dataset by its tables, dry and applied.

    python benchmarks/rules.py [--faces N] [--dataset DIR]

Without --dataset, N records (a million) with the columns that rules read are made up first. The
reference judges the same faces by the same rules one at a time in Python, on some of them, in the
same run; both times are of the wall.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright import __version__
from facewright.engine.judging import judge
from facewright.engine.ruling import apply
from facewright.recipe import Recipe, RuleSettings
from facewright.record import Photo, Record
from facewright.schema import to_table
from facewright.store.dataset import Dataset
from facewright.store.manifest import Manifest
from facewright.store.tables import part_name, write_part

PART = 20_000
SAMPLE = 20_000
RULES: dict[str, Any] = {
    "blur": {"max": 0.5},
    "exposure": {},
    "noise": {},
    "pose": {"yaw": [-45, 45], "pitch": [-30, 30]},
    "eyes": {},
    "occlusion": {"parts": ["eye", "mouth"]},
    "quality_percentile": {"lowest": 10, "within": "sex"},
    "crowded": {"eyes": False},
    "licence_policy": {"commercial": True},
    "missing": {"attributes": ["sex", "age"]},
    "sql": {"drop_where": "age < 18 and confidence.sex < 0.6"},
}
LOOKED_AT = (
    *("blur", "exposure", "noise", "head_pose", "eye_state", "occlusion"),
    *("sex", "age", "confidence"),
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faces", type=int, default=1_000_000)
    parser.add_argument("--dataset", type=Path, help="judged as it is, and not applied to")
    parser.add_argument("--measure", choices=("dry", "apply"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.dataset, options.measure)
        return
    with tempfile.TemporaryDirectory() as folder:
        root = options.dataset or made_up(Path(folder) / "faces", options.faces)
        reference = one_at_a_time(root)
        print(f"{'':24}{'seconds':>9}{'peak MB':>9}{'faces':>10}{'kept':>10}{'ratio':>8}")
        for what in ("dry",) if options.dataset else ("dry", "apply"):
            row = in_own_process(root, what)
            ratio = reference * row["faces"] / row["seconds"]
            numbers = f"{row['seconds']:9.2f}{row['megabytes']:9.0f}{row['faces']:10,}"
            print(f"{what:24}{numbers}{row['kept']:10,}{ratio:8.0f}")
        print(f"reference, one at a time: {reference * 1e6:.1f} us a face ({SAMPLE:,} faces)")


def in_own_process(root: Path, what: str) -> dict[str, Any]:
    """Peak memory is a process's own."""
    command = [sys.executable, __file__, "--dataset", str(root), "--measure", what]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measure(root: Path, what: str) -> None:
    """Judge once and print what it took."""
    rules = RuleSettings.model_validate(RULES)
    began = time.perf_counter()
    ruling = apply(root, rules) if what == "apply" else judge(root, rules)
    counts = ruling.judgement.counts
    took = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kept = counts[-1].kept
    row = {"seconds": took, "megabytes": memory, "faces": len(ruling.judgement), "kept": kept}
    print(json.dumps(row))


def one_at_a_time(root: Path) -> float:
    """Seconds a face of the plain way: records as Python objects, limits as comparisons."""
    table = Dataset.open(root, dropped=True).table(LOOKED_AT).slice(0, SAMPLE)
    began = time.perf_counter()
    dropped = sum(any(plain_rules(row)) for row in table.to_pylist(maps_as_pydicts="strict"))
    assert dropped <= len(table)
    return (time.perf_counter() - began) / len(table)


def plain_rules(row: dict[str, Any]) -> tuple[bool, ...]:
    """Those of `RULES` that look at one face only."""
    value = {name: (row[name] or {}).get("value") or 0.0 for name in ("blur", "exposure", "noise")}
    pose, lids, covered = (row[name] or {} for name in ("head_pose", "eye_state", "occlusion"))
    return (
        value["blur"] > 0.5,
        not 0.25 <= value["exposure"] <= 0.75,
        value["noise"] > 0.7,
        abs(pose.get("yaw") or 0) > 45 or abs(pose.get("pitch") or 0) > 30,
        lids.get("left") == lids.get("right") == "closed",
        bool(covered.get("eye") or covered.get("mouth")),
        row["sex"] is None or row["age"] is None,
        (row["age"] or 99) < 18 and ((row["confidence"] or {}).get("sex") or 1) < 0.6,
    )


def made_up(root: Path, faces: int) -> Path:
    """A dataset of records without pictures."""
    chance = np.random.default_rng(0)
    for name in ("faces", "photos"):
        (root / name).mkdir(parents=True)
    for number, start in enumerate(range(0, faces, PART)):
        count = min(PART, faces - start)
        photo = (np.arange(start, start + count) * 5) // 6  # every fifth photo shows two faces
        write_part(root / "faces" / part_name(number), _faces(chance, photo, start))
        ids = np.unique(photo[photo != (start * 5) // 6 - 1])
        columns = {
            "photo_id": [f"p{n}" for n in ids],
            "key": [f"{n}.jpg" for n in ids],
            "status": ["used"] * len(ids),
            "faces": np.ones(len(ids), int),
            "width": np.full(len(ids), 2000),
            "height": np.full(len(ids), 1500),
            "licence": chance.choice(["CC BY 4.0", "CC0", "CC BY-NC 2.0"], len(ids)).astype(object),
        }
        write_part(root / "photos" / part_name(number), to_table(Photo, columns, len(ids)))
    Manifest(
        facewright=__version__,
        state="complete",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        source="made up",
        source_path="",
        fingerprint="",
        recipe=Recipe(crops=()),
        chunks=-(-faces // PART),
    ).save(root)
    return root


def _faces(chance: np.random.Generator, photo: NDArray[np.int64], start: int) -> Any:
    count = len(photo)
    share = {
        name: chance.beta(1, 6, count)
        for name in ("blur.value", "noise.value", "smile", "confidence.eye_occluded")
    }
    columns: dict[str, Any] = {
        **share,
        "face_id": [f"p{p}_{n}" for n, p in enumerate(photo.tolist(), start)],
        "photo_id": [f"p{p}" for p in photo.tolist()],
        "index": np.ones(count, int),
        "kept": np.ones(count, bool),
        "exposure.value": chance.beta(6, 4, count),
        "head_pose.yaw": chance.normal(0, 20, count),
        "head_pose.pitch": chance.normal(0, 10, count),
        "head_pose.roll": chance.normal(0, 5, count),
        "mesh_presence": chance.beta(20, 1, count),
        "detection_score": chance.beta(20, 2, count),
        "quality.face_size": chance.lognormal(5, 0.7, count),
        "quality.overall": chance.beta(5, 2, count),
        "confidence.sex": chance.uniform(0.5, 1, count),
        "age": chance.integers(1, 90, count).astype(float),
        "sex": chance.choice(
            np.array(["female", "male", None], object), count, p=(0.5, 0.49, 0.01)
        ),
        "eye_state.left": chance.choice(
            np.array(["open", "closed"], object), count, p=(0.97, 0.03)
        ),
        "eye_state.right": chance.choice(
            np.array(["open", "closed"], object), count, p=(0.97, 0.03)
        ),
        "occlusion.eye": chance.random(count) < 0.03,
        "occlusion.mouth": chance.random(count) < 0.03,
        "rectangle.left": chance.integers(0, 1500, count),
        "rectangle.top": chance.integers(0, 1000, count),
        "rectangle.width": chance.integers(50, 500, count),
        "rectangle.height": chance.integers(50, 500, count),
    }
    return to_table(Record, columns, count)


if __name__ == "__main__":
    main()
