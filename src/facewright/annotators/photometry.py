"""Blur, exposure and noise of a face on Azure's 0-1 scales, with its levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.annotators.base import AnnotatorCard, Columns
from facewright.annotators.learn.pixel_parameters import parameters, parameters_sha256
from facewright.annotators.pixels import luma
from facewright.annotators.pixels.regions import FACE_OVAL, FACE_VIEW
from facewright.vision.cards import measured_figures
from facewright.vision.faces import FaceBatch
from facewright.vision.runtime import Runtime

Floats = NDArray[np.float64]

# Knots of the monotone maps from what is measured to Azure's scales. A sharp face of 72 pixels,
# the width Azure saw in FFHQ's thumbnails, gets FFHQ's median blur (.06); Gaussian blurs of
# sigma 2.5 and 6 at 256 pixels lie near Azure's cuts (.25, .75).
_DETAIL, _BLUR = (-2.1, -1.88, -1.45, -1.18, -0.9), (1.0, 0.75, 0.25, 0.06, 0.0)
# No exposure error gets FFHQ's median (.62); two stops under and one over lie at the cuts.
_STOPS, _EXPOSURE = (-5.0, -2.1, -1.0, 0.0, 1.0, 2.2), (0.0, 0.25, 0.46, 0.62, 0.75, 1.0)
# Noise that is just visible, plain and spoiling, in 8-bit steps with the face at 160-320 pixels.
_SIGMA, _NOISE = (1.0, 3.5, 10.0, 25.0), (0.0, 0.3, 0.7, 1.0)

_BLUR_LEVELS = (0.25, 0.75, ("low", "medium", "high"))
_EXPOSURE_LEVELS = (0.25, 0.75, ("underExposure", "goodExposure", "overExposure"))
_NOISE_LEVELS = (0.3, 0.7, ("low", "medium", "high"))

_INNER = 0.36  # half-side of the square inside the face where noise is looked for
_NOISE_SIZE = 160  # the face is reduced to 1-2 times this side before noise is measured
_DARKEST = 0.005  # linear light added before the logarithm


@dataclass(frozen=True)
class Light:
    """What is measured of N faces, each (N,): see `facewright.annotators.pixels.luma`."""

    sharpness: Floats
    detail: Floats
    highlight: Floats
    clipped: Floats
    sigma: Floats

    @property
    def stops(self) -> Floats:
        """Exposure error in stops (factors of two of light), negative when too dark."""
        return parameters().exposure(np.log2(self.highlight + _DARKEST), self.clipped)


def measure_light(faces: FaceBatch) -> Light:
    """Measure the luma of N faces inside their outlines."""
    cuts = faces.view(FACE_VIEW)
    outlines = np.rint(faces.view_meshes(FACE_VIEW)[:, FACE_OVAL]).astype(np.int32, order="C")
    rows = np.empty((len(faces), 5))
    for i, (cut, outline) in enumerate(zip(cuts, outlines, strict=True)):
        mask = np.zeros(cut.shape[:2], np.uint8)
        cv2.fillPoly(mask, [outline], 255)
        grey = cv2.cvtColor(cut, cv2.COLOR_RGB2GRAY)
        rows[i] = (
            luma.sharpness(grey, mask),
            luma.fine_detail(grey, mask),
            luma.highlight(grey, mask),
            luma.clipped(cut, mask),
            luma.noise_sigma(_native_luma(faces, i)),
        )
    return Light(*rows.T)


def _native_luma(faces: FaceBatch, i: int) -> luma.Luma:
    """Inner face of face `i` on the photo's own grid, reduced by a whole factor if it is large."""
    side = faces.squares[i].side
    x, y, half = faces.squares[i].x, faces.squares[i].y, side * _INNER
    photo = faces.photos[faces.photo[i]]
    rows = slice(max(int(y - half), 0), max(int(y + half), 0))
    columns = slice(max(int(x - half), 0), max(int(x + half), 0))
    inner = photo[rows, columns]
    factor = max(int(side // _NOISE_SIZE), 1)
    height, width = inner.shape[0] // factor, inner.shape[1] // factor
    if min(height, width) < 1:
        return np.zeros((1, 1), np.uint8)
    whole = inner[: height * factor, : width * factor]
    reduced = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(reduced, cv2.COLOR_RGB2GRAY), np.uint8)


def levels(values: Floats, scale: tuple[float, float, tuple[str, str, str]]) -> NDArray[Any]:
    """Azure's level of each value: up to the first cut low, from the second on high."""
    low, high, names = scale
    found: NDArray[Any] = np.array(names, object)[(values > low).astype(int) + (values >= high)]
    found[np.isnan(values)] = None
    return found


class Photometry:
    """See `PHOTOMETRY.card`."""

    views = (FACE_VIEW,)

    @cached_property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        return AnnotatorCard(
            id="photometry",
            version="1",
            task="blur, exposure and noise of the face's pixels on Azure's scales",
            sha256=parameters_sha256(),
            gives=(
                *("blur.level", "blur.value", "exposure.level", "exposure.value"),
                *("noise.level", "noise.value", "_photometry.sharpness", "_photometry.stops"),
            ),
            measured=measured_figures().get("photometry", ()),
            known_failures=(
                (
                    "blur is measured with the face at 128 pixels: smaller faces were enlarged and"
                    " read as blurred in proportion, which is what they are; softness that shows"
                    " only in larger prints is not seen"
                ),
                "strong noise hides blur",
                (
                    "exposure goes by the brightest hundredth of the face: a small bright spot"
                    " (glare on glasses, a sunlit ear) on a dark face reads as well exposed; very"
                    " dark skin in flat light reads up to half a stop darker than light skin"
                ),
                (
                    "noise in a picture that was denoised or strongly compressed is gone; pores,"
                    " freckles and stubble add up to .2 on a sharp face, up to .4 on one under 60"
                    " pixels"
                ),
            ),
        )

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:  # noqa: ARG002 - all take the same
        """Blur, exposure, noise; signals: log sharpness and exposure error in stops."""
        light = measure_light(faces)
        blur = np.round(np.interp(light.detail, _DETAIL, _BLUR), 2)
        exposure = np.round(np.interp(light.stops, _STOPS, _EXPOSURE), 2)
        noise = np.round(np.interp(light.sigma, _SIGMA, _NOISE), 2)
        unknown = [{"noise": "face too small"} if np.isnan(n) else {} for n in noise]
        return {
            "blur.value": blur,
            "blur.level": levels(blur, _BLUR_LEVELS),
            "exposure.value": exposure,
            "exposure.level": levels(exposure, _EXPOSURE_LEVELS),
            "noise.value": noise,
            "noise.level": levels(noise, _NOISE_LEVELS),
            "_photometry.sharpness": light.sharpness,
            "_photometry.stops": light.stops,
            "null_reasons": unknown,
        }


PHOTOMETRY = Photometry()
