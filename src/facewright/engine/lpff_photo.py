"""One raw photo on LPFF's path: read, searched for faces, its kept faces' pictures written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from facewright.camera.label import Floats
from facewright.engine.lpff_face import FaceMaker, MadeFace, RawFace
from facewright.engine.lpff_told import KEPT, NONE_KEPT, USED, LPFFSettings, PhotoTold
from facewright.errors import PhotoError
from facewright.layouts.lpff.files import INFO, RAW, info_entry, join_id
from facewright.sources.base import Entry, Source, is_image_name
from facewright.store.atomic import make_folder, write_atomic
from facewright.vision.decode import Decoded, decode_photo
from facewright.vision.encode import encode_png
from facewright.vision.faces import find_faces
from facewright.vision.runtime import Runtime


@dataclass(frozen=True, slots=True)
class RawPhoto:
    """One photo to be worked on.

    Attributes:
        entry: the source's.
        raw: name of the raw image: a file's name without ending, unique in the run.
        placements: the coefficients of its faces, by id; None to estimate cameras.
        before: what an earlier run told of it, or None.
    """

    entry: Entry
    raw: str
    placements: Mapping[str, Floats] | None = None
    before: PhotoTold | None = None


@dataclass
class Darkroom:
    """What a worker works with: one a process.

    Attributes:
        source: where photos are read.
        root: the output folder.
        settings: what is kept, and how cameras are labelled.
    """

    source: Source
    root: Path
    settings: LPFFSettings
    _runtime: Runtime = field(default_factory=Runtime)

    def make(self, photo: RawPhoto) -> PhotoTold:
        """Make one photo's pictures, unless an earlier run did and they are still there.

        Raises:
            StorageError: a picture cannot be written.
        """
        told = PhotoTold(photo.entry.key, photo.raw, NONE_KEPT)
        try:
            data = self.source.read(photo.entry, self.settings.limits)
            told = replace(told, sha256=hashlib.sha256(data).hexdigest())
            if photo.before is not None and self._stands(photo.before, told.sha256):
                return photo.before
            decoded = decode_photo(data, self.settings.limits)
        except PhotoError as error:
            return replace(told, outcome=str(error.reason), detail=error.detail)
        return self._made(photo, told, data, decoded)

    def _stands(self, before: PhotoTold, sha256: str) -> bool:
        """Whether an earlier outcome is of this very photo, and its files are all as written.

        Files of another photo under this name are deleted: nothing would list them any more.
        """
        paths = {self.root / name: digest for name, digest in before.files.items()}
        if before.sha256 != sha256:
            for path in paths:
                path.unlink(missing_ok=True)
            return False
        return all(_sha256_of(path) == digest for path, digest in paths.items())

    def _made(self, photo: RawPhoto, told: PhotoTold, data: bytes, decoded: Decoded) -> PhotoTold:
        faces, files = [], {}
        for made in self._faces(photo, decoded.pixels):
            if made.told.outcome == KEPT:
                entries = {**made.told.entries, INFO: info_entry(photo.raw, asdict(photo.entry))}
                faces.append(replace(made.told, entries=entries))
                for folder, pixels in made.pictures.items():
                    name = f"{folder}/{made.told.id}.png"
                    files[name] = self._write(name, encode_png(pixels))
            else:
                faces.append(made.told)
        if not faces:
            return replace(told, outcome="no_face", detail="no face was found")
        if not files:
            return replace(told, faces=tuple(faces))
        name, content = _raw_file(photo, data, decoded)
        files[name] = self._write(name, content)
        return replace(told, outcome=USED, faces=tuple(faces), files=files)

    def _faces(self, photo: RawPhoto, pixels: NDArray[np.uint8]) -> Iterator[MadeFace]:
        """All faces, largest first, one at a time: their pictures take 20 MB each."""
        maker = FaceMaker(self.settings, self._runtime, estimate=photo.placements is None)
        placements = photo.placements or {}
        found = find_faces([pixels], self._runtime)
        for i in range(len(found)):
            left, top, width, height = found.boxes[i].round(1).tolist()
            face_id = join_id(photo.raw, i + 1)
            face = RawFace(
                face_id,
                pixels,
                found.meshes[i],
                float(found.presence[i]),
                (left, top, width, height),
                placements.get(face_id),
            )
            yield maker.make(face)

    def _write(self, name: str, data: bytes) -> str:
        """Write a file; its sha256."""
        path = self.root / name
        make_folder(path.parent)
        write_atomic(path, data)
        return hashlib.sha256(data).hexdigest()


def _sha256_of(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _raw_file(photo: RawPhoto, data: bytes, decoded: Decoded) -> tuple[str, bytes]:
    """Path and bytes of the raw image: the photo's own, or upright PNG where EXIF turns it.

    LPFF's programs know nothing of EXIF, and the landmarks are those of the upright picture.
    """
    if decoded.orientation != 1:
        return f"{RAW}/{photo.raw}.png", encode_png(decoded.pixels)
    key = photo.entry.key
    ending = PurePosixPath(key).suffix if is_image_name(key) else f".{decoded.format.lower()}"
    return f"{RAW}/{photo.raw}{ending}", data
