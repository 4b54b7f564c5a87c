"""Fit and measure the annotators that read pixels: photometry, skin, eyes, makeup, occlusion.

    FACEWRIGHT_SHARED=... FACEWRIGHT_TABLER=... python tools/measure_pixels.py [--fit] [--write]

Needs the shared labels and portraits (FACEWRIGHT_SHARED or ../shared); the real portraits of npm
@tabler/preview 1.2.0 (its folder dist/static/avatars, FACEWRIGHT_TABLER) are used where they are.
--fit writes src/facewright/weights/pixels.json first; --write merges the figures into
src/facewright/weights/measured.json under the annotators' ids. Fitted parts are measured out of
fold, so that --fit does not change what is reported of them.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

import cv2
import numpy as np

from facewright.annotators.learn.pixel_parameters import parameters
from pixels import checks
from pixels.fits import fit_all
from pixels.sets import ROOT, load_sets, shared_folder, tabler_folder
from pixels.tables import Report

_WEIGHTS = ROOT / "src/facewright/weights"


def main() -> None:
    """Fit when asked, print all tables, merge the figures when asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--fit", action="store_true", help="write weights/pixels.json first")
    parser.add_argument("--write", action="store_true", help="merge into weights/measured.json")
    options = parser.parse_args()
    if not shared_folder().is_dir():
        raise SystemExit(f"no shared data at {shared_folder()}: set FACEWRIGHT_SHARED")
    if (options.fit or options.write) and tabler_folder() is None:
        raise SystemExit("fits and figures are of both sets: set FACEWRIGHT_TABLER")
    cv2.setNumThreads(1)
    start = time.monotonic()
    sets = load_sets()
    if options.fit:
        text = fit_all(sets).model_dump_json(indent=1)
        (_WEIGHTS / "pixels.json").write_text(text + "\n", encoding="utf-8")
        parameters.cache_clear()
    report = Report()
    for check in checks.ALL:
        check(sets, report)
    if options.write:
        merge(report.figures)
    print(f"\n{time.monotonic() - start:.0f} s")


def merge(figures: dict[str, list[dict[str, Any]]]) -> None:
    """Replace the figures of these annotators in measured.json, and leave all others."""
    path = _WEIGHTS / "measured.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    text = json.dumps({**known, **figures}, indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    np.set_printoptions(precision=2, suppress=True)
    main()
