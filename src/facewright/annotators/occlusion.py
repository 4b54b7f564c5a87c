"""Occlusion of forehead, eyes and mouth: does a region look like this face's own skin?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.base import AnnotatorCard, Columns
from facewright.annotators.makeup import verdict
from facewright.annotators.pixels.covered import eyes_covered
from facewright.annotators.pixels.glasses import behind_dark_glasses
from facewright.annotators.pixels.regions import FacePixels, face_pixels
from facewright.annotators.pixels.robust import logistic, median, quantiles, share
from facewright.annotators.skin import CHEEKS
from facewright.vision.cards import measured_figures
from facewright.vision.faces import FaceBatch
from facewright.vision.runtime import Runtime

Floats = NDArray[np.float64]

# Widths of "own skin" in L*a*b*: shadow, shine, a*, b*. Shine is wide since dark skin shines.
_SHADOW, _SHINE, _A, _B = 22.0, 45.0, 8.0, 10.0
_FAR = 2.2  # widths beyond which a sample is not own skin
_COVER_LIGHTNESS = 0.6  # of the skin's L*: what is darker may be beard
_STRONG_CHROMA = 30.0
_SKIN_HUES, _SKIN_CHROMA = (10.0, 95.0), 6.0  # of any lit skin: hue in degrees of Lab, chroma
_LIP_RED = 8.0  # a* of lips in weak light
_SURE_OF_GLASSES = 3.0  # logit that dark glasses or another dark cover hide the eyes


def own_skin(pixels: FacePixels) -> tuple[Floats, NDArray[np.bool_]]:
    """The face's own skin colour L*a*b* (N, 3), and whether the lower face is covered (N,).

    Skin is the median of cheeks and nose, unless that is a colour that skin never has and the
    forehead's is one that it has: then a mask covers the lower face, and the forehead is skin.
    """
    lower = median(pixels.colours(*CHEEKS, "nose"))
    upper = median(pixels.colours("forehead"))
    masked = ~_plausible(lower) & _plausible(upper) & ~pixels.grey
    return np.where(masked[:, None], upper, lower), masked


def _plausible(colour: Floats) -> NDArray[np.bool_]:
    hue = np.degrees(np.arctan2(colour[:, 2], colour[:, 1]))
    chroma = np.hypot(colour[:, 1], colour[:, 2])
    plausible: NDArray[np.bool_] = (
        (hue > _SKIN_HUES[0]) & (hue < _SKIN_HUES[1]) & (chroma > _SKIN_CHROMA)
    )
    return plausible


def own_skin_distance(pixels: FacePixels, *regions: str) -> Floats:
    """How far samples (N, k) of some regions are from the face's own skin, in widths of it.

    A shaded skin is expected to lose chroma with the square root of its lightness, so that
    shadow is not taken for a cover. NaN outside of the photograph.
    """
    skin = own_skin(pixels)[0][:, None]
    colours = pixels.colours(*regions).astype(np.float64)
    lightness = colours[..., 0] - skin[..., 0]
    shade = np.clip(colours[..., 0] / np.maximum(skin[..., 0], 1.0), 0.3, 1.3) ** 0.5
    chroma = (colours[..., 1:] - skin[..., 1:] * shade[..., None]) / (_A, _B)
    light = lightness / np.where(lightness < 0, _SHADOW, _SHINE)
    distance: Floats = np.sqrt(light**2 + (chroma**2).sum(axis=-1))
    return distance


def covered_share(pixels: FacePixels, *regions: str) -> Floats:
    """Share (N,) of some regions' samples that are not own skin; NaN where none is seen."""
    distance = own_skin_distance(pixels, *regions)
    return share(distance > _FAR, ~np.isnan(distance))


def forehead_logit(pixels: FacePixels, headwear: NDArray[Any]) -> Floats:
    """Logit (N,) that hair or headwear covers the forehead.

    headwear: probability of headwear (N,). In the published records a covered forehead is
    headwear in 97 of 100 cases; here a cap that leaves the forehead free does not count.
    """
    brow = np.nan_to_num(covered_share(pixels, "forehead"))
    top = np.nan_to_num(covered_share(pixels, "forehead_top"))
    hat = np.nan_to_num(np.asarray(headwear, np.float64))
    logit: Floats = -4.5 + 8.0 * brow + 2.0 * top + 1.5 * hat
    return logit


