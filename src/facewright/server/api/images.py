"""Pictures over HTTP: crops, thumbnails, source photos; conditional and range requests."""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from facewright.errors import PhotoError
from facewright.server.faces.in_page import row_of
from facewright.server.http.problems import ProblemError, responses
from facewright.server.pictures.crops import FORMATS, SIZES, Crop, crop_of, made, media_type
from facewright.server.pictures.sources import photo_bytes
from facewright.server.services import CatalogueNow, Services, ServicesNow

router = APIRouter(prefix="/api", tags=["pictures"])

_FOREVER: Final = "private, max-age=31536000, immutable"
_ASK: Final = "private, no-cache"
_RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
_PICTURE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The picture",
        "content": {
            f"image/{fmt}": {"schema": {"type": "string", "format": "binary"}} for fmt in FORMATS
        },
    },
    206: {"description": "A range of its bytes"},
    304: {"description": "It is as it was"},
}

_SIZE: Final = "longer side; without it, and without a format, the crop's own bytes"
_RESPONSES: Final = {**responses(404, 416), **_PICTURE}

Format = Literal["webp", "png", "jpeg"]


@router.get("/faces/{face_id:path}/image", response_class=Response, responses=_RESPONSES)
async def image(
    request: Request,
    face_id: str,
    services: ServicesNow,
    catalogue: CatalogueNow,
    size: Annotated[int | None, Query(ge=SIZES[0], le=SIZES[1], description=_SIZE)] = None,
    format: Annotated[Format | None, Query(description="webp where only a size is given")] = None,
    crop: Annotated[str | None, Query(description="alignment; the main crop without it")] = None,
    v: Annotated[str | None, Query(description="version; with it the answer never changes")] = None,
) -> Response:
    """A picture of a face. It is made smaller, never larger; a synthetic one keeps its mark."""
    found = crop_of(catalogue, row_of(catalogue, face_id), crop)
    if found is None:
        raise ProblemError(404, f"no such picture of face {face_id[:100]!r}", "no-picture")
    fmt = format or (None if size is None else "webp")
    headers = _headers(found, size, fmt, v)
    if _unchanged(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    data = await _bytes(services, found, size, fmt)
    answer = ranged(request, data, media_type(data), headers)
    if headers["Cache-Control"] == _FOREVER and answer.status_code == 200 and fmt is not None:
        address = (request.scope["path"], request.scope["query_string"])
        services.ready_answers.keep(address, catalogue.version, answer.headers, bytes(data))
    return answer


@router.get("/faces/{face_id:path}/photo", response_class=Response, responses=_RESPONSES)
async def photo(
    request: Request, face_id: str, services: ServicesNow, catalogue: CatalogueNow
) -> Response:
    """The source photo of a face, where it can still be read."""
    row = row_of(catalogue, face_id)
    data = await services.pictures.run(photo_bytes, catalogue, row)
    if data is None:
        raise ProblemError(404, "the source photo cannot be read here", "no-photo")
    kind = media_type(data)
    if kind == "application/octet-stream":
        raise ProblemError(404, "the source photo is no picture any more", "no-photo")
    etag = f'"{hashlib.blake2b(data, digest_size=12).hexdigest()}"'
    headers = {"Cache-Control": _ASK, "ETag": etag}
    if _unchanged(request, etag):
        return Response(status_code=304, headers=headers)
    return ranged(request, data, kind, headers)


def ranged(
    request: Request, data: memoryview | bytes, kind: str, headers: dict[str, str]
) -> Response:
    """Bytes, or the one range of them that is asked for (RFC 9110, 14)."""
    headers = {**headers, "Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff"}
    asked, condition = request.headers.get("range"), request.headers.get("if-range")
    if asked is None or (condition is not None and condition != headers.get("ETag")):
        return Response(data, 200, headers, kind)
    span = _span(asked, len(data))
    if span is None:  # several ranges, or no range at all: the whole is a right answer
        return Response(data, 200, headers, kind)
    start, stop = span
    if start >= stop:
        headers["Content-Range"] = f"bytes */{len(data)}"
        raise ProblemError(416, f"the picture has {len(data)} bytes", headers=headers)
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
    return Response(data[start:stop], 206, headers, kind)


async def _bytes(
    services: Services, crop: Crop, size: int | None, fmt: str | None
) -> memoryview | bytes:
    """The crop's own bytes, or what is made of them.

    Raises:
        ProblemError: 422, the crop cannot be decoded.
    """
    shards, thumbnails = services.shards, services.thumbnails
    if fmt is None:
        return shards.bytes_of(crop)
    key = f"{crop.key} {size} {fmt}"
    if (held := thumbnails.held(key)) is not None:
        return held

    def make() -> bytes:
        return made(shards.bytes_of(crop), crop, size, fmt)

    kept = size == services.settings.thumbnail and fmt == "webp"
    try:
        return await services.pictures.run(thumbnails.get if kept else thumbnails.hold, key, make)
    except PhotoError as error:
        raise ProblemError(422, f"the crop cannot be decoded: {error}", "broken-crop") from error


def _headers(crop: Crop, size: int | None, fmt: str | None, version: str | None) -> dict[str, str]:
    current = version is not None and version == crop.shelf.signature[: len(version)]
    lasting = current and len(version or "") >= 12
    return {"ETag": crop.etag(size, fmt), "Cache-Control": _FOREVER if lasting else _ASK}


def _unchanged(request: Request, etag: str) -> bool:
    stated = request.headers.get("if-none-match")
    if stated is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in stated.split(",")]
    return etag in tags or "*" in tags


def _span(text: str, length: int) -> tuple[int, int] | None:
    """First byte and the one behind the last; None where it is not one range."""
    match = _RANGE.fullmatch(text.replace(" ", ""))
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.group(1)[:18], match.group(2)[:18]
    if not first:
        return max(length - int(last), 0) if int(last) else length, length
    start = int(first)
    stop = min(int(last) + 1, length) if last else length
    if last and int(last) < start:
        return None
    return (start, stop) if start < length else (length, length)
