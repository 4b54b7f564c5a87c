"""How long `facewright analyse` takes and how much memory, on the 70,000 published records.

    python benchmarks/analyse.py [--dataset DATASET] [--archive ARCHIVE]

ARCHIVE is the published ffhq-features as a tar, by default that of FACEWRIGHT_SHARED; DATASET is
what `facewright import` made of it, imported first where none is given. Each report is made in a
process of its own, with two cores to use; wanted: under 20 s and 1 GB.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from facewright.engine.importing import import_layout

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("FACEWRIGHT_SHARED", ROOT.parent / "shared"))
CODE = """\
import sys
from pathlib import Path
from facewright.cli.analyse import analyse
*told, out = map(Path, sys.argv[1:])
analyse(*told, output=out)
"""
WANTED = "wanted: under 20 s and 1000 MB"


@dataclass(frozen=True)
class Cost:
    """What a process cost.

    wall, cpu: seconds; memory: largest resident set, MB; page: size of report.html, KB.
    """

    wall: float
    cpu: float
    memory: float
    page: float


def cost(told: Sequence[Path], out: Path) -> Cost:
    """Make a report in a new process."""
    words = [sys.executable, "-c", CODE, *map(str, told), str(out)]
    start = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"facewright analyse failed on {', '.join(map(str, told))}")
    page = (out / "report.html").stat().st_size / 1e3
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e3, page)


def told(what: str, found: Cost, wanted: str = "") -> None:
    """Print a line."""
    print(
        f"{what}: {found.wall:.1f} s, {found.cpu:.1f} s of CPU, {found.memory:.0f} MB;"
        f" page {found.page:.0f} KB {wanted and f'({wanted})'}"
    )


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", type=Path)
    default = SHARED / "data" / "ffhq-features-json.tar.xz"
    parser.add_argument("--archive", type=Path, default=default)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        dataset = given.dataset
        if dataset is None:
            dataset = root / "dataset"
            import_layout("ffhq-features", given.archive, dataset)
        told("dataset", cost([dataset], root / "one"), WANTED)
        told("dataset against itself", cost([dataset, dataset], root / "two"))
        told("published archive, read directly", cost([given.archive], root / "three"), WANTED)


if __name__ == "__main__":
    main()
