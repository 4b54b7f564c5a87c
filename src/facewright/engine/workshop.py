"""What turns photographs into described, cropped faces: everything a worker needs, made once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from facewright.align.already import is_already_aligned, whole_picture
from facewright.align.base import CropSpec, alignment
from facewright.align.frame import FRAME
from facewright.annotators.base import Columns
from facewright.annotators.pipeline import Pipeline
from facewright.duplicates.hashes import near_hash, pixel_hash
from facewright.engine.plan import Planned
from facewright.engine.shards import EncodedCrop, MadeFaces
from facewright.errors import PhotoError
from facewright.generate.base import Made
from facewright.recipe import Recipe
from facewright.record import ALREADY, Photo, Record
from facewright.rules.basic import before_cropping, gate_columns
from facewright.schema import to_table
from facewright.sources.base import Source
from facewright.vision.decode import Decoded, decode_photo
from facewright.vision.encode import encoder
from facewright.vision.faces import FINDERS, FaceBatch, find_faces
from facewright.vision.runtime import Runtime

_FACES_AT_ONCE = 16  # a crowd of 500 faces takes no more memory than 16 portraits


@dataclass(slots=True)
class LoadedPhoto:
    """A photo's row so far, and its pixels unless it is excluded.

    made: what its generator says of it, where it was made and not taken.
    """

    row: dict[str, Any]
    decoded: Decoded | None
    made: Made | None = None


@dataclass
class Workshop:
    """Models, annotators and encoder of one process; call it inside of `process.one_thread`.

    source: where photos are read. recipe: what is made of them. device: see `Runtime`.
    """

    photos_at_once: ClassVar[int] = 16
    may_grow_bytes: ClassVar[int] = 512 << 20  # as much as a worker keeps of what it freed

    source: Source
    recipe: Recipe
    device: str = "cpu"
    runtime: Runtime = field(init=False)
    pipeline: Pipeline = field(init=False)

    def __post_init__(self) -> None:
        self.runtime = Runtime(self.device)
        self.pipeline = Pipeline(self.recipe.annotators, self.recipe.heads)
        self._specs = [CropSpec.parse(text) for text in self.recipe.crops]
        self._encode = encoder(self.recipe.format)
        self._limits = self.recipe.photos

    def warm(self) -> None:
        """Make the sessions of all models now instead of when each is first used.

        Raises:
            ModelError: a model's file is missing or is not the one expected.
        """
        for model in dict.fromkeys((*FINDERS, *self.pipeline.models)):
            self.runtime.session(model)

    def expect(self, plan: Sequence[Planned]) -> None:
        """Be told which photos are loaded next, in this order; nothing follows for photographs."""

    def load(self, planned: Planned) -> LoadedPhoto:
        """Read and decode one photo; what goes wrong becomes its reason."""
        row = photo_row(planned)
        if planned.problem:
            _exclude(row, planned.problem, planned.detail)
            row["duplicate_of"] = planned.duplicate_of
            return LoadedPhoto(row, None)
        try:
            data = self.source.read(planned.entry, self._limits)
            row["bytes"], row["sha256"] = len(data), hashlib.sha256(data).hexdigest()
            row["photo_id"] = planned.entry.id or row["sha256"][:16]
            decoded = decode_photo(data, self._limits)
        except PhotoError as error:
            _exclude(row, error.reason, error.detail)
            return LoadedPhoto(row, None)
        row["height"], row["width"] = decoded.pixels.shape[:2]
        row["pixel_hash"] = pixel_hash(decoded.pixels)
        row["near_hash"] = near_hash(decoded.pixels)
        row["format"], row["mode"] = decoded.format, decoded.mode
        row["orientation"], row["notes"] = decoded.orientation, list(decoded.notes)
        return LoadedPhoto(row, decoded)

    def find(self, photos: Sequence[NDArray[np.uint8]]) -> FaceBatch:
        """Faces of pictures (RGB uint8), with the recipe's detector settings."""
        return find_faces(photos, self.runtime, self.recipe.detector)

    def make(self, photos: Sequence[LoadedPhoto]) -> Iterator[MadeFaces]:
        """Find, describe, judge and crop the faces of loaded photos, some faces at a time.

        Counts the faces in each photo's row and excludes photos that show none.
        """
        shown = [photo for photo in photos if photo.decoded is not None]
        pixels = [photo.decoded.pixels for photo in shown if photo.decoded is not None]
        faces = self.find(pixels)
        counts = Counter(faces.photo.tolist())
        for i, photo in enumerate(shown):
            photo.row["faces"] = counts[i]
            if not counts[i]:
                _exclude(photo.row, "no_face", "no face was found")
        numbers = _numbers_in_photo(faces)
        for start, batch in enumerate(faces.split(_FACES_AT_ONCE)):
            rows = slice(start * _FACES_AT_ONCE, start * _FACES_AT_ONCE + len(batch))
            made = self._make_batch(batch, [shown[i] for i in batch.photo], numbers[rows])
            for i, crops in zip(batch.photo.tolist(), made.crops, strict=True):
                aligned = [crop.spec.alignment for crop in crops if crop.was_aligned]
                shown[i].row["notes"] += [f"{ALREADY} as {name}" for name in aligned]
            yield made

    @property
    def extra_fields(self) -> list[pa.Field]:
        """Arrow fields of the columns that the faces have beyond the Record."""
        return self.pipeline.extra_fields

    def further(
        self, columns: Columns, photos: Sequence[LoadedPhoto], numbers: Sequence[int]
    ) -> tuple[Columns, list[list[str]]]:
        """Columns beyond the Record's, and why else a face is dropped; nothing, for photographs.

        Args:
            columns: of N faces.
            photos: that each is in.
            numbers: of each in its photo, from 1.
        """
        del columns, photos
        return {}, [[] for _ in numbers]

    def _make_batch(
        self, faces: FaceBatch, photos: list[LoadedPhoto], numbers: list[int]
    ) -> MadeFaces:
        columns = self.pipeline.annotate(faces, self.runtime)
        reasons = before_cropping(faces, self.recipe.rules)
        crops = [self._crop(faces, i, reasons[i]) for i in range(len(faces))]
        columns |= identity_columns(faces, [p.row["photo_id"] for p in photos], numbers)
        columns = {**gate_columns(faces), **columns}
        columns["crop_hash"] = [main[0].near_hash if main else None for main in crops]
        more, objections = self.further(columns, photos, numbers)
        reasons = [own + others for own, others in zip(reasons, objections, strict=True)]
        columns |= more
        columns["reasons"] = reasons
        columns["kept"] = np.array([not names for names in reasons], dtype=bool)
        table = to_table(Record, columns, len(faces), self.extra_fields)
        return MadeFaces(table, crops)

    def encoded(self, pixels: NDArray[np.uint8]) -> bytes:
        """A crop's file."""
        return self._encode(pixels)

    def _crop(self, faces: FaceBatch, i: int, reasons: list[str]) -> list[EncodedCrop]:
        """Crops of one face; adds to `reasons` when a rule or the geometry forbids them."""
        if reasons:
            return []
        made: list[EncodedCrop] = []
        for spec in self._specs:
            photo = faces.photos[faces.photo[i]]
            try:
                aligned = not self.recipe.realign and _is_aligned(photo, faces, i, spec)
                crop = (
                    whole_picture(photo, spec.size)
                    if aligned
                    else alignment(spec.alignment).crop(photo, faces.landmarks68[i], spec.size)
                )
            except PhotoError as error:
                reasons.append(error.reason)
                return []
            if crop.outside > self.recipe.rules.max_outside:
                reasons.append("max_outside")
                return []
            quad = crop.quad.reshape(-1).tolist()
            data = self.encoded(crop.pixels)
            made.append(
                EncodedCrop(
                    spec,
                    data,
                    self.recipe.format,
                    self._encode.extension,
                    crop.outside,
                    quad,
                    aligned,
                    None if made else near_hash(crop.pixels),
                )
            )
        return made


