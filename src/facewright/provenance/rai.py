"""The responsible-AI part of croissant.json: what the datasheet says, for machines."""

from __future__ import annotations

from typing import Any, Final

from facewright.provenance.facts import Facts

# Column of the record to what the RAI vocabulary would call the human attribute.
SENSITIVE: Final = {
    "sex": "Gender (apparent, estimated)",
    "age": "Age (apparent, estimated)",
    "apparent_ethnicity": "Ethnicity (apparent, estimated)",
    "skin_tone.monk": "Skin tone (measured from the picture)",
    "emotion": "Emotion (apparent expression)",
}
_BIOMETRIC: Final = "Biometric data: pictures of faces, landmarks and appearance embeddings"


def rai(facts: Facts) -> dict[str, Any]:
    """Properties of the RAI vocabulary 1.0 that the data can answer.

    Args:
        facts: of the export.
    """
    counts = facts.manifest.counts
    known = {each.column for each in facts.distributions if each.known}
    tools = [f"{each.id} {each.version}" for each in facts.annotators]
    return {
        "rai:dataCollection": f"Photos taken from: {facts.source}. Author, source and date of"
        " retrieval of each are in ATTRIBUTION.csv where they are known.",
        "rai:dataCollectionMissingData": "Unknown values are null; the column null_reasons says"
        f" why. {sum(counts.photos_excluded.values())} of {counts.photos} photos and"
        f" {sum(counts.faces_dropped.values())} of {counts.faces} faces were left out; reasons are"
        " in DATASHEET.md.",
        "rai:dataPreprocessingProtocol": [
            f"{alignment}, {size} pixels, {kind}" for alignment, size, kind in facts.pictures
        ],
        "rai:dataAnnotationProtocol": [
            "Estimated by programs, one annotator a column."
            if tools
            else "Read from another dataset's files; not estimated here."
        ],
        "rai:machineAnnotationTools": tools,
        "rai:dataBiases": [_bias(facts)],
        "rai:dataUseCases": [
            "Training and testing of models that make, align or describe faces; audits of balance."
        ],
        "rai:dataLimitations": [
            (
                "Attributes are apparent and err, more for some groups than for others; none is a"
                " fact about a person."
            ),
            "Not for identifying, judging or watching people.",
        ],
        "rai:personalSensitiveInformation": [
            _BIOMETRIC,
            *(words for column, words in SENSITIVE.items() if column in known),
        ],
    }


def _bias(facts: Facts) -> str:
    parts = [
        f"{each.title.lower()}: "
        + ", ".join(f"{name} {100 * n / each.known:.1f} %" for name, n in each.counts.items())
        for each in facts.distributions
        if each.known and each.column in SENSITIVE
    ]
    told = "; ".join(parts) or "no attribute is known"
    return f"The set represents nobody in particular. Of the faces of which it is known, {told}."
