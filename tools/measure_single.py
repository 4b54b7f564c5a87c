"""Figures of each network alone, for the models' own cards; run by measure_models.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.learn.calibration import auc
from facewright.record import BLENDSHAPE_NAMES, EMOTIONS
from figures import BOTH, PORTRAITS, TABLER, Figures, add, add_by_subgroup, sets_of
from fit_curves import prompt_ages
from labelled import Labelled
from single_outputs import Alone

_PRESENCE = 5.0
_OUTER_CORNERS = (36, 45)  # iBUG points, right and left eye
_JAW = slice(0, 17)
_BY_SEX = ("apparent_sex",)
_EXPRESSIONS = {"happy": "happiness", "surprised": "surprise", "sad": "sadness"}
_SETS = (("portraits", PORTRAITS), ("tabler", TABLER))

Floats = NDArray[np.floating[Any]]


def measure_single(faces: Labelled, alone: Alone, figures: Figures) -> None:
    """Add the figures of the networks.

    Args:
        faces: labelled faces, those with pictures first.
        alone: outputs for those.
        figures: to append to.
    """
    seen = _first_rows(faces, len(alone.presence))
    for measure in (landmarks, pose, faceres, old_ages_and_sexes, expressions, mask):
        measure(seen, alone, figures)
    blendshapes(seen, figures)


def landmarks(faces: Labelled, alone: Alone, figures: Figures) -> None:
    """How far points move when the picture is mirrored, and from first pass to second."""
    corners = alone.points[:, _OUTER_CORNERS]
    scale = np.linalg.norm(corners[:, 0] - corners[:, 1], axis=1)[:, None]
    mirrored = np.linalg.norm(alone.points - alone.mirrored, axis=2) / scale
    passes = np.linalg.norm(alone.points - alone.first, axis=2) / scale
    card, n = "face_landmarks_478", len(scale)
    text = "mirrored picture: points move by (median; outer eye corners' distance is 1)"
    add(figures, card, text, float(np.median(mirrored)), BOTH, n)
    text = "mirrored picture: points move by (95 % quantile)"
    add(figures, card, text, float(np.quantile(mirrored, 0.95)), BOTH, n)
    text = "mirrored picture: points of the jaw move by (median)"
    add(figures, card, text, float(np.median(mirrored[:, _JAW])), BOTH, n)
    add(figures, card, "second pass: points move by (median)", np.median(passes), BOTH, n)
    text = "second pass: points move by (95 % quantile)"
    add(figures, card, text, float(np.quantile(passes, 0.95)), BOTH, n)
    for name, on in _SETS:
        present = (alone.presence > _PRESENCE)[faces.column("set") == name]
        add(figures, card, "faces with presence above 5", present.mean(), on, len(present))
    text = "mirrored picture: least steady of the 68 points moves by (median)"
    add(figures, "face_landmark_tables", text, np.median(mirrored, axis=0).max(), BOTH, n)


def pose(faces: Labelled, alone: Alone, figures: Figures) -> None:  # noqa: ARG001
    """Head pose of the mirrored picture: same pitch, roll and yaw with the sign turned."""
    off = np.abs(alone.angles - alone.mirrored_angles * np.array([1.0, -1.0, -1.0]))
    for i, name in enumerate(("pitch", "roll", "yaw")):
        text = f"mirrored picture: {name} differs by (median degrees)"
        add(figures, "canonical_face", text, float(np.median(off[:, i])), BOTH, len(off))


def blendshapes(faces: Labelled, figures: Figures) -> None:
    """How well single scores rank what was labelled."""
    shapes = dict(zip(BLENDSHAPE_NAMES, faces.features["blendshapes"].T, strict=True))
    smile = (shapes["mouthSmileLeft"] + shapes["mouthSmileRight"]) / 2
    squint = (shapes["eyeSquintLeft"] + shapes["eyeSquintRight"]) / 2
    blink = (shapes["eyeBlinkLeft"] + shapes["eyeBlinkRight"]) / 2
    smiles, eyes = faces.column("smile"), faces.column("eyes")
    lips, jaws = faces.column("mouth_open"), faces.column("jaw_open")
    everyone = smiles != ""
    rateable = np.isin(eyes, ("open", "squint"))
    broad, squinting = smiles == "broad", eyes == "squint"
    _ranked(faces, figures, "mouthSmile: AUC of broad smiles", smile, broad, everyone)
    for sex in ("f", "m"):
        mask = everyone & (faces.column("apparent_sex") == sex)
        _ranked(faces, figures, f"mouthSmile: AUC of broad smiles, sex {sex}", smile, broad, mask)
    jaw = shapes["jawOpen"]
    _ranked(faces, figures, "jawOpen: AUC of parted lips", jaw, lips == "1", lips != "")
    _ranked(faces, figures, "jawOpen: AUC of parted teeth (8 faces)", jaw, jaws == "1", jaws != "")
    for name, scores in (("eyeSquint", squint), ("eyeBlink", blink)):
        text = f"{name}: AUC of squinting against open eyes ({squinting.sum()} faces)"
        _ranked(faces, figures, text, scores, squinting, rateable)


def _ranked(
    faces: Labelled,
    figures: Figures,
    figure: str,
    scores: Floats,
    truth: NDArray[np.bool_],
    known: NDArray[np.bool_],
) -> None:
    value = auc(truth[known], scores[known])
    add(figures, "blendshapes_52", figure, value, sets_of(faces, known), int(known.sum()))


def faceres(faces: Labelled, alone: Alone, figures: Figures) -> None:
    """Sex, age and embedding of the tight view, before anything is combined or corrected."""
    _sex(faces, figures, "faceres", alone.male)
    _age(faces, figures, "faceres", alone.age)
    for card in ("faceres", "embedding"):
        _copies(faces, alone, figures, card)


def _copies(faces: Labelled, alone: Alone, figures: Figures, card: str) -> None:
    """How near the embedding of a copy stays to the picture's, and how near others come."""
    for name, on in _SETS:
        rows = faces.column("set") == name
        same, others = _cosines(alone.embedding[rows], alone.worn[rows])
        truth = np.r_[np.ones(len(same), bool), np.zeros(len(others), bool)]
        text = "embedding: AUC of a picture's mirrored, brightened, JPEG 60 copy against others"
        add(figures, card, text, auc(truth, np.r_[same, others]), on, len(same))
        text = "embedding: median cosine of that copy"
        add(figures, card, text, float(np.median(same)), on, len(same))
        text = "embedding: cosine that 1 of 1000 pairs of different pictures exceeds"
        add(figures, card, text, float(np.quantile(others, 0.999)), on, len(same))


