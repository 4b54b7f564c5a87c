"""Measure what tells copies, and faces of one person, from others: hashes and embeddings.

    python tools/measure_duplicates.py [--limit N]

Portraits: `data/portraits` in FACEWRIGHT_SHARED or `../shared`, 100 synthetic people, one picture
each. Copies are made of them (re-encoded, resized, cropped, ...) and described by this project's
detector, mesh and embedding; every two portraits are different people.
Embeddings: `data/attribute_labels`: 145 real portraits of different people, and 188 press-like
photographs of few people, of whom nobody wrote down who is who. There only a bound is known: two
faces of different apparent sex are not one person.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

from facewright.align.ffhq_fast import FFHQ_FAST
from facewright.annotators.embedding import VIEWS
from facewright.duplicates.hashes import bits_apart, near_hash, numbers_of
from facewright.engine.process import one_thread
from facewright.vision.faces import find_faces
from facewright.vision.runtime import Runtime

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("FACEWRIGHT_SHARED", ROOT.parent / "shared"))
RADII = (2, 4, 6, 8, 10)
COSINES = (0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)

Picture = Image.Image
Pixels = NDArray[np.uint8]
Hash = Callable[[Pixels], str | None]


def jpeg(photo: Picture, quality: int) -> Picture:
    """Re-encoded."""
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=quality)
    with Image.open(file) as opened:
        return opened.convert("RGB")


def scaled(photo: Picture, scale: float) -> Picture:
    """Resized."""
    return photo.resize((round(photo.width * scale), round(photo.height * scale)))


def cropped(photo: Picture, share: float) -> Picture:
    """Cut by a share of its sides, unevenly."""
    width, height = photo.size
    left, top = round(width * share), round(height * share / 2)
    return photo.crop((left, top, round(width * (1 - share / 3)), round(height * (1 - share))))


CHANGES: dict[str, Callable[[Picture], Picture]] = {
    "JPEG 50": lambda photo: jpeg(photo, 50),
    "half": lambda photo: scaled(photo, 0.5),
    "a quarter, JPEG 60": lambda photo: jpeg(scaled(photo, 0.25), 60),
    "an eighth": lambda photo: scaled(photo, 0.125),
    "cropped by 2 %": lambda photo: cropped(photo, 0.02),
    "cropped by 5 %": lambda photo: cropped(photo, 0.05),
    "cropped by 10 %": lambda photo: cropped(photo, 0.1),
    "brighter by 25 %": lambda photo: ImageEnhance.Brightness(photo).enhance(1.25),
    "darker by 25 %": lambda photo: ImageEnhance.Brightness(photo).enhance(0.75),
    "contrast up 30 %": lambda photo: ImageEnhance.Contrast(photo).enhance(1.3),
    "grey": lambda photo: photo.convert("L").convert("RGB"),
    "mirrored": lambda photo: photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
}


def zauner(pixels: Pixels) -> str:
    """Zauner's hash as published but for its smoothing: frequencies 1..8 against the median."""
    small = cv2.resize(pixels, (32, 32), interpolation=cv2.INTER_AREA)
    waves = cv2.dct(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32))[1:9, 1:9]
    return _digits(waves > np.median(waves))


def dhash(pixels: Pixels) -> str:
    """Difference hash (N. Krawetz, "Kind of Like That", 2013): lighter than the left one."""
    small = cv2.resize(pixels, (9, 8), interpolation=cv2.INTER_AREA)
    luma = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    return _digits(luma[:, 1:] > luma[:, :-1])


def _digits(bits: NDArray[np.bool_]) -> str:
    return np.packbits(bits.reshape(-1)).tobytes().hex()


