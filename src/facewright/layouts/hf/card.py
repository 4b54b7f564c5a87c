"""README.md of a Hugging Face dataset: its YAML header and a few lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from facewright.layouts.hf.features import card_features, yaml_lines
from facewright.provenance.naming import read_licence

_IDS: Final = frozenset(
    """
    cc0-1.0 cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0
    cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0
    cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 mit apache-2.0 pddl unlicense
    """.split()  # noqa: SIM905 (a list of quoted ids reads worse)
)
"""The hub's names of licences that photographs come under."""

_SYNTHETIC: Final = frozenset({"generated-photos"})
"""Layouts whose pictures were generated, as their publishers say."""

_ABOUT: Final = """\
{faces} pictures of faces from {photos} photos, made with Facewright. Attributes are estimated from
one picture each and apparent; null is unknown, and `null_reasons` says why.

- `image`: the picture; `crop`: how it was cut out of its photo; `photo`: the photo's size, author,
  licence and address.
- Coordinates are pixels of the photo, x right, y down, centres at integers."""

_SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"),
                 (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What the card tells of the Parquet files.

    Attributes:
        faces: rows.
        in_memory: bytes of the rows as Arrow.
        on_disk: bytes of the files.
        schema: of the rows.
    """

    faces: int
    in_memory: int
    on_disk: int
    schema: pa.Schema


def card(title: str, written: Written, photos: Iterable[Mapping[str, Any]]) -> str:
    """The whole README.md.

    Args:
        title: name of the dataset.
        written: what the Parquet files hold.
        photos: rows of the photos that are shown.
    """
    shown = list(photos)
    split = {"name": "train", "num_bytes": written.in_memory, "num_examples": written.faces}
    header = {
        "pretty_name": title,
        "license": _licences(shown),
        "tags": _tags(shown),
        "size_categories": [next((n for top, n in _SIZES if written.faces < top), "n>10M")],
        "configs": [
            {"config_name": "default", "data_files": [{"split": "train", "path": "data/train-*"}]}
        ],
        "dataset_info": {
            "features": card_features(written.schema),
            "splits": [split],
            "download_size": written.on_disk,
            "dataset_size": written.in_memory,
        },
    }
    return "\n".join(["---", *yaml_lines(header), "---", "", *_text(title, written, shown), ""])


def licence_id(name: str | None, url: str | None = None) -> str:
    """The hub's name of a stated licence; "unknown" for none, "other" for one it has no name for.

    Args:
        name: as a photo's row has it.
        url: of its text.
    """
    if not (name or url):
        return "unknown"
    found = read_licence(name, url).id.lower()
    return found if found in _IDS else "other"


def _licences(photos: list[Mapping[str, Any]]) -> list[str] | str:
    stated = {licence_id(photo.get("licence"), photo.get("licence_url")) for photo in photos}
    found = sorted(stated) or ["unknown"]
    return found if len(found) > 1 else found[0]


def _tags(photos: list[Mapping[str, Any]]) -> list[str]:
    origins = {(photo.get("origin") or {}).get("layout") for photo in photos}
    generated = bool(origins) and origins <= _SYNTHETIC
    return ["face", "facewright", *(["synthetic"] if generated else [])]


def _text(title: str, written: Written, photos: list[Mapping[str, Any]]) -> list[str]:
    named = sorted({photo.get("licence") or "unknown" for photo in photos})
    return [
        f"# {title}",
        _ABOUT.format(faces=written.faces, photos=len(photos)),
        f"- Licences of the photos: {'; '.join(named)}.",
        "",
        "```python",
        "from datasets import load_dataset",
        "",
        'faces = load_dataset("PATH", split="train")',
        "```",
    ]
