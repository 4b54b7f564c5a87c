"""Count how the shipped annotators read labelled faces, and keep the counts for corrections.

    FACEWRIGHT_SHARED=../shared python tools/measure_confusion.py [--avatars FOLDER]

Writes src/facewright/weights/confusion.json: attribute to its levels and an (L, L) table of
faces, rows true and columns read. The annotators run as shipped over the faces whose picture is
at hand, with every fitted part replaced by what grouped cross-validation made without the face
(no person on both sides). Levels with fewer than five labelled faces are left out as true ones.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from facewright.annotators import hair, heads
from facewright.annotators.expression import distribution, rounded_shares
from facewright.annotators.learn.fitted import curves, weights_folder
from facewright.annotators.learn.fitting import Fitted
from facewright.annotators.learn.linear import Features, Head
from facewright.annotators.makeup import lid_darkness, lip_redness
from facewright.annotators.pixels.regions import face_pixels
from facewright.annotators.pixels.robust import logit
from facewright.annotators.sex_age import corrected_age, piecewise
from facewright.attributes.face_table import Coded, FaceTable
from facewright.record import EMOTIONS
from facewright.vision.runtime import Runtime
from figures import BOTH, FEWEST
from fit_curves import age_groups, fit_age, prompt_ages
from head_specs import fit_all
from labelled import Labelled, arguments, fetch_avatars, load, shared_folder
from pixels import fits
from pixels.sets import LabelledSet, load_sets

_FOLDS = 8

Floats = NDArray[np.float64]
Columns = dict[str, list[Any]]


def main() -> None:
    """Run, count, print and write."""
    options = arguments(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        options.avatars = options.avatars or fetch_avatars(Path(temporary))
        os.environ["FACEWRIGHT_SHARED"] = str(shared_folder(options.shared))
        os.environ["FACEWRIGHT_TABLER"] = str(options.avatars)
        faces = load(options)
        sets = load_sets()
    fitted = fit_all(faces)
    columns = _read(faces, fitted, sets)
    table = FaceTable("labelled faces", _table(columns, faces))
    tables = {}
    for name, truth in _truths(faces, sets).items():
        (coded,) = table.coded([table.attribute(name)])
        tables[name] = _counted(coded, truth)
        _show(name, tables[name])
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(tables[k])}" for k in sorted(tables))
    (weights_folder() / "confusion.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


# -- reading --------------------------------------------------------------------------------


@dataclass(frozen=True)
class OutOfFold:
    """Stands for a shipped head: probabilities (N, K) by folds that did not see the face."""

    classes: tuple[str, ...]
    shares: Floats

    def predict(self, features: Features) -> Floats:  # noqa: ARG002
        """Of all faces, whatever is asked."""
        return self.shares

    def probability(self, features: Features, label: str) -> Floats:  # noqa: ARG002
        """Of one class, (N,)."""
        return self.shares[:, self.classes.index(label)]


def _stand_in(head: Head, shares: Floats, features: Features) -> OutOfFold:
    """A head that saw none of the faces; one without a label was in no fold's training."""
    unseen = np.isnan(shares[:, 0])
    filled = np.where(unseen[:, None], head.predict(features), shares)
    return OutOfFold(head.classes, filled)


def _read(faces: Labelled, fitted: dict[str, Fitted], sets: list[LabelledSet]) -> Columns:
    """Record columns of every labelled face; those without a picture are all None."""
    columns: Columns = {}
    ages = _ages(faces)
    for each in sets:
        rows = _rows_of(faces, each)
        features = {name: values[rows] for name, values in faces.features.items()}
        stand_ins = {
            name: _stand_in(one.head, one.out_of_fold[rows], features)
            for name, one in fitted.items()
        }
        found = _annotated(each, features, stand_ins)
        happy = stand_ins["happy"].probability(features, "yes")
        known = {name: values[rows] for name, values in faces.known.items()}
        emotion = distribution(known["networks"], happy, known["contempt"])
        found |= dict(zip(EMOTIONS, rounded_shares(emotion).T, strict=True))
        found["sex"] = np.where(known["male"] > 0.5, "male", "female")
        found["age"] = ages[rows]
        for name, values in found.items():
            column = columns.setdefault(name, [None] * len(faces.rows))
            for row, value in zip(rows.tolist(), values, strict=True):
                column[row] = value
    _read_pixels(faces, fitted, sets, columns)
    return columns


