"""Folders of pipelines, hostile and harmless, looked at without any library."""

import json
import re

import pytest

from facewright.errors import ModelError, UsageError
from facewright.generate.base import check_order
from facewright.generate.diffusers.folder import look, sha256
from facewright.generate.diffusers.generator import diffusers
from facewright.generate.diffusers.options import DiffusersOptions
from facewright.generate.diffusers.room import Room, check_weights
from facewright.generate.wanted import Wanted

INDEX = {
    "_class_name": "StableDiffusionPipeline",
    "_diffusers_version": "0.35.0",
    "safety_checker": [None, None],
    "requires_safety_checker": False,
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
    "scheduler": ["diffusers", "DDIMScheduler"],
}


@pytest.fixture
def pipeline(tmp_path):
    root = tmp_path / "pipe"
    for part in ("unet", "vae", "scheduler"):
        (root / part).mkdir(parents=True)
    (root / "model_index.json").write_text(json.dumps(INDEX))
    (root / "unet" / "config.json").write_text('{"sample_size": 64}')
    (root / "vae" / "config.json").write_text('{"block_out_channels": [128, 256, 512, 512]}')
    for part in ("unet", "vae"):
        (root / part / "diffusion_pytorch_model.safetensors").write_bytes(b"x" * 100)
    return root


def wanted(key="000000", size=256, person="p0", **attributes):
    return Wanted(key, person, 5, 3, size, attributes)


def test_what_a_folder_says(pipeline):
    found = look(str(pipeline), None)
    assert (found.pipeline, found.side, found.channels, found.bytes) == (
        "StableDiffusionPipeline", 512, 256, 200,
    )  # fmt: skip
    before = sha256(pipeline)
    (pipeline / "vae" / "diffusion_pytorch_model.safetensors").write_bytes(b"y" * 100)
    assert sha256(pipeline) != before


def test_nothing_is_fetched(tmp_path):
    with pytest.raises(UsageError, match="names of a hub are never fetched"):
        look("stabilityai/stable-diffusion-2", None)
    (tmp_path / "model.ckpt").write_bytes(b"")
    with pytest.raises(UsageError, match=re.escape("model.ckpt is a file; give the folder")):
        look(str(tmp_path / "model.ckpt"), None)
    with pytest.raises(ModelError, match=re.escape("no model_index.json")):
        look(str(tmp_path), None)


@pytest.mark.parametrize("suffix", [".bin", ".ckpt", ".pt"])
def test_pickles_are_refused_and_never_opened(pipeline, suffix):
    weights = pipeline / "unet" / "diffusion_pytorch_model.safetensors"
    pickled = weights.with_suffix(suffix)
    pickled.write_bytes(b"")
    assert look(str(pipeline), None).bytes == 200  # there are safetensors beside it
    weights.unlink()
    with pytest.raises(ModelError, match=re.escape(pickled.name)):
        look(str(pipeline), None)


@pytest.mark.parametrize(
    "change",
    [
        {"unet": ["evil_module", "Net"]},
        {"unet": ["diffusers", "UNet.load"]},
        {"unet": ["diffusers"]},
        {"_class_name": ["pipeline", "Evil"]},
        {"_class_name": "os.system"},
        {"text_encoder": ["transformers", "CLIPTextModel"]},
        {"../unet": ["diffusers", "UNet2DConditionModel"]},
    ],
)
def test_foreign_code_and_lacking_parts_are_refused(pipeline, change):
    (pipeline / "model_index.json").write_text(json.dumps({**INDEX, **change}))
    with pytest.raises(ModelError):
        look(str(pipeline), None)


@pytest.mark.parametrize("text", ["[]", "{", "[" * 100_000, " " * (1 << 21)])
def test_damaged_settings(pipeline, text):
    (pipeline / "model_index.json").write_text(text)
    with pytest.raises(ModelError, match="model_index"):
        look(str(pipeline), None)