def _is_aligned(photo: NDArray[np.uint8], faces: FaceBatch, i: int, spec: CropSpec) -> bool:
    """Whether a photo is this very crop already: a square of which it would cut about all."""
    height, width = photo.shape[:2]
    if height != width or spec.alignment == FRAME.name:
        return False
    quad = alignment(spec.alignment).quad(faces.landmarks68[i])
    return is_already_aligned(quad, width, height)


def identity_columns(faces: FaceBatch, photo_ids: list[str], numbers: list[int]) -> Columns:
    """Columns that say which face this is and where the detector saw it."""
    left_top = np.round(faces.boxes[:, :2] + 0.5).astype(np.int64)
    extent = np.maximum(np.round(faces.boxes[:, 2:]), 1).astype(np.int64)
    return {
        "face_id": [f"{photo}_{n:02d}" for photo, n in zip(photo_ids, numbers, strict=True)],
        "photo_id": photo_ids,
        "index": np.array(numbers, np.int64),
        "rectangle.left": left_top[:, 0],
        "rectangle.top": left_top[:, 1],
        "rectangle.width": extent[:, 0],
        "rectangle.height": extent[:, 1],
        "detection_score": faces.scores,
    }


def _numbers_in_photo(faces: FaceBatch) -> list[int]:
    """1, 2, ... for the faces of each photo, in their order (largest first)."""
    seen: Counter[int] = Counter()
    numbers = []
    for photo in faces.photo.tolist():
        seen[photo] += 1
        numbers.append(seen[photo])
    return numbers


def photo_row(planned: Planned) -> dict[str, Any]:
    """A photo's row as the plan knows it."""
    entry = planned.entry
    key_id = hashlib.sha256(f"key:{entry.key}".encode()).hexdigest()[:16]
    taken = planned.problem == "duplicate_id"
    return {
        **dict.fromkeys(Photo.model_fields),
        "photo_id": key_id if taken or entry.id is None else entry.id,
        "key": entry.key,
        "status": "used",
        "faces": 0,
        "notes": [],
        "bytes": entry.size,
        "author": entry.author,
        "licence": entry.licence,
        "licence_url": entry.licence_url,
        "source_url": entry.source_url,
    }


def _exclude(row: dict[str, Any], reason: str, detail: str | None) -> None:
    row["status"], row["reason"], row["detail"] = "excluded", reason, detail


def photo_table(photos: Sequence[LoadedPhoto]) -> pa.Table:
    """Rows of photos as the photo table."""
    names = [name for name in Photo.model_fields if name != "origin"]
    columns = {name: [photo.row[name] for photo in photos] for name in names}
    return to_table(Photo, columns, len(photos))
