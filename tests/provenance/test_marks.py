"""Synthetic pictures say so inside of the file."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from facewright.errors import FacewrightError
from facewright.provenance.marks import RENDERED, TRAINED, mark_synthetic, source_type
from facewright.vision.encode import encoder

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"


@pytest.fixture
def pixels() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (37, 53, 3), np.uint8)


@pytest.mark.parametrize("fmt", ["png", "jpeg:90", "webp:80", "webp-lossless"])
@pytest.mark.parametrize("kind", [RENDERED, TRAINED])
def test_a_marked_picture_is_the_same_picture(pixels: np.ndarray, fmt: str, kind: str) -> None:
    plain = encoder(fmt)(pixels)
    marked = mark_synthetic(plain, kind, 'Facewright <head3d> "1"')
    assert source_type(plain) is None
    assert source_type(marked) == kind
    with Image.open(io.BytesIO(plain)) as one, Image.open(io.BytesIO(marked)) as other:
        assert np.array_equal(np.asarray(one), np.asarray(other))
        packet = other.info["xmp"].decode().rstrip("\0")
    root = ET.fromstring(packet)  # noqa: S314 - our own packet
    said = next(iter(root.iter(f"{RDF}Description"))).attrib
    assert said[f"{IPTC}DigitalSourceType"] == kind
    assert 'Facewright <head3d> "1"' in said.values()


def test_what_is_no_picture_cannot_be_marked() -> None:
    with pytest.raises(FacewrightError, match="PNG, JPEG and WebP"):
        mark_synthetic(b"GIF89a", RENDERED, "x")
