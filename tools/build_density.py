"""Compute the table of the FFHQ cameras' density that ships with Facewright, and measure it.

    python tools/build_density.py --check          # compute, compare with what ships, measure
    python tools/build_density.py --write          # the same, and write it

The published angles are read from `data/ffhq_eg3d_camera_angles.npz` (arrays theta and phi,
139,914 radians each) in FACEWRIGHT_SHARED or `../shared`, or from the file that --angles names:
an .npz, or LPFF's own kde.pkl. They stay out of the repository. With --check the exit code is 1
when the table differs from the shipped one.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facewright.camera.density import KernelDensity
from facewright.camera.pickled import read_density
from facewright.camera.reference import TABLE, ReferenceDensity, ffhq_density
from facewright.camera.replicas import lpff_keeps

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "src" / "facewright" / "camera" / TABLE
SHARED = Path(os.environ.get("FACEWRIGHT_SHARED", ROOT.parent / "shared"))

STEP = np.array([1.0, 0.5])  # degrees of theta, phi: half a standard deviation of the kernel
LOW, HIGH = np.array([0.0, 40.0]), np.array([90.0, 147.0])
UNIT = 5e-5  # of a coefficient: a fifth of the spline's own error

Floats = NDArray[np.float64]


def coefficients(density: KernelDensity) -> Floats:
    """(91, 215) B-spline coefficients that meet the density at the grid's points."""
    theta = np.arange(LOW[0], 180.0 + STEP[0] / 2, STEP[0])
    phi = np.arange(LOW[1], HIGH[1] + STEP[1] / 2, STEP[1])
    grid = np.stack(np.meshgrid(theta, phi, indexing="ij"), axis=-1)
    values = density(np.radians(grid.reshape(-1, 2))).reshape(grid.shape[:2])
    whole = np.linalg.solve(_collocation(len(theta)), values)
    whole = np.linalg.solve(_collocation(len(phi)), whole.T).T
    return np.asarray(whole[: round((HIGH[0] - LOW[0]) / STEP[0]) + 1], np.float64)


def _collocation(size: int) -> Floats:
    """Values of the splines at the grid's points: 1/6, 2/3, 1/6."""
    eye = np.eye(size)
    return (4 * eye + np.eye(size, k=1) + np.eye(size, k=-1)) / 6.0


def pack(table: Floats) -> bytes:
    """The file's bytes."""
    whole = np.rint(table / UNIT).astype(np.int32)
    file = io.BytesIO()
    np.savez_compressed(file, coefficients=whole, unit=np.float64(UNIT), start=LOW, step=STEP)
    return file.getvalue()


def measure(density: KernelDensity, table: ReferenceDensity) -> None:
    """Print how far the table is from the exact density, and whether verdicts agree."""
    exact, read = density(density.samples), table(density.samples)
    error = np.abs(read - exact)
    near = (exact > 0.3) & (exact < 0.5)
    print(f"peak at a camera      {exact.max():.3f} per square radian")
    print(f"rarer than 0.4        {lpff_keeps(exact).mean():.2%} of {len(exact)} cameras")
    print(f"greatest error        {error.max():.2e} at the cameras")
    print(f"  near the limit 0.4  {error[near].max():.2e}")
    print(f"other verdicts        {np.sum(lpff_keeps(exact) != lpff_keeps(read))}")
    rng = np.random.default_rng(0)
    anywhere = np.radians(rng.uniform((0.0, 30.0), (180.0, 160.0), (200_000, 2)))
    print(f"greatest error        {np.abs(table(anywhere) - density(anywhere)).max():.2e} anywhere")


def load(path: Path) -> KernelDensity:
    """The density of the published angles."""
    if path.suffix != ".npz":
        return read_density(path)
    with np.load(path) as data:
        return KernelDensity.fit(np.stack([data["theta"], data["phi"]], axis=1))


def main() -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Compute the density table that ships.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true", help="compare with the shipped table")
    what.add_argument("--write", action="store_true", help=f"write {PLACE.relative_to(ROOT)}")
    angles = SHARED / "data" / "ffhq_eg3d_camera_angles.npz"
    parser.add_argument("--angles", type=Path, default=angles, help="default: %(default)s")
    options = parser.parse_args()
    density = load(options.angles)
    table = coefficients(density)
    if options.write:
        PLACE.write_bytes(pack(table))
        print(f"{PLACE.relative_to(ROOT)}: {PLACE.stat().st_size} bytes")
    with np.load(PLACE) as shipped:
        distance = np.abs(np.rint(table / UNIT) - shipped["coefficients"]).max()
    print(f"distance from the shipped table: {distance:g} units of {UNIT:g}")
    measure(density, ffhq_density())
    return int(distance > 1)  # another BLAS may round a half the other way


if __name__ == "__main__":
    sys.exit(main())
