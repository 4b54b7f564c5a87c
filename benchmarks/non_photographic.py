"""Can what the record holds tell photographs of faces from pictures that were painted or drawn?

    python benchmarks/non_photographic.py [--portraits N]

Needs the shared portraits and labelled embeddings (FACEWRIGHT_SHARED, or `../shared` beside the
repository). No painting is at hand, so portraits are turned into pictures by filters: that flatters
every signal, since a filter leaves traces that a brush does not. Each signal is therefore measured
on styles that it was not fitted on, one left out after the other, with no person on both sides; and
its threshold is the one that drops a hundredth of real photographs (the labelled embeddings).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from facewright.annotators.embedding import EMBEDDING
from facewright.annotators.pipeline import Pipeline
from facewright.engine.process import one_thread
from facewright.vision.decode import decode_photo
from facewright.vision.faces import find_faces
from facewright.vision.runtime import Runtime

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("FACEWRIGHT_SHARED", ROOT.parent / "shared"))
SIDE = 512
FALSE_ALARMS = 0.01
RECORD = ("blur.value", "noise.value", "exposure.value", "quality.sharpness", "mesh_presence")

Picture = NDArray[np.uint8]
Floats = NDArray[np.float64]


def bgr(picture: Picture, change: Callable[[Picture], object]) -> Picture:
    """A filter of OpenCV's, which takes blue first."""
    made = np.asarray(change(np.ascontiguousarray(picture[..., ::-1])))
    return np.ascontiguousarray(made[..., ::-1], np.uint8)


def stylised(picture: Picture) -> Picture:
    """Flat areas and dark edges."""
    return bgr(picture, lambda p: cv2.stylization(p, sigma_s=60, sigma_r=0.5))


def painted(picture: Picture) -> Picture:
    """Soft brush: several bilateral filters."""
    for _ in range(4):
        picture = np.asarray(cv2.bilateralFilter(picture, 9, 60, 9), np.uint8)
    return picture


def dabbed(picture: Picture) -> Picture:
    """Thick brush: the median of a wide window, with the grain of a canvas."""
    grain = np.random.default_rng(0).normal(0, 6, picture.shape[:2])[..., None]
    soft = cv2.medianBlur(picture, 11).astype(np.float64)
    return np.clip(soft + cv2.GaussianBlur(grain, (3, 3), 1)[..., None], 0, 255).astype(np.uint8)


