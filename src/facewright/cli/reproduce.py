"""facewright reproduce: a published set again, from its metadata and source photos."""

from __future__ import annotations

import json as json_
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from facewright.engine.reproducing import ReproduceReport

REPRODUCE_EXAMPLES = (
    "facewright reproduce metfaces --metadata metfaces.json --source metfaces/ -o again",
    "facewright reproduce ffhq --metadata ffhq-dataset-v2.json --source in-the-wild/ -o ffhq",
    "facewright reproduce metfaces --metadata metfaces.json --source metfaces/ -o u --unaligned",
)
_SHOWN = 12


def reproduce(
    name: Literal["ffhq", "metfaces"],
    /,
    *,
    metadata: Annotated[Path, Parameter(name=["--metadata", "--json"])],
    source: Path,
    out: Annotated[Path, Parameter(name=["--out", "-o"])],
    unaligned: Annotated[bool, Parameter(negative="")] = False,
    workers: int | None = None,
    max_pixels: int | None = None,
    as_json: Annotated[bool, Parameter(name="--as-json", negative="")] = False,
) -> int:
    """Make a published set's pictures again, bit for bit, and check each against its checksum.

    Works with whatever part of the source photos is there and says of every other picture why it
    was not made. Photos are checked before, pictures after; one that differs from what was
    published is not written. Run the same command again to go on. Exits with 1 when something
    that was there does not match.

    Args:
        name: ffhq or metfaces.
        metadata: ffhq-dataset-v2.json or metfaces.json (--json is the same).
        source: folder, tar or zip with the source photos, at their published paths or by name.
        out: folder for the pictures and reproduce-report.json.
        unaligned: make FFHQ-U or MetFaces-U, whose random shifts run through the whole list.
        workers: processes; one a core by default.
        max_pixels: largest photo that is opened; 64 million by default.
        as_json: print one line of JSON at the end and progress as JSON lines on stderr.
    """
    from facewright.cli.progress import progress_for
    from facewright.engine.reproducing import reproduce as run
    from facewright.limits import Limits

    limits = Limits() if max_pixels is None else Limits(max_pixels=max_pixels)
    with progress_for(as_json=as_json) as on_progress:
        report = run(
            name,
            metadata,
            source,
            out,
            unaligned=unaligned,
            workers=workers,
            limits=limits,
            on_progress=on_progress,
        )
    if as_json:
        print(json_.dumps({"out": str(report.out), "counts": report.counts}))
    else:
        _print(report)
    return 0 if report.faithful else 1


def _print(report: ReproduceReport) -> None:
    from facewright.cli.tables import print_pairs
    from facewright.engine.reproducing import REPORT
    from facewright.reproduce.task import STATUSES

    rows = [
        (f"{report.counts[status]:,}", f"{status}: {what}")
        for status, what in STATUSES.items()
        if status in report.counts
    ]
    print_pairs(f"pictures in {report.out}", rows)
    wrong = [o for o in report.outcomes if o.status != "made"]
    for outcome in wrong[:_SHOWN]:
        print(f"  {outcome.name}: {outcome.status}: {outcome.detail}")
    if len(wrong) > _SHOWN:
        print(f"  and {len(wrong) - _SHOWN:,} more, all in {report.out / REPORT}")
