"""What a search for memorised faces found: counts, distributions, the nearest pairs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facewright.generate.memorised import NONE, Compared, Limits, Nearest
from facewright.store.atomic import write_atomic

NOTICE: Final = (
    "The embedding finds the same picture again and faces that look alike; it was not measured on"
    " one person in several pictures. A face that is too near may be a look-alike: look at the"
    " pairs. That no face is near does not prove that nothing was memorised: it sees faces, not"
    " backgrounds or clothes, and says little about another view of the same person."
)
STEPS: Final = (0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
_QUANTILES: Final = (0, 5, 25, 50, 75, 95, 99, 100)
_PAIRS: Final = 200


@dataclass(frozen=True, slots=True)
class Pair:
    """A synthetic face and the face of the reference that it is nearest to.

    Attributes:
        face_id: the synthetic face.
        reference_id: the other one.
        cosine: of their embeddings; None if unknown.
        bits: in which their hashes differ; None where the embedding found the pair.
        too_near: whether it is beyond a limit.
    """

    face_id: str
    reference_id: str
    cosine: float | None
    bits: int | None
    too_near: bool


@dataclass(frozen=True, slots=True)
class MemorisedReport:
    """How near synthetic faces are to those of a reference.

    Attributes:
        synthetic: name of the dataset.
        reference: name of the other one.
        limits: what is too near.
        faces: synthetic faces.
        by_embedding: those of them that have an embedding to compare.
        by_hash: those that have a hash to compare.
        references: faces of the reference.
        near_by_embedding: faces too near by their embedding.
        near_by_hash: faces too near by their hash.
        cosines: quantiles ("50%") of the cosine to the nearest face of the reference.
        among: the same of the reference's own faces to each other: what is usual there.
        from_on: cosine to how many faces whose nearest one is at least so near.
        pairs: the nearest ones, at most 200, those too near first.
        near_ids: all faces that are too near.
    """

    synthetic: str
    reference: str
    limits: Limits
    faces: int
    by_embedding: int
    by_hash: int
    references: int
    near_by_embedding: int
    near_by_hash: int
    cosines: Mapping[str, float]
    among: Mapping[str, float]
    from_on: Mapping[str, int]
    pairs: tuple[Pair, ...]
    near_ids: tuple[str, ...]

    def to_data(self) -> dict[str, Any]:
        """As plain data, ready for JSON."""
        return {"notice": NOTICE, **asdict(self)}

    def save(self, path: Path) -> None:
        """Write it as JSON.

        Raises:
            StorageError: it cannot be written.
        """
        text = json.dumps(self.to_data(), indent=1, ensure_ascii=False, allow_nan=False)
        write_atomic(path, text.encode() + b"\n")


def report_of(
    names: tuple[str, str],
    faces: Compared,
    reference: Compared,
    found: Nearest,
    among: NDArray[np.float32],
    limits: Limits,
) -> MemorisedReport:
    """Put together what was found.

    Args:
        names: of the synthetic dataset and of the reference.
        faces: the synthetic faces.
        reference: the others.
        found: the nearest ones.
        among: cosines of some of the reference's own faces to the nearest other one.
        limits: what is too near.
    """
    alike, copied = found.too_near(limits)
    return MemorisedReport(
        synthetic=names[0],
        reference=names[1],
        limits=limits,
        faces=len(faces),
        by_embedding=int((found.by_cosine != NONE).sum()),
        by_hash=int((found.by_bits != NONE).sum()),
        references=len(reference),
        near_by_embedding=int(alike.sum()),
        near_by_hash=int(copied.sum()),
        cosines=_quantiles(found.cosine),
        among=_quantiles(among),
        from_on={f"{step:g}": int((found.cosine >= step).sum()) for step in STEPS},
        pairs=tuple(_pairs(faces, reference, found, limits)),
        near_ids=tuple(faces.face_ids[alike | copied].tolist()),
    )


def _pairs(faces: Compared, reference: Compared, found: Nearest, limits: Limits) -> list[Pair]:
    """The nearest pairs; a face that is a copy by its hash is shown with that one."""
    alike, copied = found.too_near(limits)
    by_bits = copied & ~alike
    row = np.where(by_bits, found.by_bits, found.by_cosine)
    cosine = np.where(by_bits, found.confirmation, found.cosine)
    rank = np.lexsort((-np.nan_to_num(cosine, nan=-1.0), ~(alike | copied)))
    pairs = []
    for n in rank[row[rank] != NONE][:_PAIRS].tolist():
        bits = int(found.bits[n]) if found.by_bits[n] == row[n] else None
        ids = str(faces.face_ids[n]), str(reference.face_ids[row[n]])
        near = bool(alike[n] or copied[n])
        said = None if np.isnan(cosine[n]) else round(float(cosine[n]), 4)
        pairs.append(Pair(*ids, said, bits, near))
    return pairs


def _quantiles(values: NDArray[np.float32]) -> dict[str, float]:
    known = values[np.isfinite(values)]
    if not len(known):
        return {}
    found = np.percentile(known, _QUANTILES)
    return {f"{q}%": round(float(v), 4) for q, v in zip(_QUANTILES, found, strict=True)}
