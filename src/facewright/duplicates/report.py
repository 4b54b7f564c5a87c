"""What a search for duplicates found, and what to keep of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from facewright.duplicates.settings import COPIES, KINDS, DuplicateSettings, Kind
from facewright.errors import UsageError
from facewright.store.atomic import write_atomic
from facewright.store.selection import Selection

NOTICE: Final = (
    "Clusters are chains: each face is a duplicate of some other in its cluster, not of every one."
    " Same face means: embeddings of appearance that are near to each other, look-alikes among"
    " them; it is no proof of identity and not to be used to identify anyone."
)


@dataclass(frozen=True, slots=True)
class Member:
    """A face of a cluster, with how it is the same as the cluster's best.

    Attributes:
        dataset: number of its dataset, from 0.
        face_id: the face.
        kind: the surest kind of duplicate that joins it to the best, directly or in a chain;
            None for the best itself.
        bits: in which their perceptual hashes differ, of 64; None where one is unknown.
        mirrored: whether that is of one of them mirrored.
        cosine: of their embeddings; None where one is unknown.
    """

    dataset: int
    face_id: str
    kind: Kind | None = None
    bits: int | None = None
    mirrored: bool = False
    cosine: float | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Faces that are the same, the best first.

    Attributes:
        kind: the least sure kind that is needed to hold it together.
        members: two or more.
    """

    kind: Kind
    members: tuple[Member, ...]


@dataclass(frozen=True)
class DuplicateReport:
    """Duplicates of one or several datasets.

    Attributes:
        datasets: their names.
        settings: what was searched for.
        compared: by kind, how many faces were known well enough to be compared.
        copies: clusters of the same picture (bytes, pixels, near), the largest first.
        people: clusters of the same face, the largest first; those that are a cluster of copies
            and nothing more are not among them. Empty unless it was searched for.
        face_ids: of all faces that were compared, by dataset, in order.
    """

    datasets: tuple[str, ...]
    settings: DuplicateSettings
    compared: dict[Kind, int]
    copies: tuple[Cluster, ...]
    people: tuple[Cluster, ...]
    face_ids: tuple[tuple[str, ...], ...] = field(repr=False)

    @property
    def faces(self) -> int:
        """Faces that were looked at."""
        return sum(map(len, self.face_ids))

    def by_kind(self) -> dict[Kind, tuple[int, int]]:
        """Per kind: clusters that are held together by nothing surer, and faces.

        The faces are those that are joined to their cluster's best by this kind: those too many.
        Faces of `people` count where they are no copies of the best.
        """
        found = dict.fromkeys(KINDS, (0, 0))
        for cluster in (*self.copies, *self.people):
            clusters, faces = found[cluster.kind]
            found[cluster.kind] = clusters + 1, faces
        for clusters_of, kinds in ((self.copies, COPIES), (self.people, ("same_face",))):
            joined = Counter(m.kind for cluster in clusters_of for m in cluster.members if m.kind)
            for kind in kinds:
                found[kind] = found[kind][0], found[kind][1] + joined[kind]
        return found

    def to_data(self) -> dict[str, Any]:
        """As plain data, ready for JSON; ids of faces that are no duplicates are left out."""
        return {
            "notice": NOTICE,
            "datasets": list(self.datasets),
            "settings": asdict(self.settings),
            "faces": self.faces,
            "compared": dict(self.compared),
            "copies": [asdict(cluster) for cluster in self.copies],
            "people": [asdict(cluster) for cluster in self.people],
        }

    def save(self, path: Path) -> None:
        """Write it as JSON.

        Raises:
            StorageError: it cannot be written.
        """
        text = json.dumps(self.to_data(), indent=1, ensure_ascii=False, allow_nan=False)
        write_atomic(path, text.encode() + b"\n")


def keep_best(report: DuplicateReport, *, cap: int | None = None, dataset: int = 0) -> Selection:
    """All faces of a dataset but for worse copies, and at most some of each person.

    Args:
        report: of the dataset, and of others perhaps: the best copy may lie in another, and then
            none of this dataset is kept.
        cap: faces kept of each cluster of `report.people`, the best; None for all of them.
        dataset: number of the dataset.

    Raises:
        UsageError: the cap is below 1, or asked of a report that searched for no person; or there
            is no such dataset.
    """
    if cap is not None and cap < 1:
        raise UsageError(f"cap is a number of faces from 1 on, not {cap}")
    if cap is not None and report.settings.same_face is None:
        raise UsageError("cap needs same-face: without it nobody's faces were searched for")
    if not 0 <= dataset < len(report.datasets):
        raise UsageError(f"the report has no dataset {dataset}; it has {len(report.datasets)}")
    copies = {_place(member) for cluster in report.copies for member in cluster.members[1:]}
    beyond = set() if cap is None else set(_beyond(report, cap, copies))
    kept = [
        face_id
        for face_id in report.face_ids[dataset]
        if (dataset, face_id) not in copies and (dataset, face_id) not in beyond
    ]
    why = f"without {_of(copies, dataset)} copies"
    if cap is not None:
        why += f", and {_of(beyond, dataset)} faces beyond {cap} of one person"
    return Selection(tuple(kept), why)


Place = tuple[int, str]


def _place(member: Member) -> Place:
    return member.dataset, member.face_id


def _beyond(report: DuplicateReport, cap: int, copies: set[Place]) -> Iterator[Place]:
    for cluster in report.people:
        left = [place for member in cluster.members if (place := _place(member)) not in copies]
        yield from left[cap:]


def _of(places: set[Place], dataset: int) -> int:
    return sum(place[0] == dataset for place in places)
