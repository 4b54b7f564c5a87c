"""Parts of an entry of ffhq-dataset-v2.json, and the LICENSE.txt beside the pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from facewright.layouts.common.chosen import points_in_crop
from facewright.layouts.common.pngs import Png, md5_of
from facewright.layouts.common.points import landmarks_of, plain
from facewright.layouts.seam.export import Export

_TERMS = """\
Pictures of faces in the layout of Flickr-Faces-HQ.

{kept}
The pictures were aligned, cropped and resampled, and padded where the face is near the edge of
its photo: these are the changes that were made to the authors' works.

Each picture keeps the licence of its photo. Author and licence of each are in
ffhq-dataset-v2.json under "metadata". Licences of these pictures:
{licences}
"""
_FFHQ = """\
This set holds parts of the Flickr-Faces-HQ dataset (Karras, Laine, Aila: A Style-Based Generator
Architecture for Generative Adversarial Networks, https://arxiv.org/abs/1812.04948), made
available by NVIDIA Corporation under Creative Commons BY-NC-SA 4.0
(https://creativecommons.org/licenses/by-nc-sa/4.0/): use it for non-commercial purposes, cite the
paper, indicate changes, and distribute derived works under the same licence.
"""


def category_of(original: Mapping[str, Any]) -> str:
    """FFHQ's own part; new faces are all for training, for how to part them is their user's."""
    return original.get("category") or "training"


def metadata_of(photo: Mapping[str, Any]) -> dict[str, str]:
    """What is known of a photo's origin; "" for unknown, as the published file has it."""
    return {
        "photo_url": photo["source_url"] or "",
        "photo_title": photo["title"] or "",
        "author": photo["author"] or "",
        "country": "",
        "license": photo["licence"] or "",
        "license_url": photo["licence_url"] or "",
        "date_uploaded": "",
        "date_crawled": photo["retrieved"] or "",
    }


def described(picture: Png, original: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the JSON says of a file: the original's words where it is the very file.

    Args:
        picture: the file.
        original: what the entry said that the face was read from.
    """
    md5 = md5_of(picture.data)
    if original and str(original.get("file_md5")).lower() == md5:
        return dict(original)
    height, width = picture.pixels.shape[:2]
    return {
        "file_url": "",
        "file_path": "",
        "file_size": len(picture.data),
        "file_md5": md5,
        "pixel_size": [width, height],
        "pixel_md5": md5_of(picture.pixels.tobytes()),
    }


def unknown_file(photo: Mapping[str, Any]) -> dict[str, Any]:
    """What the JSON says of a photo whose file is not written."""
    known = photo["width"] is not None and photo["height"] is not None
    return {
        "file_url": "",
        "file_path": "",
        "file_size": None,
        "file_md5": None,
        "pixel_size": [photo["width"], photo["height"]] if known else None,
        "pixel_md5": None,
    }


def image_landmarks(
    row: Mapping[str, Any], photo: Mapping[str, Any], crop: Mapping[str, Any], side: int
) -> list[list[float]] | None:
    """The points of a face in the pixels of its written crop."""
    return plain(points_in_crop(row, photo, crop, side))


def wild_face(row: Mapping[str, Any], crop: Mapping[str, Any]) -> dict[str, Any]:
    """Where a face lies in its photo: rectangle, points and corners; null where not known."""
    quad, box = crop["quad"], row["rectangle"]
    if quad is None:
        return dict.fromkeys(("face_rect", "face_landmarks", "face_quad"))
    left, top, width, height = (box[name] for name in ("left", "top", "width", "height"))
    known = None not in (left, top, width, height)
    return {
        "face_rect": [left, top, left + width, top + height] if known else None,
        "face_landmarks": plain(landmarks_of(row)),
        "face_quad": [list(quad[i : i + 2]) for i in range(0, 8, 2)],
    }


def licence_text(export: Export) -> str:
    """LICENSE.txt for these faces: terms of the set, then a count of the photos' licences."""
    table = export.dataset.table(["photo_id", "origin"])
    counts: Counter[str] = Counter()
    for photo_id in table.column("photo_id").to_pylist():
        photo = export.photos[photo_id]
        url = photo["licence_url"]
        counts[f"{photo['licence'] or 'not stated'}{f' ({url})' if url else ''}"] += 1
    layouts = {origin["layout"] for origin in table.column("origin").to_pylist()}
    from_ffhq = bool(layouts & {"ffhq", "ffhq-features", "tfrecords"})
    licences = "\n".join(f"  {count:>6}  {name}" for name, count in sorted(counts.items()))
    return _TERMS.format(kept=_FFHQ if from_ffhq else "", licences=licences)
