"""Merge datasets into one: the faces of each in turn, pictures copied byte for byte."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from facewright import __version__
from facewright.engine.build import BuildReport
from facewright.engine.running import BuildProgress
from facewright.engine.workplace import locked
from facewright.errors import UsageError
from facewright.provenance.licences_page import licences_page
from facewright.provenance.mixing import Audience, Mixed, merged
from facewright.provenance.parts import part_of, photos_left_out
from facewright.provenance.publisher import Publisher
from facewright.provenance.shown import Shown
from facewright.recipe import Recipe
from facewright.store.atomic import make_folder, remove_partials, storage_error, write_atomic
from facewright.store.counts import count, crops_of
from facewright.store.dataset import Dataset
from facewright.store.manifest import NAME, AnnotatorUse, Manifest
from facewright.store.pending import current
from facewright.store.shards import shard_name
from facewright.store.tables import committed, part_name, parts, read_part, write_part

LICENCES = "LICENCES.md"


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a merge did.

    Attributes:
        built: totals, as of a build.
        terms: under which the result stands.
    """

    built: BuildReport
    terms: Mixed


def merge(
    inputs: Sequence[str | Path],
    out: str | Path,
    *,
    audience: Audience = Audience.PUBLIC,
    on_progress: Callable[[BuildProgress], None] | None = None,
) -> MergeReport:
    """Make one dataset of several; run again after an interruption to go on.

    Faces keep their order: all of the first input, then all of the second, and so on, which is
    what numbers them in layouts that count. An id that an earlier input has too gets the number
    of its input before it ("2-00017"). Faces of photos whose licence keeps them out stay in the
    tables, dropped with the reason "licence". LICENCES.md says under which terms the result stands.

    Args:
        inputs: folders of datasets, two or more.
        out: folder of the new dataset.
        audience: to whom it is to be passed on.
        on_progress: called after each part.

    Raises:
        UsageError: fewer than two inputs, one that is not complete, or `out` holds something else.
        LicenceError: the terms of a set forbid the mix.
        StorageError: writing failed; what was committed stays.
    """
    began = time.monotonic()
    roots, root = [Path(path) for path in inputs], Path(out)
    manifests = _manifests(roots)
    terms = merged([part_of(Dataset.open(path), path.name) for path in roots], audience)
    wanted = _wanted(roots, manifests, audience)
    if _is_done(root, wanted):
        counts = Manifest.load(root).counts
        return MergeReport(BuildReport(root, counts, 0, 0, time.monotonic() - began), terms)
    with locked(root):
        remove_partials(root)
        wanted.save(root)
        for folder in ("photos", "faces"):
            make_folder(root / folder)
        photos, faces = _copy(roots, root, audience, on_progress)
        whole = Dataset.open(root)
        by_licence = Shown.of(whole, whole.face_ids).faces_by_licence
        page = licences_page(root.resolve().name, terms, by_licence, Publisher(), guessed=True)
        write_atomic(root / LICENCES, page)
        counts = count(root)
        recipe = wanted.recipe.model_copy(update={"crops": crops_of(root)})
        done = {"state": "complete", "counts": counts, "recipe": recipe}
        wanted.model_copy(update=done).save(root)
    built = BuildReport(root, counts, photos, faces, time.monotonic() - began)
    return MergeReport(built, terms)


def _manifests(roots: Sequence[Path]) -> list[Manifest]:
    if len(roots) < 2:
        raise UsageError("a merge needs two datasets or more")
    manifests = [Manifest.load(root) for root in roots]
    for root, manifest in zip(roots, manifests, strict=True):
        if manifest.state != "complete":
            raise UsageError(f"{root} is not complete; finish it first")
    return manifests


def _wanted(roots: Sequence[Path], manifests: Sequence[Manifest], audience: Audience) -> Manifest:
    digest = hashlib.sha256(audience.encode())
    uses: dict[AnnotatorUse, None] = {}
    for manifest in manifests:
        digest.update(manifest.model_dump_json().encode())
        uses.update(dict.fromkeys(manifest.annotators))
    return Manifest(
        facewright=__version__,
        state="building",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        source=f"merge of {' and '.join(root.name for root in roots)}",
        source_path="",
        fingerprint=digest.hexdigest(),
        recipe=Recipe(crops=()),
        chunks=sum(manifest.chunks for manifest in manifests),
        annotators=tuple(uses),
    )