def _cosines(originals: Floats, copies: Floats) -> tuple[Floats, Floats]:
    """Cosines of N copies to their own originals (N,) and to all others (N (N - 1),)."""
    left, right = (
        rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (originals, copies)
    )
    cosines = left @ right.T
    own = np.eye(len(cosines), dtype=bool)
    return cosines[own], cosines[~own]


def old_ages_and_sexes(faces: Labelled, alone: Alone, figures: Figures) -> None:
    """The two dlib networks."""
    _age(faces, figures, "age_v1", alone.age_v1)
    _sex(faces, figures, "gender_v1", alone.gender_v1)


def _sex(faces: Labelled, figures: Figures, card: str, male: Floats) -> None:
    sexes = faces.column("apparent_sex")
    right = (male > 0.5) == (sexes == "m")
    add_by_subgroup(figures, card, "sex right, alone", right, faces, sexes != "")


def _age(faces: Labelled, figures: Figures, card: str, age: Floats) -> None:
    error = age - prompt_ages(faces)
    known = ~np.isnan(error)
    text = "age, alone and uncorrected: mean absolute error in years"
    add_by_subgroup(figures, card, text, np.abs(error), faces, known, _BY_SEX)
    text = "age, alone and uncorrected: mean error (bias)"
    add_by_subgroup(figures, card, text, error, faces, known, _BY_SEX)


def expressions(faces: Labelled, alone: Alone, figures: Figures) -> None:
    """Likeliest expression against the labels, nearly all of which are happy or neutral."""
    labels = faces.column("expression")
    truth = np.array([_EXPRESSIONS.get(label, label) for label in labels])
    known = np.isin(truth, EMOTIONS)
    for card, shares in (
        ("expression_faceapi", alone.faceapi),
        ("expression_oarriaga", alone.oarriaga),
    ):
        right = np.array(EMOTIONS)[shares.argmax(axis=1)] == truth
        text = "likeliest expression right, alone"
        add_by_subgroup(figures, card, text, right, faces, known, _BY_SEX)
        for kept in ("neutral", "happiness"):
            text = f"{kept} kept, alone"
            add_by_subgroup(figures, card, text, right, faces, known & (truth == kept), _BY_SEX)


def mask(faces: Labelled, alone: Alone, figures: Figures) -> None:
    """The face must be person; the top corners of a portrait's view are background."""
    for card in ("selfie_mask", "pixel-features"):
        for name, on in _SETS:
            rows = faces.column("set") == name
            share = alone.oval[rows].mean()
            add(figures, card, "face's oval inside of the mask", share, on, int(rows.sum()))
        rows = faces.column("set") == "portraits"
        text = "top corners of the view outside of the mask"
        add(figures, card, text, alone.corners[rows].mean(), PORTRAITS, int(rows.sum()))


def _first_rows(faces: Labelled, count: int) -> Labelled:
    return replace(
        faces,
        rows=faces.rows[:count],
        features={name: rows[:count] for name, rows in faces.features.items()},
        known={name: rows[:count] for name, rows in faces.known.items()},
        found=faces.found[:count],
    )
