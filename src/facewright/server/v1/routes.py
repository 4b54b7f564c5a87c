"""The published v1 API: clients of the commercial service work by changing the host.

Parameters, defaults, key styles and the answer's shape are those that its public clients use; see
docs/api.md for what stands for what.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote

import numpy as np
from fastapi import APIRouter, FastAPI, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from facewright.server.asking.filters import pairs_of
from facewright.server.asking.masks import level_mask, synthetic_mask
from facewright.server.asking.ordering import AsMade, Random
from facewright.server.asking.pages import lined_up, page_from
from facewright.server.auth.signing import Signer
from facewright.server.catalogue.catalogue import Catalogue, Mask, Rows
from facewright.server.http.json_answer import json_answer
from facewright.server.http.problems import ProblemError, responses
from facewright.server.services import CatalogueNow, Services, ServicesNow
from facewright.server.v1.words import SPELLINGS, WORDS, mask_for, meta_of

router = APIRouter(prefix="/api/v1", tags=["v1"])

SIZES: Final = (32, 64, 128, 256, 512)
_PER_PAGE: Final = 10
_MOST: Final = 100
_ORDERS: Final = ("latest", "oldest", "random")
_OWN: Final = ("page", "per_page", "order_by", "seed", "dataset", "synthetic")
_PASSED_OVER: Final = ("version", "confidence", "model")
"""Clients send these; what they mean is not published."""
_MOST_NUMBER: Final = 2**53 - 1

Address = Callable[[str, int], str]


class V1Face(BaseModel):
    """A face of v1."""

    id: str
    meta: dict[str, list[str | None]]
    urls: list[dict[str, str]]


class V1Answer(BaseModel):
    """A page of v1."""

    faces: list[V1Face]
    total: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request of v1 wants.

    Attributes:
        values: by parameter, alternatives.
        page: from 1.
        per_page: at most 100.
        order: one of latest, oldest, random.
        seed: of random.
    """

    values: Mapping[str, tuple[str, ...]]
    page: int
    per_page: int
    order: str
    seed: int


@dataclass(frozen=True, slots=True)
class Latest:
    """The order of the datasets, turned round."""

    faces: int

    def __len__(self) -> int:
        return self.faces

    def stretch(self, start: int, stop: int) -> Rows:
        """Rows from the last one down."""
        stop = min(stop, self.faces)
        return (self.faces - 1 - np.arange(start, stop)).astype(np.int32)


def _values(name: str) -> Any:
    return Query(description=f"one of {', '.join(WORDS[name].levels)}; repeated: any of them")


@router.get("/faces", response_model=V1Answer, responses=responses(400))
async def faces(
    request: Request,
    services: ServicesNow,
    catalogue: CatalogueNow,
    page: Annotated[str | None, Query(description="from 1; 1 where nothing is said")] = None,
    per_page: Annotated[
        str | None, Query(description="10 where nothing is said, 100 at most")
    ] = None,
    order_by: Annotated[str | None, Query(description="latest, oldest or random")] = None,
    gender: Annotated[list[str] | None, _values("gender")] = None,
    age: Annotated[list[str] | None, _values("age")] = None,
    ethnicity: Annotated[list[str] | None, _values("ethnicity")] = None,
    eye_color: Annotated[list[str] | None, _values("eye_color")] = None,
    hair_color: Annotated[list[str] | None, _values("hair_color")] = None,
    hair_length: Annotated[list[str] | None, _values("hair_length")] = None,
    emotion: Annotated[list[str] | None, _values("emotion")] = None,
    head_pose: Annotated[list[str] | None, _values("head_pose")] = None,
    dataset: Annotated[str | None, Query(description="not of v1: faces of one dataset")] = None,
    synthetic: Annotated[str | None, Query(description="not of v1: yes or no")] = None,
    seed: Annotated[str | None, Query(description="not of v1: of order_by=random")] = None,
) -> Response:
    """A page of faces, as the published API answers. Unknown values are 400."""
    _ = page, per_page, order_by, gender, age, ethnicity, eye_color, hair_color, hair_length
    _ = emotion, head_pose, dataset, synthetic, seed  # documented; read with the rest
    wanted = read(pairs_of(request.url.query))
    address = _addresses(request, services)
    found = await services.compute.run(_answer, catalogue, wanted, address)
    answer = json_answer(found)
    if wanted.order == "random":
        answer.headers["Cache-Control"] = "no-store"
    return answer


def put_v1(app: FastAPI, services: Services) -> None:
    """Put v1 into an app (a `Part` of `facewright.server.app`)."""
    services.add(Signer(needed=False))  # a guard that demands tokens puts its own in its place
    app.include_router(router)


