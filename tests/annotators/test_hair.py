import numpy as np
import pytest

from facewright.annotators.hair import HAIR, unnatural
from facewright.annotators.pixels.hair_pixels import WIDTH, hair_pixels
from facewright.schema import to_table

VIEWS = ("tight", "wide", "crown", "big")


def described(headwear, bald):
    """Hair of random faces with the given P(headwear) and P(bald)."""
    rng = np.random.default_rng(0)
    known = {f"_features.{v}": rng.random((len(bald), 1024), np.float32) for v in VIEWS}
    known["_features.hair_pixels"] = rng.random((len(bald), WIDTH), np.float32)
    known["_heads.headwear"] = np.array(headwear, np.float32)
    known["_heads.bald"] = np.array(bald, np.float32)
    return HAIR.annotate(None, known, None)


def test_headwear_hides_hair_and_baldness_its_colour():
    hair = described(headwear=[0.1, 0.9, 0.1, 0.1], bald=[0.1, 0.9, 0.9, 1.0])
    assert hair["hair.invisible"].tolist() == [False, True, False, False]
    assert hair["hair.bald"] == pytest.approx([0.1, 0.0, 0.9, 0.99])
    assert [colour is None for colour in hair["hair.color"]] == [False, True, True, True]
    assert [length is None for length in hair["hair.length"]] == [False, True, True, True]
    assert np.isnan(hair["confidence.bangs"]).tolist() == [False, True, True, True]
    reasons = [row.get("hair.color") for row in hair["null_reasons"]]
    assert reasons == [None, "hidden by headwear", "bald", "bald"]


def test_colours_are_azures_six_likeliest_first():
    (colours,) = described([0.0], [0.0])["hair.color"]
    names = [item["color"] for item in colours]
    assert sorted(names) == ["black", "blond", "brown", "gray", "other", "red"]
    shares = [item["confidence"] for item in colours]
    assert shares == sorted(shares, reverse=True)
    assert shares == [round(s, 2) for s in shares]


def test_no_faces():
    hair = described([], [])
    assert {len(values) for values in hair.values()} == {0}


def test_other_is_for_hues_that_hair_does_not_grow_in():
    blue, green, pink, brown, blond, gray = (
        (10, -50),
        (-40, 10),
        (50, -15),
        (10, 20),
        (5, 40),
        (0, 0),
    )
    share = unnatural(np.array([blue, green, pink, brown, blond, gray], float))
    assert (share[:3] > 0.9).all()
    assert (share[3:] < 0.1).all()


def scene(colour):
    """A person of skin colour from row 96 on, under a cap of `colour`, and a square mesh."""
    view = np.full((1, 256, 256, 3), 128, np.uint8)
    mask = np.zeros((1, 256, 256), np.float32)
    mask[:, 40:, 70:186] = 1
    view[:, 40:90, 70:186] = colour
    angles = np.linspace(0, 2 * np.pi, 478, endpoint=False)
    mesh = np.stack([128 + 40 * np.cos(angles), 140 + 50 * np.sin(angles)], axis=-1)[None]
    mesh[:, 10], mesh[:, 152], mesh[:, [33, 263]] = (128, 90), (128, 190), (128, 125)
    return view, mask, mesh, np.array([[60, 10, 15]], np.float32)


def test_hair_pixels_see_the_crowns_colour():
    red, _ = hair_pixels(*scene((200, 30, 30)))
    blue, _ = hair_pixels(*scene((30, 30, 200)))
    assert red.shape == (1, WIDTH)
    assert red[0, 12] > 50  # a* of the crown
    assert blue[0, 13] < -50  # b*


def test_a_head_that_is_not_there_looks_like_skin():
    view, mask, mesh, skin = scene((200, 30, 30))
    pixels, crown = hair_pixels(view, np.zeros_like(mask), mesh, skin)
    assert np.isfinite(pixels).all()
    assert np.isfinite(crown).all()
    assert pixels[0, 11:14] == pytest.approx(skin[0])


def test_faces_at_the_views_edge_are_survived():
    view, mask, mesh, skin = scene((200, 30, 30))
    for shift in (-400, -120, 120, 400):
        pixels, _ = hair_pixels(view, mask, mesh + shift, skin)
        assert np.isfinite(pixels).all()


def test_the_columns_fit_the_record():
    from facewright.record import Record

    hair = described([0.1, 0.9], [0.1, 0.1])
    columns = {name: value for name, value in hair.items() if name != "null_reasons"}
    table = to_table(Record, columns, 2)
    assert table["hair"].to_pylist()[1]["invisible"] is True
