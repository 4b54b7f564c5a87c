"""Time of the camera density: Facewright's against SciPy's `gaussian_kde`, on one thread.

    python benchmarks/density.py [--samples N] [--scipy M]

N made-up cameras (139,914: as many as FFHQ's, with its spread) are evaluated at themselves.
SciPy, which takes minutes for all, is timed at M of them, and the ratio is of times a point.
"""

from __future__ import annotations

import argparse
import os
import resource
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from scipy.stats import gaussian_kde

from facewright.camera.density import KernelDensity
from facewright.camera.gauss_transform import exact_sums


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Time the camera density against SciPy's.")
    parser.add_argument("--samples", type=int, default=139_914)
    parser.add_argument("--scipy", type=int, default=1500, help="points that SciPy is timed at")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    samples = np.radians(rng.standard_t(6, (options.samples, 2)) * (12.6, 6.0) + (90, 84.8))
    few = samples[: options.scipy]

    start = time.perf_counter()
    density = KernelDensity.fit(samples)
    ours = density(samples)
    fast = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    start = time.perf_counter()
    theirs = gaussian_kde(samples.T)(few.T)
    slow = time.perf_counter() - start
    start = time.perf_counter()
    exact_sums(samples, few)
    exact = time.perf_counter() - start

    ratio = (slow / len(few)) / (fast / len(samples))
    print(f"facewright  {len(samples)} points  {fast:7.2f} s  {memory:.0f} MB")
    print(f"term by term {len(few)} points  {exact:7.2f} s")
    print(f"scipy         {len(few)} points  {slow:7.2f} s")
    print(f"facewright is {ratio:.0f} times as fast a point as scipy")
    print(f"greatest difference {np.abs(ours[: len(few)] - theirs).max():.1e} of {ours.max():.2f}")


if __name__ == "__main__":
    main()
