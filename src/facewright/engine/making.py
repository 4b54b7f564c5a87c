"""The workshop of synthetic faces: pictures are made where photographs would be read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from facewright.annotators.base import Columns
from facewright.duplicates.hashes import near_hash, pixel_hash
from facewright.engine.plan import Planned
from facewright.engine.workshop import LoadedPhoto, Workshop, photo_row
from facewright.generate.accept import verdicts
from facewright.generate.base import Announced, Generator, Made
from facewright.generate.wanted import Wanted
from facewright.limits import Limits
from facewright.provenance.marks import RENDERED, TRAINED, mark_synthetic
from facewright.sources.base import Entry, raise_problem
from facewright.truth import TRUTH, truth_column, truth_field
from facewright.vision.decode import Decoded


@dataclass
class OrderSource:
    """Pictures of an order as the entries of a source; each is made when it is asked for.

    Attributes:
        generator: makes them.
        pictures: what is wanted.
        name: of the order, for people.
    """

    generator: Generator
    pictures: list[Wanted]
    name: str

    def describe(self) -> str:
        """Say what this is, for people."""
        return f"{len(self.pictures)} pictures of {self.name} by {self.generator.card.id}"

    @property
    def ignored(self) -> int:
        """Nothing is passed over."""
        return 0

    def entries(self) -> Iterator[Entry]:
        """One a picture; the locator holds all that is wanted of it."""
        for wanted in self.pictures:
            yield entry_of(wanted, self.generator)

    def read(self, entry: Entry, limits: Limits) -> bytes:
        """There is no file to read.

        Raises:
            PhotoError: the entry's own problem.
        """
        del limits
        raise_problem(entry)
        return b""


def entry_of(wanted: Wanted, maker: Generator) -> Entry:
    """A wanted picture as an entry of a source."""
    text = json.dumps(asdict(wanted), sort_keys=True)
    licence = maker.card.licence
    return Entry(
        wanted.key, text, id=wanted.key, author=f"synthetic ({maker.card.id})", licence=licence
    )


def wanted_of(entry: Entry) -> Wanted:
    """What an entry wants."""
    return Wanted(**json.loads(entry.locator))


class MakingWorkshop(Workshop):
    """Makes pictures, and holds what the annotators see against what was ordered."""

    source: OrderSource
    photos_at_once = 4  # each takes seconds: progress is seen, and little waits for the others
    may_grow_bytes = 64 << 20  # a renderer keeps a megabyte or more of every scene

    @property
    def extra_fields(self) -> list[pa.Field]:
        """Also the truth."""
        return [*super().extra_fields, truth_field()]

    def expect(self, plan: Sequence[Planned]) -> None:
        """Tell a generator that makes several pictures at once which ones are wanted next."""
        maker = self.source.generator
        if isinstance(maker, Announced):
            maker.expect([wanted_of(planned.entry) for planned in plan])

    def load(self, planned: Planned) -> LoadedPhoto:
        """Make one picture."""
        row = photo_row(planned)
        wanted = wanted_of(planned.entry)
        made = self._make_picture(wanted)
        card = self.source.generator.card
        row["photo_id"] = planned.entry.id
        row["height"], row["width"] = made.pixels.shape[:2]
        row["sha256"] = hashlib.sha256(made.pixels.tobytes()).hexdigest()
        row["pixel_hash"], row["near_hash"] = pixel_hash(made.pixels), near_hash(made.pixels)
        row["synthetic"], row["generator"] = True, f"{card.id} {card.version}"
        row["seed"] = str(wanted.seed)
        return LoadedPhoto(row, Decoded(made.pixels, "made", "RGB", 1, 1, ()), made)

    def _make_picture(self, wanted: Wanted) -> Made:
        made = self.source.generator.make(wanted)
        own = {"identity": wanted.identity, "ordered": json.dumps(dict(wanted.attributes))}
        return replace(made, truth={**made.truth, **own})

    def further(
        self, columns: Columns, photos: Sequence[LoadedPhoto], numbers: Sequence[int]
    ) -> tuple[Columns, list[list[str]]]:
        """The truth of each picture's largest face, and what contradicts its order."""
        first = [number == 1 for number in numbers]
        orders = [
            json.loads(photo.made.truth["ordered"]) if own and photo.made is not None else None
            for photo, own in zip(photos, first, strict=True)
        ]
        judged = self.source.generator.card.judged
        return {TRUTH: truth_of(photos, first)}, verdicts(columns, orders, judged)

    def encoded(self, pixels: NDArray[np.uint8]) -> bytes:
        """A crop's file with the mark of a synthetic picture."""
        card = self.source.generator.card
        kind = TRAINED if card.trained else RENDERED
        return mark_synthetic(super().encoded(pixels), kind, f"Facewright {card.id}")


def truth_of(photos: Sequence[LoadedPhoto], known: list[bool]) -> pa.StructArray:
    """The column of truth of N faces, null where `known` says so."""
    stated = [photo.made.truth if photo.made is not None else {} for photo in photos]
    leaves = sorted({name for truth in stated for name in truth})
    columns: dict[str, Any] = {}
    for name in leaves:
        values = [truth.get(name) for truth in stated]
        arrays = [value for value in values if isinstance(value, np.ndarray)]
        if arrays:
            blank = np.full_like(arrays[0], np.nan, dtype=np.float64)
            columns[name] = np.stack([blank if value is None else value for value in values])
        else:
            columns[name] = values
    return truth_column(columns, known)
