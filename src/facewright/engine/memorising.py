"""Hold a synthetic dataset against a reference: what is too near, and how near the rest is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from facewright.duplicates.evidence import gather
from facewright.duplicates.hashes import numbers_of
from facewright.engine.workplace import locked
from facewright.errors import UsageError
from facewright.generate.memorised import REASON, Compared, Limits, nearest, nearest_cosine
from facewright.generate.memorised_report import MemorisedReport, report_of
from facewright.steps import OnStep, unwatched
from facewright.store.counts import count
from facewright.store.dataset import Dataset
from facewright.store.manifest import Manifest
from facewright.store.pending import commit, stage
from facewright.store.tables import part_name, parts, read_part, write_part

REPORT: Final = "memorised.json"
_AMONG: Final = 2048  # faces of the reference that are compared with all others of it


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference, read once.

    Attributes:
        dataset: the faces that may have been learned.
        faces: the same, as they are compared.
        limits: what is too near.
    """

    dataset: Dataset
    faces: Compared
    limits: Limits

    @classmethod
    def open(
        cls, path: str | Path, limits: Limits | None = None, on_step: OnStep | None = None
    ) -> Reference:
        """Read a dataset's embeddings and hashes; dropped faces count too.

        Raises:
            DatasetError: it is no dataset, or is broken.
            UsageError: it has nothing to compare.
        """
        dataset = Dataset.open(path, dropped=True)
        faces = compared(dataset, on_step)
        if not (np.isfinite(faces.embeddings[:, :1]).any() or faces.hashed.any()):
            raise UsageError(f"{path} has neither embeddings nor crops: annotate it first")
        return cls(dataset, faces, limits or Limits())

    def reject(self, root: Path, numbers: Iterable[int]) -> None:
        """Mark the faces of some chunks that are too near; done twice, it marks the same.

        Raises:
            StorageError: a part cannot be written.
        """
        for number in numbers:
            path = root / "faces" / part_name(number)
            table = read_part(path)
            near = self._near(table)
            if (told := marked(table, near)) is not table:
                write_part(path, told)

    def report(
        self, synthetic: Dataset, faces: Compared, on_step: OnStep | None = None
    ) -> MemorisedReport:
        """How near faces are to the reference.

        Args:
            synthetic: whose faces they are.
            faces: the same, as they are compared.
            on_step: told of the progress.
        """
        tell = on_step or unwatched
        found = nearest(faces, self.faces, lambda done, of: tell("comparing faces", done, of))
        names = tuple(each.root.resolve().name for each in (synthetic, self.dataset))
        among = self._among()
        return report_of((names[0], names[1]), faces, self.faces, found, among, self.limits)

    def write(self, root: Path) -> MemorisedReport:
        """Write the report on a whole dataset into it.

        Raises:
            StorageError: it cannot be written.
        """
        synthetic = Dataset.open(root, dropped=True)
        report = self.report(synthetic, compared(synthetic))
        report.save(root / REPORT)
        return report

    def _near(self, table: pa.Table) -> set[str]:
        hashes, hashed = numbers_of(table.column("crop_hash").to_pylist())
        ids = np.array(table.column("face_id").to_pylist(), object)
        faces = Compared(ids, _embeddings(table), hashes[:, None], hashed[:, None])
        alike, copied = nearest(faces, self.faces).too_near(self.limits)
        return set(ids[alike | copied].tolist())

    def _among(self) -> NDArray[np.float32]:
        """Cosines of some of its own faces to the nearest other one."""
        vectors = self.faces.embeddings
        rows = np.unique(np.linspace(0, len(vectors) - 1, min(_AMONG, len(vectors))).astype(int))
        return nearest_cosine(vectors[rows], vectors, own=rows)[1]


def memorised(
    synthetic: str | Path,
    reference: str | Path,
    limits: Limits | None = None,
    *,
    apply: bool = False,
    on_step: OnStep | None = None,
) -> MemorisedReport:
    """Compare every face of a synthetic dataset with a reference.

    Args:
        synthetic: dataset whose faces are asked about, dropped ones too.
        reference: dataset that they may have been learned from.
        limits: what is too near.
        apply: drop the faces that are, by the reason `order_memorised`; those that were dropped
            so before and are not too near any more come back.
        on_step: told of the progress.

    Raises:
        UsageError: both are the same, or there is nothing to compare.
        DatasetError: one is no dataset, or is broken.
        StorageError: something cannot be written.
    """
    if Path(synthetic).resolve() == Path(reference).resolve():
        raise UsageError(f"{synthetic} is held against itself; `facewright duplicates` does that")
    against = Reference.open(reference, limits, on_step)
    dataset = Dataset.open(synthetic, dropped=True)
    report = against.report(dataset, compared(dataset, on_step), on_step)
    if apply:
        _apply(Path(synthetic), set(report.near_ids))
    return report


def compared(dataset: Dataset, on_step: OnStep | None = None) -> Compared:
    """A dataset's faces as they are compared; hashes that the tables lack are made from crops.

    Raises:
        DatasetError: a part or a shard is missing or broken.
    """
    tell = on_step or unwatched
    found = gather([dataset], lambda done, total: tell("hashing crops", done, total))
    return Compared(
        found.face_id,
        dataset.embeddings,
        np.stack([found.crop_hash, found.photo_hash], axis=1),
        np.stack([found.has_crop_hash, found.has_photo_hash], axis=1),
    )


def marked(faces: pa.Table, near: Collection[str]) -> pa.Table:
    """A table of faces with the reason on those that are too near, and on no others.

    Returns:
        The same table where nothing changes.
    """
    ids = faces.column("face_id").to_pylist()
    before = faces.column("reasons").to_pylist()
    after = [
        [name for name in names if name != REASON] + [REASON] * (face_id in near)
        for face_id, names in zip(ids, before, strict=True)
    ]
    if all(sorted(one) == sorted(other) for one, other in zip(before, after, strict=True)):
        return faces
    for name, values in (("reasons", after), ("kept", [not names for names in after])):
        at = faces.schema.get_field_index(name)
        field = faces.schema.field(at)
        faces = faces.set_column(at, field, pa.array(values, field.type))
    return faces


def _embeddings(table: pa.Table) -> NDArray[np.float16]:
    column = table.column("embedding").combine_chunks()
    blank = [np.nan] * column.type.list_size
    rows = [blank if row is None else row for row in column.to_pylist()]
    return np.array(rows, np.float16).reshape(len(rows), column.type.list_size)


def _apply(root: Path, near: set[str]) -> None:
    """Write the reasons into a dataset, and its counts, all at once."""
    with locked(root):
        manifest = Manifest.load(root)
        if manifest.state != "complete":
            raise UsageError(f"{root} is not complete; finish it first")
        folder = stage(root)
        (folder / "faces").mkdir()
        kept, dropped = 0, Counter[str]()
        for path in parts(root, "faces"):
            table = read_part(path)
            told = marked(table, near)
            if told is not table:
                write_part(folder / "faces" / path.name, told)
            reasons = told.column("reasons").to_pylist()
            dropped.update(names[0] for names in reasons if names)
            kept += sum(not names for names in reasons)
        by = dict(sorted(dropped.items(), key=lambda item: (-item[1], item[0])))
        counts = count(root).model_copy(update={"faces_kept": kept, "faces_dropped": by})
        manifest.model_copy(update={"counts": counts}).save(folder)
        commit(root)
