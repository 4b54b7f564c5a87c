"""The baked head is whole, small, and free to ship."""

from __future__ import annotations

from importlib.resources import files

import numpy as np

from facewright.generate.head3d import landmarks, pack, shape, words

LIMIT = 25_000_000


def test_is_small_enough_to_ship() -> None:
    head = files("facewright") / "generate" / "head3d" / "head.npz"
    assert len(head.read_bytes()) <= LIMIT


def test_every_asset_is_recorded_under_cc0() -> None:
    record = pack.provenance()
    assert all(asset["licence"] == "CC0-1.0" for asset in record)
    assert all(asset["source"] and asset["author"] for asset in record)
    named = " ".join(asset["asset"] for asset in record)
    for name in (*pack.LIGHTS, *words.CLOTHES["male"], *words.CLOTHES["female"], "Teeth_Base"):
        assert name in named


def test_targets_stay_inside_of_the_mesh() -> None:
    count = len(pack.array("vertices"))
    for kind in ("macro", "local", "unit"):
        targets = pack.targets(kind)
        assert targets.index.max() < count
        assert targets.start[-1] == len(targets.index) == len(targets.shift)
        assert np.isfinite(targets.shift).all()


def test_has_the_52_units() -> None:
    assert len(pack.targets("unit").names) == 52


def test_subdivision_weights_are_means() -> None:
    rows = np.add.reduceat(pack.array("fine_weight"), pack.array("fine_start")[:-1].astype(int))
    np.testing.assert_allclose(rows, 1, atol=1e-5)


def test_faces_name_known_vertices_and_texels() -> None:
    assert shape.fine_triangles().max() < len(pack.array("fine_start")) - 1
    uv = pack.array("fine_uv")[shape.fine_triangle_uv()]
    assert uv.min() >= 0
    assert uv.max() <= 1


def test_every_light_is_finite_and_normed() -> None:
    for name in pack.LIGHTS:
        world = pack.light(name)
        assert world.shape == (256, 512, 3)
        assert np.isfinite(world).all()
        assert (world >= 0).all()


def test_landmarks_lie_inside_of_their_triangles() -> None:
    assert landmarks.known()
    weight = pack.array("landmark_weight")
    assert weight.shape == (468, 3)
    assert (weight >= 0).all()
    np.testing.assert_allclose(weight.sum(axis=1), 1, atol=1e-5)


def test_every_word_for_clothes_hats_and_skins_has_its_arrays() -> None:
    for name in (*words.CLOTHES["male"], *words.CLOTHES["female"], "fedora", "fedora_cocked"):
        assert pack.has(f"texture_{name}")
        assert pack.proxy(name).triangles.max() < len(pack.proxy(name).reference)
    for folk in shape.ANCESTRIES:
        for age in ("young", "middleage", "old"):
            assert pack.has(f"skin_{age}_{folk}_male")
            assert pack.has(f"skin_{age}_{folk}_female")