def _rows_of(faces: Labelled, each: LabelledSet) -> NDArray[np.intp]:
    at = {(row["set"], row["file"]): n for n, row in enumerate(faces.rows)}
    return np.array([at[each.name, row["file"]] for row in each.rows], np.intp)


def _annotated(
    each: LabelledSet, features: Features, stand_ins: Mapping[str, OutOfFold]
) -> dict[str, Any]:
    """Columns of the annotators that read heads, with heads that saw no face of the set."""
    known: dict[str, Any] = {f"_features.{name}": values for name, values in features.items()}
    runtime = Runtime()
    with (
        patch.object(heads, "shipped_heads", lambda: stand_ins),
        patch.object(hair, "shipped_heads", lambda: stand_ins),
    ):
        known |= heads.HEADS.annotate(each.faces, known, runtime)
        known |= hair.HAIR.annotate(each.faces, known, runtime)
    return {name: values for name, values in known.items() if name[0] != "_"}


def _ages(faces: Labelled) -> Floats:
    """Years (N,) by curves that were fitted without the face; NaN without a picture."""
    here = np.flatnonzero(faces.pictured)
    raw, prompts = faces.known["age"][here], prompt_ages(faces)[here]
    low, high = (bound[here] for bound in age_groups(faces))
    folds = np.random.default_rng(0).permutation(len(here)) % _FOLDS
    years = np.full(len(faces.rows), np.nan)
    for fold in range(_FOLDS):
        own, others = folds == fold, folds != fold
        slopes = fit_age(raw[others], prompts[others], low[others], high[others])
        reach = piecewise(raw[own], curves()["age"]["knots"])
        years[here[own]] = np.clip(np.round(reach @ slopes), 0, 100)
    shipped = np.round(corrected_age(raw))
    print(f"ages out of fold differ from shipped by at most {np.abs(years[here] - shipped).max()}")
    return years


def _read_pixels(
    faces: Labelled, fitted: dict[str, Fitted], sets: list[LabelledSet], columns: Columns
) -> None:
    """Add makeup and eye colour, whose own fits are cross-validated, too."""
    rows = np.concatenate([_rows_of(faces, each) for each in sets])
    measures = {"lipstick": ("lip", lip_redness), "eye_makeup": ("eye", lid_darkness)}
    for label, (name, measure) in measures.items():
        pixels = np.concatenate([measure(face_pixels(each.faces)) for each in sets])
        head = logit(fitted[label].out_of_fold[rows, 1])
        answers = faces.column(label)[rows]
        usable = (answers != "") & np.isfinite(pixels) & np.isfinite(head)
        where = np.flatnonzero(usable)
        features = np.stack([head, pixels], axis=1)[where]
        _, shares = fits.makeup(fits.Task(features, answers[where] == "1", where), name)
        _put(columns, name, rows[where], shares > 0.5)
    task = fits.eye_color_task(sets)
    model, shares = fits.eye_color(task)
    _put(columns, "eye_color", rows[task.where], np.array(model.classes)[shares.argmax(axis=1)])


def _put(columns: Columns, name: str, rows: NDArray[np.intp], values: NDArray[Any]) -> None:
    column = columns.setdefault(name, [None] * len(columns["sex"]))
    for row, value in zip(rows.tolist(), values.tolist(), strict=True):
        column[row] = value


_STRUCTS = {
    "facial_hair": ("facial_hair.beard", "facial_hair.moustache"),
    "hair": ("hair.bald", "hair.invisible", "hair.color", "hair.length"),
    "emotion": EMOTIONS,
    "makeup": ("lip", "eye"),
}
_PLAIN = ("sex", "age", "glasses", "accessories", "apparent_ethnicity", "eye_color")


def _table(columns: Columns, faces: Labelled) -> pa.Table:
    """Columns as in the Record, one row a labelled face."""
    plain: dict[str, Any] = {name: columns[name] for name in _PLAIN}
    plain["smile"] = columns["happiness"]
    for struct, names in _STRUCTS.items():
        parts = [pa.array([_own(v) for v in columns[name]]) for name in names]
        fields = [name.rpartition(".")[2] for name in names]
        plain[struct] = pa.StructArray.from_arrays(parts, names=fields)
    ids = [f"{row['set']}/{row['file']}" for row in faces.rows]
    return pa.table({"face_id": ids, **{k: _array(v) for k, v in plain.items()}})


def _array(values: Any) -> Any:
    return pa.array([_own(v) for v in values]) if isinstance(values, list) else values


def _own(value: Any) -> Any:
    """A numpy scalar as Python's own; NaN as None."""
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and np.isnan(value) else value


