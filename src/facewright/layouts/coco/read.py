"""Faces in COCO annotations of anybody's making.

A picture is a photo with any number of faces, boxes and points in its pixels; only where an image
has our `crop` is it a crop, and then it stands for its photo. Faces are the annotations of
categories whose names speak of faces, or of the only category there is; and COCO-WholeBody's
`face_box` with `face_kpts`. 68 keypoints that are all labelled become landmarks. What else an
image or annotation says is kept in `extra`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from facewright.errors import LayoutError
from facewright.layouts.common.faces_read import fallback_id, is_number
from facewright.layouts.common.points import COUNT, landmark_columns
from facewright.layouts.common.record_values import is_shallow, nested, spread
from facewright.layouts.seam.items import CropItem, FaceItem, PhotoItem
from facewright.layouts.seam.sidecar import FOLDER
from facewright.layouts.seam.tree import Tree
from facewright.record import ORIGINAL
from facewright.sources.base import UniqueKeys, escapes

_USUAL: Final = frozenset({"annotations.json", "_annotations.coco.json"})
_SOURCES: Final = ("source_url", "coco_url", "flickr_url")
_PROVENANCE: Final = ("author", "title", "retrieved")
_BOX: Final = ("left", "top", "width", "height")
_LARGEST: Final = 2**31 - 1


def annotation_files(tree: Tree) -> list[str]:
    """Paths of the files of annotations: by their usual names, or in a folder `annotations`."""
    return [name for name in tree.names if _is_usual(name) and not name.startswith(FOLDER)]


def _is_usual(name: str) -> bool:
    *_, folder, file = ("", *name.rsplit("/", 2))
    return file in _USUAL or (folder == "annotations" and file.endswith(".json"))


def read_coco(tree: Tree) -> Iterator[PhotoItem]:
    """Photos of all files in the order of their images.

    Raises:
        LayoutError: there is no file, or one is not what COCO has; names file and key.
    """
    names = annotation_files(tree)
    if not names:
        raise LayoutError(f"{tree.path} has no annotations.json")
    unique = UniqueKeys()
    for name in names:
        yield from _File.load(tree, name).photos(tree, unique)


@dataclass(frozen=True, slots=True)
class _File:
    """One file of annotations.

    Attributes:
        name: its path.
        images: entries in order.
        annotations: entries in order.
        categories: ids of those that are faces.
        licences: columns of the Photo table by licence id.
    """

    name: str
    images: list[Any]
    annotations: list[Any]
    categories: frozenset[Any]
    licences: dict[Any, dict[str, str]]

    @classmethod
    def load(cls, tree: Tree, name: str) -> _File:
        """Read and check a file of annotations."""
        try:
            data = json.loads(tree.text(name), object_pairs_hook=_object)
        except (ValueError, RecursionError) as error:
            raise LayoutError(f"{name} in {tree.path} is not JSON: {error}") from error
        if not isinstance(data, dict):
            raise LayoutError(f"{name} in {tree.path} must hold an object")
        lists: dict[str, list[Any]] = {}
        for key in ("images", "annotations", "categories", "licenses"):
            found = data.get(key, [] if key == "licenses" else None)
            if not isinstance(found, list):
                raise LayoutError(f"'{key}' of {name} in {tree.path} must be a list")
            lists[key] = found
        faces = _face_categories(lists["categories"])
        if not faces and not any("face_box" in each for each in _objects(lists["annotations"])):
            known = ", ".join(str(each.get("name")) for each in _objects(lists["categories"]))
            raise LayoutError(
                f"'categories' of {name} in {tree.path} has none of faces: {known or 'none'}"
            )
        licences = {_key(each.get("id")): _licence(each) for each in _objects(lists["licenses"])}
        return cls(name, lists["images"], lists["annotations"], faces, licences)

    def photos(self, tree: Tree, unique: UniqueKeys) -> Iterator[PhotoItem]:
        """The images with their faces, then the annotations of no image."""
        by_image: dict[Any, list[tuple[str, Any]]] = {}
        for number, entry in enumerate(self.annotations):
            image = entry.get("image_id") if isinstance(entry, dict) else None
            by_image.setdefault(_key(image), []).append((f"annotations[{number}]", entry))
        seen = set()
        for number, image in enumerate(self.images):
            where = f"{self.name}: images[{number}]"
            wrong = _wrong_image(image) or (_key(image["id"]) in seen and "'id' comes twice")
            if wrong:
                yield _excluded(unique(where), where, wrong)
                continue
            seen.add(_key(image["id"]))
            entries = by_image.pop(_key(image["id"]), [])
            yield from self._photo(tree, image, entries, unique)
        for entries in by_image.values():
            for place, _ in entries:
                where = f"{self.name}: {place}"
                yield _excluded(unique(where), where, "'image_id' names no image of this file")

    def _photo(
        self,
        tree: Tree,
        image: dict[str, Any],
        entries: list[tuple[str, Any]],
        unique: UniqueKeys,
    ) -> Iterator[PhotoItem]:
        file = image["file_name"]
        if escapes(file):
            detail = f"'file_name' leads outside: {file}"
            yield PhotoItem(unique(file), file, problem=("escapes", detail))
            return
        path = _located(tree, self.name, file)
        photo_id = unique(fallback_id(path.removeprefix("images/")))
        faces, others, notes = [], [], list[str]()
        for place, entry in entries:
            where = f"{self.name}: {place}"
            try:
                found = _face(path, entry, self.categories, notes)
            except ValueError as error:
                yield _excluded(unique(f"{photo_id}-{place}"), where, str(error))
                continue
            if found is None:
                others.append(entry)
            else:
                faces.append(found)
        faces.sort(key=lambda face: -_area(face))
        columns, extra = self._columns(image)
        if notes:
            columns["notes"] = notes
        if others:
            extra["annotations"] = others
        crop = image.get("crop")
        picture = tree.picture(path)
        if isinstance(crop, dict) and len(faces) == 1:
            item = CropItem(picture, _alignment(crop))
            face = faces[0]
            faces = [FaceItem(face.name, face.columns, [item], face.extra)]
            yield PhotoItem(photo_id, path, columns, faces, None, extra)
        else:
            yield PhotoItem(photo_id, path, columns, faces, picture, extra)

    def _columns(self, image: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Columns of the Photo table, and the rest of the image's entry."""
        columns: dict[str, Any] = dict(self.licences.get(_key(image.get("license")), {}))
        extra = dict(image)
        for key in _PROVENANCE:
            if isinstance(image.get(key), str):
                columns[key] = extra.pop(key)
        source = next((key for key in _SOURCES if isinstance(image.get(key), str)), None)
        if source:
            columns["source_url"] = extra.pop(source)
        return columns, extra


