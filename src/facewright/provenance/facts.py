"""What the documents of an export tell of it, gathered once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import Final

import numpy as np

from facewright.provenance.composition import (
    Distribution,
    distributions,
    several_a_photo,
    sizes,
)
from facewright.provenance.mixing import Mixed
from facewright.provenance.publisher import Publisher
from facewright.provenance.shown import Shown
from facewright.store.manifest import AnnotatorUse, Manifest

_PLACE: Final = re.compile(r"(?P<kind>layout \S+ in|Parquet file|\w+) (?P<path>.*)", re.DOTALL)
IMPORTER: Final = "layout:"
"""Start of the id of an annotator that stands for what a layout stated."""


@dataclass(frozen=True)
class Facts:
    """What is known of an export.

    Attributes:
        title: its name.
        layout: that it is written in.
        manifest: of the dataset that it was taken from.
        publisher: who gives it out.
        terms: its licences.
        faces: that go out, repeats included.
        distinct: faces that go out, each once.
        photos: that they are from.
        crowded: photos of which more than one face goes out.
        pictures: number of pictures by alignment, size and format.
        distributions: of their attributes.
        changes: what the export did to pictures besides.
        layouts: faces by the layout that they were imported from.
    """

    title: str
    layout: str
    manifest: Manifest
    publisher: Publisher
    terms: Mixed
    faces: int
    distinct: int
    photos: int
    crowded: int
    pictures: Mapping[tuple[str, int, str], int]
    distributions: list[Distribution]
    changes: Sequence[str]
    layouts: Mapping[str, int]

    @property
    def annotators(self) -> tuple[AnnotatorUse, ...]:
        """Those that estimated something."""
        used = self.manifest.annotators
        return tuple(each for each in used if not each.id.startswith(IMPORTER))

    @property
    def source(self) -> str:
        """What the photos were taken from, without the folders of whoever made the dataset."""
        match = _PLACE.fullmatch(self.manifest.source)
        if match is None:
            return self.manifest.source
        return f"{match['kind']} {PureWindowsPath(match['path']).name}"


def gather(
    shown: Shown,
    terms: Mixed,
    manifest: Manifest,
    *,
    title: str,
    layout: str,
    crop: str | None,
    changes: Sequence[str],
    pictures: bool,
    publisher: Publisher,
) -> Facts:
    """Count what goes out.

    Args:
        shown: the faces.
        terms: of the export.
        manifest: of the dataset.
        title: of the export.
        layout: that it is written in.
        crop: alignment, or alignment and size, of its pictures; None for the main ones.
        changes: what the export did to pictures besides, as "resampled".
        pictures: whether any go out, or records only.
        publisher: who gives it out.
    """
    distinct = len(np.unique(shown.faces.column("face_id").to_numpy()))
    return Facts(
        title=title,
        layout=layout,
        manifest=manifest,
        publisher=publisher,
        terms=terms,
        faces=len(shown),
        distinct=distinct,
        photos=len(shown.used),
        crowded=several_a_photo(shown.photo_rows),
        pictures=sizes(shown.faces, crop) if pictures else {},
        distributions=distributions(shown.faces),
        changes=changes,
        layouts=shown.layouts,
    )
