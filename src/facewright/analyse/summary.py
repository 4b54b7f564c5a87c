"""One page that tells what a dataset is: a single HTML file that loads nothing."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from string import Template

from facewright.analyse import origins, sections
from facewright.analyse.distributions import distributions
from facewright.analyse.markup import Html, text
from facewright.analyse.outcomes import credits_of, dropped_faces, excluded_photos
from facewright.analyse.thumbs import thumbs
from facewright.attributes.face_table import FaceTable
from facewright.store.atomic import write_atomic
from facewright.store.counts import count
from facewright.store.dataset import Dataset
from facewright.store.tables import committed

THUMBS = 24
CHARTS = (
    "sex",
    "age",
    "ethnicity",
    "emotion",
    "glasses",
    "hair_color",
    "yaw",
    "quality",
    "face_size",
    "blur",
    "exposure",
    "noise",
)
"""Attributes that the page counts."""


def write_summary(dataset: Dataset, path: str | Path) -> None:
    """Write the page. It counts the whole dataset; the faces shown are of the part given.

    Args:
        dataset: a dataset, also one that is still being built.
        path: HTML file to write.

    Raises:
        DatasetError: a shard is missing or broken.
        StorageError: the file cannot be written.
    """
    write_atomic(Path(path), page(dataset).encode())


def page(dataset: Dataset) -> str:
    """The page's text."""
    manifest = dataset.manifest
    done = len(committed(dataset.root))
    counts = count(dataset.root)
    facts: dict[str, Html] = {
        "title": text(dataset.root.resolve().name),
        "style": Html(_resource("summary.css")),
        "notice": text(manifest.notice),
        "making": origins.making(manifest, done),
        "headline": sections.headline(counts),
        "licences": origins.licences(counts.licences),
        "makers": origins.makers(manifest.annotators),
        "failures": origins.failures(manifest.annotators),
        "faces": sections.faces(thumbs(dataset, THUMBS), len(dataset)),
        **(_counted(dataset) if done else _nothing()),
    }
    return Template(_resource("summary.html")).substitute(facts)


def _counted(dataset: Dataset) -> dict[str, Html]:
    excluded, dropped = excluded_photos(dataset), dropped_faces(dataset)
    whole = FaceTable.of(Dataset(dataset.root, dataset.manifest))
    charts = [whole.attributes[name] for name in CHARTS if name in whole.attributes]
    shown = distributions(whole, charts) if len(whole) else []
    return {
        "charts": sections.charts(shown),
        "excluded": origins.losses(excluded, "photos", "No photo was excluded."),
        "dropped": origins.losses(dropped, "faces", "No face was dropped."),
        "credits": origins.credit_list(credits_of(dataset)),
    }


def _nothing() -> dict[str, Html]:
    """The same parts of a dataset of which nothing is committed yet."""
    nothing = Html("<p>Nothing is committed yet.</p>")
    return {"charts": nothing, "excluded": nothing, "dropped": nothing, "credits": Html("")}


def _resource(name: str) -> str:
    return files("facewright.analyse").joinpath(name).read_text(encoding="utf-8")