def _face(path: str, entry: Any, categories: frozenset[Any], notes: list[str]) -> FaceItem | None:
    """The face of an annotation; None where it is of something else.

    Raises:
        ValueError: it cannot be used; names the key.
    """
    if not isinstance(entry, dict):
        raise ValueError("it must be an object")  # noqa: TRY004 - of the file, not ours
    if not _is_plain(entry):
        raise ValueError(
            "it holds NaN, an infinity, half of a surrogate pair, or is nested too deeply"
        )
    extra = dict(entry)
    if _key(entry.get("category_id")) in categories:
        box, points = "bbox", "keypoints"
    elif entry.get("face_valid") is True:
        box, points = "face_box", "face_kpts"
    else:
        return None
    columns = _rectangle(entry.get(box), box)
    if [columns[f"rectangle.{name}"] for name in _BOX] == entry[box]:
        del extra[box]
    if landmarks := _landmarks(entry.get(points), points):
        columns |= landmarks
        del extra[points]
    attributes = entry.get("attributes")
    if isinstance(attributes, dict):
        stated, rest, misfits = spread(nested(attributes))
        columns = {**stated, **columns}
        extra["attributes"] = rest
        notes += [f"kept in origin.extra: attributes.{name}" for name in misfits]
        if not rest:
            del extra["attributes"]
    return FaceItem(f"{path}#{entry.get('id')}", columns, extra=extra or None)


