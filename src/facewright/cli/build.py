"""facewright build: photographs in, dataset out."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from facewright.engine.build import BuildReport


BUILD_EXAMPLES = (
    "facewright build photos/ my-faces",
    "facewright build photos.zip my-faces --crop ffhq:1024 --crop eg3d:512",
    "facewright build list.csv my-faces --recipe recipe.toml --workers 4 --json",
)


def build(
    photos: Path,
    out: Path,
    /,
    *,
    recipe: Path | None = None,
    crop: Annotated[list[str] | None, Parameter(negative="")] = None,
    workers: int | None = None,
    device: str = "cpu",
    strict: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> int:
    """Make a dataset of described, cropped faces from photographs.

    Run the same command again after any interruption: it goes on where it stopped.

    Args:
        photos: folder, tar, zip, Parquet file with image bytes, or a txt/csv/jsonl list of paths
            with optional columns id, author, licence, licence_url, source_url.
        out: folder of the dataset; made if it is not there.
        recipe: TOML file that says how; see docs/recipes.md.
        crop: alignment and size, repeatable; replaces the recipe's crops.
        workers: processes; one a core by default.
        device: cpu, cuda, auto, or another that onnxruntime offers here.
        strict: exit with 1 when a photo was excluded for another reason than showing no face.
        json: print one line of JSON at the end and progress as JSON lines on stderr.
    """
    from facewright.cli.progress import progress_for
    from facewright.engine.build import build as run
    from facewright.recipe import Recipe

    chosen = Recipe.load(recipe) if recipe else None
    with progress_for(as_json=json) as on_progress:
        report = run(
            photos,
            out,
            chosen,
            crops=crop or (),
            workers=workers,
            device=device,
            on_progress=on_progress,
        )
    if json:
        print(report_as_json(report))
    else:
        from facewright.cli.tables import print_report

        print_report(report)
    broken = {r: n for r, n in report.counts.photos_excluded.items() if r != "no_face"}
    if strict and broken:
        text = ", ".join(f"{number} {reason}" for reason, number in broken.items())
        print(f"facewright: --strict: photos were excluded: {text}", file=sys.stderr)
        return 1
    return 0


def report_as_json(report: BuildReport) -> str:
    """A report as one line of JSON."""
    data = {
        **asdict(report),
        "root": str(report.root),
        "counts": report.counts.model_dump(),
        "faces_per_second": round(report.faces_per_second, 2),
        "seconds": round(report.seconds, 3),
    }
    return json.dumps(data)
