"""How fast duplicates are found, and whether all are, against comparing every pair.

    python benchmarks/duplicates.py [--hashes N] [--embeddings N]

Hashes: N of 64 bits, a hundredth of them copies with up to 6 bits turned, half of these mirrored.
Two kinds: bits that are independent, and bits as biased and correlated as those of aligned faces:
distances of mean 30.4 and deviation 5.2 unless mirrored, where `tools/measure_duplicates.py` finds
30.0 and 5.1.
The reference compares all pairs of as many of the same hashes as it can do.
Embeddings: drawn with the covariance of faceres embeddings where FACEWRIGHT_SHARED has them, else
with a falling spectrum; a hundredth are others with noise. The reference is the blocked product of
all pairs in 1024 dimensions. A million is extrapolated from the time a block, and said to be.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facewright.duplicates.components import Components, groups
from facewright.duplicates.cosine import alike_pairs
from facewright.duplicates.hamming import near_pairs
from facewright.duplicates.hashes import MIRROR, near_hash, pixel_hash

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("FACEWRIGHT_SHARED", ROOT.parent / "shared"))
RADIUS, DIMENSIONS = 6, 1024
REFERENCE_HASHES = 30_000
MILLION = 1_000_000

Rows = NDArray[np.int64]
Found = tuple[Rows, Rows]


def timed(work: Callable[[], Found]) -> tuple[Found, float, float]:
    """What was found, wall seconds and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - wall, time.process_time() - cpu


def peak() -> float:
    """Largest memory of this process so far, in MB."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1024 if sys.platform.startswith("linux") else size / 1024**2


def recall(found: Found, planted: Found, rows: int) -> float:
    """Share of planted pairs that are in one component with each other."""
    components = Components(rows)
    components.link(*found)
    labels = components.labels()
    return float((labels[planted[0]] == labels[planted[1]]).mean())


def independent_hashes(count: int, rng: np.random.Generator) -> NDArray[np.uint64]:
    """Uniform hashes."""
    return rng.integers(0, 2**64, count, dtype=np.uint64)


def face_like_hashes(count: int, rng: np.random.Generator) -> NDArray[np.uint64]:
    """Signs of correlated, biased numbers: means of .3 deviations, deviations of 1 to 1/20."""
    turn, _ = np.linalg.qr(rng.normal(size=(64, 64)))
    spread = (turn * np.geomspace(1, 1 / 20, 64)).astype(np.float32)
    means = (0.3 * rng.normal(size=64) * np.sqrt((spread**2).sum(axis=1))).astype(np.float32)
    hashes = np.zeros(count, np.uint64)
    for start in range(0, count, 1 << 16):
        part = hashes[start : start + (1 << 16)]
        signs = rng.standard_normal((len(part), 64), np.float32) @ spread.T + means > 0
        part[:] = np.packbits(signs, axis=1).view(">u8")[:, 0]
    return hashes


def plant_copies(hashes: NDArray[np.uint64], rng: np.random.Generator) -> Found:
    """Overwrite a hundredth with copies of others; give the pairs."""
    copies = max(len(hashes) // 100, 1)
    originals = rng.integers(copies, len(hashes), copies)
    places = rng.integers(0, 64, (copies, RADIUS)).astype(np.uint64)
    turns = np.bitwise_or.reduce(np.uint64(1) << places, axis=1)
    mirrored = np.where(np.arange(copies) % 2, np.uint64(MIRROR), np.uint64(0))
    hashes[:copies] = hashes[originals] ^ turns ^ mirrored
    return np.arange(copies), originals


def search_hashes(hashes: NDArray[np.uint64]) -> Found:
    """Facewright's way."""
    found = list(near_pairs(hashes, RADIUS, mirrored=True))
    empty = np.zeros(0, np.int64)
    first = np.concatenate([empty, *(pairs.first for pairs in found)])
    return first, np.concatenate([empty, *(pairs.second for pairs in found)])


