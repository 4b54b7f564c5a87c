"""What a user does with a network: seeds, truncation, mixing, saved styles, projection, limits."""

# ruff: noqa: E402 - what needs PyTorch is imported after it was asked for
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("safetensors")

from facewright.errors import ModelError, UsageError
from facewright.generate.stylegan import memory
from facewright.generate.stylegan.loading import load_generator
from facewright.generate.stylegan.network import mix
from facewright.generate.stylegan.projection import difference, project
from facewright.generate.stylegan.vectors import read_styles, save_styles
from helpers import published, tiny_networks


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("networks")


def opened(folder, name, generator):
    return load_generator(published.write(folder / f"{name}.pkl", generator), kept_in=folder)


@pytest.fixture(scope="module")
def network(folder):
    return opened(folder, "plain", tiny_networks.stylegan2(32))


def test_seeds_are_those_of_the_published_programs(network):
    z = network.latents([0, 7])
    np.testing.assert_allclose(z[1], np.random.RandomState(7).randn(1, 10)[0], rtol=1e-6)
    with pytest.raises(UsageError, match="seeds"):
        network.latents([-1])


def test_truncation_lies_on_the_line_to_the_average(network):
    z = network.latents([0, 1])
    full, half, none = (network.map(z, truncation=psi) for psi in (1.0, 0.5, 0.0))
    np.testing.assert_allclose(half, (full + none) / 2, atol=1e-6)
    np.testing.assert_array_equal(none[0], none[1])
    coarse = network.map(z, truncation=0.0, cutoff=3)
    np.testing.assert_array_equal(coarse[:, :3], none[:, :3])
    np.testing.assert_array_equal(coarse[:, 3:], full[:, 3:])


def test_one_style_is_that_style_in_every_layer(network):
    ws = network.map(network.latents([3]))
    one, all_ = network.synthesize(ws[:, 0]), network.synthesize(ws)
    assert one.shape == (1, 32, 32, 3)
    assert one.dtype == np.uint8
    np.testing.assert_array_equal(one, all_)


def test_many_pictures_are_those_made_singly(network):
    ws = network.map(network.latents(range(5)))
    together = network.synthesize(ws).astype(int)
    singly = np.concatenate([network.synthesize(each[None]) for each in ws])
    assert np.abs(together - singly).max() <= 1
    assert len(network.synthesize(ws[:0])) == 0


