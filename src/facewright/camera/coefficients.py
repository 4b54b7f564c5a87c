"""A user's own Deep3DFaceRecon coefficients, in the files that people have.

- `.json`: {face id: {"angle": [3], "trans": [3]}} or {face id: [257 numbers]}.
- `.npz`: `ids` (N,) and either `angle` and `trans` (N, 3) or `coefficients` (N, 257).
- `.npy`: (N, 257), or (N, 6) of angle and trans, one row a face in the dataset's order.
- `.mat`: one face, named by the file: `angle` and `trans`, or `coeff` of 257. Needs SciPy.
- a folder of `.mat` files, one a face: what Deep3DFaceRecon_pytorch writes.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.camera.deep3d import HeadPlacement
from facewright.errors import UsageError
from facewright.extras import not_installed

Floats = NDArray[np.float64]
Placements = dict[str, Floats]

LENGTH = 257
ANGLE, TRANS = slice(224, 227), slice(254, 257)
"""Where the 257 coefficients hold angle and trans."""


def read_coefficients(path: str | Path, face_ids: Sequence[str] = ()) -> Placements:
    """Read the head placements of faces.

    Args:
        path: file or folder, see the module.
        face_ids: the dataset's, which name the rows of an `.npy`.

    Returns:
        Face id to (6,): angle x, y, z in radians, trans x, y, z in decimetres.

    Raises:
        UsageError: no such file, or it does not hold what it should; names the file and the face.
    """
    place = Path(path)
    try:
        if place.is_dir():
            return _from_folder(place)
        if place.suffix == ".json":
            return _from_json(place)
        if place.suffix == ".npz":
            return _from_npz(place)
        if place.suffix == ".npy":
            return _from_npy(place, face_ids)
        if place.suffix == ".mat":
            return _checked(place, {place.stem: _from_mat(place)})
    except OSError as error:
        raise UsageError(f"cannot read {place}: {error.strerror or error}") from error
    raise UsageError(f"{place}: coefficients come in .json, .npz, .npy, .mat or a folder of .mat")


def stacked(placements: Iterable[Floats]) -> HeadPlacement:
    """Placements (6,) of several faces as arrays of N."""
    rows = np.array(list(placements), np.float64).reshape(-1, 6)
    return HeadPlacement(rows[:, :3], rows[:, 3:])


def _from_json(path: Path) -> Placements:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageError(f"{path} is not JSON: {error}") from None
    if not isinstance(loaded, dict):
        raise UsageError(f"{path}: expected an object of face ids, not {type(loaded).__name__}")
    return _checked(path, loaded)


def _from_npz(path: Path) -> Placements:
    with _load(path) as data:
        arrays = {name: data[name] for name in data.files}
    if "ids" not in arrays:
        raise UsageError(f"{path} has no array 'ids'; it has: {', '.join(arrays) or 'none'}")
    ids = [str(name) for name in arrays.pop("ids").tolist()]
    for name, values in arrays.items():
        if len(np.atleast_1d(values)) != len(ids):
            raise UsageError(
                f"{path}: {name} has {len(np.atleast_1d(values))} rows for {len(ids)} ids"
            )
    if len(set(ids)) < len(ids):
        raise UsageError(f"{path}: an id is there twice")
    rows = {face: {k: v[i] for k, v in arrays.items()} for i, face in enumerate(ids)}
    return _checked(path, rows)


def _from_npy(path: Path, face_ids: Sequence[str]) -> Placements:
    rows = _load(path)
    if rows.ndim != 2 or len(rows) != len(face_ids):
        raise UsageError(
            f"{path}: shape {rows.shape} for {len(face_ids)} faces; an .npy has one row a face"
            " in the dataset's order (an .npz with 'ids' may hold any faces)"
        )
    return _checked(path, dict(zip(face_ids, rows, strict=True)))


def _from_folder(path: Path) -> Placements:
    files = sorted(path.glob("*.mat"))
    if not files:
        raise UsageError(f"{path}: no .mat file in this folder")
    return _checked(path, {file.stem: _from_mat(file) for file in files})


def _from_mat(path: Path) -> Mapping[str, Any]:
    try:
        from scipy.io import loadmat
        from scipy.io.matlab import MatReadError
    except ImportError as error:
        raise not_installed("SciPy, which reads .mat,", "mat") from error
    try:
        found: Mapping[str, Any] = loadmat(path, variable_names=("angle", "trans", "coeff"))
    except (MatReadError, ValueError, TypeError, NotImplementedError, EOFError) as error:
        raise UsageError(f"{path} is not a .mat that SciPy reads: {error}") from None
    return found


def _load(path: Path) -> Any:
    """An array, or an open archive of arrays; never a pickle."""
    try:
        return np.load(path, allow_pickle=False)
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise UsageError(f"{path} is not an array of numbers: {error}") from None


def _checked(path: Path, rows: Mapping[str, Any]) -> Placements:
    """Every face's numbers as (6,), or an error that names the face."""
    return {face: _placement(f"{path}: {face}", row) for face, row in rows.items()}


def _placement(name: str, row: Any) -> Floats:
    if isinstance(row, Mapping):
        whole = row.get("coefficients", row.get("coeff"))
        parts = [row.get("angle"), row.get("trans")] if whole is None else [whole]
    else:
        parts = [row]
    try:
        values = np.concatenate([np.asarray(part, np.float64).ravel() for part in parts])
    except (TypeError, ValueError):
        raise UsageError(f"{name}: angle and trans are 3 numbers each") from None
    if values.size == LENGTH:
        values = np.concatenate([values[ANGLE], values[TRANS]])
    if values.size != 6:
        raise UsageError(f"{name}: {values.size} numbers; 257, or angle and trans, were expected")
    if not np.isfinite(values).all():
        raise UsageError(f"{name}: a coefficient is not a finite number")
    return values