def _is_done(root: Path, wanted: Manifest) -> bool:
    """Whether an earlier run made all of this.

    Raises:
        UsageError: the folder holds something else.
    """
    if not (root / NAME).exists():
        if root.exists() and (not root.is_dir() or set(root.iterdir()) - {root / ".work"}):
            raise UsageError(f"{root} is not empty and not a dataset; choose another folder")
        return False
    manifest = Manifest.load(root)
    if manifest.fingerprint != wanted.fingerprint:
        raise UsageError(f"{root} was made from something else; choose a new folder")
    return manifest.state == "complete"


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of an input on its way: where it is, its new number, new ids by old ones."""

    source: Path
    name: str
    number: int
    ids: dict[str, str]


def _parts(roots: Sequence[Path]) -> Iterator[_Part]:
    """All parts of all inputs; ids that an earlier input has get the number of their own."""
    taken: set[str] = set()
    number = 0
    for place, source in enumerate(roots, start=1):
        mine: set[str] = set()
        for path in parts(source, "photos"):
            ids = read_part(path, ["photo_id"]).column("photo_id").to_pylist()
            renamed = {old: f"{place}-{old}" if old in taken else old for old in ids}
            mine.update(renamed.values())
            yield _Part(source, path.name, number, renamed)
            number += 1
        taken |= mine


def _copy(
    roots: Sequence[Path],
    root: Path,
    audience: Audience,
    on_progress: Callable[[BuildProgress], None] | None,
) -> tuple[int, int]:
    """Copy what is not committed; photos and faces copied."""
    began = time.monotonic()
    ready = committed(root)
    photos_made = faces_made = 0
    for part in _parts(roots):
        if part.number in ready:
            continue
        photos = read_part(part.source / "photos" / part.name)
        faces = read_part(current(part.source, f"faces/{part.name}"))
        faces = _without(faces, photos_left_out(photos, audience))
        faces = _faces(faces, part, root)
        write_part(root / "faces" / part_name(part.number), faces)
        ids = [part.ids[old] for old in photos.column("photo_id").to_pylist()]
        photos = _with(photos, "photo_id", pa.array(ids, pa.string()))
        write_part(root / "photos" / part_name(part.number), photos)
        photos_made, faces_made = photos_made + len(photos), faces_made + len(faces)
        if on_progress:
            spent = time.monotonic() - began
            on_progress(BuildProgress(photos_made, 0, faces_made, photos_made, spent))
    return photos_made, faces_made


def _without(faces: pa.Table, left_out: Mapping[str, str]) -> pa.Table:
    """Faces of some photos dropped."""
    if not left_out:
        return faces
    shut = [photo_id in left_out for photo_id in faces.column("photo_id").to_pylist()]
    reasons = [
        [*old, "licence"] if out and "licence" not in old else old
        for old, out in zip(faces.column("reasons").to_pylist(), shut, strict=True)
    ]
    kept = [not names for names in reasons]
    faces = _with(faces, "reasons", pa.array(reasons, faces.schema.field("reasons").type))
    return _with(faces, "kept", pa.array(kept, pa.bool_()))


def _faces(faces: pa.Table, part: _Part, root: Path) -> pa.Table:
    """A part's faces with their new ids, and their shards copied under the part's new number."""
    old = faces.column("photo_id").to_pylist()
    ids = [
        part.ids[photo_id] + face_id.removeprefix(photo_id)
        if part.ids[photo_id] != photo_id
        else face_id
        for photo_id, face_id in zip(old, faces.column("face_id").to_pylist(), strict=True)
    ]
    faces = _with(faces, "face_id", pa.array(ids, pa.string()))
    faces = _with(faces, "photo_id", pa.array([part.ids[i] for i in old], pa.string()))
    crops = faces.column("crops").combine_chunks()
    shards: dict[str, str] = {}
    for shard in pc.unique(crops.flatten().field("shard")).to_pylist():
        folder = Path(shard).parent
        shards[shard] = f"{folder.as_posix()}/{shard_name(part.number)}"
        make_folder(root / folder)
        _copy_file(part.source / shard, root / shards[shard])
    moved = [
        [{**crop, "shard": shards[crop["shard"]]} for crop in of_face]
        for of_face in crops.to_pylist()
    ]
    return _with(faces, "crops", pa.array(moved, crops.type))


def _with(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    at = table.schema.get_field_index(name)
    return table.set_column(at, table.schema.field(at), column)


def _copy_file(source: Path, target: Path) -> None:
    """Copy whole or not at all, by a link where the disk allows: shards are never changed."""
    if target.exists():
        return
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        try:
            os.link(source, partial)
        except OSError:
            shutil.copyfile(source, partial)
        partial.replace(target)
    except OSError as error:
        raise storage_error(target, error) from error
    finally:
        partial.unlink(missing_ok=True)