def test_noise(network):
    ws = network.map(network.latents([3]))
    none, first, again, other = (
        network.synthesize(ws, **how)
        for how in (
            {"noise": "none"},
            {"noise": "random", "seed": 1},
            {"noise": "random", "seed": 1},
            {"noise": "random", "seed": 2},
        )
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert (none != network.synthesize(ws)).any()


def test_mixing_takes_layers(network):
    one, other = network.map(network.latents([1])), network.map(network.latents([2]))
    mixed = mix(one, other, 4)
    np.testing.assert_array_equal(mixed[:, :4], one[:, :4])
    np.testing.assert_array_equal(mixed[:, 4:], other[:, 4:])
    np.testing.assert_array_equal(mix(one, other, slice(0, 2))[:, :2], other[:, :2])


def test_labels(folder, network):
    labelled = opened(folder, "labelled", tiny_networks.stylegan2(8, labels=3))
    z = labelled.latents([0])
    assert labelled.labels == 3
    np.testing.assert_array_equal(labelled.map(z, 1), labelled.map(z, [0, 1, 0]))
    assert (labelled.map(z, 1) != labelled.map(z, 2)).any()
    for wrong in (None, 3, [1, 2], [[np.nan] * 3]):
        with pytest.raises(UsageError, match=r"label|class"):
            labelled.map(z, wrong)
    with pytest.raises(UsageError, match="no label"):
        network.map(network.latents([0]), 0)


def test_styles_of_another_network_are_refused(network):
    for wrong in (np.zeros((1, 5)), np.zeros((1, 3, 12)), np.full((1, 12), np.nan)):
        with pytest.raises(UsageError, match="styles"):
            network.synthesize(wrong)
    with pytest.raises(UsageError, match="latents"):
        network.map(np.zeros((1, 3)))
    with pytest.raises(UsageError, match="cannot move"):
        network.synthesize(np.zeros((1, 12)), placed=np.eye(3))


def test_the_kept_file_opens_by_itself(folder, network):
    kept = next(folder.glob(f"{network.sha256}*.safetensors"))
    again = load_generator(kept)
    ws = network.map(network.latents([0]))
    np.testing.assert_array_equal(again.synthesize(ws), network.synthesize(ws))


def test_saved_styles(tmp_path, network):
    ws = network.map(network.latents([0]))
    save_styles(tmp_path / "w.npy", ws)
    np.testing.assert_array_equal(read_styles(tmp_path / "w.npy"), ws)
    np.savez(tmp_path / "w.npz", w=ws)
    np.testing.assert_array_equal(read_styles(tmp_path / "w.npz"), ws)
    torch.save({"w": torch.tensor(ws)}, tmp_path / "w.pt")
    np.testing.assert_array_equal(read_styles(tmp_path / "w.pt"), ws)
    torch.save(torch.tensor(ws[0, 0]), tmp_path / "one.pt")
    np.testing.assert_array_equal(read_styles(tmp_path / "one.pt"), ws[:, 0])


class Call:
    def __reduce__(self):
        import os

        return os.system, ("exit 1",)


def test_hostile_styles_are_refused(tmp_path):
    np.save(tmp_path / "object.npy", np.array([Call()]))
    torch.save(Call(), tmp_path / "call.pt")
    (tmp_path / "damaged.pt").write_bytes(b"PK\3\4nothing")
    (tmp_path / "damaged.npy").write_bytes(b"\x93NUMPY")
    np.save(tmp_path / "text.npy", np.array(["a"]))
    for name in ("object.npy", "call.pt", "damaged.pt", "damaged.npy", "text.npy"):
        with pytest.raises(UsageError, match=f"{name} holds no styles"):
            read_styles(tmp_path / name)
    with pytest.raises(UsageError, match="cannot read"):
        read_styles(tmp_path / "none.npy")


def test_projection_finds_a_picture_of_the_network(network):
    target = network.synthesize(network.map(network.latents([5]), truncation=0.5))[0]
    near = project(network, target, steps=120)
    far = project(network, target, steps=1)
    assert near.ws.shape == (1, network.num_ws, network.w_dim)
    assert near.psnr > far.psnr + 3
    assert near.losses[-1] < 0.7 * near.losses[0]
    assert np.ptp(near.ws, axis=1).max() == 0
    wider = project(network, target, space="w+", steps=20)
    assert np.ptp(wider.ws, axis=1).max() > 0
    with pytest.raises(UsageError, match="aligned crop of 32"):
        project(network, target[:16])


def test_equal_pictures_do_not_differ():
    picture = torch.rand(1, 3, 32, 32)
    assert difference(picture, picture) == 0
    assert difference(picture, picture + 0.5) == pytest.approx(0.5, abs=1e-5)


def test_a_size_that_does_not_fit_is_said_before(network, monkeypatch):
    monkeypatch.setattr("facewright.generate.stylegan.network.free_bytes", lambda _: 1000)
    with pytest.raises(UsageError, match=r"a picture of 32 pixels .* free; .* of 16 pixels"):
        network.synthesize(np.zeros((1, 12)))


def test_how_many_fit():
    assert memory.how_many(lambda n: n * 100, 1000, "x", "y") == 8
    assert memory.how_many(lambda n: n, 10**9, "x", "y") == 32
    assert memory.how_many(lambda n: n * 100, None, "x", "y") == 1
    free = memory.free_bytes("cpu")
    assert free is None or free > 1e6


def test_memory_that_runs_out_is_told():
    def fail(text):
        with memory.told_of_memory("a picture", "use less"):
            raise RuntimeError(text)

    with pytest.raises(UsageError, match="memory ran out while making a picture; use less"):
        fail("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")
    with pytest.raises(RuntimeError, match="shapes"):
        fail("shapes do not match")


@pytest.mark.parametrize("make", [tiny_networks.stylegan2, tiny_networks.stylegan3])
def test_the_estimate_of_memory_is_not_below_what_is_used(folder, make):
    network = opened(folder, make.__name__, make(64 if make is tiny_networks.stylegan2 else 32))
    ws = network.tensor(network.map(network.latents([0, 1])))
    with Counting() as counting, torch.inference_mode():
        network.synthesis(ws)
    assert counting.most / 3 < network.synthesis.memory(2) < counting.most * 3
    assert network.synthesis.memory(2) >= counting.most


class Counting(torch.utils._python_dispatch.TorchDispatchMode):
    """Counts the bytes of the tensors that live."""

    def __init__(self):
        super().__init__()
        self.most, self._live = 0, {}

    def __torch_dispatch__(self, func, _types, args=(), kwargs=None):
        import weakref

        out = func(*args, **(kwargs or {}))
        for each in torch.utils._pytree.tree_leaves(out):
            if isinstance(each, torch.Tensor):
                storage = each.untyped_storage()
                key = storage._cdata
                if key not in self._live:
                    self._live[key] = storage.nbytes()
                    weakref.finalize(storage, self._live.pop, key, None)
        self.most = max(self.most, sum(self._live.values()))
        return out


def test_wrong_files(folder, tmp_path):
    with pytest.raises(UsageError, match="cannot read"):
        load_generator(tmp_path / "none.pkl")
    lacking = tiny_networks.stylegan2(8)
    del lacking._modules["mapping"]._modules["fc1"]
    with pytest.raises(ModelError, match=r"mapping .* lacks the part 'fc1'"):
        opened(folder, "lacking", lacking)
    misshapen = tiny_networks.stylegan2(8)
    block = misshapen._modules["synthesis"]._modules["b4"]._modules["conv1"]
    block._parameters["weight"] = torch.nn.Parameter(torch.zeros(2, 2))
    with pytest.raises(ModelError, match=r"synthesis.b4.conv1 .* lacks a tensor 'weight' of 4"):
        opened(folder, "misshapen", misshapen)
    residual = tiny_networks.stylegan2(8)
    residual._modules["synthesis"]._modules["b8"].__dict__["architecture"] = "resnet"
    with pytest.raises(ModelError, match="residual"):
        opened(folder, "residual", residual)


def test_a_missing_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(UsageError, match=r'pip install "facewright\[torch\]"'):
        load_generator(tmp_path / "any.pkl")


def test_devices(tmp_path):
    with pytest.raises(UsageError, match="no device 'tpu'"):
        load_generator(tmp_path / "any.pkl", device="tpu")
    if not torch.cuda.is_available():
        with pytest.raises(UsageError, match="CUDA"):
            load_generator(tmp_path / "any.pkl", device="cuda")
