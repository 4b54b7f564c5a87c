"""How much memory the largest process takes while a long order is drawn by head3d.

    python benchmarks/generate_memory.py [--count 160] [--quality standard] [--workers 2]

Needs the extra `generate`, and /proc. What the renderer keeps of every scene adds up, so that a
short order tells little.
"""

from __future__ import annotations

import argparse
import sys
import tempfile

from peaks import largest_process


def main() -> None:
    """Print the figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=160)
    parser.add_argument("--quality", default="standard", choices=("draft", "standard"))
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "facewright", "generate", f"{scratch}/made"]
        for name in ("count", "quality", "workers"):
            command += [f"--{name}", str(getattr(given, name))]
        largest = largest_process([*command, "--size", "256"])
    told = "not measured here (it is read from /proc)" if largest is None else f"{largest:.0f} MB"
    print(
        f"largest process of {given.count} pictures, {given.quality}: {told} (wanted: under 1500)"
    )


if __name__ == "__main__":
    main()