def compare_hashes(hashes: NDArray[np.uint64]) -> Found:
    """Every pair, in blocks of rows."""
    firsts, seconds = [], []
    for top in range(0, len(hashes), 256):
        differing = hashes[top : top + 256, None] ^ hashes[None, top:]
        near = np.bitwise_count(differing) <= RADIUS
        near |= np.bitwise_count(differing ^ np.uint64(MIRROR)) <= RADIUS
        first, second = np.nonzero(np.triu(near, 1))
        firsts.append(top + first)
        seconds.append(top + second)
    return np.concatenate(firsts), np.concatenate(seconds)


def measure_hashing() -> None:
    """Print what a build pays for hashes."""
    picture = np.random.default_rng(2).integers(0, 256, (1024, 1024, 3), dtype=np.uint8)
    for name, work in (("pixel_hash", pixel_hash), ("near_hash", near_hash)):
        times = []
        for _ in range(101):
            start = time.perf_counter()
            work(picture)
            times.append(time.perf_counter() - start)
        print(f"{name} of 1024 x 1024 pixels: {1000 * float(np.median(times)):.2f} ms")


def measure_hashes(count: int) -> None:
    """Print the figures of hashes."""
    for name, make in (("independent", independent_hashes), ("face-like", face_like_hashes)):
        rng = np.random.default_rng(0)
        hashes = make(count, rng)
        planted = plant_copies(hashes, rng)
        found, wall, cpu = timed(partial(search_hashes, hashes))
        share = recall(found, planted, count)
        print(f"{count:,} {name} hashes, {RADIUS} bits, mirrored as well:")
        print(f"  {wall:.1f} s, {cpu:.1f} CPU s (wanted: under 60), {len(found[0]):,} pairs")
        print(f"  recall of {len(planted[0]):,} planted {share:.4f} (wanted: 0.99)")
        print(f"  peak memory {peak():.0f} MB (wanted: under 2000)")
        some = hashes[: min(REFERENCE_HASHES, count)]
        ours, _, fast = timed(partial(search_hashes, some))
        theirs, _, slow = timed(partial(compare_hashes, some))
        same = set(zip(*map(np.ndarray.tolist, ours), strict=True)) == set(
            zip(*map(np.ndarray.tolist, theirs), strict=True)
        )
        print(f"  {len(some):,} of them: {fast:.2f} CPU s; all pairs (reference) {slow:.2f} CPU s")
        whole = slow * (count / len(some)) ** 2
        print(f"  ratio {slow / fast:.0f}; the same pairs: {same}")
        print(f"  all pairs of {count:,}: {whole:.0f} CPU s extrapolated, ratio {whole / cpu:.0f}")


def measure_blank(count: int) -> None:
    """Print the time of a worst case: one hash for all."""
    start = time.perf_counter()
    distinct = np.unique(np.full(count, 12345, np.uint64))
    components = Components(count)
    components.link(np.arange(count - 1), np.arange(1, count))
    rows, starts = groups(components.labels())
    pairs = len(search_hashes(distinct)[0])
    took = time.perf_counter() - start
    print(f"{count:,} equal hashes: {took:.1f} s, {len(starts) - 1} cluster of {len(rows):,}")
    assert not pairs


def face_like_embeddings(count: int, rng: np.random.Generator) -> NDArray[np.float16]:
    """Rectified numbers with the mean and covariance of faceres embeddings, or like them."""
    path = SHARED / "data/attribute_labels/faceres_embeddings.npz"
    if path.is_file():
        seen = np.load(path)["tight"].astype(np.float32)
    else:
        axes = np.linalg.qr(rng.normal(size=(DIMENSIONS, 256)))[0].T
        spread = np.geomspace(1, 0.1, 256)[:, None]
        seen = np.abs(rng.normal(size=(433, 256)) @ (axes * spread)).astype(np.float32)
    mean, deviations = seen.mean(axis=0), (seen - seen.mean(axis=0)) / np.sqrt(len(seen))
    out = np.empty((count, DIMENSIONS), np.float16)
    for start in range(0, count, 4096):
        part = out[start : start + 4096]
        drawn = rng.standard_normal((len(part), len(seen)), np.float32) @ deviations
        part[:] = np.maximum(drawn + mean, 0)
    return out


