"""Which annotators and weights gave which columns, for the manifest."""

from __future__ import annotations

from facewright.annotators.pipeline import Pipeline
from facewright.store.manifest import AnnotatorUse, ModelUse
from facewright.vision.cards import model_card

DETECTOR_COLUMNS = ("rectangle", "detection_score")


def annotator_uses(pipeline: Pipeline) -> tuple[AnnotatorUse, ...]:
    """The detector and every annotator of a pipeline, with the columns that each gives."""
    detector = AnnotatorUse(
        id="detector",
        version=model_card("yunet_2023mar").version,
        models=(_model("yunet_2023mar"),),
        columns=DETECTOR_COLUMNS,
    )
    return detector, *(
        AnnotatorUse(
            id=a.card.id,
            version=a.card.version,
            sha256=a.card.sha256,
            models=tuple(_model(name) for name in a.card.models),
            columns=tuple(name for name in a.card.gives if not name.startswith("_")),
        )
        for a in pipeline.annotators
    )


def _model(name: str) -> ModelUse:
    card = model_card(name)
    return ModelUse(id=card.id, version=card.version, sha256=card.sha256)