def test_variants(pipeline):
    with pytest.raises(ModelError, match="variant fp16"):
        look(str(pipeline), "fp16")
    half = pipeline / "unet" / "diffusion_pytorch_model.fp16.safetensors"
    half.write_bytes(b"x" * 50)
    assert look(str(pipeline), "fp16").bytes == 50
    assert look(str(pipeline), None).bytes == 200


def test_options(pipeline):
    given = {"weights": "x", "steps": "20", "guidance": "7.5", "side": "512", "batch": 4}
    options = DiffusersOptions.parse(given)
    assert (options.steps, options.guidance, options.side, options.batch) == (20, 7.5, 512, 4)
    settings = diffusers("standard", {"weights": str(pipeline)}).options.settings()
    assert json.loads(json.dumps(settings))["prompt"].startswith("portrait photo of {person}")


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("wieghts", "x", "does not know wieghts; it knows weights, prompt"),
        ("weights", 3, "needs weights"),
        ("steps", "many", "steps is a number from 1 to 1000, not 'many'"),
        ("steps", 2.5, "whole"),
        ("steps", 0, "from 1"),
        ("guidance", float("nan"), "guidance"),
        ("side", 100, "multiple of 8"),
        ("batch", True, "batch"),
        ("device", "tpu", "cpu or cuda"),
        ("dtype", "int4", "float32"),
    ],
)
def test_wrong_options(option, value, said):
    with pytest.raises(UsageError, match=said):
        DiffusersOptions.parse({"weights": "x", option: value})


def test_what_it_cannot_make_is_refused_by_name(pipeline):
    maker = diffusers("standard", {"weights": str(pipeline)})
    check_order(maker, [wanted(sex="male", pose="left", yaw=-30.0)], "order")
    for order, said in [
        (wanted(yaw=-30.0), "no prompt aims at a yaw of -30.0 degrees; order pose"),
        (wanted(gaze_yaw=3.0), "cannot make gaze_yaw; it makes age"),
        (wanted(size=1024), "512 pixels, not 1024"),
    ]:
        with pytest.raises(UsageError, match=said):
            check_order(maker, [order], "order")
    with pytest.raises(UsageError, match="several pictures of one person"):
        check_order(maker, [wanted(), wanted("000001")], "order")
    check_order(maker, [wanted(), wanted("000001", person="p1")], "order")
    plain = diffusers("standard", {"weights": str(pipeline), "prompt": "photo of {age}"})
    with pytest.raises(UsageError, match=r"diffusers cannot make sex; it makes age$"):
        check_order(plain, [wanted(sex="male")], "order")


def test_a_folder_that_says_no_size(pipeline):
    (pipeline / "unet" / "config.json").write_text("{}")
    with pytest.raises(UsageError, match="side = 512"):
        diffusers("standard", {"weights": str(pipeline)})
    assert "at 256 pixels" in diffusers(
        "standard", {"weights": str(pipeline), "side": 256}
    ).card.summary  # fmt: skip


def test_memory_names_what_fits():
    room = Room(12 * 10**8, 256, 4)
    room.check(512, 1)
    with pytest.raises(UsageError, match=r"2 pictures of 512 .* batch = 1 fits"):
        room.check(512, 2)
    with pytest.raises(UsageError, match=r"1.2 GB are free; side = \d+ fits"):
        room.check(1024, 1)
    assert "free some" in Room(10**5, 256, 4).advice(512, 1)
    fits = int(re.findall(r"side = (\d+)", room.advice(1024, 1))[0])
    room.check(fits, 1)
    assert fits % 8 == 0
    assert "side = 256 fits" in Room(None, 256, 4).advice(512, 1)
    assert "side = 256 fits" in room.advice(512, 1)  # it failed all the same
    with pytest.raises(UsageError, match="weights in x need 2 GB and 1 GB are free"):
        check_weights(2 * 10**9, 10**9, "x")
