"""One check an annotator: prints its tables and adds its figures to the report."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from facewright.annotators.base import Annotator, Columns
from facewright.annotators.eyes import EYES
from facewright.annotators.makeup import MAKEUP
from facewright.annotators.occlusion import OCCLUSION
from facewright.annotators.photometry import PHOTOMETRY
from facewright.annotators.pixels.robust import logistic
from facewright.annotators.quality import QUALITY
from facewright.annotators.skin import SKIN
from facewright.vision.faces import FaceBatch
from facewright.vision.runtime import Runtime
from pixels import degrade, fits
from pixels.covers import COVERS, covered
from pixels.sets import LabelledSet, chosen
from pixels.tables import Report, auc, by_group, labels, quantile_cells, set_names, table

Floats = NDArray[np.float64]

_ORDER: tuple[Annotator, ...] = (PHOTOMETRY, SKIN, EYES, MAKEUP, OCCLUSION, QUALITY)
_EVERY = 4  # of the portraits, for the tables of damage
_GLASSES = {"none": "NoGlasses", "reading": "ReadingGlasses", "sun": "Sunglasses"}

_LADDERS: dict[str, list[tuple[str, degrade.Damage]]] = {
    "blur": [(f"sigma {s}", degrade.blurred(s)) for s in (0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0)],
    "motion": [(f"length {s}", degrade.moved(s)) for s in (4, 8, 16, 32)],
    "face pixels": [(f"{s} px", degrade.enlarged_from(s)) for s in (128, 96, 72, 48, 32, 16)],
    "exposure": [
        (f"{s:+} stops", degrade.exposed(s)) for s in (-4, -3, -2, -1, 0.5, 1.0, 1.5, 2.0, 3.0)
    ],
    "noise": [(f"sigma {s}", degrade.noisy(s)) for s in (2, 5, 10, 20, 30, 45)],
    "JPEG": [(f"quality {q}", degrade.compressed(q)) for q in (90, 50, 25, 10)],
}


def annotate(faces: FaceBatch, inputs: Columns) -> Columns:
    """Run the pixel annotators after each other on what the heads would have given."""
    known = dict(inputs)
    for annotator in _ORDER:
        known.update(annotator.annotate(faces, known, Runtime()))
    return known


def inputs_of(each: LabelledSet) -> Columns:
    """What other annotators give: glasses as labelled, heads out of fold, measured blinks."""
    return {
        "glasses": [_GLASSES[kind] for kind in each.column("glasses")],
        "blendshapes.eyeBlinkLeft": each.blinks[:, 0],
        "blendshapes.eyeBlinkRight": each.blinks[:, 1],
        **{f"_heads.{name}": scores for name, scores in each.heads.items()},
    }


def _joined(sets: list[LabelledSet]) -> Columns:
    parts = [annotate(s.faces, inputs_of(s)) for s in sets]
    return {k: np.concatenate([np.asarray(p[k]) for p in parts]) for k in parts[0]}


def photometry(sets: list[LabelledSet], report: Report) -> None:
    """Undamaged faces by group; then known damage, one kind after the other."""
    known = _joined(sets)
    everybody = np.arange(len(known["blur.value"]))
    rows = []
    for name, mask in by_group(sets, everybody):
        cells = [c for k in ("blur", "exposure", "noise") for c in _cells(known, k, mask)]
        rows.append((name, str(mask.sum()), *cells))
        report.add(
            "photometry",
            f"median exposure value, {name}",
            float(np.median(known["exposure.value"][mask])),
            set_names(sets),
            int(mask.sum()),
        )
    header = "group|n|" + "|".join(f"{k} {q}" for k in ("blur", "expo", "noise") for q in _Q)
    table("undamaged faces: 5 %, median, 95 %", header, rows)
    dark = np.isin(labels(sets, "skin_monk"), ("7", "8", "9", "10"))
    under = np.array([level == "underExposure" for level in known["exposure.level"]])
    share = float(under[dark].mean())
    report.add(
        "photometry",
        "share of dark skin (Monk 7-10) read as underexposed",
        share,
        set_names(sets),
        int(dark.sum()),
    )
    _damage(sets[0], report)


_Q = ("5", "50", "95")


def _cells(known: Columns, field: str, mask: NDArray[np.bool_]) -> list[str]:
    return quantile_cells(known[f"{field}.value"][mask])


def _damage(each: LabelledSet, report: Report) -> None:
    index = np.arange(0, len(each.faces), _EVERY)
    some = chosen(each.faces, index)
    inputs = {k: np.asarray(v)[index] for k, v in inputs_of(each).items()}
    rows = [_damaged_row("none", "", annotate(some, inputs))]
    for kind, ladder in _LADDERS.items():
        for step, damage in ladder:
            known = annotate(degrade.damaged(some, damage), inputs)
            rows.append(_damaged_row(kind, step, known))
            _keep_damage(report, kind, step, known, len(index))
    header = "damage|by|" + "|".join(f"{k} {q}" for k in ("blur", "expo", "noise") for q in _Q)
    table("damaged portraits: 5 %, median, 95 %", header + "|sharp|overall", rows)


def _damaged_row(kind: str, step: str, known: Columns) -> tuple[str, ...]:
    cells = [c for k in ("blur", "exposure", "noise") for c in quantile_cells(known[f"{k}.value"])]
    sharp = f"{np.median(known['quality.sharpness']):.2f}"
    return (kind, step, *cells, sharp, f"{np.median(known['quality.overall']):.2f}")


_KEPT = {
    ("blur", "sigma 2.0"): "blur.value",
    ("blur", "sigma 6.0"): "blur.value",
    ("motion", "length 16"): "blur.value",
    ("face pixels", "72 px"): "blur.value",
    ("exposure", "-2 stops"): "exposure.value",
    ("exposure", "+1.0 stops"): "exposure.value",
    ("noise", "sigma 10"): "noise.value",
    ("noise", "sigma 30"): "noise.value",
}


def _keep_damage(report: Report, kind: str, step: str, known: Columns, count: int) -> None:
    column = _KEPT.get((kind, step))
    if column is not None:
        value = float(np.nanmedian(known[column]))
        report.add("photometry", f"median {column} after {kind} {step}", value, "portraits", count)
    if column is not None or kind == "JPEG":
        value = float(np.median(known["quality.overall"]))
        report.add("quality", f"median overall after {kind} {step}", value, "portraits", count)


def skin(sets: list[LabelledSet], report: Report) -> None:
    """Monk step out of fold against one rater's, and whether the confidence holds."""
    task = fits.monk_task(sets)
    _, places = fits.monk(task)
    _, sure = fits.monk_close(task, places)
    error = np.rint(places) - task.answers
    rows = []
    for name, mask in by_group(sets, task.where):
        e, n = error[mask], int(mask.sum())
        close, wide = np.mean(np.abs(e) <= 1), np.mean(np.abs(e) <= 2)
        cells = (np.abs(e).mean(), e.mean(), close, wide, sure[mask].mean())
        rows.append((name, str(n), *(f"{c:.2f}" for c in cells)))
        on = f"{set_names(sets)}, out of fold, {name}"
        report.add("skin", "Monk step within 1 (label is +-1.5)", float(close), on, n)
        report.add("skin", "Monk step: mean error", float(e.mean()), on, n)
    table("skin tone", "group|n|mean abs|bias|within 1|within 2|stated", rows)
    on = f"{set_names(sets)}, out of fold, all"
    report.add("skin", "Monk step within 2", float(np.mean(np.abs(error) <= 2)), on, len(error))


