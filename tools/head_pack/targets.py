"""Blend shapes: MakeHuman's target files as sparse, quantised displacements."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from head_pack.mesh import METRES
from head_pack.sources import FACE_UNITS, TARGETS

STEP = 2e-5
"""Metres of one unit of the packed int16 displacements."""

LOCAL = (
    "head", "forehead", "eyebrows", "eyes", "ears", "nose", "cheek", "mouth", "chin", "neck",
    "asym",
)  # fmt: skip
_LEFT_OUT = ("measure-", "asymm-", "neck-trans", "head-trans")

Target = tuple[NDArray[np.int64], NDArray[np.float64]]


def read_target(path: Path) -> Target:
    """Vertices (K,) and displacements (K, 3) in metres of one .target or .target.gz file."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    rows = [line.split() for line in text.splitlines() if line and line[0] not in '#"']
    index = np.array([int(row[0]) for row in rows], np.int64)
    shift = np.array([[float(x) for x in row[1:4]] for row in rows]) * METRES
    return index, shift.reshape(-1, 3)


def macro_targets(root: Path) -> dict[str, Target]:
    """Targets of ancestry, sex, age, muscle and weight, by the words of their file names."""
    folder = root / TARGETS / "macrodetails"
    names = sorted(folder.glob("*.target.gz"))
    # Muscle is hardly seen on a face: of the universal targets only those of average muscle.
    names = [p for p in names if "universal" not in p.name or "averagemuscle" in p.name]
    return {_stem(path): read_target(path) for path in names}


def local_targets(root: Path) -> dict[str, Target]:
    """Targets of single features, asymmetries among them."""
    paths = [p for part in LOCAL for p in sorted((root / TARGETS / part).glob("*.target.gz"))]
    return {_stem(p): read_target(p) for p in paths if not p.name.startswith(_LEFT_OUT)}


def face_units(root: Path) -> dict[str, Target]:
    """The 52 ARKit face units."""
    return {
        _stem(path): read_target(path) for path in sorted((root / FACE_UNITS).glob("*.target*"))
    }


def _stem(path: Path) -> str:
    return path.name.split(".")[0]


def pack_targets(
    targets: Mapping[str, Target], renumber: NDArray[np.int64], prefix: str
) -> dict[str, NDArray[np.generic]]:
    """Arrays of the pack: one run of vertices and displacements after another.

    Args:
        targets: by name.
        renumber: (19158,) new number of each vertex, -1 for those left out.
        prefix: of the arrays' names.

    Returns:
        `<prefix>_names`, `_start` (N + 1), `_index` uint16 (K,), `_shift` int16 (K, 3) in `STEP`.
    """
    indices, shifts, start = [], [], [0]
    for index, shift in targets.values():
        new = renumber[index]
        units = np.round(shift / STEP)
        keep = (new >= 0) & (np.abs(units) >= 1).any(axis=1)
        indices.append(new[keep].astype(np.uint16))
        shifts.append(units[keep])
        start.append(start[-1] + int(keep.sum()))
    every = np.concatenate(shifts)
    if np.abs(every).max() > np.iinfo(np.int16).max:
        every = np.clip(every, -32767, 32767)
    return {
        f"{prefix}_names": np.array(list(targets)),
        f"{prefix}_start": np.array(start, np.int32),
        f"{prefix}_index": np.concatenate(indices),
        f"{prefix}_shift": every.astype(np.int16),
    }
