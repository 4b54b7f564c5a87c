"""Measure the camera labels: on portraits, and between the published estimates of FFHQ's poses.

    python tools/measure_cameras.py [--limit N] [--write]

Portraits: `data/portraits` in FACEWRIGHT_SHARED or `../shared`. Each is labelled as it is and
flipped left to right; the label of the one should be the mirrored label of the other. --write
puts these figures on the annotator's card, by src/facewright/weights/measured.json.
FFHQ: `data/ffhq-features-json.tar.xz` (Azure's head poses of 70,000 pictures) and
`data/ffhq_eg3d_camera_angles.npz` (Deep3DFaceRecon's cameras of 69,957 of them, in the same order;
where the 43 are missing is found by matching yaws). No estimate of this project enters there: it
says how far two other estimators of the same convention are apart.
"""

from __future__ import annotations

import argparse
import json
import os
import tarfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facewright.align.eg3d import EG3D, MODEL_POINTS
from facewright.camera.angles import theta_phi
from facewright.camera.axes import azure_of_head
from facewright.camera.deep3d import SCALE, SHIFT
from facewright.camera.estimate import estimate_labels, five_in_crop
from facewright.camera.label import CameraLabel, mirrored, positions_of, rotations_of
from facewright.camera.reference import ffhq_density
from facewright.camera.replicas import lpff_keeps
from facewright.vision.faces import find_faces
from facewright.vision.mesh import ibug68
from facewright.vision.runtime import Runtime
from facewright.vision.tables import canonical_face

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("FACEWRIGHT_SHARED", ROOT.parent / "shared"))
PICTURES, LOST = 70_000, 43

MEASURED = ROOT / "src/facewright/weights/measured.json"
SCRIPT = "tools/measure_cameras.py"

Floats = NDArray[np.float64]


def say(what: str, values: Floats, unit: str = "degrees") -> list[dict[str, Any]]:
    """Print median and 95th percentile of absolute values; give them as figures of a card."""
    size = np.abs(values)
    found = {"median": float(np.median(size)), "95 %": float(np.percentile(size, 95))}
    print(f"  {what:46} median {found['median']:6.3f}  95 % {found['95 %']:6.3f} {unit}")
    return [
        {"figure": f"{what}, {unit}, {name}", "value": round(value, 4), "script": SCRIPT}
        for name, value in found.items()
    ]


def turn_between(one: Floats, other: Floats) -> Floats:
    """Angles in degrees between rotations (N, 3, 3)."""
    cosine = (np.einsum("nij,nij->n", one, other) - 1.0) / 2.0
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def faces(folder: Path, limit: int, runtime: Runtime) -> tuple[Floats, Floats]:
    """Meshes (N, 478, 3) of the largest face of each portrait, and of its mirror picture."""
    pairs = []
    for path in sorted(folder.glob("*.jpg"))[:limit]:
        with Image.open(path) as file:
            photo = np.array(file.convert("RGB"))
        both = [find_faces([p], runtime) for p in (photo, np.ascontiguousarray(photo[:, ::-1]))]
        if all(len(found) for found in both):
            pairs.append([found.meshes[0] for found in both])
    stacked = np.array(pairs)
    return stacked[:, 0], stacked[:, 1]


def labels_of(meshes: Floats) -> tuple[Floats, Floats]:
    """Labels (N, 25), and the crops' quads (N, 4, 2)."""
    quads = np.stack([EG3D.quad(points) for points in ibug68(meshes)])
    return estimate_labels(meshes, quads), quads


def measure_portraits(folder: Path, limit: int) -> list[dict[str, Any]]:
    """Print how consistent this project's labels are; give the figures."""
    straight, flipped = faces(folder, limit, Runtime())
    labels, quads = labels_of(straight)
    mirrors = mirrored(labels_of(flipped)[0])
    angles = theta_phi(positions_of(labels))
    azure = azure_of_head(np.swapaxes(_opengl(labels), 1, 2))
    density = ffhq_density()(angles)
    print(
        f"{len(labels)} portraits, yaw {azure[:, 2].min():.0f} to {azure[:, 2].max():.0f} degrees"
    )
    apart = np.degrees(np.linalg.norm(positions_of(labels - mirrors), axis=1) / 2.7)
    beyond = np.degrees(angles) - 90 - azure[:, [2, 0]]
    mean = MODEL_POINTS * SCALE + SHIFT
    seen = np.stack([CameraLabel.parse(label).project(mean) for label in labels])
    figures = [
        *say(
            "mirrored picture: rotation differs by", turn_between(*map(_opengl, (labels, mirrors)))
        ),
        *say("mirrored picture: position differs by", apart),
        *say(
            "mirrored picture: density differs by",
            density - ffhq_density()(theta_phi(positions_of(mirrors))),
            "of up to 7.15 a square radian",
        ),
        *say("theta - 90 against yaw", beyond[:, 0]),
        *say("phi - 90 against pitch", beyond[:, 1]),
        *say(
            "mean face's five points through the label",
            512 * _distance(seen, straight, quads),
            "pixels of 512",
        ),
    ]
    print(f"  rare enough for LPFF (density < 0.4): {int(lpff_keeps(density).sum())}")
    on = {"on": f"{len(labels)} synthetic portraits", "n": len(labels)}
    return [figure | on for figure in figures]


