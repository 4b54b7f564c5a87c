"""facewright memorised: how near synthetic faces are to those of a reference."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from facewright.generate.memorised_report import MemorisedReport

MEMORISED_EXAMPLES = (
    "facewright memorised my-people ffhq",
    "facewright memorised my-people ffhq --sheet pairs.jpg -o memorised.json",
    "facewright memorised my-people ffhq --cosine 0.85 --apply",
)
_SHOWN = 8


def memorised(
    synthetic: Path,
    reference: Path,
    /,
    *,
    cosine: float = 0.9,
    bits: int = 6,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    sheet: Path | None = None,
    limit: int = 24,
    apply: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Find the nearest face of a reference for every synthetic face: was it copied?

    By embedding and by perceptual hash; what these can and cannot tell: docs/memorisation.md.

    Args:
        synthetic: dataset whose faces are asked about, rejected ones too.
        reference: dataset that they may have been learned from.
        cosine: of embeddings from which a face is too near, above 0 and up to 1.
        bits: of 64 that perceptual hashes of a copy may differ in, 0 to 16.
        output: JSON file to write the report to.
        sheet: picture of the nearest pairs to write (.jpg, .png or .webp).
        limit: pairs on it, 1 to 200.
        apply: drop the faces that are too near, by the reason order_memorised.
        json: print the report as JSON.
    """
    from facewright.cli.progress import telling
    from facewright.engine.memorising import memorised as run
    from facewright.generate.memorised import Limits

    limits = Limits(cosine, bits)
    with telling() as on_step:
        report = run(synthetic, reference, limits, apply=apply, on_step=on_step)
    if output is not None:
        report.save(output)
    if sheet is not None:
        from facewright.analyse.pair_sheet import write_pair_sheet
        from facewright.store.dataset import Dataset

        left, right = (Dataset.open(path, dropped=True) for path in (synthetic, reference))
        write_pair_sheet(left, right, report, sheet, limit=limit)
    if json:
        from facewright.store.jsonrecord import dumps

        print(dumps(report.to_data()))
    else:
        _print(report)


def _print(report: MemorisedReport) -> None:
    from rich.console import Console
    from rich.table import Table

    from facewright.generate.memorised_report import NOTICE

    console = Console()
    counts = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    counts.add_column(justify="right", style="bold")
    counts.add_column()
    limits = report.limits
    counts.add_row(f"{len(report.near_ids):,}", f"too near, of {report.faces:,} faces")
    by_embedding = f"by embedding: cosine {limits.cosine:g} or more, {report.by_embedding:,} known"
    counts.add_row(f"{report.near_by_embedding:,}", by_embedding)
    by_hash = f"by hash: {limits.bits} bits or fewer, {report.by_hash:,} known"
    counts.add_row(f"{report.near_by_hash:,}", by_hash)
    console.print(counts)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("cosine to the nearest face of the reference")
    for quantile in report.cosines:
        table.add_column(quantile, justify="right")
    for name, row in (("synthetic faces", report.cosines), ("its own faces", report.among)):
        table.add_row(name, *(f"{row[q]:.2f}" if q in row else "" for q in report.cosines))
    if report.cosines:
        console.print(table)
    for pair in report.pairs[:_SHOWN]:
        said = "" if pair.cosine is None else f"{pair.cosine:.3f}"
        flag = "too near" if pair.too_near else ""
        line = f"  {said:5}  {flag:8}  {pair.face_id}  {pair.reference_id}"
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    console.print(NOTICE, style="dim")
