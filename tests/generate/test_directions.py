"""Directions: steering, fitting on known styles, files."""

import math

import numpy as np
import pytest

from facewright.attributes.face_table import FaceTable
from facewright.errors import UsageError
from facewright.generate.directions import SURE, Direction, steered
from facewright.generate.fit_directions import Sample, fit_direction, sample_styles
from facewright.record import Record
from facewright.schema import to_table

WIDE = 16
CHANCE = np.random.default_rng(0)


def unit(*values):
    vector = np.zeros(WIDE, np.float32)
    vector[: len(values)] = values
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def direction(attribute="age", level=None, against=None, vector=None, layers=None, slope=10.0):
    vector = unit(1) if vector is None else vector
    return Direction(
        attribute, level, against, vector, slope, 40.0 if level is None else 0.0, 1.5, layers, 0.9,
        500, "f" * 64,
    )  # fmt: skip


def styles(count=3, layers=4):
    return CHANCE.standard_normal((count, layers, WIDE)).astype(np.float32)


# -- steering --------------------------------------------------------------------------------


def test_numbers_are_met():
    ws = np.repeat(styles(layers=1), 4, 1)
    age = direction()
    moved = steered(ws, {"age": 63.0}, [age])
    np.testing.assert_allclose(age.score(moved), 63, rtol=1e-5)
    np.testing.assert_allclose((moved - ws) @ unit(0, 1), 0, atol=1e-5)


def test_classes_are_met_and_no_more():
    ws = styles()
    sex = direction("sex", "female", "male")
    assert (sex.score(steered(ws, {"sex": "female"}, [sex])) >= SURE - 1e-4).all()
    assert (sex.score(steered(ws, {"sex": "male"}, [sex])) <= -SURE + 1e-4).all()
    sure = steered(ws, {"sex": "male"}, [sex])
    np.testing.assert_allclose(steered(sure, {"sex": "male"}, [sex]), sure, atol=1e-5)


def test_wishes_that_pull_on_each_other_are_met_together():
    age = direction()
    sex = direction("sex", "female", "male", unit(1, 1), slope=3.0)
    moved = steered(styles(), {"age": 20, "sex": "male"}, [age, sex])
    np.testing.assert_allclose(age.score(moved), 20, rtol=1e-4)
    assert (sex.score(moved) <= -SURE + 1e-3).all()


def test_what_nobody_wishes_for_is_held():
    ws = styles()
    age, smile = direction(), direction("smile", "yes", "no", unit(1, 2))
    moved = steered(ws, {"age": 30}, [age, smile])
    np.testing.assert_allclose(smile.score(moved), smile.score(ws), atol=1e-4)


def test_layers():
    ws = styles()
    moved = steered(ws, {"age": 50}, [direction(layers=(1, 3))])
    np.testing.assert_array_equal(moved[:, [0, 3]], ws[:, [0, 3]])
    assert (moved[:, 1:3] != ws[:, 1:3]).any()
    stronger = direction(layers=(0, 2)).moved(ws, 2.0)
    np.testing.assert_allclose(stronger[:, 0] - ws[:, 0], np.tile(3.0 * unit(1), (3, 1)), atol=1e-5)
    np.testing.assert_array_equal(stronger[:, 2:], ws[:, 2:])


def test_the_direction_that_leads_there_is_taken():
    ways = [
        direction("ethnicity", "black", None, unit(1)),
        direction("ethnicity", "white", None, unit(0, 1)),
    ]
    moved = steered(styles(), {"ethnicity": "white"}, ways)
    assert (ways[1].score(moved) >= SURE - 1e-4).all()


@pytest.mark.parametrize(
    ("wishes", "says"),
    [
        ({"glasses": "Sunglasses"}, "no direction for glasses; there are: age, sex"),
        ({"sex": "other"}, "leads to female or male, not to 'other'"),
        ({"age": "old"}, "is a number"),
    ],
)
def test_what_cannot_be_met_is_named(wishes, says):
    ways = [direction(), direction("sex", "female", "male")]
    with pytest.raises(UsageError, match=says):
        steered(styles(), wishes, ways)


def test_another_networks_direction_is_refused():
    with pytest.raises(UsageError, match="another network"):
        steered(np.zeros((1, 2, 8)), {"age": 3}, [direction()])


# -- fitting ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample():
    """Faces whose age follows one component, and whose sex another that is not apart from it."""
    pytest.importorskip("sklearn")
    chance = np.random.default_rng(3)
    w = chance.standard_normal((1200, WIDE)).astype(np.float32)
    age = 40 + 10 * (w @ unit(1)) + chance.normal(0, 3, len(w))
    likely = 1 / (1 + np.exp(-5 * (w @ unit(1, 2))))
    sex = np.where(chance.uniform(size=len(w)) < likely, "female", "male").astype(object)
    sex[:20] = None
    columns = {"face_id": [f"f{i}" for i in range(len(w))], "age": age, "sex": sex}
    return Sample("a" * 64, w, FaceTable("known", to_table(Record, columns, len(w))), 0)


