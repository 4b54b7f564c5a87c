"""Answers of the datasheet that the data give by themselves: what is in it and how it was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from facewright.provenance.composition import Distribution, missing
from facewright.provenance.facts import Facts
from facewright.provenance.markdown import bullets, code, counted, escaped, share, table
from facewright.record import PHOTO_REASONS
from facewright.store.manifest import AnnotatorUse
from facewright.vision.cards import measured_figures

Answer = tuple[str, str]
"""A question and, as Markdown, its answer."""

_APPARENT: Final = (
    "Every attribute is **apparent**: what a face looks like in one picture, estimated by models"
    " that err, and more for some groups than for others. None is a fact about a person. Sex is"
    " one of two and ethnicity one of four because that is what the models can tell apart, not"
    " because people are so."
)
_IMPORTED: Final = (
    "Of imported faces, what their files stated was taken over and not estimated by Facewright."
    " It is **apparent** all the same: what somebody, or some model, saw in a picture."
)


def composition(facts: Facts) -> Iterator[Answer]:
    """What is in it, what is known of it, what is not."""
    yield "What is in it?", _contents(facts)
    yield "Is it all there was, or a part?", _part(facts)
    yield "What is known of each face?", _labels(facts)
    yield "Is anything missing?", _gaps(facts)
    yield (
        "Are faces related?",
        (
            f"Of {counted(facts.crowded, 'photo')} there is more than one face; `photo_id` tells"
            " which. Whether two photos show the same person was not looked at."
        ),
    )
    yield (
        "Is there a recommended split?",
        "None beyond what the layout states. Keep faces of one photo on one side.",
    )
    yield (
        "Are there errors or repeats?",
        (
            "Estimates err, as said below. Photos with the same bytes were used once; the same"
            " photo in another size or file may be here twice."
        ),
    )
    yield (
        "Does it speak of people, can they be recognised, is it sensitive?",
        (
            "Yes, where the pictures are photographs. A face is personal data in many countries;"
            " ethnicity, and what is measured of a face, may fall under stricter law. The people"
            " shown are not named here, but titles, authors and addresses of photos may name them."
        ),
    )


def _contents(facts: Facts) -> str:
    counts = facts.manifest.counts
    lines = [
        (
            f"{counted(facts.faces, 'face')} from {counted(facts.photos, 'photo')}, in the layout"
            f" {code(facts.layout)}."
        )
    ]
    if facts.distinct < facts.faces:
        lines.append(
            f"{facts.faces - facts.distinct:,} of these are repeats: {facts.distinct:,} faces,"
            " some of them several times, as a balanced selection has them."
        )
    after = f", then {', '.join(facts.changes)}" if facts.changes else ""
    lines += [
        f"{counted(n, 'picture')}: {escaped(alignment)}, {size} pixels, {escaped(kind)}{after}."
        for (alignment, size, kind), n in facts.pictures.items()
    ] or ["No pictures: records only."]
    lines.append(
        f"Taken from a dataset of {counted(counts.faces, 'face')} and"
        f" {counted(counts.photos, 'photo')}."
    )
    return bullets(lines)


def _part(facts: Facts) -> str:
    counts = facts.manifest.counts
    blocks = [
        (
            f"Of the dataset that it was taken from, {counts.photos_used:,} of {counts.photos:,}"
            f" photos gave a face and {counts.faces_kept:,} of {counts.faces:,} faces were kept;"
            f" {facts.distinct:,} of those are here. Nobody drew a sample to represent anybody."
        )
    ]
    rows = [
        (f"photo: {code(name)}", f"{n:,}", escaped(PHOTO_REASONS.get(name, "")))
        for name, n in counts.photos_excluded.items()
    ]
    rows += [
        (f"face: {code(name)}", f"{n:,}", "dropped by this rule of the recipe")
        for name, n in counts.faces_dropped.items()
    ]
    if rows:
        blocks.append(table(("left out", "number#", "because"), rows))
    return "\n\n".join(blocks)


def _labels(facts: Facts) -> str:
    known = [each for each in facts.distributions if each.known]
    blocks = [_APPARENT] if facts.annotators or not facts.layouts else []
    blocks += [_IMPORTED] if facts.layouts else []
    if not known:
        blocks.append("No attribute is known of any face here.")
    blocks += [_counted(each, facts.faces) for each in known]
    return "\n\n".join(blocks)


def _counted(found: Distribution, faces: int) -> str:
    rows = [(escaped(name), f"{n:,}", share(n, faces)) for name, n in found.counts.items()]
    if found.unknown:
        rows.append(("unknown", f"{found.unknown:,}", share(found.unknown, faces)))
    return table((f"{found.title} (`{found.column}`)", "faces#", "share#"), rows)


def _gaps(facts: Facts) -> str:
    never = list(missing(facts.distributions))
    said = "What is not known is null, never a default; `null_reasons` says why where it is known."
    return f"{said} Known of no face here: {'; '.join(never)}." if never else said


def preprocessing(facts: Facts) -> Iterator[Answer]:
    """What was done to photos, and who labelled faces."""
    recipe = facts.manifest.recipe
    crops = ", ".join(code(crop) for crop in recipe.crops) or "none"
    if facts.manifest.layout is not None:
        done = f"Pictures were taken over as they were. Crops of the dataset: {crops}."
    else:
        done = (
            f"Faces were searched at {recipe.detector.size} pixels with a detector score of at"
            f" least {recipe.detector.min_score}, aligned, cropped and written as"
            f" {code(recipe.format)}. Crops of the dataset: {crops}. The whole recipe is in"
            " its `dataset.json`."
        )
    yield "What was done to the photos?", done
    yield "Who labelled, and how well?", _labellers(facts.annotators)
    yield (
        "Are the raw data kept?",
        (
            "Not here. The column `sha256` of `facewright/photos.parquet` tells whether a file is"
            " the photo that was used."
        ),
    )


def _labellers(annotators: Sequence[AnnotatorUse]) -> str:
    if not annotators:
        return "Nobody in the making of this dataset: labels, if any, came with what was imported."
    rows = (
        (
            code(each.id),
            escaped(each.version),
            ", ".join(code(model.id) for model in each.models) or "none",
            _measured(each),
        )
        for each in annotators
    )
    heads = ("annotator", "version", "models", "measured")
    return (
        "Programs, no people. `facewright models NAME` prints every figure, by group, with the"
        f" faces that it was measured on and on whom it fails.\n\n{table(heads, rows)}"
    )


def _measured(annotator: AnnotatorUse) -> str:
    """How much was measured of an annotator, or of its models where it has no figures itself."""
    told = measured_figures()
    names = (annotator.id,) if annotator.id in told else (each.id for each in annotator.models)
    figures = [figure for name in names for figure in told.get(name, ())]
    if not figures:
        return "nothing"
    most = max(figure.n or 0 for figure in figures)
    return f"{counted(len(figures), 'figure')}, on at most {counted(most, 'face')}"
