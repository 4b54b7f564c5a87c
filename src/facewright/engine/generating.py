"""Generate: an order in, a dataset of synthetic faces out; run again after a kill to go on.

Pictures are made in rounds. A round makes every picture whose order no kept face meets yet, so
what the annotators contradict is made again by other chance, up to the attempts that the order
allows. What was rejected stays in the tables with its reason.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from facewright import __version__
from facewright.align.base import CropSpec
from facewright.annotators.pipeline import Pipeline
from facewright.engine.making import OrderSource, entry_of
from facewright.engine.memorising import Reference
from facewright.engine.plan import Planned, chunks
from facewright.engine.pool import Pool
from facewright.engine.processes import start_early
from facewright.engine.resuming import begun
from facewright.engine.running import BuildProgress, finish, run_chunks
from facewright.engine.uses import annotator_uses
from facewright.engine.worker import Setup
from facewright.engine.workplace import WORK, locked
from facewright.errors import UsageError
from facewright.generate.base import Advising, Generator, check_order, generator
from facewright.generate.memorised_report import MemorisedReport
from facewright.generate.order import plan_order
from facewright.generate.spec import Spec
from facewright.generate.wanted import Wanted
from facewright.recipe import Recipe
from facewright.store.atomic import make_folder
from facewright.store.manifest import Counts, GeneratorUse, Manifest
from facewright.store.shards import crops_folder
from facewright.store.tables import part_name, read_part

_MOST_A_CHUNK, _CHUNKS = 32, 20  # a picture takes seconds: little is lost when a run is killed


@dataclass(frozen=True, slots=True)
class GenerateReport:
    """What a run of `generate` did.

    Attributes:
        root: the dataset.
        counts: totals of the dataset.
        ordered: pictures of the order.
        met: those of which a face was accepted.
        rejected: faces and pictures that were made and not accepted, by reason.
        made: pictures made in this run.
        seconds: of this run.
        memorised: how near they are to what they were held against in this run.
    """

    root: Path
    counts: Counts
    ordered: int
    met: int
    rejected: dict[str, int]
    made: int
    seconds: float
    memorised: MemorisedReport | None = None

    @property
    def share_rejected(self) -> float:
        """Pictures that were made in vain, of all that were made."""
        return 1 - self.met / self.counts.photos if self.counts.photos else 0.0


def generate(
    spec: Spec,
    out: str | Path,
    *,
    workers: int | None = None,
    device: str = "cpu",
    where: str = "order",
    on_progress: Callable[[BuildProgress], None] | None = None,
    on_note: Callable[[str], None] | None = None,
) -> GenerateReport:
    """Make a dataset of synthetic faces to order.

    Args:
        spec: the order.
        out: the dataset's folder; made if it is not there.
        workers: processes; None for one a core. The dataset does not depend on it.
        device: where annotators run.
        where: the order's file, for errors.
        on_progress: called after each batch of pictures.
        on_note: told what a user should know before the first picture is made.

    Raises:
        UsageError: the order cannot be, the generator does not make it, or `out` holds
            something else.
        DatasetError: what the order is held against is no dataset.
        FacewrightError: the generator cannot work here.
        StorageError: writing failed; what was committed stays.
    """
    start_early()
    began = time.monotonic()
    if workers is not None and workers < 1:
        raise UsageError(f"{workers} workers cannot work; give 1 or more")
    maker = generator(spec.generator, spec.quality, spec.options)
    pictures = plan_order(spec, where)
    check_order(maker, pictures, where)
    root = Path(out)
    recipe = _recipe(spec)
    wanted = _manifest(spec, maker, pictures, recipe)
    previous = begun(root, wanted)
    made, near = 0, None
    if previous is None or previous.state != "complete":
        if on_note and isinstance(maker, Advising) and (advice := maker.advice()):
            on_note(advice)
        source = OrderSource(maker, pictures, where)
        setup = Setup(source, recipe, root, device, root / WORK)
        against = Reference.open(spec.against) if spec.against else None
        with locked(root):
            _begin(root, wanted)
            at_once = workers or os.cpu_count() or 1
            made, number = _rounds(setup, spec, at_once, against, on_progress)
            near = against.write(root) if against is not None else None
            finish(root, wanted.model_copy(update={"chunks": number}))
    counts = Manifest.load(root).counts
    met = len(_accepted(root, range(Manifest.load(root).chunks)))
    return GenerateReport(
        root, counts, len(pictures), met, _rejected(counts), made, time.monotonic() - began, near
    )


def _recipe(spec: Spec) -> Recipe:
    base = Recipe(crops=(f"frame:{spec.size}",))
    pipeline = Pipeline(base.annotators)
    names = tuple(annotator.card.id for annotator in pipeline.annotators)
    return base.model_copy(update={"annotators": names})


def _manifest(spec: Spec, maker: Generator, pictures: list[Wanted], recipe: Recipe) -> Manifest:
    card = maker.card
    use = GeneratorUse(
        id=card.id,
        version=card.version,
        sha256=card.sha256,
        licence=card.licence,
        settings=dict(card.settings),
        order=spec.model_dump(mode="json", exclude_defaults=True),
    )
    print_of = json.dumps([use.model_dump(mode="json"), len(pictures)], sort_keys=True)
    return Manifest(
        facewright=__version__,
        state="building",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        source=f"{len(pictures)} synthetic pictures by {card.id} {card.version}",
        source_path="",
        fingerprint=hashlib.sha256(print_of.encode()).hexdigest(),
        recipe=recipe,
        generator=use,
        chunks=-(-len(pictures) // _chunk_size(len(pictures))),
        annotators=annotator_uses(Pipeline(recipe.annotators)),
    )


def _begin(root: Path, wanted: Manifest) -> None:
    wanted.save(root)
    for name in ("photos", "faces"):
        make_folder(root / name)
    for text in wanted.recipe.crops:
        make_folder(crops_folder(root, CropSpec.parse(text).slug))


def _chunk_size(pictures: int) -> int:
    """It must not depend on the number of workers."""
    return min(max(-(-pictures // _CHUNKS), 1), _MOST_A_CHUNK)


def _rounds(
    setup: Setup,
    spec: Spec,
    workers: int,
    against: Reference | None,
    on_progress: Callable[[BuildProgress], None] | None,
) -> tuple[int, int]:
    """Make the order and what was rejected of it; pictures made now, and chunks in all."""
    assert isinstance(setup.source, OrderSource)
    pictures, root = setup.source.pictures, setup.root
    size = _chunk_size(len(pictures))
    todo, number, made = pictures, 0, 0
    alone = {name for name, many in Counter(p.identity for p in pictures).items() if many == 1}
    for attempt in range(1, spec.attempts + 1):
        plan = [Planned(entry_of(wanted, setup.source.generator)) for wanted in todo]
        parts = [(number + n, part) for n, part in enumerate(chunks(plan, size))]
        with Pool(setup, min(workers, len(parts))) as pool:
            made += run_chunks(pool, root, parts, on_progress).made
        if against is not None:
            against.reject(root, (n for n, _ in parts))
        met = _accepted(root, (n for n, _ in parts))
        number += len(parts)
        todo = [
            _again(wanted, attempt + 1, alone=wanted.identity in alone)
            for wanted in todo
            if wanted.key not in met
        ]
        if not todo:
            break
    return made, number


def _again(wanted: Wanted, attempt: int, *, alone: bool) -> Wanted:
    """The same wish by other chance; another person where the person has no other picture."""
    key = wanted.key.partition("-")[0]
    seeds = np.random.SeedSequence([wanted.seed, attempt]).generate_state(2, np.uint64)
    person = int(seeds[1]) if alone else wanted.person_seed
    return replace(wanted, key=f"{key}-{attempt}", seed=int(seeds[0]), person_seed=person)


def _accepted(root: Path, numbers: Iterable[int]) -> set[str]:
    """Pictures of some chunks that show a face that is kept."""
    found: set[str] = set()
    for number in numbers:
        part = read_part(root / "faces" / part_name(number), ["photo_id", "kept"])
        found |= set(part.filter(pc.field("kept")).column("photo_id").to_pylist())
    return found


def _rejected(counts: Counts) -> dict[str, int]:
    return {**counts.faces_dropped, **counts.photos_excluded}