def write(figures: list[dict[str, Any]]) -> None:
    """Put the figures on the card of the annotator `camera`; those of all others stay."""
    cards = json.loads(MEASURED.read_text(encoding="utf-8")) | {"camera": figures}
    text = json.dumps(cards, indent=1, sort_keys=True, ensure_ascii=False)
    MEASURED.write_text(f"{text}\n", encoding="utf-8")


def _distance(seen: Floats, meshes: Floats, quads: Floats) -> Floats:
    five = five_in_crop(meshes, quads) * (1.0, -1.0) + 0.5
    return np.asarray(np.linalg.norm(seen - five, axis=2).ravel())


def _opengl(labels: Floats) -> Floats:
    return rotations_of(labels) * (1.0, -1.0, -1.0)


def measure_frontal() -> None:
    """Print what the two mean faces take for frontal, by EG3D's five points."""
    face = np.zeros((1, 478, 3))
    face[0, :468] = canonical_face()["vertices"]
    flat = ibug68(face)[0]
    deep = ibug68(face[..., [0, 2, 1]])[0][:, 1]
    points = np.column_stack([flat, deep])
    eyes = [points[[36, 39]].mean(axis=0), points[[42, 45]].mean(axis=0)]
    five = np.stack([*eyes, points[30], points[48], points[54]])
    five, model = five - five.mean(axis=0), MODEL_POINTS - MODEL_POINTS.mean(axis=0)
    u, _, vt = np.linalg.svd(model.T @ five)
    turn = azure_of_head((u @ np.diag([1, 1, np.linalg.det(u @ vt)]) @ vt)[None])[0]
    print(f"frontal of the mesh against BFM09's: pitch {turn[0]:.2f}, yaw {turn[2]:.2f} degrees")


def azure_poses(archive: Path) -> Floats:
    """(70000, 3) Azure's pitch, roll, yaw of the first face; NaN where it found none."""
    poses = np.full((PICTURES, 3), np.nan)
    with tarfile.open(archive) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isfile() else None
            found = json.load(file) if file else []
            if found:
                pose = found[0]["faceAttributes"]["headPose"]
                poses[int(Path(member.name).stem)] = pose["pitch"], pose["roll"], pose["yaw"]
    return poses


def match(yaw: Floats, camera: Floats) -> NDArray[np.int64]:
    """Picture of each camera: the order is kept, 43 pictures are skipped where that fits best."""
    steps = np.arange(LOST + 1)
    cost = np.stack([yaw[k : k + len(camera)] for k in steps]) - camera
    cost = np.nan_to_num(np.abs(cost), nan=5.0).clip(max=15.0)
    total = cost[:, 0] + steps * 1e3 * (steps > 0)
    came = np.zeros(cost.shape, np.int64)
    for i in range(1, len(camera)):
        best = np.minimum.accumulate(total)
        came[:, i] = np.maximum.accumulate(np.where(total <= best, steps, 0))
        total = best + cost[:, i]
    shift = np.zeros(len(camera), np.int64)
    shift[-1] = LOST
    for i in range(len(camera) - 1, 0, -1):
        shift[i - 1] = came[shift[i], i]
    return np.arange(len(camera)) + shift


def measure_published(data: Path) -> None:
    """Print how far Azure's head poses are from Deep3DFaceRecon's cameras."""
    with np.load(data / "ffhq_eg3d_camera_angles.npz") as angles:
        cameras = np.degrees(np.stack([angles["phi"], angles["theta"]], axis=1))[::2] - 90
    poses = azure_poses(data / "ffhq-features-json.tar.xz")
    there = poses[match(poses[:, 2], cameras[:, 1])][:, [0, 2]]
    known = ~np.isnan(there).any(axis=1)
    print(f"{known.sum()} pictures of FFHQ: Azure's pose less Deep3DFaceRecon's camera")
    for axis, name in enumerate(("pitch - (phi - 90)", "yaw - (theta - 90)")):
        gap = there[known, axis] - cameras[known, axis]
        correlation = np.corrcoef(there[known, axis], cameras[known, axis])[0, 1]
        print(f"  {name}: median {np.median(gap):.2f}, correlation {correlation:.3f}")
        say("  distance from that median", gap - np.median(gap))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Measure the camera labels.")
    parser.add_argument("--limit", type=int, default=100, help="portraits (default: 100)")
    parser.add_argument("--write", action="store_true", help="merge into weights/measured.json")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    measure_frontal()
    figures = measure_portraits(SHARED / "data" / "portraits", options.limit)
    if options.write:
        write(figures)
    measure_published(SHARED / "data")


if __name__ == "__main__":
    main()
