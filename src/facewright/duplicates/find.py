"""Find duplicates: evidence, links of each kind, components, clusters with the best first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facewright.duplicates.clusters import Faces, clusters_of
from facewright.duplicates.components import Components, equal_links
from facewright.duplicates.cosine import alike_pairs, cosines, usable
from facewright.duplicates.evidence import UNKNOWN, gather
from facewright.duplicates.hamming import near_pairs
from facewright.duplicates.report import DuplicateReport
from facewright.duplicates.settings import COPIES, DuplicateSettings, Kind
from facewright.errors import UsageError
from facewright.steps import OnStep, unwatched
from facewright.store.dataset import Dataset

Rows = NDArray[np.int64]

_DEFAULT: Final = DuplicateSettings()


def find_duplicates(
    datasets: Dataset | Sequence[Dataset],
    settings: DuplicateSettings = _DEFAULT,
    on_step: OnStep | None = None,
) -> DuplicateReport:
    """Find faces that are there more than once, in one dataset or across several.

    Nothing is written. Hashes come from the tables; those that are missing are made from the
    crops. The embeddings are held in memory, 2 KB a face, where they are asked.

    Args:
        datasets: one or several, or parts of them.
        settings: what is searched for.
        on_step: told of the progress.

    Raises:
        UsageError: no dataset is given, or a face comes twice in one.
        DatasetError: a part or shard is missing or broken.
    """
    several = [datasets] if isinstance(datasets, Dataset) else list(datasets)
    if not several:
        raise UsageError("no dataset is given")
    tell = on_step or unwatched
    evidence = gather(several, lambda done, total: tell("hashing crops", done, total))
    faces = Faces(several, evidence)
    labels = _levels(faces, settings, tell)
    copies = clusters_of(faces, labels[: len(COPIES)], settings)
    people = clusters_of(faces, labels, settings, beyond=labels[len(COPIES) - 1])
    names = tuple(dataset.root.resolve().name for dataset in several)
    ids = tuple(
        tuple(evidence.face_id[evidence.dataset == n].tolist()) for n in range(len(several))
    )
    _refuse_repeats(names, ids)
    return DuplicateReport(names, settings, _compared(faces, settings), copies, people, ids)


def _levels(faces: Faces, settings: DuplicateSettings, tell: OnStep) -> list[Rows]:
    """Labels of components by kind, each with the links of all surer kinds as well."""
    evidence, components = faces.evidence, Components(len(faces.evidence))
    labels = []
    for keys in (evidence.bytes, evidence.pixels):
        _link_equal(components, keys, keys != UNKNOWN)
        labels.append(components.labels())
    for hashes, there in (
        (evidence.crop_hash, evidence.has_crop_hash),
        (evidence.photo_hash, evidence.has_photo_hash),
    ):
        _link_near(components, hashes, there, faces, settings)
    labels.append(components.labels())
    if settings.same_face is not None:
        for alike in alike_pairs(
            faces.embeddings,
            settings.same_face,
            lambda done, total: tell("comparing faces", done, total),
        ):
            components.link(alike.first, alike.second)
        labels.append(components.labels())
    return labels


def _link_equal(
    components: Components, keys: NDArray[np.generic], there: NDArray[np.bool_]
) -> None:
    rows = np.flatnonzero(there)
    first, second = equal_links(keys[rows])
    components.link(rows[first], rows[second])


def _link_near(
    components: Components,
    hashes: NDArray[np.uint64],
    there: NDArray[np.bool_],
    faces: Faces,
    settings: DuplicateSettings,
) -> None:
    """Join faces of near hashes. Equal ones need no confirmation, others are asked for it."""
    if settings.near is None or not there.any():
        return
    _link_equal(components, hashes, there)
    rows = np.flatnonzero(there)
    distinct, at = np.unique(hashes[rows], return_index=True)
    of_hash = rows[at]
    for pairs in near_pairs(distinct, settings.near, mirrored=settings.mirrored):
        first, second = of_hash[pairs.first], of_hash[pairs.second]
        cosine = cosines(faces.embeddings, first, second)
        confirmed = ~(cosine < settings.confirm)  # one that is unknown says nothing against it
        components.link(first[confirmed], second[confirmed])


def _compared(faces: Faces, settings: DuplicateSettings) -> dict[Kind, int]:
    evidence = faces.evidence
    hashed = evidence.has_crop_hash | evidence.has_photo_hash
    found: dict[Kind, int] = {
        "bytes": int((evidence.bytes != UNKNOWN).sum()),
        "pixels": int((evidence.pixels != UNKNOWN).sum()),
        "near": int(hashed.sum()) if settings.near is not None else 0,
        "same_face": len(usable(faces.embeddings)) if settings.same_face is not None else 0,
    }
    return found


def _refuse_repeats(names: Sequence[str], ids: Sequence[Sequence[str]]) -> None:
    for name, face_ids in zip(names, ids, strict=True):
        if len(set(face_ids)) != len(face_ids):
            raise UsageError(f"{name}: a face comes more than once; give a part without repeats")