def test_the_direction_of_a_number_is_found(sample):
    found = fit_direction(sample, "age")
    assert found.vector @ unit(1) > 0.97
    assert found.slope == pytest.approx(10, rel=0.1)
    assert found.auc > 0.98
    assert found.spread == pytest.approx(1, rel=0.1)
    moved = steered(np.repeat(sample.styles[:50, None], 3, 1), {"age": 60}, [found])
    np.testing.assert_allclose(40 + 10 * (moved[:, 0] @ unit(1)), 60, atol=8)


def test_the_direction_of_a_class_is_found(sample):
    found = fit_direction(sample, "sex")
    assert (found.level, found.against, found.samples) == ("female", "male", 1180)
    assert found.vector @ unit(1, 2) > 0.95
    assert 0.85 < found.auc < 1
    other = fit_direction(sample, "sex", "male")
    np.testing.assert_allclose(other.vector, -found.vector, atol=1e-3)


def test_a_direction_leaves_others_alone(sample):
    age = fit_direction(sample, "age")
    sex = fit_direction(sample, "sex", apart_from=[age])
    assert abs(sex.vector @ age.vector) < 1e-6
    assert sex.auc < fit_direction(sample, "sex").auc
    ws = np.repeat(sample.styles[:5, None], 2, 1)
    np.testing.assert_allclose(age.score(sex.moved(ws, 3)), age.score(ws), atol=1e-4)


def test_chance_gives_no_auc(sample):
    """Held out: a direction fitted on noise separates nothing."""
    shuffled = sample.styles[np.random.default_rng(0).permutation(len(sample.styles))]
    found = fit_direction(Sample(sample.network, shuffled, sample.table, 0), "sex")
    assert 0.4 < found.auc < 0.6


def test_what_cannot_be_fitted_is_named(sample):
    with pytest.raises(UsageError, match="no attribute 'charm'"):
        fit_direction(sample, "charm")
    with pytest.raises(UsageError, match="no level"):
        fit_direction(sample, "age", "old")
    with pytest.raises(UsageError, match="name the level"):
        fit_direction(sample, "age_group")
    few = Sample("a" * 64, sample.styles[:90], sample.table.take(np.arange(90)), 0)
    with pytest.raises(UsageError, match=r"faces on the rarer side, at least 100"):
        fit_direction(few, "sex")


class Faces:
    """A network whose pictures are photographs: one with a face, one without."""

    sha256 = "b" * 64

    def __init__(self, photo):
        self.photo = photo

    def latents(self, seeds):
        return np.array(seeds, np.float32)[:, None]

    def map(self, z):
        return np.repeat(z[:, None], 3, 1)

    def synthesize(self, ws):
        blank = np.zeros_like(self.photo)
        return np.stack([blank if w[0, 0] % 2 else self.photo for w in ws])


def test_pictures_are_annotated(samples):
    import cv2

    picture = cv2.imread(str(min(samples.glob("*.jpg"))))[:, :, ::-1]
    scale = 256 / max(picture.shape[:2])
    photo = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    done = []
    found = sample_styles(Faces(np.ascontiguousarray(photo)), 4, seed=2, progress=done.append)
    assert done == [4]
    assert (len(found.table), found.faceless, found.network) == (2, 2, "b" * 64)
    assert found.styles.tolist() == [[2.0], [4.0]]
    ages = found.table.numbers("age")
    assert ages[0] == ages[1]
    assert 0 < ages[0] < 100
    with pytest.raises(UsageError, match="none of 1 pictures has a face"):
        sample_styles(Faces(photo), 1, seed=1)


# -- files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "made", [direction(layers=(2, 5)), direction("sex", "female", "male", unit(1, 2))]
)
def test_files(made, tmp_path):
    made.save(tmp_path / "d.npz")
    found = Direction.load(tmp_path / "d.npz")
    for name in Direction.__dataclass_fields__:
        if name != "vector":
            assert getattr(found, name) == getattr(made, name)
    np.testing.assert_array_equal(found.vector, made.vector)


def test_other_files_are_refused(tmp_path):
    direction(slope=math.nan).save(tmp_path / "nan.npz")
    direction(slope=0.0).save(tmp_path / "flat.npz")
    direction(vector=unit(1) * 2).save(tmp_path / "long.npz")
    np.savez(tmp_path / "else.npz", x=np.zeros(3))
    (tmp_path / "text.npz").write_text("no")
    np.savez(tmp_path / "object.npz", meta=np.array([None]), vector=np.zeros(3))
    for path in sorted(tmp_path.iterdir()):
        with pytest.raises(UsageError, match="no direction that facewright fitted"):
            Direction.load(path)
    with pytest.raises(UsageError, match="cannot read"):
        Direction.load(tmp_path / "none")
