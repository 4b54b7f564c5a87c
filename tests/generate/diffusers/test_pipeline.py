"""A tiny pipeline of random weights, opened and drawn with by diffusers itself."""

import pickle
import shutil
import socket
import sys

import numpy as np
import pytest

from facewright.errors import FacewrightError, ModelError, UsageError
from facewright.generate.base import Announced, Generator, generator
from facewright.generate.diffusers import pipeline as module
from facewright.generate.diffusers.generator import diffusers
from facewright.generate.wanted import Wanted

pytest.importorskip("torch")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    pytest.importorskip("diffusers")
    pytest.importorskip("transformers")
    from helpers import tiny_pipeline

    return tiny_pipeline.save(tmp_path_factory.mktemp("pipeline") / "tiny")


def make(folder, **options):
    return diffusers("standard", {"weights": str(folder), "steps": 2, **options})


def wanted(number=0, size=64, **attributes):
    return Wanted(f"{number:06d}", f"p{number}", 100 + number, 3, size, attributes)


@pytest.fixture(scope="module")
def maker(folder):
    return make(folder)


def test_the_same_wish_gives_the_same_pixels_and_others_others(maker, folder, monkeypatch):
    def refuse(*_):
        pytest.fail("it wanted the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert isinstance(maker, Generator)
    assert isinstance(maker, Announced)
    assert generator("diffusers", "standard", {"weights": str(folder)}).card.id == "diffusers"
    assert maker.card.summary == "StableDiffusionPipeline at 64 pixels"
    one = maker.make(wanted(sex="female"))
    assert (one.pixels.shape, one.pixels.dtype) == ((64, 64, 3), np.uint8)
    assert one.truth == {"identity": "p0"}
    again = pickle.loads(pickle.dumps(maker)).make(wanted(sex="female"))
    np.testing.assert_array_equal(one.pixels, again.pixels)
    for other in (wanted(1, sex="female"), wanted(sex="male")):
        assert np.any(maker.make(other).pixels != one.pixels)
    assert maker.make(wanted(size=32)).pixels.shape == (32, 32, 3)


def test_batches_are_always_the_same_ones(folder):
    orders = [wanted(n, sex="male") for n in range(3)]
    first, second = make(folder, batch=2), make(folder, batch=2)
    first.expect(orders)
    second.expect(orders)
    forwards = [first.make(order).pixels for order in orders]
    backwards = [second.make(order).pixels for order in reversed(orders)][::-1]
    np.testing.assert_array_equal(forwards, backwards)
    alone = make(folder).make(orders[1]).pixels
    assert np.abs(alone.astype(int) - forwards[1]).max() <= 2  # but for the last digits


def test_guidance_and_negative_reach_the_pipeline(folder, maker):
    plain = maker.make(wanted(sex="male")).pixels
    for options in ({"guidance": 1.5}, {"negative": "grey"}, {"prompt": "{sex}"}, {"steps": 1}):
        assert np.any(make(folder, **options).make(wanted(sex="male")).pixels != plain)


def test_damaged_weights(folder, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    weights = broken / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match="cannot be opened as StableDiffusionPipeline"):
        make(broken).make(wanted())
    index = broken / "model_index.json"
    index.write_text(index.read_text().replace("StableDiffusionPipeline", "NoSuchPipeline"))
    with pytest.raises(ModelError, match="has no pipeline NoSuchPipeline"):
        make(broken).make(wanted())
    index.write_text(index.read_text().replace("NoSuchPipeline", "DDPMPipeline"))
    with pytest.raises(ModelError, match="no pictures from text"):
        make(broken).make(wanted())


def test_memory(folder, maker, monkeypatch):
    monkeypatch.setattr("facewright.generate.stylegan.memory.free_bytes", lambda _: 5 * 10**5)
    with pytest.raises(UsageError, match="are free; free some memory"):
        maker.make(wanted(7))
    with pytest.raises(UsageError, match="are free"):
        make(folder).make(wanted())

    def out_of_memory():
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr("facewright.generate.stylegan.memory.free_bytes", lambda _: 10**10)
    opened = module.Opened(_fake(out_of_memory), maker.folder, maker.options)
    with pytest.raises(UsageError, match=r"memory ran out while making .*side = 256 fits"):
        opened.draw(["a"], [""], [1], 512)


def _fake(call):
    class Pipe:
        def __call__(self, prompt, height, width, generator, output_type):
            del prompt, height, width, generator, output_type
            return call()

    return Pipe()


def test_numbers_that_overflow_and_other_shapes_are_told(maker):
    for images, said in [
        (np.full((1, 64, 64, 3), np.nan), "overflowed"),
        (np.zeros((1, 32, 32, 3)), "not"),
    ]:
        answer = type("Answer", (), {"images": images})()
        opened = module.Opened(_fake(lambda found=answer: found), maker.folder, maker.options)
        with pytest.raises(FacewrightError, match=said):
            opened.draw(["a"], [""], [1], 64)


def test_a_missing_extra_is_named(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "diffusers", None)
    with pytest.raises(UsageError, match=r'pip install "facewright\[diffusers\]"'):
        make(folder).make(wanted())
