"""Published pickles are read; programs in them are refused before they run."""

import io
import os
import pickle
import random
import struct
from contextlib import suppress

import numpy as np
import pytest

from facewright.errors import ModelError, UsageError
from facewright.generate.pickles.convert import read_weights
from facewright.generate.pickles.reader import Stub, read_stubs
from facewright.generate.pickles.storage import read_storage
from facewright.plain_pickle import RefusedError

torch = pytest.importorskip("torch")
pytest.importorskip("safetensors")
pytestmark = pytest.mark.filterwarnings("ignore:TypedStorage is deprecated:UserWarning")


class Call:
    """Pickles as a call."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


@pytest.fixture
def published():
    from helpers import published

    return published


@pytest.fixture
def tiny():
    from helpers import tiny_networks

    return tiny_networks


def opened(data, tmp_path):
    path = tmp_path / "network.pkl"
    path.write_bytes(data)
    return read_weights(path, tmp_path / "kept")


@pytest.mark.parametrize("protocol", [3, 4, 5])
def test_tensors_and_settings_are_those_of_the_network(protocol, tmp_path, published, tiny):
    generator = tiny.stylegan3()
    weights = opened(published.dumps(published.snapshot(generator), protocol), tmp_path)
    assert len(weights.sha256) == 64
    synthesis = generator._modules["synthesis"]
    names = synthesis.layer_names
    assert weights.modules["synthesis"]["settings"]["layer_names"] == names
    layer = synthesis._modules[names[2]]
    got = weights.tensors[f"synthesis.{names[2]}.weight"]
    np.testing.assert_array_equal(got, layer._parameters["weight"].detach().numpy())
    kept = weights.modules[f"synthesis.{names[2]}"]
    assert kept["class"] == "SynthesisLayer"
    assert kept["settings"]["in_size"] == layer.in_size.tolist()
    assert weights.modules["synthesis.input"]["settings"]["sampling_rate"] == 16.0


def test_the_second_time_what_was_kept_is_opened(tmp_path, published, tiny):
    data = published.dumps(published.snapshot(tiny.stylegan2(16)))
    first = opened(data, tmp_path)
    (kept,) = (tmp_path / "kept").iterdir()
    before = kept.stat().st_mtime_ns
    again = opened(data, tmp_path)
    assert kept.stat().st_mtime_ns == before
    direct = read_weights(kept)
    for weights in (again, direct):
        assert weights.sha256 == first.sha256
        assert weights.modules == first.modules
        assert {k: v.tobytes() for k, v in weights.tensors.items()} == {
            k: v.tobytes() for k, v in first.tensors.items()
        }


def test_half_precision_and_strides_are_read(tmp_path, published):
    module = published.Persistent(
        "Generator",
        {"half": torch.arange(6).half().reshape(2, 3), "turned": torch.randn(3, 4).T},
        {"count": torch.tensor(7)},
    )
    weights = opened(published.dumps({"G_ema": module}), tmp_path)
    np.testing.assert_array_equal(weights.tensors["half"], [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(
        weights.tensors["turned"], module._parameters["turned"].detach().numpy()
    )
    assert weights.tensors["count"] == 7


@pytest.mark.parametrize("dtype", ["float32", "float16", "float64", "int64", "uint8", "bool"])
def test_storages_are_what_pytorch_wrote(dtype):
    tensor = (torch.arange(12) % 2).to(getattr(torch, dtype))
    file = io.BytesIO()
    torch.save(tensor.storage(), file, _use_new_zipfile_serialization=False)
    theirs = torch.load(io.BytesIO(file.getvalue()), weights_only=True)
    ours = read_storage(file.getvalue())
    assert ours.values.tolist() == theirs.tolist()


@pytest.mark.parametrize(
    "function",
    [os.system, eval, exec, open, __import__, getattr, pickle.loads, np.load, torch.load],
)
@pytest.mark.parametrize("place", ["top", "state", "meta", "tensor", "key"])
def test_calls_are_refused_before_they_are_made(function, place, tmp_path, published, tiny):
    witness = tmp_path / "witness"
    attack = Call(function, f"touch {witness}")
    generator = tiny.stylegan2(8)
    snapshot = published.snapshot(generator)
    if place == "top":
        snapshot = attack
    elif place == "state":
        generator.__dict__["extra"] = attack
    elif place == "meta":
        snapshot["training_set_kwargs"]["path"] = attack
    elif place == "tensor":
        generator._buffers["w"] = attack
    else:
        snapshot["D"]._modules["deep"] = [{"x": [attack]}]
    with pytest.raises(ModelError, match=r"network[.]pkl: refused: the pickle asks for"):
        opened(published.dumps(snapshot), tmp_path)
    assert not witness.exists()


def test_the_source_in_the_file_is_not_run(tmp_path, published, tiny):
    """`published.SOURCE` would end the program."""
    assert opened(published.dumps(published.snapshot(tiny.stylegan2(8))), tmp_path).tensors


@pytest.mark.parametrize(
    "name",
    ["torch\n_utils.eval", "builtins\ngetattr", "torch._utils\n_rebuild_tensor_v2.__class__"],
)
def test_dotted_and_inner_names_are_refused(name):
    module, _, rest = name.partition("\n")
    data = b"\x80\x04\x8c" + bytes([len(module)]) + module.encode()
    data += b"\x8c" + bytes([len(rest)]) + rest.encode() + b"\x93."
    with pytest.raises(RefusedError, match="refused"):
        read_stubs(data)


@pytest.mark.parametrize(
    "name", [b"ctorch._utils\n_rebuild_parameter\n", b"cdnnlib.util\nEasyDict\n)R"]
)
@pytest.mark.parametrize("state", [b"}b.", b"(N}X\x0c\x00\x00\x00__defaults__)stb."])
def test_what_stands_in_cannot_be_changed(name, state):
    with pytest.raises(RefusedError, match="would change"):
        read_stubs(b"\x80\x02" + name + state)


def test_classes_that_stand_in_cannot_be_changed():
    before = dict(vars(Stub))
    with pytest.raises((RefusedError, TypeError)):
        read_stubs(
            b"\x80\x02ctraining.triplane\nOSGDecoder\n(N}X\x0c\x00\x00\x00__setstate__K\x01stb."
        )
    assert dict(vars(Stub)) == before


def storage_bytes(values):
    file = io.BytesIO()
    torch.save(values.storage(), file, _use_new_zipfile_serialization=False)
    return file.getvalue()


def test_oversized_storages_are_refused_without_their_memory():
    whole = storage_bytes(torch.zeros(4))
    count = struct.pack("<q", 4)
    huge = whole.replace(b"K\x04N", b"\x8a\x06\x00\x00\x00\x00\x00\x01N")  # 2^40 in the record
    assert huge != whole
    for data in (huge, whole[:-1], whole + b"\0", whole.replace(count, struct.pack("<q", 1 << 40))):
        with pytest.raises(RefusedError, match="claims"):
            read_storage(data)


@pytest.mark.parametrize(
    ("offset", "size", "stride"),
    [
        (0, (1 << 40,), (1,)),
        (0, (1 << 20, 1 << 20), (0, 0)),
        (0, (2,), (0,)),
        (3, (2,), (1,)),
        (-1, (1,), (1,)),
        (0, (2,), (-1,)),
        (0, (4,), (1, 1)),
        (0, (1,) * 9, (1,) * 9),
    ],
)
def test_tensors_stay_inside_of_their_storage(offset, size, stride, published):
    class Claim:
        def __reduce__(self):
            return torch._utils._rebuild_tensor_v2, (
                torch.zeros(1 if stride == (0,) else 4).storage(),
                offset, size, stride, False, {},
            )  # fmt: skip

    with pytest.raises(RefusedError, match="tensor"):
        read_stubs(published.dumps(Claim()))


def test_one_storage_said_many_times_is_refused(tmp_path, published):
    """A megabyte that a thousand tensors show would fill a gigabyte."""
    storage = torch.zeros(250_000).storage()

    class Shown:
        def __reduce__(self):
            return torch._utils._rebuild_tensor_v2, (storage, 0, (250_000,), (1,), False, {})

    module = published.Persistent("Generator", None, {f"t{i}": Shown() for i in range(20)})
    with pytest.raises(ModelError, match="say more than the file holds"):
        opened(published.dumps({"G_ema": module}), tmp_path)


def test_networks_that_contain_themselves_are_refused(tmp_path, published):
    module = published.Persistent("Generator")
    inner = published.OsgDecoder()
    inner._modules["again"] = inner
    module._modules["inner"] = inner
    with pytest.raises(ModelError, match="too deep"):
        opened(published.dumps({"G_ema": module}), tmp_path)
    wide = published.OsgDecoder()
    for _ in range(14):  # 2^14 modules, all the same two
        wide = published.OsgDecoder(modules={"a": wide, "b": wide})
    with pytest.raises(ModelError, match="more than 4096 modules"):
        opened(published.dumps({"G_ema": published.Persistent("G", modules={"w": wide})}), tmp_path)


def test_settings_that_grow_are_refused(tmp_path, published):
    lists = [0]
    for _ in range(12):
        lists = [lists, lists, lists]
    module = published.Persistent("Generator", bomb=lists)
    module.__dict__["_init_kwargs"] = {}
    with pytest.raises(ModelError, match="larger than any"):
        opened(published.dumps({"G_ema": module}), tmp_path)


def test_towers_of_tuples_are_refused():
    """Used as a key, their hash would overflow the interpreter's stack."""
    with pytest.raises(RefusedError, match="tuples"):
        read_stubs(b"\x80\x02})" + b"\x85" * 200_000 + b"Ns.")


