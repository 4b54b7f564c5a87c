"""Clusters out of components: the best member first, and how the others are the same as it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from facewright.duplicates.components import groups
from facewright.duplicates.cosine import cosines
from facewright.duplicates.evidence import Evidence
from facewright.duplicates.hashes import bits_apart
from facewright.duplicates.policy import ranked
from facewright.duplicates.report import Cluster, Member
from facewright.duplicates.settings import KINDS, DuplicateSettings
from facewright.store.dataset import Dataset

Rows = NDArray[np.int64]


class Faces:
    """Evidence of all faces, and their embeddings once they are asked for.

    Args:
        datasets: whose faces they are.
        evidence: of these, in order.
    """

    def __init__(self, datasets: Sequence[Dataset], evidence: Evidence) -> None:
        self._datasets = datasets
        self.evidence = evidence

    @cached_property
    def embeddings(self) -> NDArray[np.float16]:
        """(N, D); a face without one is a row of NaN."""
        return np.concatenate([dataset.embeddings for dataset in self._datasets])


def clusters_of(
    faces: Faces,
    labels: Sequence[Rows],
    settings: DuplicateSettings,
    beyond: Rows | None = None,
) -> tuple[Cluster, ...]:
    """Components of the last level as clusters, the largest first.

    Args:
        faces: all of them.
        labels: of components by kind, the surest first, each with the links of all surer kinds.
        settings: say which member is the best.
        beyond: labels of a surer level: components that are one of these too are left out.
    """
    if beyond is not None and labels[-1] is beyond:
        return ()
    rows, starts = groups(labels[-1])
    if beyond is not None:
        rows, starts = _that_grew(rows, starts, beyond)
    rows = ranked(faces.evidence, rows, starts, settings.best)
    best = np.repeat(rows[starts[:-1]], np.diff(starts))
    members = _members(faces, labels, rows, best)
    kinds = _kinds(labels, rows, best)
    found = []
    for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        kind = KINDS[int(kinds[start:end].max())]
        found.append(Cluster(kind, tuple(members[start:end])))
    return tuple(sorted(found, key=lambda cluster: -len(cluster.members)))


def _that_grew(rows: Rows, starts: Rows, before: Rows) -> tuple[Rows, Rows]:
    """Runs whose rows were not all in one component before."""
    old = before[rows]
    lengths = np.diff(starts)
    same = np.logical_and.reduceat(old == np.repeat(old[starts[:-1]], lengths), starts[:-1])
    grown = ~same if len(lengths) else np.zeros(0, bool)
    return rows[np.repeat(grown, lengths)], np.concatenate([[0], np.cumsum(lengths[grown])])


def _kinds(labels: Sequence[Rows], rows: Rows, best: Rows) -> Rows:
    """First level at which each row is in one component with its cluster's best."""
    joined = np.stack([level[rows] == level[best] for level in labels])
    first: Rows = np.argmax(joined, axis=0)
    return first


def _members(faces: Faces, labels: Sequence[Rows], rows: Rows, best: Rows) -> list[Member]:
    if not len(rows):
        return []
    evidence = faces.evidence
    known, bits, turned = _apart(evidence, rows, best)
    cosine = np.round(cosines(faces.embeddings, rows, best).astype(np.float64), 4)
    kinds = _kinds(labels, rows, best)
    return [
        Member(int(evidence.dataset[row]), evidence.face_id[row])
        if row == best[at]
        else Member(
            dataset=int(evidence.dataset[row]),
            face_id=evidence.face_id[row],
            kind=KINDS[int(kinds[at])],
            bits=int(bits[at]) if known[at] else None,
            mirrored=bool(known[at] and turned[at]),
            cosine=None if np.isnan(cosine[at]) else float(cosine[at]),
        )
        for at, row in enumerate(rows)
    ]


def _apart(
    evidence: Evidence, rows: Rows, best: Rows
) -> tuple[NDArray[np.bool_], NDArray[np.uint8], NDArray[np.bool_]]:
    """Whether hashes are known, bits apart, whether mirrored: of crops or photos, the nearer."""
    crop, crop_turned = bits_apart(evidence.crop_hash[rows], evidence.crop_hash[best])
    photo, photo_turned = bits_apart(evidence.photo_hash[rows], evidence.photo_hash[best])
    has_crop = evidence.has_crop_hash[rows] & evidence.has_crop_hash[best]
    has_photo = evidence.has_photo_hash[rows] & evidence.has_photo_hash[best]
    by_photo = has_photo & (~has_crop | (photo < crop))
    return (
        has_crop | has_photo,
        np.where(by_photo, photo, crop),
        np.where(by_photo, photo_turned, crop_turned),
    )