def makeup(sets: list[LabelledSet], report: Report) -> None:
    """Lip and eye makeup out of fold: head and pixels together, and the head alone."""
    for label, name in (("lipstick", "lip"), ("eye_makeup", "eye")):
        task = fits.makeup_task(sets, label)
        _, together = fits.makeup(task, name)
        head, truth = logistic(task.features[:, 0]), task.answers.astype(bool)
        rows = []
        for group, mask in by_group(sets, task.where):
            t, p = truth[mask], together[mask]
            right = float(np.mean((p > 0.5) == t))
            cells = (auc(t, head[mask]), auc(t, p), right)
            counts = (str(int(mask.sum())), str(int(t.sum())))
            rows.append((group, *counts, *(f"{c:.3f}" for c in cells)))
            on = f"{set_names(sets)}, out of fold, {group}"
            if np.isfinite(cells[1]):
                report.add("makeup", f"{name} makeup: AUC", cells[1], on, int(mask.sum()))
            report.add("makeup", f"{name} makeup: share right", right, on, int(mask.sum()))
        table(f"{name} makeup", "group|n|positive|AUC head|AUC both|right", rows)


def eyes(sets: list[LabelledSet], report: Report) -> None:
    """Eye colour out of fold: all five, and brown against the others."""
    task = fits.eye_color_task(sets)
    model, probability = fits.eye_color(task)
    guess = np.array(model.classes)[probability.argmax(axis=1)]
    right, count = guess == task.answers, len(guess)
    on = f"{set_names(sets)}, out of fold"
    report.add("eyes", "eye colour: share right of 5", right.mean(), on, count)
    brown = (guess == "brown") == (task.answers == "brown")
    report.add("eyes", "eye colour: brown against lighter, share right", brown.mean(), on, count)
    stated = float(probability.max(axis=1).mean())
    report.add("eyes", "eye colour: mean stated confidence", stated, on, count)
    rows = [
        (truth, *(str(int(((task.answers == truth) & (guess == g)).sum())) for g in model.classes))
        for truth in model.classes
    ]
    table("eye colour: rows judged, columns given", "|" + "|".join(model.classes), rows)
    for name, mask in by_group(sets, task.where)[1:]:
        report.add(
            "eyes", "eye colour: share right of 5", right[mask].mean(), f"{on}, {name}", mask.sum()
        )