def test_far_memo_slots_and_lengths_set_no_memory_aside(tmp_path):
    far = b"\x80\x02Nr\xff\xff\xff\x7f."
    long = b"\x80\x04\x8e" + struct.pack("<Q", 1 << 40) + b"abc."
    for data in (far, long, b"", b"\x80\x04", b"not a pickle"):
        with pytest.raises(ModelError, match=r"network[.]pkl"):
            opened(data, tmp_path)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ([1, 2], "no generator"),
        ({"G_ema": 3}, "no generator"),
        ({"G_ema": {"weight": 1}}, "no generator"),
    ],
)
def test_other_values_are_refused(value, what, tmp_path):
    with pytest.raises(ModelError, match=what):
        opened(pickle.dumps(value), tmp_path)


def test_tensorflow_pickles_are_named():
    with pytest.raises(RefusedError, match=r"TensorFlow .* stylegan2-ada-pytorch"):
        read_stubs(b"\x80\x02cdnnlib.tflib.network\nNetwork\n.")


def test_object_arrays_are_refused():
    with pytest.raises(RefusedError, match="numbers"):
        read_stubs(pickle.dumps(np.array([None])))


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(UsageError, match="cannot read"):
        read_weights(tmp_path / "none.pkl")
    with pytest.raises(UsageError, match="not a file"):
        read_weights(tmp_path)


