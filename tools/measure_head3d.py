"""Measure the faces of head3d with this project's own detector and annotators; print the figures.

    python tools/measure_head3d.py [--people 48] [--first 0] [--quality standard] [--size 256]
        [--sheet FILE] [--json FILE] [--folder FOLDER]

Each person is rendered twice (two poses, two lights): the first picture counts for detection,
landmarks, yaw, sex and age, both for re-identification. Sexes, four ethnicities and ages from 8
to 80 are ordered equally often; yaw is uniform within 45 degrees. Expressions are drawn by chance,
apart from sex and ethnicity: an open mouth alone makes the annotator read a face ten years younger.
The sheet shows up to 64 pictures: each person's first, then second ones. `--first` takes persons of
other numbers than those that changes were tried on. Pictures are kept in the folder, so that a
broken run of hq goes on where it ended; nothing there says which version of head3d drew them, and
the peak of memory is then of what the last run drew.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.annotators.pipeline import Pipeline
from facewright.generate.head3d.person import Person, sample_person
from facewright.generate.head3d.render import Quality, View, render
from facewright.vision.faces import FaceBatch, find_faces
from facewright.vision.pose import azure_angles
from facewright.vision.runtime import Runtime

ETHNICITIES = ("white", "black", "asian", "latino")
EXPRESSIONS = ("soft", "neutral", "smile", "neutral", "laugh", "soft", "surprise", "neutral")
EYES = (33, 263)
INNER = slice(17, 68)
CELL = 160
TRUTHS = ("mesh", "landmarks68", "hidden", "pitch", "yaw")


@dataclass
class Shot:
    """A person, a rendered picture with its truth, and what was found in it, or None.

    Attributes:
        taken: `pixels`, and of `Truth` what is compared: TRUTHS.
        seconds: CPU-seconds that it cost, those of Blender included.
    """

    person: Person
    taken: dict[str, NDArray[Any]]
    seconds: float
    faces: FaceBatch | None = None
    columns: dict[str, Any] | None = None


def main() -> None:
    """Render, annotate, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=48)
    parser.add_argument("--first", type=int, default=0, help="number of the first person")
    parser.add_argument("--quality", choices=("draft", "standard", "hq"), default="standard")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--folder", type=Path, help="keep pictures here and take them from here")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
    numbers = range(options.first, options.first + options.people)
    shots = [s for k in numbers for s in shoot(k, options.size, options.quality, options.folder)]
    alone, others = peak(), peak(resource.RUSAGE_CHILDREN)
    runtime, pipeline = Runtime(), Pipeline(("sex-age", "embedding"))
    for shot in shots:
        look(shot, runtime, pipeline)
    result = figures(shots)
    result["peak memory, rendering"] = f"{alone:.2f} GB"
    if options.quality == "hq":
        # Linux counts what a process held before it became another program: an upper bound
        result["peak memory, Blender <="] = f"{others:.2f} GB"
    result["peak memory, annotators included"] = f"{peak():.2f} GB"
    for name, value in result.items():
        print(f"{name:34} {value}")
    if options.sheet:
        ordered = [*shots[::2], *shots[1::2]][:64]
        save_sheet([shot.taken["pixels"] for shot in ordered], options.sheet)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def shoot(number: int, size: int, quality: Quality, folder: Path | None) -> list[Shot]:
    """Two pictures of a person; progress with the peak of memory goes to stderr."""
    rng = np.random.default_rng((number, 77))
    expressions = np.random.default_rng((number, 78)).choice(EXPRESSIONS, 2)
    wanted = {
        "sex": ("female", "male")[number % 2],
        "ethnicity": ETHNICITIES[number // 2 % 4],
        "age": float(8 + 72 * ((number * 0.618034) % 1)),
    }
    person = sample_person(wanted, 5000 + number)
    out = []
    for k in range(2):
        view = View(
            yaw=float(rng.uniform(-45, 45)),
            pitch=float(np.clip(rng.normal(0, 6), -15, 15)),
            roll=float(np.clip(rng.normal(0, 4), -10, 10)),
            expression=str(expressions[k]),
            gaze=(float(rng.normal(0, 4)), float(rng.normal(0, 2))),
        )
        kept = folder / f"{number}-{k}-{quality}-{size}.npz" if folder else None
        out.append(take(person, view, size, quality, 2 * number + k, kept))
    print(f"person {number}, peak {peak():.2f} GB", file=sys.stderr, flush=True)
    return out


def take(
    person: Person, view: View, size: int, quality: Quality, seed: int, kept: Path | None
) -> Shot:
    """One picture, from its file where that is there."""
    if kept and kept.exists():
        with np.load(kept) as file:
            known = dict(file)
        return Shot(person, known, float(known.pop("seconds")))
    start = cpu_seconds()
    made = render(person, view, size, quality, seed)
    seconds = cpu_seconds() - start
    taken = {name: np.asarray(getattr(made.truth, name)) for name in TRUTHS}
    taken["pixels"] = made.pixels
    if kept:
        half = kept.with_suffix(".half.npz")
        np.savez_compressed(half, allow_pickle=False, seconds=seconds, **taken)
        half.replace(kept)
    return Shot(person, taken, seconds)


def cpu_seconds() -> float:
    """Of this process and of those it started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def look(shot: Shot, runtime: Runtime, pipeline: Pipeline) -> None:
    """Find and annotate the face of a shot."""
    faces = find_faces([shot.taken["pixels"]], runtime)
    if len(faces):
        shot.faces = faces.take([0])
        shot.columns = pipeline.annotate(shot.faces, runtime)


def figures(shots: list[Shot]) -> dict[str, str]:
    """All figures, as text with their N."""
    first = shots[::2]
    found = [shot for shot in first if shot.faces is not None]
    out = {"detected": f"{len(found) / len(first):.3f} (N {len(first)})"}
    errors = [point_errors(shot) for shot in found]
    out["mesh points, median / eye distance"] = f"{np.median([e[0] for e in errors]):.4f}"
    out["iBUG 17-67, median / eye distance"] = f"{np.median([e[1] for e in errors]):.4f}"
    yaws = np.array([angles(shot)[2] - shot.taken["yaw"] for shot in found])
    pitches = np.array([angles(shot)[0] - shot.taken["pitch"] for shot in found])
    out["yaw, median error"] = f"{np.median(np.abs(yaws)):.2f} degrees"
    out["pitch, median error"] = f"{np.median(np.abs(pitches)):.2f} (bias {np.median(pitches):.2f})"
    out |= attribute_figures(found)
    out |= identity_figure(shots)
    seconds = np.array([shot.seconds for shot in shots])
    out["CPU-s, first view (median)"] = f"{np.median(seconds[::2]):.2f}"
    out["CPU-s, further view (median)"] = f"{np.median(seconds[1::2]):.2f}"
    return out


def peak(who: int = resource.RUSAGE_SELF) -> float:
    """Most memory that this process held so far, GB; or the largest of those it started."""
    return resource.getrusage(who).ru_maxrss / 1e6


def angles(shot: Shot) -> NDArray[np.float64]:
    """Estimated pitch, roll, yaw of a shot."""
    assert shot.faces is not None
    found: NDArray[np.float64] = azure_angles(shot.faces.rotations)[0]
    return found


def point_errors(shot: Shot) -> tuple[float, float]:
    """Median distance of mesh points, and of inner iBUG points, over the outer eye distance."""
    assert shot.faces is not None
    truth = shot.taken
    right, left = truth["mesh"][EYES[0]], truth["mesh"][EYES[1]]
    scale = float(np.linalg.norm(right - left))  # in space, so that a turned head is not favoured
    seen = ~truth["hidden"][:468]
    off = shot.faces.meshes[0, :468, :2] - truth["mesh"][:468, :2]
    mesh = np.linalg.norm(off, axis=1)[seen]
    ibug = np.linalg.norm(shot.faces.landmarks68[0] - truth["landmarks68"], axis=1)[INNER]
    return float(np.median(mesh) / scale), float(np.median(ibug) / scale)


def attribute_figures(found: list[Shot]) -> dict[str, str]:
    """Agreement with the ordered sex, rank correlation with the ordered age."""
    adults = [shot for shot in found if shot.person.age >= 14]
    sexes = [columns(shot)["sex"][0] == shot.person.sex for shot in adults]
    out = {"ordered sex agreed, 14 years on": f"{np.mean(sexes):.3f} (N {len(sexes)})"}
    for sex in ("female", "male"):
        part = [ok for ok, shot in zip(sexes, adults, strict=True) if shot.person.sex == sex]
        out[f"  {sex}"] = f"{np.mean(part):.3f} (N {len(part)})"
    ages = np.array([(shot.person.age, columns(shot)["age"][0]) for shot in found], float)
    ranks = ages.argsort(axis=0).argsort(axis=0)
    rank = float(np.corrcoef(ranks[:, 0], ranks[:, 1]).ravel()[1])
    out["ordered age, rank correlation"] = f"{rank:.3f} (N {len(ages)})"
    out["ordered age, median error"] = f"{np.median(np.abs(ages[:, 0] - ages[:, 1])):.1f} years"
    return out | age_biases(found)


def age_biases(found: list[Shot]) -> dict[str, str]:
    """How much older than ordered people are read, by sex and age."""
    out = {}
    for low, high in ((8, 14), (14, 30), (30, 45), (45, 60), (60, 81)):
        text = []
        for sex in ("female", "male"):
            off = [
                columns(shot)["age"][0] - shot.person.age
                for shot in found
                if shot.person.sex == sex and low <= shot.person.age < high
            ]
            text.append(f"{np.mean(off):+.0f} (N {len(off)})" if off else "-")
        out[f"  read too old, {low} to {high - 1}, f / m"] = " / ".join(text)
    return out


def columns(shot: Shot) -> dict[str, Any]:
    """Annotations of a shot that has a face."""
    assert shot.columns is not None
    return shot.columns


def identity_figure(shots: list[Shot]) -> dict[str, str]:
    """AUC of cosine between embeddings: same person in two poses against different persons."""
    pairs = [
        (shots[k], shots[k + 1])
        for k in range(0, len(shots), 2)
        if shots[k].columns and shots[k + 1].columns
    ]
    vectors = [
        np.array([np.asarray(columns(pair[side])["embedding"][0], float) for pair in pairs])
        for side in range(2)
    ]
    one, two = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in vectors)
    cosine = one @ two.T
    same = np.diag(cosine)
    other = cosine[~np.eye(len(cosine), dtype=bool)]
    auc = float((same[:, None] > other[None]).mean())
    return {"re-identification, AUC": f"{auc:.3f} ({len(same)} persons, two poses)"}


def save_sheet(pictures: list[NDArray[np.uint8]], path: Path) -> None:
    """A sheet of pictures, each made CELL wide, about as many rows as columns."""
    cells = [cv2.resize(p, (CELL, CELL), interpolation=cv2.INTER_AREA) for p in pictures]
    side = int(np.ceil(np.sqrt(len(cells))))
    full = [*cells, *[np.zeros_like(cells[0])] * (-len(cells) % side)]
    rows = [np.hstack(full[k : k + side]) for k in range(0, len(full), side)]
    cv2.imwrite(str(path), np.vstack(rows)[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, 82])


if __name__ == "__main__":
    main()