def posterised(picture: Picture) -> Picture:
    """Eight colours."""
    points = cv2.resize(picture, (64, 64)).reshape(-1, 3).astype(np.float32)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 10, 1.0)
    cv2.setRNGSeed(0)
    _, _, colours = cv2.kmeans(points, 8, None, stop, 1, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    away = ((picture[:, :, None].astype(np.float32) - colours) ** 2).sum(axis=3)
    return np.asarray(colours[away.argmin(axis=2)], np.uint8)


def sketched(picture: Picture) -> Picture:
    """Pencil on paper."""
    grey, _ = cv2.pencilSketch(np.ascontiguousarray(picture[..., ::-1]), sigma_s=60, sigma_r=0.07)
    return np.repeat(grey[..., None], 3, axis=2)


def printed(picture: Picture) -> Picture:
    """Half-tone: grey as dots."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float64)
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]]
    screen = 127.5 + 127.5 * np.sin(x * np.pi / 3) * np.sin(y * np.pi / 3)
    dots = np.where(grey > screen, 255, 0).astype(np.uint8)
    soft = np.asarray(cv2.GaussianBlur(dots, (3, 3), 0.8))
    return np.repeat(soft[..., None], 3, axis=2).astype(np.uint8)


def carved(picture: Picture) -> Picture:
    """Stone: no colour, little contrast, texture of its own."""
    grey = cv2.bilateralFilter(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), 9, 40, 9)
    level = cv2.createCLAHE(3.0, (4, 4)).apply(grey).astype(np.float64) * 0.45 + 110
    noise: Floats = np.random.default_rng(1).normal(0, 30, np.asarray(grey).shape)
    grain = np.asarray(cv2.GaussianBlur(noise, (5, 5), 1.5))
    return np.repeat(np.clip(level + grain, 0, 255)[..., None], 3, axis=2).astype(np.uint8)


STYLES = (stylised, painted, dabbed, posterised, sketched, printed, carved)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--portraits", type=int, default=60)
    count = parser.parse_args().portraits
    paths = sorted((SHARED / "data" / "portraits").glob("*.jpg"))[:: max(100 // count, 1)][:count]
    with one_thread():
        seen = {name: described(paths, style) for name, style in styles().items()}
    photos = real_photographs()
    print(f"faces found: {', '.join(f'{n} {len(s[0])}' for n, s in seen.items())}")
    print(
        f"photographs that set the threshold: {len(photos['wide'])}, {FALSE_ALARMS:.0%} dropped\n"
    )
    print("share of pictures dropped, of a style that the head was not fitted on, and AUC")
    print(f"{'style':12}{'wide':>8}{'AUC':>7}{'tight':>8}{'AUC':>7}{'record':>8}{'AUC':>7}")
    for name in list(seen)[1:]:
        cells = [left_out(seen, name, group, photos) for group in ("wide", "tight", "record")]
        print(f"{name:12}" + "".join(f"{drop:8.0%}{auc:7.2f}" for drop, auc in cells))


def styles() -> dict[str, Callable[[Picture], Picture]]:
    """The picture itself first."""
    return {"photo": lambda picture: picture, **{style.__name__: style for style in STYLES}}


Seen = tuple[list[int], dict[str, Floats]]


def described(paths: list[Path], style: Callable[[Picture], Picture]) -> Seen:
    """Numbers of the portraits whose face is found, and features of these by group."""
    runtime, pipeline = Runtime(), Pipeline(("geometry", "photometry", "quality"))
    numbers: list[int] = []
    found: dict[str, list[Floats]] = {"wide": [], "tight": [], "record": []}
    for number, path in enumerate(paths):
        picture = decode_photo(path.read_bytes()).pixels
        made = style(np.asarray(cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)))
        face = next(find_faces([made], runtime).split(1), None)
        if face is None:
            continue
        features = EMBEDDING.annotate(face, {}, runtime)
        columns = pipeline.annotate(face, runtime)
        numbers.append(number)
        for group in ("wide", "tight"):
            found[group].append(np.asarray(features[f"_features.{group}"][0], np.float64))
        found["record"].append(np.nan_to_num([float(columns[leaf][0]) for leaf in RECORD]))
    return numbers, {group: np.array(rows) for group, rows in found.items()}


def real_photographs() -> dict[str, Floats]:
    """Embeddings of the labelled photographs that are not the portraits themselves."""
    stored = np.load(SHARED / "data" / "attribute_labels" / "faceres_embeddings.npz")
    own = np.array([not str(name).startswith("portraits/") for name in stored["names"]])
    return {group: stored[group][own].astype(np.float64) for group in ("wide", "tight")}


def left_out(
    seen: dict[str, Seen], style: str, group: str, photos: dict[str, Floats]
) -> tuple[float, float]:
    """Share dropped of a style, and AUC against photos, from a head fitted on the other styles.

    Portraits of even number fit, those of odd number are measured.
    """
    fitted = [(name, *rows(seen[name], group, 0)) for name in seen if name != style]
    x = np.concatenate([values for _, _, values in fitted])
    y = np.concatenate([np.full(len(values), name != "photo") for name, _, values in fitted])
    middle, scale = x.mean(axis=0), x.std(axis=0) + 1e-9
    head = LogisticRegression(C=0.01, class_weight="balanced", max_iter=2000)
    if group in photos:  # half of the real photographs fit, the other half set the threshold
        x = np.concatenate([x, photos[group][::2]])
        y = np.append(y, np.zeros(len(x) - len(y)))
    head.fit((x - middle) / scale, y)

    def score(values: Floats) -> Floats:
        told: Floats = head.decision_function((values - middle) / scale)
        return told

    real = score(rows(seen["photo"], group, 1)[1])
    if group in photos:
        real = np.concatenate([real, score(photos[group][1::2])])
    made = score(rows(seen[style], group, 1)[1])
    threshold = np.quantile(real, 1 - FALSE_ALARMS)
    truth = np.r_[np.zeros(len(real)), np.ones(len(made))]
    auc = roc_auc_score(truth, np.r_[real, made])
    return float((made > threshold).mean()), float(auc)


def rows(seen: Seen, group: str, half: int) -> tuple[list[int], Floats]:
    """Features of portraits of even (0) or odd (1) number."""
    mine = [at for at, number in enumerate(seen[0]) if number % 2 == half]
    return mine, seen[1][group][mine]


if __name__ == "__main__":
    main()
