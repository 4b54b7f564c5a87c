"""Measure the shipped annotators, heads and networks; print the tables, and with --write keep them.

    FACEWRIGHT_SHARED=../shared python tools/measure_models.py [--avatars FOLDER] [--write]

Figures of heads are of grouped cross-validation (no person on both sides), of age of folds that
did not see the face; all others are of what is shipped. Networks are measured each alone, too
(measure_single.py). --write puts them into
src/facewright/weights/measured.json, from where the cards of models and annotators take them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.expression import distribution
from facewright.annotators.learn.calibration import auc
from facewright.annotators.learn.fitted import curves
from facewright.annotators.learn.fitting import Fitted
from facewright.annotators.pixels.eyelids import lid_probabilities
from facewright.annotators.pixels.gaze import gaze_angles
from facewright.annotators.pixels.glasses import sunglasses_share
from facewright.annotators.sex_age import corrected_age, piecewise
from facewright.record import EMOTIONS
from figures import (
    BOTH,
    FEWEST,
    PORTRAITS,
    TABLER,
    Figures,
    add,
    add_by_subgroup,
    print_figures,
    write,
)
from fit_curves import age_groups, fit_age, prompt_ages
from head_specs import fit_all
from labelled import Labelled, arguments, fetch_avatars, load, picture_paths, shared_folder
from measure_single import measure_single
from single_outputs import run_alone

_HAIR = ("bald", "bangs", "hair_colour", "hair_length")
_REPEATS = 20

Floats = NDArray[np.float64]


def main() -> None:
    """Measure, print, and write if asked to."""
    parser = arguments(__doc__)
    parser.add_argument("--write", action="store_true", help="keep the figures for the cards")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        options.avatars = options.avatars or fetch_avatars(Path(temporary))
        faces = load(options)
        data = shared_folder(options.shared) / "data"
        alone = run_alone(picture_paths(faces.rows, options.avatars, data))
    figures: Figures = {}
    for measure in (detection, sex, age, eyes):
        measure(faces, figures)
    fitted = fit_all(faces)
    happy = fitted["happy"].out_of_fold[:, 1]
    smile(faces, happy, figures)
    expression(faces, happy, figures)
    heads(fitted, figures)
    glasses(faces, figures)
    ethnicity(faces, fitted["ethnicity"], figures)
    measure_single(faces, alone, figures)
    print_figures(figures)
    if options.write:
        write(figures)


def detection(faces: Labelled, figures: Figures) -> None:
    """Pictures in which exactly one face was found."""
    for name, on in (("portraits", PORTRAITS), ("tabler", TABLER)):
        found = faces.found[faces.column("set") == name]
        text = "pictures of one face in which exactly one was found"
        add(figures, "yunet_2023mar", text, (found == 1).mean(), on, len(found))


def sex(faces: Labelled, figures: Figures) -> None:
    """Apparent sex right, by ethnicity too."""
    male = faces.known["male"] > 0.5
    right = np.where(faces.column("apparent_sex") == "m", male, ~male)
    prompt = faces.column("prompt_sex")
    known = prompt != ""
    share = (np.where(prompt == "male", male, ~male))[known].mean()
    add(figures, "sex-age", "sex right against the prompt", share, PORTRAITS, int(known.sum()))
    add_by_subgroup(figures, "sex-age", "sex right", right, faces, faces.pictured)


def age(faces: Labelled, figures: Figures) -> None:
    """Error in years against prompt ages out of fold, and age groups of real faces."""
    here = faces.pictured
    raw, prompts = faces.known["age"][here], prompt_ages(faces)[here]
    low, high = (bound[here] for bound in age_groups(faces))
    known = ~np.isnan(prompts)
    halves = [_age_halves(seed, raw, prompts, low, high) for seed in range(_REPEATS)]
    years = np.mean(halves, axis=0)
    text = "age: mean absolute error in years; the curve fitted on the other half"
    errors = np.mean([np.abs(half - prompts)[known] for half in halves], axis=0)
    add(figures, "sex-age", text, errors.mean(), PORTRAITS, int(known.sum()))
    error = (years - prompts)[known]
    add(figures, "sex-age", "age: mean error (bias)", error.mean(), PORTRAITS, int(known.sum()))
    correlation = np.corrcoef(years[known], prompts[known])[0, 1]
    add(figures, "sex-age", "age: correlation", correlation, PORTRAITS, int(known.sum()))
    fitted = np.abs(corrected_age(raw) - prompts)[known].mean()
    text = "age: mean absolute error of the shipped curve (seen in fitting)"
    add(figures, "sex-age", text, fitted, PORTRAITS, int(known.sum()))
    _age_groups(faces, figures, (years >= low) & (years < high))
    for group in ("young", "adult", "middle", "old"):
        mask = known & (faces.column("apparent_age_group")[here] == group)
        text = f"age: mean absolute error, apparent group {group}"
        value = np.abs(years - prompts)[mask].mean()
        add(figures, "sex-age", text, value, PORTRAITS, int(mask.sum()))


def _age_halves(seed: int, raw: Floats, prompts: Floats, low: Floats, high: Floats) -> Floats:
    """Ages by curves fitted on the half that does not hold the face."""
    half = np.random.default_rng(seed).permutation(len(raw)) % 2 == 0
    out = np.empty_like(raw)
    for rows in (half, ~half):
        slopes = fit_age(raw[~rows], prompts[~rows], low[~rows], high[~rows])
        out[rows] = np.clip(piecewise(raw[rows], curves()["age"]["knots"]) @ slopes, 0, 100)
    return out


def _age_groups(faces: Labelled, figures: Figures, right: NDArray[np.bool_]) -> None:
    full = np.zeros(len(faces.rows), bool)
    full[faces.pictured] = right
    real = faces.column("set") == "tabler"
    known = real & (faces.column("apparent_age_group") != "")
    add_by_subgroup(figures, "sex-age", "age group right", full, faces, known)


def smile(faces: Labelled, happy: Floats, figures: Figures) -> None:
    """How well emotion.happiness, out of fold (N,), ranks broad smiles and any smiles."""
    labels = faces.column("smile")
    for name, on in (("tabler", TABLER), ("portraits", PORTRAITS)):
        mask = (faces.column("set") == name) & ~np.isnan(happy)
        broad, any_ = labels[mask] == "broad", labels[mask] != "none"
        for text, truth in (("broad smiles", broad), ("any smile", any_)):
            add(
                figures,
                "expression",
                f"smile: AUC of {text}",
                auc(truth, happy[mask]),
                on,
                len(truth),
            )


def expression(faces: Labelled, happy: Floats, figures: Figures) -> None:
    """Likeliest emotion against the labels; the networks alone and what is shipped."""
    names = {"happy": "happiness", "surprised": "surprise", "sad": "sadness", "angry": "anger"}
    truth = np.array([names.get(label, label) for label in faces.column("expression")])
    known = faces.pictured & np.isin(truth, EMOTIONS) & ~np.isnan(happy)
    nets = np.nan_to_num(faces.known["networks"])
    shipped = distribution(nets, np.nan_to_num(happy), np.nan_to_num(faces.known["contempt"]))
    for text, shares in (("networks alone", nets), ("as shipped", shipped)):
        right = np.array(EMOTIONS)[shares.argmax(axis=1)] == truth
        for name, on in (("tabler", TABLER), ("portraits", PORTRAITS)):
            mask = known & (faces.column("set") == name)
            figure = f"likeliest emotion right, {text}"
            add(figures, "expression", figure, right[mask].mean(), on, int(mask.sum()))
        for kept in ("neutral", "happiness"):
            mask = known & (truth == kept)
            add_by_subgroup(figures, "expression", f"{kept} kept, {text}", right, faces, mask)


def ethnicity(faces: Labelled, fitted: Fitted, figures: Figures) -> None:
    """What the threshold of `unknown` does, out of fold."""
    shares = fitted.out_of_fold
    known = ~np.isnan(shares[:, 0])
    stated = known & (np.nan_to_num(shares).max(axis=1) >= curves()["ethnicity"]["threshold"])
    truth = faces.column("apparent_ethnicity")
    right = np.array(fitted.head.classes)[np.nan_to_num(shares).argmax(axis=1)] == truth
    on = "labelled faces, grouped cross-validation"
    add(figures, "heads", "ethnicity: stated", stated[known].mean(), on, int(known.sum()))
    text = "ethnicity: right where stated"
    add(figures, "heads", text, right[stated].mean(), on, int(stated.sum()))
    other = np.isin(truth, ("unsure", "middle_eastern", "latino"))
    sure = fitted.head.predict({k: v[other] for k, v in faces.features.items()}).max(axis=1)
    share = (sure < curves()["ethnicity"]["threshold"]).mean()
    text = "ethnicity: unknown where the rater named none of the four"
    add(figures, "heads", text, share, "labelled faces", len(sure))


def eyes(faces: Labelled, figures: Figures) -> None:
    """Lids against the labels, and gaze of people who look into the camera."""
    here = faces.pictured
    features = faces.known["lids"][here].reshape(-1, 2, 3).mean(axis=1)
    states = np.array(("open", "squint", "closed"))[lid_probabilities(features).argmax(axis=1)]
    labels = faces.column("eyes")[here]
    for state in ("open", "squint"):
        kept = (states == state)[labels == state]
        add(figures, "lids", f"eyes {state}: kept", kept.mean(), BOTH, len(kept))
    closed = labels == "closed"
    wrong = (states == "closed")[~closed]
    add(figures, "lids", "eyes not closed: read as closed", wrong.mean(), BOTH, len(wrong))
    angles = faces.known["angles"][here]
    off = np.abs(gaze_angles(faces.known["gaze"][here]) + angles[:, [0, 2]])
    for i, name in enumerate(("pitch", "yaw")):
        text = f"gaze {name}: median degrees from the camera"
        add(figures, "lids", text, float(np.median(off[:, i])), BOTH, len(off))
    near = np.linalg.norm(off, axis=1) < 5
    add(figures, "lids", "gaze within 5 degrees of the camera", near.mean(), BOTH, len(off))
    hidden = faces.known["eyes_covered"][here] > 0.5
    add(figures, "lids", "bare eyes read as covered", hidden.mean(), BOTH, len(hidden))


def glasses(faces: Labelled, figures: Figures) -> None:
    """Reading glasses that the cut on brightness keeps; no sunglasses are at hand."""
    worn = faces.pictured & (faces.column("glasses") == "reading")
    kept = sunglasses_share(faces.known["lid_brightness"][worn]) < 0.5
    text = "reading glasses not taken for sunglasses (the cut was placed on these)"
    add(figures, "heads", text, kept.mean(), TABLER, len(kept))


def heads(fitted: dict[str, Fitted], figures: Figures) -> None:
    """Every head under grouped cross-validation."""
    for name, one in fitted.items():
        card = _card_of(name)
        report = one.head.report
        on = "labelled faces, grouped cross-validation"
        _head_figures(figures, card, name, report, on)
        for kind in ("set", "apparent_sex", "apparent_ethnicity"):
            for value, part in report["by"][kind].items():
                text = f"{name}, {kind.removeprefix('apparent_')} {value}"
                _head_figures(figures, card, text, part, on)
        print(f"\n{name}: confusion (rows: truth) {list(one.head.classes)}")
        print("\n".join(f"  {row}" for row in report["confusion"]))


def _card_of(head: str) -> str:
    if head in _HAIR:
        return "hair"
    return {"happy": "expression", "squint": "lids"}.get(head, "heads")


def _head_figures(
    figures: Figures, card: str, name: str, report: Mapping[str, Any], on: str
) -> None:
    areas, counts, n = report["auc"], report["counts"], report["n"]
    whole = "," not in name
    shown = {"": "yes"} if "yes" in areas else {f" {k}": k for k in areas if whole}
    for label, key in shown.items():
        if areas[key] is not None and counts[key] >= FEWEST:
            add(figures, card, f"{name}{label}: AUC", areas[key], on, n)
    add(figures, card, f"{name}: accuracy", report["accuracy"], on, n)
    if not whole:
        return
    for key, recall in report["recall"].items():
        if recall is not None:
            add(figures, card, f"{name}: {key} recognised", recall, on, counts[key])
    add(figures, card, f"{name}: expected calibration error", report["ece"], on, n)
    add(figures, card, f"{name}: Brier score", report["brier"], on, n)


if __name__ == "__main__":
    main()
