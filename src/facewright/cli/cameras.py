"""facewright cameras: EG3D's camera labels of a dataset's faces."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from facewright.camera.files import Labelled
    from facewright.camera.table import Cameras
    from facewright.store.dataset import Dataset

CAMERAS_EXAMPLES = (
    "facewright cameras my-faces -o camera_parameters.json",
    "facewright cameras my-faces -o dataset.json --mirror",
    "facewright cameras my-faces -o cameras.csv --coefficients deep3d/ --mode cor",
)


def cameras(
    dataset: Path,
    /,
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    crop: str = "eg3d:512",
    coefficients: Path | None = None,
    mode: Literal["orig", "cor", "simplify"] = "orig",
    mirror: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Write the camera labels of a dataset's faces in EG3D's convention.

    Cameras are estimated from the mesh, which is not how the published ones were: the same
    convention, another estimator. With --coefficients they are the published way's.

    Args:
        dataset: folder of the dataset.
        output: camera_parameters.json ({id: [25]}, as LPFF), dataset.json ({"labels": [[name,
            [25]]]}, as StyleGAN and EG3D), or a .csv with angles in degrees and density besides.
        crop: the crop that labels are for. EG3D's need not have been made; labels of others
            have their own focal length and roll.
        coefficients: Deep3DFaceRecon's angle and trans by face id: .json, .npz, .npy, .mat, or a
            folder of .mat.
        mode: how EG3D brings a camera onto its sphere; orig made the published FFHQ labels.
        mirror: add each picture's mirror.
    """
    from facewright.align.base import CropSpec
    from facewright.camera.coefficients import read_coefficients
    from facewright.camera.files import encode, kind_of
    from facewright.camera.table import COLUMNS, table_cameras
    from facewright.errors import UsageError
    from facewright.store.atomic import write_atomic
    from facewright.store.dataset import Dataset

    kind = kind_of(output)
    opened = Dataset.open(dataset)
    given = read_coefficients(coefficients, opened.face_ids) if coefficients else None
    found = table_cameras(opened.table(COLUMNS), CropSpec.parse(crop), mode, given)
    whys = Counter(found.left_out.values())
    if not len(found.rows):
        told = ", ".join(f"{why} ({number})" for why, number in whys.items()) or "no face is in it"
        raise UsageError(f"{dataset}: no face can be labelled: {told}")
    labelled = _named(opened, found, mirror=mirror)
    write_atomic(output, encode(labelled, kind))
    print(f"{output}: {len(labelled.ids)} labels of {len(found.rows)} faces")
    for why, number in whys.items():
        print(f"facewright: {number} faces left out: {why}", file=sys.stderr)


def _named(opened: Dataset, found: Cameras, *, mirror: bool) -> Labelled:
    """Labels with the ids of their faces and the names of their files."""
    from facewright.camera.files import Labelled, with_mirrors
    from facewright.store.shards import shard_key

    all_ids = opened.face_ids
    ids = [all_ids[row] for row in found.rows]
    names = [f"{shard_key(i)}.{end}" for i, end in zip(ids, found.formats, strict=True)]
    labelled = Labelled(ids, names, found.labels)
    return with_mirrors(labelled) if mirror else labelled
