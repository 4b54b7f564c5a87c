import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facewright.align.base import Alignment, CropSpec, SequenceAlignment, sequence_alignment
from facewright.align.geometry import Square
from facewright.align.random_shift import Placement, ShiftStream, replay
from facewright.align.unaligned import FFHQ_U, METFACES_U
from facewright.errors import SourceError, UsageError

UNALIGNED = {"ffhq-u": FFHQ_U, "metfaces-u": METFACES_U}


def corners(centre, half):
    x, y = np.array([half, 0.0]), np.array([0.0, half])
    return np.stack([centre - x - y, centre - x + y, centre + x + y, centre + x - y])


def by_the_book(entries, *, ffhq):
    """The published loops: one generator, entry by entry, the test on the rounded box."""
    random = np.random.RandomState(12345)
    if ffhq:
        random.normal(0, 1, (len(entries), 2))
    out = []
    for centre, half, width, height in entries:
        found = None
        for _ in range(1000):
            moved = centre + 2 * half * 0.2 * random.normal(0, 1, 2)
            quad = corners(moved, half)
            low, high = np.floor(quad.min(axis=0)), np.ceil(quad.max(axis=0))
            if not (low.min() < 0 or high[0] >= width or high[1] >= height):
                found = moved
                break
        if found is None and ffhq:
            return out
        out.append(found)
    return out


def upright(entry):
    centre, half, width, height = entry
    return Placement(
        Square(np.array(centre), np.array([half, 0.0]), np.array([-0.0, half])), width, height
    )


def replayed(placements, stream, wanted=None):
    """Centres, as far as the replay goes."""
    out = {}
    try:
        for position, square in replay(placements, stream, wanted):
            out[position] = None if square is None else square.centre
    except SourceError:
        pass
    return out


def same(a, b):
    return a is b is None or np.array_equal(a, b)


entry = st.tuples(
    st.tuples(st.floats(20, 180), st.floats(20, 180)).map(np.array),
    st.floats(5, 110),
    st.integers(150, 220),
    st.integers(150, 220),
)


@pytest.mark.parametrize("name", UNALIGNED)
@given(entries=st.lists(entry, max_size=8))
@settings(deadline=None, max_examples=25)
def test_equals_one_sequential_run(name, entries):
    expected = by_the_book(entries, ffhq=name == "ffhq-u")
    got = replayed([upright(e) for e in entries], UNALIGNED[name].stream)
    assert list(got) == list(range(len(expected)))
    assert all(same(got[i], e) for i, e in enumerate(expected))


@pytest.mark.parametrize("name", UNALIGNED)
@given(entries=st.lists(entry, min_size=1, max_size=8), data=st.data())
@settings(deadline=None, max_examples=25)
def test_a_part_is_the_same_part_of_the_whole(name, entries, data):
    placements = [upright(e) for e in entries]
    wanted = data.draw(st.sets(st.integers(0, len(entries) - 1)))
    whole = replayed(placements, UNALIGNED[name].stream)
    part = replayed(placements, UNALIGNED[name].stream, wanted)
    assert set(part) == wanted & set(whole)
    assert all(same(part[i], whole[i]) for i in part)


def test_a_square_that_fits_nowhere():
    fits = (np.array([100.0, 100.0]), 20.0, 200, 200)
    never = (np.array([100.0, 100.0]), 150.0, 200, 200)
    placements = [upright(e) for e in (fits, never, fits)]
    squares = dict(replay(placements, METFACES_U.stream))
    assert squares[1] is None
    assert squares[2] is not None
    placements[1] = Placement(placements[1].square, 200, 200, "00001.png")
    with pytest.raises(SourceError, match=r"entry 1 00001\.png: .* \(200 x 200\)"):
        list(replay(placements, FFHQ_U.stream))
    assert [i for i, _ in replay(placements, FFHQ_U.stream, {0})] == [0]


def test_earlier_entries_move_later_ones():
    first, other = ((np.array([100.0, 100.0]), half, 200, 200) for half in (20.0, 99.0))
    stream = ShiftStream()
    ahead = replayed([upright(first), upright(first)], stream)[1]
    behind = replayed([upright(other), upright(first)], stream)[1]
    assert not np.array_equal(ahead, behind)


@pytest.mark.slow
@pytest.mark.parametrize("name", UNALIGNED)
def test_crops_are_upright_and_inside(name, natural, face68):
    found = sequence_alignment(name)
    placements = [found.placement(face68 + d, 720, 640) for d in (0, 100, 200)]
    for _, square in found.squares(placements):
        crop = found.crop_square(natural, square, 64)
        assert crop.pixels.shape == (64, 64, 3)
        assert crop.outside == 0
        assert crop.quad[0, 1] == crop.quad[3, 1]


def test_upright_square_is_float64_about_a_centre_of_the_recipe(face68):
    assert METFACES_U.placement(face68, 9, 9).square.centre.dtype == np.float32
    assert METFACES_U.placement(face68, 9, 9).square.corners.dtype == np.float64
    assert FFHQ_U.placement(face68, 9, 9).square.centre.dtype == np.float64


def test_metfaces_u_pads_near_the_edge_and_ffhq_u_never_does(natural):
    square = Square(np.array([150.0, 300.0]), np.array([149.0, 0.0]), np.array([0.0, 149.0]))
    assert METFACES_U.crop_square(natural, square, 32).padded
    assert not FFHQ_U.crop_square(natural, square, 32).padded


@pytest.mark.parametrize("name", UNALIGNED)
def test_a_photo_by_itself_has_no_such_crop(name):
    assert isinstance(sequence_alignment(name), SequenceAlignment)
    assert not isinstance(sequence_alignment(name), Alignment)
    with pytest.raises(UsageError, match=r"whole ordered list.*facewright reproduce"):
        CropSpec.parse(name)
    with pytest.raises(UsageError, match="no list is needed"):
        sequence_alignment("ffhq")
    assert sequence_alignment(name).name == name