def _rectangle(box: Any, key: str) -> dict[str, Any]:
    if not isinstance(box, list) or len(box) != len(_BOX) or not all(map(is_number, box)):
        raise ValueError(f"'{key}' must be 4 numbers")
    if box[2] <= 0 or box[3] <= 0 or max(map(abs, box)) > _LARGEST:
        raise ValueError(f"'{key}' has no area")
    return {f"rectangle.{name}": round(value) for name, value in zip(_BOX, box, strict=True)}


def _landmarks(points: Any, key: str) -> dict[str, Any] | None:
    """Columns of 68 labelled points; None where there are others, or some are not labelled."""
    if points is None:
        return None
    if not isinstance(points, list) or len(points) % 3 or not all(map(is_number, points)):
        raise ValueError(f"'{key}' must be numbers, three a point")
    triples = list(zip(points[::3], points[1::3], points[2::3], strict=True))
    if len(triples) != COUNT or not all(visibility > 0 for _, _, visibility in triples):
        return None
    return landmark_columns([(x, y) for x, y, _ in triples])


def _face_categories(categories: list[Any]) -> frozenset[Any]:
    known = {_key(each.get("id")): str(each.get("name")) for each in _objects(categories)}
    faces = frozenset(number for number, name in known.items() if "face" in name.lower())
    return faces or (frozenset(known) if len(known) == 1 else frozenset())


def _licence(entry: Mapping[str, Any]) -> dict[str, str]:
    stated = {"licence": entry.get("name"), "licence_url": entry.get("url")}
    return {key: value for key, value in stated.items() if isinstance(value, str) and value}


def _wrong_image(image: Any) -> str | None:
    if not isinstance(image, dict):
        return "it must be an object"
    if not isinstance(image.get("id"), int | str):
        return "'id' must be a number or a text"
    if not isinstance(image.get("file_name"), str) or not image["file_name"]:
        return "'file_name' must be a text"
    return (
        None
        if _is_plain(image)
        else "it holds NaN, an infinity, half of a surrogate pair, or is nested too deeply"
    )


def _located(tree: Tree, annotations: str, file: str) -> str:
    """The picture's path: as written, or where COCO's and others' folders have it."""
    path = str(PurePosixPath(file.replace("\\", "/")))
    folder = PurePosixPath(annotations).parent
    split = PurePosixPath(annotations).stem.rpartition("_")[2]  # instances_val2017
    places = [PurePosixPath(), PurePosixPath("images"), folder, folder / "images"]
    places += [PurePosixPath(split), PurePosixPath("images") / split, folder.parent]
    found = (str(place / path) for place in places)
    return next((name for name in found if name in tree), path)


def _alignment(crop: Mapping[str, Any]) -> str:
    stated = crop.get("alignment")
    plain = isinstance(stated, str) and stated.replace("-", "").isalnum()
    return str(stated) if plain else ORIGINAL


def _area(face: FaceItem) -> int:
    area: int = face.columns["rectangle.width"] * face.columns["rectangle.height"]
    return area


def _excluded(photo_id: str, where: str, detail: str) -> PhotoItem:
    return PhotoItem(photo_id, where, problem=("bad_entry", f"{where}: {detail}"))


def _objects(entries: list[Any]) -> Iterator[dict[str, Any]]:
    return (entry for entry in entries if isinstance(entry, dict))


def _key(value: Any) -> Any:
    """An id as a key: numbers and texts are themselves, all else is nobody's."""
    return value if isinstance(value, int | str) and not isinstance(value, bool) else None


def _is_plain(value: Any) -> bool:
    """Whether JSON's standard and UTF-8 can say it, in every process."""
    if not is_shallow(value):
        return False
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except ValueError:
        return False
    return True


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"a key comes twice in the object with {', '.join(list(found)[:5])}")
    return found
