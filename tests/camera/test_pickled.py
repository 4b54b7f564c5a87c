"""Pickled densities: SciPy's own are read, everything else is refused."""

import os
import pickle
import random
import struct

import numpy as np
import pytest
from scipy.stats import gaussian_kde

from facewright.camera.pickled import density_of_pickle, read_density
from facewright.errors import UsageError

SAMPLES = np.random.default_rng(0).normal(size=(2, 60))


class Call:
    """Pickles as a call."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("method", [None, "scott", "silverman"])
def test_scipys_are_read(protocol, method):
    theirs = gaussian_kde(SAMPLES, bw_method=method)
    ours = density_of_pickle(pickle.dumps(theirs, protocol))
    np.testing.assert_allclose(ours(SAMPLES.T), theirs(SAMPLES), rtol=1e-9)


def test_old_names_and_byte_orders_are_read():
    """As SciPy 1.5 and NumPy 1.18 wrote LPFF's kde.pkl, and as a big-endian machine would."""
    theirs = gaussian_kde(SAMPLES)
    theirs.dataset = theirs.dataset.astype(">f8")
    data = pickle.dumps(theirs, 3)
    for new, old in ((b"scipy.stats._kde", b"scipy.stats.kde"), (b"numpy._core", b"numpy.core")):
        data = data.replace(new, old)
    np.testing.assert_allclose(density_of_pickle(data)(SAMPLES.T), theirs(SAMPLES), rtol=1e-9)


def test_a_file_is_read(tmp_path):
    path = tmp_path / "kde.pkl"
    path.write_bytes(pickle.dumps(gaussian_kde(SAMPLES)))
    assert len(read_density(path)) == 60
    path.write_bytes(b"")
    with pytest.raises(UsageError, match=r"kde[.]pkl: not a pickled"):
        read_density(path)
    with pytest.raises(UsageError, match="cannot read"):
        read_density(tmp_path / "none.pkl")


@pytest.mark.parametrize(
    "function",
    [os.system, eval, exec, open, __import__, os.putenv, np.load, np.fromfile, pickle.loads],
)
def test_calls_are_refused_before_they_are_made(function, tmp_path):
    witness = tmp_path / "witness"
    for value in (Call(function, f"touch {witness}"), [Call(function, str(witness), "w")]):
        with pytest.raises(UsageError, match="refused: the pickle asks for"):
            density_of_pickle(pickle.dumps(value))
    assert not witness.exists()


def test_a_call_hidden_in_a_density_is_refused():
    theirs = gaussian_kde(SAMPLES)
    theirs.extra = Call(os.system, "exit 1")
    with pytest.raises(UsageError, match=r"refused: .*system"):
        density_of_pickle(pickle.dumps(theirs))


def test_getattr_reaches_nothing_but_the_bandwidth():
    for value in (Call(getattr, "text", "__class__"), Call(getattr, SAMPLES, "tofile")):
        with pytest.raises(UsageError, match="not read"):
            density_of_pickle(pickle.dumps(value))


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ({"dataset": [1, 2]}, "another value"),
        (np.array([object()]), "refused|numbers"),
        (np.array(["text"]), "numbers"),
        (np.dtype([("a", "f8")]), "numbers"),
        (np.ma.zeros(3), "refused"),
    ],
)
def test_other_values_are_refused(value, what):
    with pytest.raises(UsageError, match=what):
        density_of_pickle(pickle.dumps(value))


def test_weights_are_refused_rather_than_ignored():
    with pytest.raises(UsageError, match="weighs"):
        density_of_pickle(pickle.dumps(gaussian_kde(SAMPLES, weights=np.arange(1, 61))))


def test_sizes_that_are_not_there_set_no_memory_aside():
    huge = struct.pack("<Q", 1 << 40)
    for data in (b"\x96" + huge + b".", b"\x8e" + huge + b".", b"Nr\xff\xff\xff\x7f."):
        with pytest.raises(UsageError, match="not a pickled"):
            density_of_pickle(data)


def test_the_stand_ins_cannot_be_changed():
    data = b"cscipy.stats._kde\ngaussian_kde\n(N}X\x0c\x00\x00\x00__setstate__K\x01stb."
    with pytest.raises(UsageError, match="would change"):
        density_of_pickle(data)


@pytest.mark.filterwarnings("ignore:invalid escape sequence:DeprecationWarning")
def test_damage_gives_one_kind_of_error():
    chance = random.Random(0)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        whole = pickle.dumps(gaussian_kde(SAMPLES), protocol)
        for _ in range(300):
            damaged = bytearray(whole[: chance.choice((None, chance.randrange(len(whole))))])
            for _ in range(chance.randint(0, 3)):
                if damaged:
                    damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            try:
                density_of_pickle(bytes(damaged))
            except UsageError:
                continue
