"""facewright annotate: records of single pictures, without a dataset."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

ANNOTATE_EXAMPLES = (
    "facewright annotate portrait.jpg",
    "facewright annotate crops/*.png --points > records.jsonl",
)


def annotate(
    *pictures: Path,
    recipe: Path | None = None,
    device: str = "cpu",
    points: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Print the records of all faces in photos or crops, one line of JSON a face.

    A picture that cannot be read, or that shows no face, gives a line with its reason; when all
    do, the command exits with 1.

    Args:
        pictures: photo or crop files.
        recipe: TOML file: its detector, annotators and limits are used.
        device: cpu, cuda, auto, or another that onnxruntime offers here.
        points: include the mesh points and the embedding.
    """
    from facewright.engine.single import annotate as run
    from facewright.errors import UsageError
    from facewright.recipe import Recipe
    from facewright.store.jsonrecord import dumps

    if not pictures:
        raise UsageError("name at least one picture, as in: facewright annotate portrait.jpg")
    failed = 0
    for record in run(pictures, Recipe.load(recipe) if recipe else None, device=device):
        if not points:
            for name in ("mesh", "embedding"):
                record.pop(name, None)
        failed += "reason" in record
        print(dumps(record), flush=True)
    if failed:
        print(f"facewright: {failed} of {len(pictures)} pictures gave no record", file=sys.stderr)
    return int(failed == len(pictures))
