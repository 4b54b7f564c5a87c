"""Rules that go by lists of faces: flags of people, duplicates, any Selection."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from facewright.errors import UsageError
from facewright.rules.columns import FaceColumns
from facewright.rules.rule import Mask, Rule, RuleTable, Verdict, dropping
from facewright.store.selection import Selection

File = Annotated[str, Field(min_length=1, description="path; in a recipe relative to the recipe")]


class Flagged(RuleTable):
    """A file of face ids with reasons, as people write them who look at faces.

    JSON lines `{"face_id": "a_01", "reason": "not a face"}`, or a CSV with these columns. Lines
    are only ever added: the last of a face counts, and an empty reason takes its flag away.
    """

    file: File
    reasons: Annotated[
        tuple[str, ...], Field(description="only these reasons; empty: all of them")
    ] = ()


class Listed(RuleTable):
    """A Selection: .json, .csv with a column face_id, or an id a line."""

    file: File
    drop: Annotated[
        bool, Field(description="drop the faces that it names; else all that it does not name")
    ] = False


def flags(path: Path) -> dict[str, str]:
    """Reason by face id from a file of flags.

    Raises:
        UsageError: it cannot be read; names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot read the flags: {error}") from error
    lines = _from_csv(text) if path.suffix.lower() == ".csv" else _from_json_lines(path, text)
    found: dict[str, str] = {}
    for number, line in lines:
        face_id, reason = line.get("face_id"), line.get("reason") or ""
        if not isinstance(face_id, str) or not face_id or not isinstance(reason, str):
            raise UsageError(f"{path}: line {number} needs a face_id and a reason, both texts")
        found[face_id] = reason.strip()
    return {face_id: reason for face_id, reason in found.items() if reason}


def _from_csv(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    yield from enumerate(csv.DictReader(text.splitlines()), start=2)


def _from_json_lines(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except ValueError as error:
            raise UsageError(f"{path}: line {number} is no JSON: {error}") from error
        if not isinstance(data, dict):
            raise UsageError(f"{path}: line {number} is no JSON object")
        yield number, data


def _flagged(faces: FaceColumns, settings: Flagged) -> Verdict:
    found = flags(Path(settings.file)).items()
    wanted = (face for face, why in found if not settings.reasons or why in settings.reasons)
    return dropping(_named(faces, wanted), np.ones(len(faces), bool))


def _listed(faces: FaceColumns, settings: Listed) -> Verdict:
    """A list that names none of the faces is of another dataset, and says nothing of them."""
    named = _named(faces, Selection.load(Path(settings.file)).face_ids)
    known = np.full(len(faces), named.any())
    return dropping(named if settings.drop else ~named, known)


def _named(faces: FaceColumns, face_ids: Iterable[str]) -> Mask:
    """(N,) whether a face is among the ids; ids that no face has are somebody else's."""
    wanted = pa.array(face_ids, pa.string())
    found = pc.is_in(pc.cast(faces.arrow("face_id"), pa.string()), value_set=wanted)
    mask: Mask = found.to_numpy(zero_copy_only=False)
    return mask


_READS: Final = ("face_id",)
FLAGGED: Final = Rule("flagged", "somebody flagged it", Flagged, _READS, _flagged, named=True)
DUPLICATES: Final = Rule(
    "duplicates", "the dataset has a better picture of the same", Listed, _READS, _listed
)
SELECTION: Final = Rule(
    "selection", "a selection leaves it out", Listed, _READS, _listed, named=True
)
