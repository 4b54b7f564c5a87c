"""facewright lpff: raw photos in, a set like LPFF out."""

from __future__ import annotations

import json as json_
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from facewright.engine.lpff import LPFFReport

LPFF_EXAMPLES = (
    "facewright lpff photos/ my-lpff",
    "facewright lpff photos.csv my-lpff --all",
    "facewright lpff photos/ my-lpff --coefficients deep3d.npz --density 0.2",
)


def lpff(
    raw: Path,
    out: Path,
    /,
    *,
    density: float | None = None,
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
    coefficients: Path | None = None,
    mode: Literal["orig", "cor", "simplify"] = "orig",
    workers: int | None = None,
    max_pixels: int | None = None,
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Make a set like LPFF from raw photos: faces in views that FFHQ has few of, with cameras.

    Every face is realigned to 2400 pixels, cut for EG3D and StyleGAN, given a camera, and kept
    where the FFHQ cameras are rare. Landmarks and cameras are this project's own, not dlib's and
    Deep3DFaceRecon's: see docs/lpff.md. Run the same command again after any interruption.

    Args:
        raw: folder, tar, zip, Parquet file with image bytes, or a txt/csv/jsonl list of paths
            with optional columns id, author, licence, licence_url, source_url.
        out: folder for the files that LPFF publishes, and lpff-report.json, which says of every
            face why it is in or out.
        density: keep faces at whose camera the FFHQ cameras are less dense than this; 0.4 by
            default, as LPFF.
        all_: keep faces whatever the density.
        coefficients: Deep3DFaceRecon's angle and trans by face id: .json, .npz, .mat, or a folder
            of .mat. Faces that are not in it are left out.
        mode: how EG3D brings a camera onto its sphere; orig made LPFF's labels.
        workers: processes; one a core by default.
        max_pixels: largest photo that is opened; 64 million by default.
        json: print one line of JSON at the end and progress as JSON lines on stderr.
    """
    from facewright.cli.progress import progress_for
    from facewright.engine.lpff import make_lpff
    from facewright.engine.lpff_told import LPFFSettings
    from facewright.limits import Limits

    settings = LPFFSettings(
        _limit(density, keep_all=all_),
        mode,
        Limits() if max_pixels is None else Limits(max_pixels=max_pixels),
    )
    with progress_for(as_json=json) as on_progress:
        report = make_lpff(
            raw,
            out,
            settings,
            coefficients=coefficients,
            workers=workers,
            on_progress=on_progress,
        )
    if json:
        print(_as_json(report))
    else:
        _print(report)


def _limit(density: float | None, *, keep_all: bool) -> float | None:
    from facewright.camera.replicas import RARE
    from facewright.errors import UsageError

    if keep_all and density is not None:
        raise UsageError("--density and --all say opposite things; give one of them")
    if keep_all:
        return None
    return RARE if density is None else density


def _as_json(report: LPFFReport) -> str:
    return json_.dumps(
        {
            "out": str(report.out),
            "kept": report.kept,
            "faces": report.face_outcomes,
            "photos": report.photo_outcomes,
        }
    )


def _print(report: LPFFReport) -> None:
    from facewright.cli.tables import print_pairs
    from facewright.engine.lpff import REPORT
    from facewright.engine.lpff_told import FACE_OUTCOMES, PHOTO_OUTCOMES

    faces, photos = report.face_outcomes, report.photo_outcomes
    rows = [(f"{len(report.photos):,}", "photos")]
    rows += [(f"  {n:,}", f"{why}: {PHOTO_OUTCOMES.get(why, why)}") for why, n in photos.items()]
    rows += [(f"{sum(faces.values()):,}", "faces found")]
    rows += [(f"  {n:,}", f"{why}: {FACE_OUTCOMES.get(why, why)}") for why, n in faces.items()]
    print_pairs(f"LPFF from raw photos in {report.out}", rows)
    print(f"\nOf every face: {report.out / REPORT}")
    if report.kept:
        paths = f"{quote(str(report.out))} {quote(f'{report.out}-dataset')}"
        print(f"Look at them, bad ones are yours to throw out: facewright import lpff {paths}")
