"""Build a dataset: plan, hand chunks to workers, resume what an earlier run left, finish."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from facewright import __version__
from facewright.align.base import CropSpec
from facewright.annotators.pipeline import Pipeline
from facewright.engine.plan import (
    Planned,
    chunk_size,
    chunks,
    fingerprint,
    load_plan,
    make_plan,
    save_plan,
)
from facewright.engine.pool import Pool
from facewright.engine.processes import start_early
from facewright.engine.resuming import begun
from facewright.engine.ruling import placed_rules
from facewright.engine.running import BuildProgress, finish, run_chunks
from facewright.engine.uses import annotator_uses
from facewright.engine.worker import Setup
from facewright.engine.workplace import WORK, locked, relative
from facewright.errors import SourceError, UsageError
from facewright.recipe import Recipe
from facewright.sources.base import Source
from facewright.sources.opening import open_source
from facewright.store.atomic import make_folder
from facewright.store.manifest import Counts, Manifest
from facewright.store.pending import is_pending
from facewright.store.shards import crops_folder
from facewright.vision.encode import encoder
from facewright.vision.runtime import Runtime


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    counts: totals of the dataset. made: photos finished in this run (0 when all was done
    before). faces: found in this run. seconds: of this run.
    """

    root: Path
    counts: Counts
    made: int
    faces: int
    seconds: float

    @property
    def faces_per_second(self) -> float:
        """Faces found a second in this run."""
        return self.faces / self.seconds if self.seconds else 0.0


def build(
    photos: str | Path,
    out: str | Path,
    recipe: Recipe | None = None,
    *,
    crops: Sequence[str] = (),
    workers: int | None = None,
    device: str = "cpu",
    on_progress: Callable[[BuildProgress], None] | None = None,
) -> BuildReport:
    """Make a dataset from photographs; run again after any interruption to go on.

    Args:
        photos: a folder, a tar or zip, a Parquet file with image bytes, or a list of paths.
        out: the dataset's folder; made if it is not there.
        recipe: how; None for the defaults.
        crops: alignments with sizes ("ffhq:1024") that replace the recipe's.
        workers: processes; None for one a core. The dataset does not depend on it.
        device: "cpu", "cuda", "auto" or another of `facewright.vision.runtime.devices()`.
        on_progress: called after each batch of photos.

    Raises:
        UsageError: wrong call, or `out` holds something else.
        SourceError: the photographs cannot be listed.
        StorageError: writing failed; what was committed stays.
    """
    start_early()
    recipe = recipe or Recipe()
    if crops:
        recipe = recipe.model_copy(update={"crops": tuple(crops)})
    recipe = _resolved(recipe)
    if workers is not None and workers < 1:
        raise UsageError(f"{workers} workers cannot work; give 1 or more")
    Runtime(device)  # an unknown device is said before anything is written
    began = time.monotonic()
    root, source = Path(out), open_source(photos)
    recipe = _with_rules(recipe, root)
    wanted = _wanted(source, relative(photos, root), recipe)
    if is_pending(root):  # a run was killed while it put the judged tables in their places
        with locked(root):
            pass
    previous = begun(root, wanted)
    if previous is not None and previous.state == "complete":
        return BuildReport(root, previous.counts, 0, 0, time.monotonic() - began)
    setup = Setup(source, recipe, root, device, root / WORK)
    with locked(root):
        # The workers load their models while this process plans.
        with Pool(setup, min(workers or os.cpu_count() or 1, wanted.chunks)) as pool:
            plan = _plan(source, root, wanted, previous)
            parts = list(enumerate(chunks(plan, chunk_size(len(plan), recipe.chunk))))
            last = run_chunks(pool, root, parts, on_progress)
        counts = finish(root, wanted)
    return BuildReport(root, counts, last.made, last.faces, time.monotonic() - began)


def _resolved(recipe: Recipe) -> Recipe:
    """Check names early and write them out in full, so that the manifest says all."""
    specs = [CropSpec.parse(text) for text in recipe.crops]
    if len(set(specs)) != len(specs) or not specs:
        raise UsageError("name each crop once, and at least one")
    pipeline = Pipeline(recipe.annotators)  # heads are named by path, and stay so
    return recipe.model_copy(
        update={
            "crops": tuple(str(spec) for spec in specs),
            "format": encoder(recipe.format).name,
            "annotators": recipe.annotators or tuple(a.card.id for a in pipeline.annotators),
        }
    )


def _with_rules(recipe: Recipe, root: Path) -> Recipe:
    """Its rules tried on no face, and written out as the dataset will state them."""
    extra = Pipeline(recipe.annotators, recipe.heads).extra_fields
    return recipe.model_copy(update={"rules": placed_rules(recipe.rules, root, extra)})


def _wanted(source: Source, source_path: str, recipe: Recipe) -> Manifest:
    """The manifest that this run would write first.

    Raises:
        SourceError: there is no photo, or the source cannot be listed.
    """
    entries = list(source.entries())
    if not entries:
        passed = f"; {source.ignored} files are not pictures by name" if source.ignored else ""
        raise SourceError(f"no photos in {source.describe()}{passed}")
    heads = tuple(Path(head).name for head in recipe.heads)  # the sha256 says which they were
    return Manifest(
        facewright=__version__,
        state="building",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        source=source.describe(),
        source_path=source_path,
        passed_over=source.ignored,
        fingerprint=fingerprint(entries),
        recipe=recipe.model_copy(update={"heads": heads}),
        chunks=-(-len(entries) // chunk_size(len(entries), recipe.chunk)),
        annotators=annotator_uses(Pipeline(recipe.annotators, recipe.heads)),
    )


def _plan(source: Source, root: Path, wanted: Manifest, previous: Manifest | None) -> list[Planned]:
    """The plan of this run: read back where one was written, else made and written down."""
    path = root / WORK / "plan.parquet"
    if previous is not None and path.exists():
        return load_plan(path)
    wanted.save(root)  # first: from here on the folder is known for a dataset
    for name in ("photos", "faces"):
        make_folder(root / name)
    for text in wanted.recipe.crops:
        make_folder(crops_folder(root, CropSpec.parse(text).slug))
    plan = make_plan(source, wanted.recipe.photos)
    save_plan(path, plan)
    return plan
