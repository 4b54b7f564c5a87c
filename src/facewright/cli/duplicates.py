"""facewright duplicates: the same picture, or the same face, more than once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

from cyclopts import Parameter

if TYPE_CHECKING:
    from facewright.duplicates.report import Cluster, DuplicateReport
    from facewright.duplicates.settings import Key

DUPLICATES_EXAMPLES = (
    "facewright duplicates my-faces",
    "facewright duplicates my-faces --keep selection.json --sheet copies.jpg",
    "facewright duplicates my-faces --same-face 0.9 --cap 2 --keep selection.json",
    "facewright duplicates ffhq lpff -o clusters.json",
)
_MEANINGS = {
    "bytes": "the same file",
    "pixels": "the same pixels, another file",
    "near": "re-encoded, resized, mirrored",
    "same_face": "one person, or look-alikes",
}
_LARGEST = 8
_IDS = 4


def duplicates(
    *datasets: Path,
    near: int = 6,
    same_face: float | None = None,
    cap: int | None = None,
    best: str = "quality,size,licence",
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    keep: Path | None = None,
    sheet: Path | None = None,
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Find pictures, and faces, that are there more than once; in one dataset or across several.

    Datasets are not changed: --keep writes a selection that every command takes.

    Args:
        datasets: folders of the datasets.
        near: bits of 64 that perceptual hashes of copies may differ in, 0 to 16.
        same_face: cosine of embeddings, up to 1, from which faces count as one person's; not
            searched by default. 0.9 is strict, 0.75 finds more and look-alikes with it.
        cap: faces kept of each person, the best.
        best: which one of several is kept: quality, size, licence, the most important first.
        output: JSON file to write all clusters to.
        keep: JSON file to write the selection to: one of each picture, `cap` of each person. Of
            several datasets, one file each: NAME-DATASET.json.
        sheet: picture of the largest clusters to write (.jpg, .png or .webp).
        json: print the report as JSON.
    """
    from facewright.cli.progress import telling
    from facewright.duplicates.find import find_duplicates
    from facewright.duplicates.settings import DuplicateSettings
    from facewright.errors import UsageError
    from facewright.store.dataset import Dataset

    keys = tuple(part.strip() for part in best.split(",") if part.strip())
    # Words that are no keys are refused, by name, where the settings are made.
    settings = DuplicateSettings(near=near, same_face=same_face, best=cast("tuple[Key, ...]", keys))
    if cap is not None and (cap < 1 or same_face is None):
        raise UsageError("--cap is a number of faces from 1 on, and needs --same-face")
    if not datasets:
        raise UsageError("name a dataset: facewright duplicates DATASET")
    opened = [Dataset.open(path) for path in datasets]
    with telling() as on_step:
        report = find_duplicates(opened, settings, on_step)
    if output is not None:
        report.save(output)
    if keep is not None:
        _keep(report, keep, cap)
    if sheet is not None:
        from facewright.analyse.duplicate_sheet import write_duplicate_sheet

        write_duplicate_sheet(opened, report, sheet)
    if json:
        from facewright.store.jsonrecord import dumps

        print(dumps(report.to_data()))
    else:
        _print(report)


def _keep(report: DuplicateReport, path: Path, cap: int | None) -> None:
    from facewright.duplicates.report import keep_best

    names = report.datasets
    for number, name in enumerate(names):
        place = path if len(names) == 1 else path.with_stem(f"{path.stem}-{name}")
        selection = keep_best(report, cap=cap, dataset=number)
        selection.save(place)
        kept, of_all = len(selection.face_ids), len(report.face_ids[number])
        print(f"{place}: {kept} of {of_all} faces, {selection.why}", file=sys.stderr)


def _print(report: DuplicateReport) -> None:
    from rich.console import Console
    from rich.table import Table

    counts = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("kind", "clusters", "too many", "compared", ""):
        numbers = name.endswith(("clusters", "many", "compared"))
        counts.add_column(name, justify="right" if numbers else "left")
    for kind, (clusters, more) in report.by_kind().items():
        if kind != "same_face" or report.settings.same_face is not None:
            compared = report.compared[kind]
            meaning = _MEANINGS[kind]
            counts.add_row(kind, f"{clusters:,}", f"{more:,}", f"{compared:,}", meaning)
    console = Console()
    console.print(counts)
    for title, found in (("copies", report.copies), ("same face", report.people)):
        if found:
            console.print(f"\nLargest clusters of {title}, the best face first:", highlight=False)
        for cluster in found[:_LARGEST]:
            line = f"  {len(cluster.members):>4}  {cluster.kind:9}  {_ids(report, cluster)}"
            console.print(line, highlight=False, markup=False, soft_wrap=True)


def _ids(report: DuplicateReport, cluster: Cluster) -> str:
    several = len(report.datasets) > 1
    shown = [
        f"{report.datasets[member.dataset]}/{member.face_id}" if several else member.face_id
        for member in cluster.members[:_IDS]
    ]
    return ", ".join(shown) + (", ..." if len(cluster.members) > _IDS else "")
