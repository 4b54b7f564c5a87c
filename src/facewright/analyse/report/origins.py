"""Where the faces are from and what was left out: counts, losses, licences, authors, makers."""

from __future__ import annotations

from typing import Final

from facewright.analyse.outcomes import Outcome, dropped_faces, excluded_photos
from facewright.analyse.report.model import Counts, Loss, Maker, Named
from facewright.analyse.report.study import Study
from facewright.store.counts import count
from facewright.store.dataset import Dataset
from facewright.store.tables import committed

MOST_NAMES: Final = 200
"""Licences and authors that are listed."""


def counts_of(study: Study) -> Counts:
    """What went in and came out; of a bare table only what its rows tell."""
    distinct = _one(study, "SELECT count(DISTINCT face_id) AS n FROM faces")
    analysed = len(study.table)
    dataset = study.table.dataset
    if dataset is None:
        photos = None
        if "photo_id" in study.table.leaves:
            photos = _one(study, "SELECT count(DISTINCT photo_id) AS n FROM faces")
        return Counts(
            photos=photos,
            photos_used=None,
            photos_excluded=None,
            faces=None,
            faces_kept=None,
            faces_dropped=None,
            analysed=analysed,
            distinct=distinct,
        )
    whole = count(dataset.root)
    return Counts(
        photos=whole.photos,
        photos_used=whole.photos_used,
        photos_excluded=whole.photos - whole.photos_used,
        faces=whole.faces,
        faces_kept=whole.faces_kept,
        faces_dropped=whole.faces - whole.faces_kept,
        analysed=analysed,
        distinct=distinct,
    )


def state_of(study: Study) -> str:
    """Complete, or how far the building of a dataset is."""
    dataset = study.table.dataset
    if dataset is None or dataset.manifest.state == "complete":
        return "complete"
    done = len(committed(dataset.root))
    return f"still being built: {done:,} of {dataset.manifest.chunks:,} chunks"


def excluded(dataset: Dataset | None) -> tuple[Loss, ...]:
    """Photos excluded, by reason."""
    return tuple(map(_loss, excluded_photos(dataset))) if dataset and _begun(dataset) else ()


def dropped(dataset: Dataset | None) -> tuple[Loss, ...]:
    """Faces dropped, by rule."""
    return tuple(map(_loss, dropped_faces(dataset))) if dataset and _begun(dataset) else ()


def named(study: Study, column: str) -> tuple[Named, ...]:
    """Licences or authors of the faces' photos, the most frequent first; empty where untold."""
    if not len(study.table) or f"photo.{column}" not in study.table.leaves:
        return ()
    found = study.table.query(
        f"SELECT photo.{column} AS name, count(DISTINCT photo_id) AS photos"  # noqa: S608 - own names
        " FROM faces JOIN photos AS photo USING (photo_id)"
        f" GROUP BY 1 ORDER BY 2 DESC, 1 NULLS LAST LIMIT {MOST_NAMES}"
    )
    return tuple(Named(name=row["name"], photos=row["photos"]) for row in found.to_pylist())


def makers(dataset: Dataset | None) -> tuple[Maker, ...]:
    """Who estimated what."""
    if dataset is None:
        return ()
    return tuple(
        Maker(
            id=use.id,
            version=use.version,
            models=tuple(f"{model.id} {model.sha256[:12]}" for model in use.models),
            columns=use.columns,
        )
        for use in dataset.manifest.annotators
    )


def _loss(found: Outcome) -> Loss:
    return Loss(
        reason=found.reason, meaning=found.meaning, number=found.number, examples=found.examples
    )


def _begun(dataset: Dataset) -> bool:
    return bool(committed(dataset.root))


def _one(study: Study, sql: str) -> int:
    if not len(study.table):
        return 0
    return int(study.table.query(sql).column("n")[0].as_py())