def read(pairs: list[tuple[str, str]]) -> Asked:
    """Read a query of v1.

    Raises:
        ProblemError: 400, a parameter or a value that v1 does not know.
    """
    values: dict[str, dict[str, None]] = {}
    own: dict[str, str] = {}
    for name, text in pairs:
        value = SPELLINGS.get(text, text)
        if name in WORDS:
            known = WORDS[name].levels
            if value not in known:
                raise _wrong(f"{name}: no value {text[:80]!r}; there are {', '.join(known)}")
            values.setdefault(name, {})[value] = None
        elif name in _OWN:
            own[name] = text
        elif name not in _PASSED_OVER:
            known_names = ", ".join((*WORDS, *_OWN))
            raise _wrong(f"no parameter {name[:80]!r}; there are {known_names}")
    for name in ("dataset", "synthetic"):
        if own.get(name):
            values[name] = {own[name]: None}
    order = own.get("order_by", "latest")
    if order not in _ORDERS:
        raise _wrong(f"order_by: no order {order[:80]!r}; there are {', '.join(_ORDERS)}")
    return Asked(
        {name: tuple(sorted(several)) for name, several in values.items()},
        _number(own, "page", 1, least=1),
        min(_number(own, "per_page", _PER_PAGE, least=1), _MOST),
        order,
        _number(own, "seed", secrets.randbelow(2**32), least=0),
    )


def _number(own: Mapping[str, str], name: str, usual: int, *, least: int) -> int:
    text = own.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdecimal() and least <= int(text[:20]) <= _MOST_NUMBER):
        raise _wrong(f"{name}: {text[:40]!r} is no whole number of {least} or more")
    return int(text)


def _wrong(detail: str) -> ProblemError:
    return ProblemError(400, detail, "invalid")


def _answer(catalogue: Catalogue, wanted: Asked, address: Address) -> dict[str, Any]:
    total, rows = _page(catalogue, wanted)
    return {"faces": [_face(catalogue, row, address) for row in rows.tolist()], "total": total}


def _page(catalogue: Catalogue, wanted: Asked) -> tuple[int, Rows]:
    """Faces in all, and rows of the page."""
    start = (wanted.page - 1) * wanted.per_page
    stop = start + wanted.per_page
    if wanted.order == "random":  # each asks for its own: not worth remembering
        mask = _mask(catalogue, wanted)
        total = len(catalogue) if mask is None else int(np.count_nonzero(mask))
        order = Random(len(catalogue), wanted.seed)
        return total, page_from(order, mask, 0, min(stop, total)).rows[start:]
    key = f"v1 {wanted.order} {sorted(wanted.values.items())}"
    line = catalogue.lines.get(key, lambda: _line(catalogue, wanted))
    return len(line), line[start:stop]


def _line(catalogue: Catalogue, wanted: Asked) -> Rows:
    faces = len(catalogue)
    order = Latest(faces) if wanted.order == "latest" else AsMade(faces)
    return lined_up(order, _mask(catalogue, wanted))


def _mask(catalogue: Catalogue, wanted: Asked) -> Mask | None:
    mask: Mask | None = None
    for name, values in wanted.values.items():
        if name in WORDS:
            one = mask_for(catalogue, name, values)
        else:
            one = _level_mask(catalogue, name, values[0])
        mask = one if mask is None else mask & one
    return mask


def _level_mask(catalogue: Catalogue, name: str, value: str) -> Mask:
    if value not in catalogue.columns[name].levels:
        known = ", ".join(catalogue.columns[name].levels)
        raise _wrong(f"{name}: no value {value[:80]!r}; there are {known}")
    mask = synthetic_mask(catalogue.columns, value) if name == "synthetic" else None
    return level_mask(catalogue.columns, name, value) if mask is None else mask


def _face(catalogue: Catalogue, row: int, address: Address) -> dict[str, Any]:
    face_id = catalogue.ids[row]
    return {
        "id": face_id,
        "meta": meta_of(catalogue, row),
        "urls": [{str(size): address(face_id, size)} for size in SIZES],
    }


def _addresses(request: Request, services: Services) -> Address:
    """Where pictures are; where a token is demanded, the address itself opens them for a day."""
    signer = services.part(Signer)
    base = signer.base or f"{request.url.scheme}://{request.headers['host']}"

    def address(face_id: str, size: int) -> str:
        path = f"/api/faces/{quote(face_id, safe='')}/image"
        return base + signer.signed(path, f"size={size}&format=jpeg")

    return address
