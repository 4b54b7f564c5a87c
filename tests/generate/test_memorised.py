"""Nearest faces of a reference, by embedding and by hash."""

import json

import numpy as np
import pytest

from facewright.duplicates.hashes import MIRROR
from facewright.errors import UsageError
from facewright.generate import memorised as module
from facewright.generate.memorised import NONE, Compared, Limits, nearest, nearest_cosine
from facewright.generate.memorised_report import report_of

CHANCE = np.random.default_rng(0)


def vectors(count, wide=24):
    return CHANCE.standard_normal((count, wide)).astype(np.float16)


def compared(embeddings, hashes=None, name="face"):
    count = len(embeddings)
    given = [None] * count if hashes is None else hashes
    return Compared(
        np.array([f"{name}{n}" for n in range(count)], object),
        embeddings,
        np.array([[value or 0] for value in given], np.uint64),
        np.array([[value is not None] for value in given]),
    )


def slow(embeddings, reference):
    one, other = (
        v.astype(float) / np.linalg.norm(v.astype(float), axis=1)[:, None]
        for v in (embeddings, reference)
    )
    return one @ other.T


@pytest.mark.parametrize(("some", "many"), [(3, 5), (1024, 4096)])
def test_cosines_equal_those_of_all_pairs(monkeypatch, some, many):
    monkeypatch.setattr(module, "_SOME", some)
    monkeypatch.setattr(module, "_MANY", many)
    faces, reference = vectors(11), vectors(17)
    told = []
    rows, cosine = nearest_cosine(faces, reference, on_rows=lambda *at: told.append(at))
    products = slow(faces, reference)
    np.testing.assert_array_equal(rows, products.argmax(axis=1))
    np.testing.assert_allclose(cosine, products.max(axis=1), atol=1e-5)
    assert told[-1] == (11, 11)
    alone, apart = nearest_cosine(reference, reference, own=np.arange(17))
    among = slow(reference, reference) - 3 * np.eye(17)
    np.testing.assert_array_equal(alone, among.argmax(axis=1))
    np.testing.assert_allclose(apart, among.max(axis=1), atol=1e-5)


def test_faces_without_an_embedding_have_no_nearest_and_are_none():
    faces, reference = vectors(3), vectors(4)
    faces[1], reference[2] = np.nan, 0
    rows, cosine = nearest_cosine(faces, reference)
    assert rows[1] == NONE
    assert np.isnan(cosine[1])
    assert 2 not in rows
    assert nearest_cosine(faces, reference[:0])[0].tolist() == [NONE] * 3


def test_hashes_find_copies_and_mirrored_ones(monkeypatch):
    monkeypatch.setattr(module, "_MANY", 2)
    monkeypatch.setattr(module, "_HASHES", 1)
    hashes = [0x0F0F_1234_5678_9ABC, 0xFFFF_0000_0000_1111, 0x1]
    reference = compared(vectors(3), hashes)
    faces = compared(vectors(4), [hashes[1] ^ 0b101, hashes[0] ^ MIRROR, None, hashes[2]])
    found = nearest(faces, reference)
    assert found.by_bits.tolist() == [1, 0, NONE, 2]
    assert found.bits.tolist() == [2, 0, 64, 0]
    assert np.isnan(found.confirmation[2])


def test_the_nearest_of_several_pictures_of_a_face_counts():
    reference = compared(vectors(2), [0x3, 0xFFFF_0000_1234_0000])
    two = Compared(
        np.array(["one"], object),
        vectors(1),
        np.array([[0x0F0F_0F0F_0000_FFFF, 0xFFFF_0000_1234_0001]], np.uint64),
        np.array([[True, True]]),
    )
    found = nearest(two, reference)
    assert (found.by_bits.tolist(), found.bits.tolist()) == ([1], [1])


def test_a_near_hash_of_another_face_is_no_copy():
    same = vectors(1)
    reference = compared(np.concatenate([same, vectors(1)]), [0x77, 0x0FFF_0000_FFFF_0000])
    unknown = np.full_like(same, np.nan)
    faces = compared(np.concatenate([same, -same, unknown]), [0x77, 0x77, 0x77])
    alike, copied = nearest(faces, reference).too_near(Limits())
    assert alike.tolist() == [True, False, False]
    assert copied.tolist() == [True, False, True]


@pytest.mark.parametrize("wrong", [{"cosine": 0}, {"cosine": 1.1}, {"bits": -1}, {"bits": 40}])
def test_limits(wrong):
    with pytest.raises(UsageError, match=next(iter(wrong))):
        Limits(**wrong)


def test_report():
    reference = compared(vectors(5), name="real")
    faces = compared(np.concatenate([vectors(3), reference.embeddings[3:4]]), name="made")
    among = nearest_cosine(reference.embeddings, reference.embeddings, own=np.arange(5))[1]
    limits = Limits()
    report = report_of(("a", "b"), faces, reference, nearest(faces, reference), among, limits)
    assert report.near_ids == ("made3",)
    assert (report.near_by_embedding, report.near_by_hash, report.by_hash) == (1, 0, 0)
    first = report.pairs[0]
    assert (first.face_id, first.reference_id, first.too_near) == ("made3", "real3", True)
    assert first.cosine == pytest.approx(1, abs=1e-3)
    assert len(report.pairs) == 4
    assert report.from_on["0.95"] == 1
    assert report.cosines["100%"] == first.cosine
    assert "look-alike" in json.loads(json.dumps(report.to_data()))["notice"]
