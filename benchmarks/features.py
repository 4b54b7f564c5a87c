"""How fast 70,000 published records are imported and exported, against a plain loop.

    python benchmarks/features.py [ARCHIVE]

ARCHIVE is the published ffhq-features as a tar, by default that of FACEWRIGHT_SHARED. The
reference reads every member of the tar, parses it, and writes it to a file again, one after the
other: no tables, no checks. The written files are compared with the published ones.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from facewright import Dataset
from facewright.engine.exporting import export_layout
from facewright.engine.importing import import_layout

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("FACEWRIGHT_SHARED", ROOT.parent / "shared"))


def wall(work: Callable[[], object]) -> float:
    """Wall seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def members(archive: Path) -> dict[str, bytes]:
    """Content of every JSON file of the tar by its name."""
    found = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.name.endswith(".json") else None
            if file is not None:
                found[Path(member.name).name] = file.read()
    return found


def plain_loop(archive: Path, out: Path) -> None:
    """Read, parse and write every file."""
    out.mkdir()
    for name, data in members(archive).items():
        faces = json.load(io.BytesIO(data))
        (out / name).write_text(json.dumps(faces, separators=(",", ":")))


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = SHARED / "data" / "ffhq-features-json.tar.xz"
    parser.add_argument("archive", nargs="?", type=Path, default=default)
    archive = parser.parse_args().archive
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        plain = wall(lambda: plain_loop(archive, root / "plain"))
        read = wall(lambda: import_layout("ffhq-features", archive, root / "dataset"))
        dataset = Dataset.open(root / "dataset")
        written = wall(lambda: export_layout(dataset, "ffhq-features", root / "again"))
        published = members(archive)
        same = sum(
            (root / "again" / "json" / name).read_bytes() == data
            for name, data in published.items()
        )
    print(f"plain loop, read and write (reference): {plain:.1f} s")
    print(f"import: {read:.1f} s, {read / plain:.2f} of the loop (wanted: under 30 s)")
    print(f"export: {written:.1f} s, {written / plain:.2f} of the loop (wanted: under 30 s)")
    print(f"files that are equal byte for byte: {same} of {len(published)}")


if __name__ == "__main__":
    main()