def test_kept_files_of_others_are_refused(tmp_path):
    path = tmp_path / "other.safetensors"
    from safetensors.numpy import save_file

    save_file({"x": np.zeros(3)}, path)
    for data in (path.read_bytes(), b"", b"\xff" * 100):
        path.write_bytes(data)
        with pytest.raises(ModelError, match=r"other[.]safetensors is damaged or was not"):
            read_weights(path)


def test_a_failure_leaves_nothing_behind(tmp_path, published):
    with pytest.raises(ModelError):
        opened(published.dumps([Call(os.system, "true")]), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["network.pkl"]


@pytest.mark.filterwarnings("ignore:invalid escape sequence:DeprecationWarning")
def test_damage_gives_one_kind_of_error(tmp_path, published, tiny):
    chance = random.Random(0)
    whole = published.dumps(published.snapshot(tiny.stylegan2(8, width=2, w_dim=4)))
    for number in range(300):
        damaged = bytearray(whole[: chance.randrange(len(whole)) if number % 2 else None])
        for _ in range(chance.randint(0, 3)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with suppress(ModelError):
            opened(bytes(damaged), tmp_path)


def test_stubs_keep_their_class(published, tiny):
    loaded = read_stubs(published.dumps(tiny.stylegan2(8)))
    assert isinstance(loaded, Stub)
    assert loaded.name == "Generator"
