"""Fit the shipped heads and curves; write them to src/facewright/weights.

    FACEWRIGHT_SHARED=../shared python tools/fit_heads.py [--avatars FOLDER]

Deterministic: the same labels, pictures and versions give the same bytes.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from facewright.annotators.learn.fitted import CURVES_FILE, HEADS_FILE, weights_folder
from facewright.annotators.learn.fitting import Fitted
from facewright.annotators.learn.linear import save_heads
from facewright.annotators.sex_age import piecewise
from fit_curves import (
    age_curve,
    age_groups,
    fit_age,
    fit_gaze,
    fit_sex,
    fit_threshold,
    prompt_ages,
)
from fit_gaze import Looks, fit_closeness, look
from head_specs import SPECS, fit_all, labels_of
from labelled import Labelled, arguments, fetch_avatars, load, picture_paths, shared_folder


def main() -> None:
    """Fit everything and write it."""
    options = arguments(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        options.avatars = options.avatars or fetch_avatars(Path(temporary))
        faces = load(options)
        data = shared_folder(options.shared) / "data"
        looks = look(picture_paths(faces.rows, options.avatars, data))
    fitted = fit_all(faces)
    save_heads(weights_folder() / HEADS_FILE, [one.head for one in fitted.values()])
    text = json.dumps(all_curves(faces, fitted, looks), indent=1, sort_keys=True)
    (weights_folder() / CURVES_FILE).write_text(text + "\n", encoding="utf-8")
    for name, one in fitted.items():
        report = one.head.report
        print(f"{name:12s} n {report['n']:3d}  AUC {report['auc']}  ECE {report['ece']}")
    print(text)


def all_curves(faces: Labelled, fitted: dict[str, Fitted], looks: Looks) -> dict[str, Any]:
    """Every curve, fitted on all faces with a picture."""
    here = faces.pictured
    raw, prompts = faces.known["age"][here], prompt_ages(faces)[here]
    low, high = (bound[here] for bound in age_groups(faces))
    slopes = fit_age(raw, prompts, low, high)
    corrected = piecewise(raw, age_curve(slopes, raw, prompts)["knots"]) @ slopes
    spec = next(spec for spec in SPECS if spec.name == "ethnicity")
    labels = labels_of(spec, faces.column(spec.column))
    gaze = fit_gaze(faces.known["gaze"][here], faces.known["angles"][here])
    return {
        "age": age_curve(slopes, corrected, prompts),
        "sex": fit_sex(faces.known["male"][here], faces.column("apparent_sex")[here] == "m"),
        "gaze": {**gaze, "close": fit_closeness(looks, gaze)},
        "ethnicity": {"threshold": fit_threshold(fitted["ethnicity"], labels)},
    }


if __name__ == "__main__":
    np.seterr(all="raise", under="ignore")
    main()
