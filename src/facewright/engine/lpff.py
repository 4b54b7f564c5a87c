"""LPFF's custom-image path: from raw photos to the files that LPFF publishes.

Source: the public description of LPFF (arXiv:2303.14407; github.com/oneThousand1000/LPFF-dataset,
data processing, step 1). Every face of every photo is realigned to 2400 pixels, cut for EG3D and
StyleGAN, given a camera, and kept if the density of the FFHQ cameras at its own is below 0.4. Who
finds landmarks and cameras differs from LPFF: see `facewright.engine.lpff_face`. LPFF's own last
step, by hand, is left to the user: looking at the pictures and throwing out bad ones.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from facewright import __version__
from facewright.camera.coefficients import Placements, read_coefficients
from facewright.engine.lpff_crew import LPFFCrew, lpff_crew
from facewright.engine.lpff_journal import Journal
from facewright.engine.lpff_names import raw_names
from facewright.engine.lpff_photo import Darkroom, RawPhoto
from facewright.engine.lpff_told import KEPT, LPFFSettings, PhotoTold
from facewright.engine.plan import Planned, fingerprint, make_plan
from facewright.engine.processes import start_early
from facewright.engine.running import BuildProgress
from facewright.engine.workplace import locked
from facewright.errors import UsageError
from facewright.layouts.lpff.files import METADATA, metadata_bytes, split_id
from facewright.sources.opening import open_source
from facewright.store.atomic import atomic_file, remove_partials, write_atomic

REPORT = "lpff-report.json"
_DEFAULT: Final = LPFFSettings()


@dataclass(frozen=True, slots=True)
class LPFFReport:
    """What became of every photo and every face.

    Attributes:
        out: the folder.
        settings: what was asked for.
        photos: in the source's order.
    """

    out: Path
    settings: LPFFSettings
    photos: tuple[PhotoTold, ...]

    @property
    def kept(self) -> int:
        """Faces that were kept."""
        return self.face_outcomes.get(KEPT, 0)

    @property
    def face_outcomes(self) -> dict[str, int]:
        """How many faces have each outcome, the commonest first."""
        count = Counter(face.outcome for photo in self.photos for face in photo.faces)
        return dict(count.most_common())

    @property
    def photo_outcomes(self) -> dict[str, int]:
        """How many photos have each outcome, the commonest first."""
        return dict(Counter(photo.outcome for photo in self.photos).most_common())


def make_lpff(
    photos: str | Path,
    out: str | Path,
    settings: LPFFSettings = _DEFAULT,
    *,
    coefficients: str | Path | None = None,
    workers: int | None = None,
    on_progress: Callable[[BuildProgress], None] | None = None,
) -> LPFFReport:
    """Take raw photos down LPFF's path; run again after an interruption to go on.

    Args:
        photos: folder, archive, Parquet file or list of raw photos.
        out: folder for the files that LPFF publishes, and the report.
        settings: the density rule, the camera's mode and what one photo may cost.
        coefficients: Deep3DFaceRecon's of each face, by id: see `read_coefficients`. Faces that
            it does not name are left out. None estimates cameras from the mesh.
        workers: processes; None for one a core. The files do not depend on it.
        on_progress: called as photos are done.

    Raises:
        SourceError: the photos cannot be listed.
        UsageError: wrong call, or `out` holds something else.
        StorageError: writing failed; what was made stays.
    """
    start_early()
    root, source = Path(out), open_source(photos)
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is a file; give a folder for the pictures")
    placements = _coefficients(Path(coefficients)) if coefficients is not None else None
    plan = make_plan(source, settings.limits)
    with locked(root, keep=True):
        journal = Journal(root, _asked(plan, settings, placements))
        remove_partials(root)
        crew = lpff_crew(Darkroom(source, root, settings), workers or os.cpu_count() or 1)
        told: list[PhotoTold] = []
        began = time.monotonic()
        faces = 0
        for photo in _all(plan, crew, journal, placements):
            told.append(photo)
            faces += len(photo.faces)
            if on_progress:
                spent = time.monotonic() - began
                on_progress(BuildProgress(len(told), len(plan), faces, len(told), spent))
        report = LPFFReport(root, settings, tuple(told))
        _write_metadata(report)
        _write_report(report)
    return report


def _coefficients(path: Path) -> Placements:
    """Raises UsageError: the file does not say whose they are, or is none."""
    if path.suffix == ".npy":
        raise UsageError(
            f"{path}: an .npy does not name faces, whose ids are not known before they are found;"
            " give an .npz with 'ids', a .json or a folder of .mat"
        )
    return read_coefficients(path)


def _asked(plan: Sequence[Planned], settings: LPFFSettings, placements: Placements | None) -> str:
    """Fingerprint of all that the files depend on."""
    given = None if placements is None else {k: v.tolist() for k, v in placements.items()}
    listing = fingerprint([planned.entry for planned in plan])
    parts = [__version__, listing, repr(settings), json.dumps(given, sort_keys=True)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _all(
    plan: Sequence[Planned], crew: LPFFCrew, journal: Journal, placements: Placements | None
) -> Iterator[PhotoTold]:
    """Every photo in the plan's order, those that cannot be read included."""
    names = raw_names(planned.entry for planned in plan)
    by_raw = _by_raw(placements)
    todo = (
        RawPhoto(
            planned.entry,
            name,
            None if by_raw is None else by_raw.get(name, {}),
            journal.before(planned.entry.key),
        )
        for planned, name in zip(plan, names, strict=True)
        if not planned.problem
    )
    made = crew.work(todo)
    for planned, name in zip(plan, names, strict=True):
        if planned.problem:
            yield PhotoTold(planned.entry.key, name, planned.problem, planned.detail or "")
            continue
        told = next(made)
        journal.note(told)
        yield told


def _by_raw(placements: Placements | None) -> dict[str, Placements] | None:
    """Coefficients by raw image, so that a worker is sent its photo's own."""
    if placements is None:
        return None
    found: dict[str, Placements] = {}
    for face_id, placement in placements.items():
        place = split_id(face_id)
        if place is not None:
            found.setdefault(place[0], {})[face_id] = placement
    return found


def _write_metadata(report: LPFFReport) -> None:
    """The published JSON files: an entry a kept face, in the photos' order."""
    kept = [face for photo in report.photos for face in photo.faces if face.outcome == KEPT]
    for name in METADATA:
        entries = {face.id: face.entries[name] for face in kept}
        write_atomic(report.out / name, metadata_bytes(name, entries))


def _write_report(report: LPFFReport) -> None:
    """The report, a photo a line."""
    head: dict[str, Any] = {
        "density": report.settings.density,
        "mode": report.settings.mode,
        "photos": report.photo_outcomes,
        "faces": report.face_outcomes,
    }
    start = json.dumps(head, indent=1)[:-2]
    with atomic_file(report.out / REPORT) as file:
        file.write(f'{start},\n "outcomes": ['.encode())
        for number, photo in enumerate(report.photos):
            line = json.dumps(photo.shown(), ensure_ascii=False)
            file.write(f"{',' if number else ''}\n  {line}".encode())
        file.write(b"\n ]\n}\n")