HASHES: dict[str, Hash] = {"near_hash": near_hash, "Zauner": zauner, "dHash": dhash}


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture, its largest face's crop, and the face's embedding (1024,) at length 1."""

    photo: Pixels
    crop: Pixels
    embedding: NDArray[np.float32]


def look(photo: Picture, runtime: Runtime) -> Seen | None:
    """Describe a picture; None where no face is found."""
    pixels = np.array(photo)
    faces = find_faces([pixels], runtime)
    if not len(faces):
        return None
    _, _, features = runtime.infer("faceres", faces.view(VIEWS["tight"]))
    crop = FFHQ_FAST.crop(pixels, faces.landmarks68[0], 256).pixels
    return Seen(pixels, crop, features[0] / np.linalg.norm(features[0]))


def hashed(pictures: Sequence[Pixels], by: Hash) -> NDArray[np.uint64]:
    """Hashes (N,) as numbers."""
    return numbers_of([by(picture) for picture in pictures])[0]


def apart(first: NDArray[np.uint64], second: NDArray[np.uint64], name: str) -> NDArray[np.uint8]:
    """Bits between hashes, the lesser of plain and mirrored where the hash has such a thing."""
    return bits_apart(first, second)[0] if name == "near_hash" else np.bitwise_count(first ^ second)


def measure_copies(portraits: Sequence[Picture], runtime: Runtime) -> None:
    """Print distances and cosines of copies and of different people."""
    straight = [seen for photo in portraits if (seen := look(photo, runtime))]
    pairs = np.triu_indices(len(straight), 1)
    vectors = np.stack([seen.embedding for seen in straight])
    others = (vectors @ vectors.T)[pairs]
    print(f"{len(straight)} synthetic people, {len(others):,} pairs of different ones")
    wholes = {
        (part, name): hashed([getattr(seen, part) for seen in straight], by)
        for part in ("photo", "crop")
        for name, by in HASHES.items()
    }
    for (part, name), hashes in wholes.items():
        bits = apart(hashes[pairs[0]], hashes[pairs[1]], name)
        low = f"least {bits.min()}, mean {bits.mean():.1f}, deviation {bits.std():.1f}"
        print(f"  different people, {name} of the {part}: {low}")
    plain = np.bitwise_count(np.bitwise_xor(*(wholes["crop", "near_hash"][at] for at in pairs)))
    print(f"  the same, not mirrored: mean {plain.mean():.1f}, deviation {plain.std():.1f}")
    found: dict[tuple[str, str], list[NDArray[np.uint8]]] = {key: [] for key in wholes}
    cosines = []
    for change, make in CHANGES.items():
        looks = [look(make(photo), runtime) for photo in portraits]
        there = [n for n, one in enumerate(looks) if one is not None]
        copies = [one for one in looks if one is not None]
        cosine = np.array([c.embedding @ vectors[n] for n, c in zip(there, copies, strict=True)])
        cosines.append(cosine)
        told = []
        for part, name in wholes:
            mine = hashed([getattr(one, part) for one in copies], HASHES[name])
            bits = apart(mine, wholes[part, name][there], name)
            if change != "mirrored" or name == "near_hash":
                found[part, name].append(bits)
            if name == "near_hash":
                told.append(f"{part} {np.mean(bits <= 6):.0%}, worst {bits.max()} bits")
        low = f"cosine least {cosine.min():.3f}, median {np.median(cosine):.3f}"
        print(f"  {change}: within 6 bits: {'; '.join(told)}; {low}")
    for (part, name), lists in found.items():
        bits = np.concatenate(lists)
        shares = ", ".join(f"{radius}: {np.mean(bits <= radius):.1%}" for radius in RADII)
        print(f"  all changes, {name} of the {part}, found within bits: {shares}")
    same = np.concatenate(cosines)
    print(f"  area under the curve, cosine of copies against others: {auc(same, others):.4f}")
    say_cosines("different synthetic people", others)
    shares = ", ".join(f"{t}: {np.mean(same >= t):.1%}" for t in COSINES)
    print(f"  copies found from a cosine on: {shares}")


def auc(positive: NDArray[np.floating], negative: NDArray[np.floating]) -> float:
    """Chance that a positive is above a negative."""
    order = np.sort(negative)
    return float(np.searchsorted(order, positive).mean() / len(order))


def say_cosines(what: str, values: NDArray[np.floating]) -> None:
    """Print how many pairs are at or above each threshold."""
    counts = ", ".join(f"{t}: {int((values >= t).sum())}" for t in COSINES)
    print(
        f"  {what}, {len(values):,} pairs, highest {values.max():.3f}; from a cosine on: {counts}"
    )


def measure_people(folder: Path) -> None:
    """Print cosines between the labelled faces of which only embeddings are at hand."""
    data = np.load(folder / "faceres_embeddings.npz")
    vectors = data["tight"].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    names = [str(name) for name in data["names"]]
    with (folder / "labels_photos.csv").open(encoding="utf-8") as file:
        sexes = {row["file"]: row["apparent_sex"] for row in csv.DictReader(file)}
    real = np.array([name.startswith("tabler/") for name in names])
    press = np.array([name in sexes for name in names])
    print("labelled faces")
    say_cosines("different real people", pairs_of(vectors[real]))
    say_cosines("real people against press photographs", (vectors[real] @ vectors[press].T).ravel())
    sex = np.array([sexes[name] for name in names if name in sexes])
    between = vectors[press] @ vectors[press].T
    first, second = np.triu_indices(len(sex), 1)
    cosine, differ = between[first, second], sex[first] != sex[second]
    say_cosines("press photographs, different apparent sex, so different people", cosine[differ])
    say_cosines("press photographs, same apparent sex, people unknown", cosine[~differ])


def pairs_of(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosines of all pairs."""
    return np.asarray((vectors @ vectors.T)[np.triu_indices(len(vectors), 1)])


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int, default=100)
    arguments = parser.parse_args()
    measure_people(SHARED / "data/attribute_labels")
    paths = sorted((SHARED / "data/portraits").glob("*.jpg"))[: arguments.limit]
    with one_thread():
        measure_copies([Image.open(path).convert("RGB") for path in paths], Runtime())


if __name__ == "__main__":
    main()