def occlusion(sets: list[LabelledSet], report: Report) -> None:
    """False alarms on labelled faces by group, hits on real and on painted covers."""
    known = _joined(sets)
    everybody = np.arange(len(known["glasses"]))
    for region in ("forehead", "eye", "mouth"):
        truth = labels(sets, f"{region}_occluded") == "1"
        flagged = np.array([value is True for value in known[f"occlusion.{region}"].tolist()])
        on = set_names(sets)
        hits, positives = int((flagged & truth).sum()), int(truth.sum())
        for name, mask in by_group(sets, everybody):
            free = mask & ~truth
            share = float(flagged[free].mean())
            report.add("occlusion", f"{region}: false alarms, {name}", share, on, int(free.sum()))
        found = hits / max(positives, 1)
        report.add("occlusion", f"{region}: share of the covered found", found, on, positives)
    _painted(sets[0], report)


def _painted(each: LabelledSet, report: Report) -> None:
    inputs = {**inputs_of(each), "_heads.headwear": np.zeros(len(each.faces))}
    for cover, (region, _, _) in COVERS.items():
        known = annotate(covered(each.faces, cover), inputs)
        found = np.array([value is True for value in list(known[f"occlusion.{region}"])])
        for name, mask in by_group([each], np.arange(len(found))):
            if name in ("all", "white", "black"):
                figure = f"{region}: found under a painted {cover}, {name}"
                report.add("occlusion", figure, found[mask].mean(), each.name, mask.sum())


def quality(sets: list[LabelledSet], report: Report) -> None:
    """The overall score of undamaged portraits by group."""
    known = _joined(sets[:1])
    rows = []
    for name, mask in by_group(sets[:1], np.arange(len(known["glasses"]))):
        rows.append((name, str(mask.sum()), *quantile_cells(known["quality.overall"][mask])))
        value = float(np.median(known["quality.overall"][mask]))
        report.add("quality", f"median overall, {name}", value, sets[0].name, int(mask.sum()))
    table("overall quality of the portraits", "group|n|5 %|median|95 %", rows)


def cost(sets: list[LabelledSet], report: Report) -> None:
    """CPU time a face of each annotator, in the order in which they share their work."""
    each = sets[0]
    for _ in range(2):  # the first round warms up
        faces, known = chosen(each.faces, np.arange(len(each.faces))), dict(inputs_of(each))
        spent: dict[str, float] = {}
        for annotator in _ORDER:
            start = time.process_time()
            known.update(annotator.annotate(faces, known, Runtime()))
            spent[annotator.card.id] = 1000 * (time.process_time() - start) / len(faces)
    for name, milliseconds in spent.items():
        report.add(name, "CPU milliseconds a face", milliseconds, each.name, len(each.faces))
    print(f"  together {sum(spent.values()):.2f} ms a face")


Check = Callable[[list[LabelledSet], Report], None]
ALL: tuple[Check, ...] = (photometry, skin, eyes, makeup, occlusion, quality, cost)
