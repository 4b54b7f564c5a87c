"""Import a layout: a dataset from what a published format holds, its pictures' bytes unchanged."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count as count_up
from pathlib import Path

from facewright import __version__
from facewright.annotators.pipeline import Pipeline
from facewright.engine.build import BuildReport
from facewright.engine.collecting import collecting_later
from facewright.engine.import_chunk import ImportJob
from facewright.engine.import_chunks import import_chunks
from facewright.engine.import_crew import import_crew
from facewright.engine.import_restore import Restorer
from facewright.engine.import_rows import ImportSettings
from facewright.engine.processes import start_early
from facewright.engine.running import BuildProgress
from facewright.engine.uses import annotator_uses
from facewright.engine.workplace import locked, relative
from facewright.errors import LayoutError, UsageError
from facewright.layouts.base import Layout, layout, layout_names
from facewright.layouts.seam.items import PhotoItem
from facewright.layouts.seam.sidecar import Sidecar, metadata_digest, read_sidecar
from facewright.layouts.seam.tree import Tree
from facewright.limits import Limits
from facewright.recipe import Recipe
from facewright.store.atomic import make_folder, remove_partials
from facewright.store.counts import count, crops_of
from facewright.store.manifest import NAME, AnnotatorUse, Manifest
from facewright.store.tables import committed
from facewright.vision.runtime import Runtime

AUTO = "auto"


def recognise(tree: Tree) -> Layout:
    """The layout that a folder or archive looks like.

    Raises:
        UsageError: none, or several.
    """
    found = [each for each in map(layout, layout_names()) if each.recognises(tree)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(each.name for each in found) or "none of " + ", ".join(layout_names())
    raise UsageError(f"{tree.path} looks like {known}; name the layout")


def import_layout(
    name: str,
    source: str | Path,
    out: str | Path,
    *,
    annotate: bool = False,
    device: str = "cpu",
    workers: int | None = None,
    limits: Limits | None = None,
    on_progress: Callable[[BuildProgress], None] | None = None,
    on_note: Callable[[str], None] | None = None,
) -> BuildReport:
    """Make a dataset from a published layout; run again after an interruption to go on.

    Args:
        name: of the layout, or "auto" to recognise it.
        source: its folder, tar or zip.
        out: the dataset's folder.
        annotate: look for each face and let the annotators fill what the layout does not state.
        device: where they run.
        workers: processes; None for one a core. The dataset does not depend on it.
        limits: what one picture may cost.
        on_progress: called after each chunk.
        on_note: told what a user should know.

    Raises:
        UsageError: wrong call, or `out` holds something else.
        LayoutError: the layout cannot be read.
        StorageError: writing failed; what was committed stays.
    """
    start_early()
    began = time.monotonic()
    tree = Tree(source)
    chosen = recognise(tree) if name == AUTO else layout(name)
    root = Path(out)
    Runtime(device)  # an unknown device is said before anything is written
    wanted = _manifest(chosen, tree, relative(source, root), annotate=annotate)
    if _is_done(root, wanted):
        return BuildReport(root, Manifest.load(root).counts, 0, 0, time.monotonic() - began)
    kept = _sidecar(chosen, tree, on_note or _say_nothing)
    with locked(root):
        remove_partials(root)
        wanted.save(root)
        for folder in ("photos", "faces"):
            make_folder(root / folder)
        settings = ImportSettings(
            chosen.name,
            limits or Limits(),
            device if annotate else None,
            kept.crop if kept else None,
        )
        jobs = _jobs(chosen.read(tree), kept, settings)
        last = _run(root, jobs, workers or os.cpu_count() or 1, on_progress)
        counts = count(root)
        if not counts.photos:
            raise LayoutError(f"there is nothing in {source} that {chosen.name} could read")
        recipe = wanted.recipe.model_copy(update={"crops": crops_of(root)})
        done = {"state": "complete", "counts": counts, "recipe": recipe, "chunks": last.chunks}
        wanted.model_copy(update=done).save(root)
    return BuildReport(root, counts, last.photos, last.faces, time.monotonic() - began)


@dataclass(frozen=True, slots=True)
class _Total:
    photos: int = 0
    faces: int = 0
    chunks: int = 0


def _say_nothing(note: str) -> None:
    del note


def _manifest(chosen: Layout, tree: Tree, source_path: str, *, annotate: bool) -> Manifest:
    stated = AnnotatorUse(id=f"layout:{chosen.name}", version=__version__, columns=("*",))
    digest = hashlib.sha256(chosen.name.encode())
    for entry in tree.entries:
        digest.update(repr(replace(entry, locator="")).encode())
    return Manifest(
        facewright=__version__,
        state="building",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        source=f"layout {chosen.name} in {tree.path}",
        source_path=source_path,
        fingerprint=digest.hexdigest(),
        recipe=Recipe(crops=()),
        layout=chosen.name,
        chunks=0,
        annotators=(stated, *(annotator_uses(Pipeline()) if annotate else ())),
    )


def _is_done(root: Path, wanted: Manifest) -> bool:
    """Whether an earlier run made all of this.

    Raises:
        UsageError: the folder holds something else.
    """
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is a file; give a folder for the dataset")
    if not (root / NAME).exists():
        if root.exists() and any(path.name != ".work" for path in root.iterdir()):
            raise UsageError(f"{root} is not empty and not a dataset; choose another folder")
        return False
    manifest = Manifest.load(root)
    made, asked = (
        (m.layout, m.fingerprint, m.facewright, m.annotators) for m in (manifest, wanted)
    )
    if made != asked:
        raise UsageError(
            f"{root} was made from something else, or in another way; choose a new folder,"
            " or delete that one"
        )
    return manifest.state == "complete"


def _sidecar(chosen: Layout, tree: Tree, note: Callable[[str], None]) -> Sidecar | None:
    kept = read_sidecar(tree)
    if kept is None or kept.layout != chosen.name:
        return None
    if kept.digest != metadata_digest(tree):
        note("the layout's files were changed since the export: they count, not its sidecar")
        return None
    return kept


def _jobs(
    items: Iterator[PhotoItem], kept: Sidecar | None, settings: ImportSettings
) -> Iterator[ImportJob]:
    restorer = Restorer(kept, settings)
    chunks = import_chunks(_unique(items), annotate=settings.device is not None)
    for number in count_up():
        with collecting_later():
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield restorer.job(number, chunk)


def _unique(items: Iterator[PhotoItem]) -> Iterator[PhotoItem]:
    """Exclude entries whose id an earlier one has."""
    seen: set[str] = set()
    for item in items:
        if item.photo_id not in seen:
            seen.add(item.photo_id)
            yield item
            continue
        digest = hashlib.sha256(item.key.encode()).hexdigest()[:16]
        problem = ("duplicate_id", f"an earlier entry has the id {item.photo_id}")
        yield replace(item, photo_id=f"{item.photo_id}-{digest}", faces=(), problem=problem)


def _run(
    root: Path,
    jobs: Iterator[ImportJob],
    workers: int,
    on_progress: Callable[[BuildProgress], None] | None,
) -> _Total:
    """Make the chunks that are not committed, a few ahead of the reading."""
    began = time.monotonic()
    ready = committed(root)
    total, chunks = _Total(), 0

    def todo() -> Iterator[ImportJob]:
        """Count all chunks; those that an earlier run did not commit are to be made."""
        nonlocal chunks
        for job in jobs:
            chunks += 1
            if job.number not in ready:
                yield job

    for done in import_crew(root, workers).work(todo()):
        total = _Total(total.photos + done.photos, total.faces + done.faces)
        if on_progress:
            spent = time.monotonic() - began
            on_progress(BuildProgress(total.photos, 0, total.faces, total.photos, spent))
    return _Total(total.photos, total.faces, chunks)