# -- truth ----------------------------------------------------------------------------------


def _truths(faces: Labelled, sets: list[LabelledSet]) -> dict[str, list[str | None]]:
    """True level of every labelled face by attribute; None where it was not told."""
    yes_no = {"0": "no", "1": "yes"}
    simple: dict[str, tuple[str, Mapping[str, str]]] = {
        "glasses": ("glasses", {"none": "NoGlasses", "reading": "ReadingGlasses"}),
        "beard": ("beard", yes_no),
        "moustache": ("moustache", yes_no),
        "bald": ("bald", yes_no),
        "headwear": ("headwear", {"none": "no", "hat": "yes", "hood": "yes", "headscarf": "yes"}),
        "hair_length": ("hair_length", {key: key for key in hair.LENGTHS}),
        "lip_makeup": ("lipstick", yes_no),
        "eye_makeup": ("eye_makeup", yes_no),
        "smile": ("smile", {"none": "no", "slight": "yes", "broad": "yes"}),
        "emotion": ("expression", {"neutral": "neutral", "happy": "happiness"}),
        "ethnicity": ("apparent_ethnicity", {key: key for key in heads.ETHNICITIES}),
    }
    told: dict[str, list[str | None]] = {
        name: [keys.get(row[column]) for row in faces.rows]
        for name, (column, keys) in simple.items()
    }
    colours = np.full(len(faces.rows), "", "<U8")
    for each in sets:
        colours[_rows_of(faces, each)] = each.eye_color
    told["eye_color"] = [colour or None for colour in colours.tolist()]
    told["hair_color"] = [_hair_colour(row) for row in faces.rows]
    told["sex"] = [row["prompt_sex"] or _SEXES[row["apparent_sex"]] for row in faces.rows]
    told["age_group"] = [_age_group(row) for row in faces.rows]
    return told


_SEXES = {"f": "female", "m": "male"}


def _hair_colour(row: Mapping[str, str]) -> str | None:
    if row["bald"] == "1":
        return "bald"
    return row["hair_colour"] or None


def _age_group(row: Mapping[str, str]) -> str | None:
    """By the age in the prompt; by the apparent age group where it lies in one level."""
    if row["prompt_age"]:
        years = float(row["prompt_age"])
        return "child" if years < 18 else "adult" if years < 60 else "elderly"
    groups = {"child": "child", "young": "adult", "adult": "adult", "middle": "adult"}
    return groups.get(row["apparent_age_group"], "elderly" if row["apparent_age_group"] else None)


# -- counting -------------------------------------------------------------------------------


_RATER = "one rater's labels"
_TRUTHS = {
    "sex": "prompts, and one rater's labels of the real ones",
    "age_group": "prompts, and one rater's labels of the real ones",
    "eye_color": "labels judged on enlarged irises",
}
_NOTES = {
    "ethnicity": "faces in which the rater saw none of the four looks were left out",
    "glasses": "no labelled face wears sunglasses",
    "age_group": "no labelled face is a child's",
}


def _counted(coded: Coded, truth: list[str | None]) -> dict[str, Any]:
    """Entry of the file: faces of each true level and level as read."""
    name = coded.attribute.name
    at = {key: n for n, key in enumerate(coded.levels)}
    counts = np.zeros((len(at), len(at)), int)
    for key, code in zip(truth, coded.codes.tolist(), strict=True):
        if key is not None and code >= 0:
            counts[at[key], code] += 1
    few = counts.sum(axis=1) < FEWEST
    notes = [_NOTES[name]] if name in _NOTES else []
    left = [f"{key} ({n})" for key, n in zip(at, counts.sum(axis=1), strict=True) if 0 < n < FEWEST]
    notes += [f"too few labelled faces: {', '.join(left)}"] if left else []
    counts[few] = 0
    return {
        "levels": list(at),
        "counts": counts.tolist(),
        "n": int(counts.sum()),
        "on": f"{int(counts.sum())} faces of {BOTH}, by {_TRUTHS.get(name, _RATER)}",
        "script": "tools/measure_confusion.py",
        "note": "; ".join(notes),
    }


def _show(name: str, found: Mapping[str, Any]) -> None:
    counts = np.array(found["counts"])
    right = np.trace(counts) / max(counts.sum(), 1)
    print(f"\n{name}: {found['on']}, right {right:.3f}  {found['note']}")
    for key, row in zip(found["levels"], counts, strict=True):
        print(f"  {key:16s} {' '.join(f'{n:4d}' for n in row)}")


if __name__ == "__main__":
    main()
