"""Faces of the smallest intersections, so that people can see who is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from facewright.analyse.picked import evenly
from facewright.analyse.report.model import Crossing
from facewright.analyse.report.study import Study
from facewright.analyse.thumbs import Thumb, thumbs
from facewright.stats.cells import Cells

CELLS: Final = 6
FACES: Final = 6


@dataclass(frozen=True, slots=True)
class Sample:
    """Some faces of one intersection.

    Attributes:
        labels: of its levels.
        count: faces it has.
        faces: some of them.
    """

    labels: tuple[str, ...]
    count: int
    faces: tuple[Thumb, ...]


def samples(study: Study, found: Crossing | None) -> list[Sample]:
    """The smallest intersections that have a face, with faces; none of tables without pictures.

    Raises:
        DatasetError: a shard is missing or broken.
    """
    dataset = study.table.dataset
    if dataset is None or found is None or not _has_crops(study):
        return []
    cells = Cells.of([study.coded[name] for name in found.attributes])
    numbers = cells.numbers
    small = sorted((cell.count, n) for n, cell in enumerate(found.cells) if cell.count)[:CELLS]
    rows = {n: (numbers == n).nonzero()[0] for _, n in small}
    ids = {
        n: [study.table.face_ids[row] for row in some[evenly(len(some), FACES)].tolist()]
        for n, some in rows.items()
    }
    wanted = list(dict.fromkeys(face_id for some in ids.values() for face_id in some))
    shown = {one.face_id: one for one in thumbs(dataset.select(wanted), len(wanted))}
    return [
        Sample(found.cells[n].labels, count, tuple(shown[each] for each in ids[n] if each in shown))
        for count, n in small
        if any(each in shown for each in ids[n])
    ]


def _has_crops(study: Study) -> bool:
    found = study.table.query("SELECT count(*) AS n FROM faces WHERE len(crops) > 0")
    return bool(found.column("n")[0].as_py())