def mouth_logit(pixels: FacePixels) -> Floats:
    """Logit (N,) that something that is neither skin, lip nor beard covers the mouth.

    A mask or a cup covers lips, upper lip and chin alike; beards are darker than the skin, and
    leave the lips. All three must be covered by what is light or strongly coloured,
    or the cheeks with them by what is no skin at all.
    """
    skin, masked = own_skin(pixels)
    weakest = np.ones(len(skin))
    for regions in (("upper_lip", "lower_lip"), ("moustache",), ("chin",)):
        colours = pixels.colours(*regions)
        far = own_skin_distance(pixels, *regions) > _FAR
        light = colours[..., 0] > _COVER_LIGHTNESS * skin[:, :1]
        coloured = np.hypot(colours[..., 1], colours[..., 2]) > _STRONG_CHROMA
        cold = colours[..., 1] < _LIP_RED  # lips and blood are red, covers need not be
        covered = far & (light | coloured) & cold
        part = share(covered, ~np.isnan(colours[..., 0]))
        weakest = np.minimum(weakest, np.nan_to_num(part))
    cheeks = np.where(masked, np.nan_to_num(covered_share(pixels, *CHEEKS)), 0.0)
    logit: Floats = -4.0 + 9.0 * np.maximum(weakest, cheeks)
    return logit


def eye_logit(pixels: FacePixels, glasses: NDArray[Any] | list[str | None]) -> Floats:
    """Logit (N,) that dark glasses, something dark, or hair over one eye hide an eye.

    Without something dark over both (see `eyes_covered`) one eye's surroundings must be covered
    while the other's are not, and the cheeks must be lit alike: sockets in shadow look covered
    on both sides.
    """
    sides = np.stack(
        [covered_share(pixels, f"{s}_lid", f"{s}_under_eye") for s in ("right", "left")], axis=1
    )
    sides = np.nan_to_num(sides)
    cheeks = np.stack([quantiles(pixels.colours(c)[..., 0], 0.5)[0] for c in CHEEKS], axis=1)
    uneven = np.nan_to_num(np.abs(cheeks[:, 0] - cheeks[:, 1]), nan=100.0)
    alone = sides.max(axis=1) - sides.min(axis=1)
    logit = -7.0 + 6.0 * sides.max(axis=1) + 4.0 * alone - 0.1 * uneven
    dark = behind_dark_glasses(glasses) | (eyes_covered(pixels) > 0.5)
    return np.where(dark, _SURE_OF_GLASSES, np.minimum(logit, _SURE_OF_GLASSES))


class Occlusion:
    """See `OCCLUSION.card`."""

    @cached_property
    def card(self) -> AnnotatorCard:
        """What this annotator is."""
        return AnnotatorCard(
            id="occlusion",
            version="1",
            task="whether forehead, eyes or mouth are covered",
            gives=(
                *("occlusion.forehead", "occlusion.eye", "occlusion.mouth"),
                *("confidence.forehead_occluded", "confidence.eye_occluded"),
                "confidence.mouth_occluded",
            ),
            needs=("glasses", "_heads.headwear"),
            measured=measured_figures().get("occlusion", ()),
            known_failures=(
                "hands, faces and food have the colour of skin or lips and are not seen",
                (
                    "dark microphones and scarves below the cheeks look like beards, and are not"
                    " seen; a dark fringe on dark skin is seen one time in four"
                ),
                "light fringes on light skin, and a low hairline under the mesh's top edge",
                "grey pictures: only a lightness far from the skin's counts as a cover",
                "dark glasses count as hidden eyes here; Azure counted them in 2 of 2,857",
            ),
        )

    def annotate(self, faces: FaceBatch, known: Mapping[str, Any], runtime: Runtime) -> Columns:  # noqa: ARG002 - all take the same
        """Three verdicts with the probability that each is right."""
        pixels = face_pixels(faces)
        unseen = median(pixels.colours(*CHEEKS, "nose"))[:, 0]
        columns: Columns = {}
        for name, score in (
            ("forehead", forehead_logit(pixels, known["_heads.headwear"])),
            ("eye", eye_logit(pixels, known["glasses"])),
            ("mouth", mouth_logit(pixels)),
        ):
            # Without any cheek or nose in the picture there is no skin to compare with.
            probability = np.where(np.isnan(unseen), np.nan, logistic(score))
            decided, sure = verdict(probability)
            columns[f"occlusion.{name}"] = decided
            columns[f"confidence.{name}_occluded"] = sure
        columns["null_reasons"] = [
            {"occlusion": "face outside of the picture"} if lost else {}
            for lost in np.isnan(unseen)
        ]
        return columns


OCCLUSION = Occlusion()