def plant_faces(embeddings: NDArray[np.float16], least: float, rng: np.random.Generator) -> Found:
    """Overwrite a hundredth with others and noise; give the pairs that are alike all the same."""
    copies = max(len(embeddings) // 100, 1)
    originals = rng.integers(copies, len(embeddings), copies)
    from_ = embeddings[originals].astype(np.float32)
    noise = rng.standard_normal(from_.shape, np.float32)
    noise *= np.linalg.norm(from_, axis=1, keepdims=True) / np.sqrt(DIMENSIONS)
    level = np.sqrt(1 / (least + (1 - least) * rng.random((copies, 1))) ** 2 - 1)
    embeddings[:copies] = from_ + noise * level
    there = embeddings[:copies].astype(np.float32)
    cosine = (there * from_).sum(axis=1)
    cosine /= np.linalg.norm(there, axis=1) * np.linalg.norm(from_, axis=1)
    alike = cosine >= least
    return np.flatnonzero(alike), originals[alike]


def search_embeddings(embeddings: NDArray[np.float16], least: float) -> Found:
    """Facewright's way."""
    found = list(alike_pairs(embeddings, least))
    empty = np.zeros(0, np.int64)
    first = np.concatenate([empty, *(pairs.first for pairs in found)])
    return first, np.concatenate([empty, *(pairs.second for pairs in found)])


def compare_embeddings(embeddings: NDArray[np.float16], least: float) -> Found:
    """Every pair, by products of blocks of rows."""
    unit = embeddings.astype(np.float32)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    firsts, seconds = [], []
    for top in range(0, len(unit), 4096):
        for left in range(top, len(unit), 4096):
            products = unit[top : top + 4096] @ unit[left : left + 4096].T
            first, second = np.nonzero(products >= least)
            above = top + first < left + second
            firsts.append(top + first[above])
            seconds.append(left + second[above])
    return np.concatenate(firsts), np.concatenate(seconds)


def measure_embeddings(count: int, least: float) -> None:
    """Print the figures of embeddings."""
    rng = np.random.default_rng(1)
    embeddings = face_like_embeddings(count, rng)
    planted = plant_faces(embeddings, least, rng)
    before = peak()
    found, wall, cpu = timed(lambda: search_embeddings(embeddings, least))
    share = recall(found, planted, count)
    print(f"{count:,} embeddings of {DIMENSIONS}, cosine {least}:")
    print(f"  {wall:.1f} s, {cpu:.1f} CPU s, {len(found[0]):,} pairs")
    print(f"  recall of {len(planted[0]):,} planted {share:.4f} (wanted: 0.99)")
    print(f"  peak memory {peak():.0f} MB, of which {before:.0f} MB before the search")
    theirs, _, slow = timed(lambda: compare_embeddings(embeddings, least))
    print(f"  all pairs (reference): {slow:.1f} CPU s, ratio {slow / cpu:.1f}")
    print(f"  pairs of the reference: {len(theirs[0]):,}")
    minutes = cpu * (MILLION / count) ** 2 / 60
    slower = slow * (MILLION / count) ** 2 / 60
    print(f"  a million, extrapolated: {minutes:.0f} CPU minutes; reference {slower:.0f}")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hashes", type=int, default=MILLION)
    parser.add_argument("--embeddings", type=int, default=40_000)
    parser.add_argument("--only", choices=("hashes", "embeddings"))
    arguments = parser.parse_args()
    if arguments.only != "embeddings":
        measure_hashing()
        measure_hashes(arguments.hashes)
        measure_blank(arguments.hashes)
    if arguments.only != "hashes":
        for least in (0.9, 0.75):
            measure_embeddings(arguments.embeddings, least)


if __name__ == "__main__":
    main()
