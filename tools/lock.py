"""Write requirements.lock: the versions that `./demo` and `./test` install.

    python tools/lock.py

Resolves the package with its extras in a clean environment, and pins PyTorch to the CPU build
that the project is tested with.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TORCH = "torch==2.13.0"
HEADER = "# Made by tools/lock.py: the versions that ./demo and ./test install.\n"


def resolve() -> list[str]:
    """Names and versions that pip chooses, sorted."""
    with tempfile.TemporaryDirectory() as scratch:
        venv.create(scratch, with_pip=True)
        python = str(Path(scratch) / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "-qU", "pip"], check=True)
        command = [python, "-m", "pip", "install", "--quiet", "--dry-run", "--report", "-"]
        command += [
            "--editable",
            f"{ROOT}[polars,pandas,heads,serve,generate,diffusers,dev]",
            TORCH,
        ]
        report = subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout
    found = (item["metadata"] for item in json.loads(report)["install"])
    return sorted(
        f"{m['name'].lower()}=={m['version']}" for m in found if m["name"] != "facewright"
    )


def main() -> None:
    """Write the lock file."""
    lines = [line.replace("+cpu", "") for line in resolve()]
    (ROOT / "requirements.lock").write_text(HEADER + "\n".join(lines) + "\n")
    print(f"requirements.lock: {len(lines)} packages, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
