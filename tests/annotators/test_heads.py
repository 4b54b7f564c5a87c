import builtins

import numpy as np
import pytest
from PIL import Image

from facewright.annotators.embedding import EMBEDDING
from facewright.annotators.heads import ETHNICITIES, HEADS
from facewright.annotators.learn.fitted import shipped_heads
from facewright.annotators.learn.fitting import Part, fit_head, fit_labels, identity_groups
from facewright.annotators.learn.linear import save_heads
from facewright.annotators.pixel_features import PIXEL_FEATURES
from facewright.annotators.pixels.glasses import glasses_kinds
from facewright.annotators.user_head import UserHead
from facewright.errors import UsageError
from facewright.vision.faces import find_faces
from facewright.vision.runtime import Runtime


@pytest.fixture(scope="module")
def described(samples):
    """Astronaut and Grace Hopper: the batch and what the heads read and say."""
    runtime = Runtime()
    names = ("astronaut.png", "grace_hopper.jpg")
    photos = [np.asarray(Image.open(samples / name).convert("RGB")) for name in names]
    faces = find_faces(photos, runtime)
    known: dict = {}
    for annotator in (EMBEDDING, PIXEL_FEATURES, HEADS):
        columns = annotator.annotate(faces, known, runtime)
        assert set(columns) == set(annotator.card.gives)
        known |= columns
    return faces, known


def test_glasses_and_headwear_of_the_samples(described):
    _, known = described
    assert list(known["glasses"]) == ["NoGlasses", "ReadingGlasses"]
    worn = [[item["type"] for item in items] for items in known["accessories"]]
    assert worn == [[], ["glasses", "headwear"]]
    assert (known["facial_hair.beard"] <= 0.1).all()


def test_levels_are_tenths_and_ethnicity_is_a_distribution(described):
    _, known = described
    for name in ("beard", "moustache", "sideburns"):
        level = known[f"facial_hair.{name}"]
        assert np.array_equal(level, np.round(level, 1))
        assert ((level >= 0) & (level <= 0.9)).all()
        assert (known[f"confidence.{name}"] >= 0.5).all()
    total = sum(known[f"ethnicity.{name}"] for name in ETHNICITIES)
    assert total == pytest.approx(1, abs=1e-5)
    assert set(known["apparent_ethnicity"]) <= {*ETHNICITIES, "unknown"}


def test_embedding_is_the_tight_view_in_half_precision(described):
    faces, known = described
    assert known["embedding"].dtype == np.float16
    assert known["embedding"].shape == (len(faces), 1024)


def test_dark_lids_make_sunglasses():
    kinds, sure = glasses_kinds(np.array([0.9, 0.9, 0.2, 0.9]), np.array([0.2, 0.8, 0.2, 0.41]))
    assert kinds[:3].tolist() == ["Sunglasses", "ReadingGlasses", "NoGlasses"]
    assert sure[0] == pytest.approx(0.9, abs=0.05)
    assert sure[3] == pytest.approx(0.45)


def test_no_faces():
    runtime = Runtime()
    faces = find_faces([np.zeros((64, 64, 3), np.uint8)], runtime)
    known: dict = {}
    for annotator in (EMBEDDING, PIXEL_FEATURES, HEADS):
        known |= annotator.annotate(faces, known, runtime)
    assert {len(values) for values in known.values()} == {0}


def test_every_shipped_head_was_measured_on_unseen_people():
    for head in shipped_heads().values():
        assert head.report["folds"] >= 2
        assert head.report["ece"] <= 0.15
        assert {"apparent_sex", "apparent_ethnicity"} <= set(head.report["by"])


def made_up(count: int = 160):
    """Faces of 40 people: group `a` tells the class, `b` is noise and missing for some."""
    rng = np.random.default_rng(1)
    people = np.arange(count) % 40
    labels = (people % 2).astype(np.intp)
    features = {"a": rng.normal(size=(count, 6)), "b": rng.normal(size=(count, 4))}
    features["a"][:, 0] += 2 * labels
    features["b"][:20] = np.nan
    return features, labels, people


@pytest.mark.slow
def test_fits_a_head_and_reports_what_it_does_on_unseen_people():
    features, labels, people = made_up()
    labels[-3:] = -1
    parts = (Part(("a",), 0.1), Part(("b",), 0.01, 0.5))
    fitted = fit_head("odd", ("no", "yes"), features, labels, people, parts=parts)
    assert fitted.head.report["n"] == 137  # 160 less 20 without `b` and 3 without label
    assert fitted.head.report["auc"]["yes"] > 0.85
    assert np.isnan(fitted.out_of_fold[:20]).all()
    shares = fitted.head.predict(features)[20:]
    assert ((shares[:, 1] > 0.5) == people[20:] % 2).mean() > 0.8
    again = fit_head("odd", ("no", "yes"), features, labels, people, parts=parts)
    assert again.head.sha256 == fitted.head.sha256


def test_noise_is_reported_as_noise():
    features, labels, people = made_up(400)
    features["a"] = np.random.default_rng(2).normal(size=(400, 300))
    fitted = fit_head("odd", ("no", "yes"), features, labels, people, parts=(Part(("a",)),))
    assert fitted.head.report["auc"]["yes"] == pytest.approx(0.5, abs=0.12)
    assert fitted.head.predict(features).max() < 0.8


def test_too_few_people_are_refused():
    features, labels, people = made_up()
    tight, zeros = {"tight": features["a"]}, np.zeros_like(labels)
    with pytest.raises(UsageError, match="no feature is called wide"):
        fit_head("odd", ("no", "yes"), tight, labels, people)
    with pytest.raises(UsageError, match="2 different people"):
        fit_head("odd", ("no", "yes"), tight | {"wide": features["b"]}, zeros, people)
    with pytest.raises(UsageError, match="2 classes"):
        fit_labels("odd", ["a"] * len(labels), tight | {"wide": features["b"]})


def test_without_scikit_learn_the_error_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def importing(name, *args, **kwargs):
        if name.startswith("sklearn"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", importing)
    with pytest.raises(UsageError, match=r"facewright\[heads\]"):
        identity_groups(np.ones((3, 4)))


def test_a_users_head_is_an_annotator_that_a_file_holds(tmp_path, described):
    faces, known = described
    rng = np.random.default_rng(0)
    tight = (rng.random((60, 1024), np.float32) ** 8).astype(np.float32)  # all far apart
    names = [("red", "blue", None)[i % 3] for i in range(60)]
    tight[::3, :100] += 0.2
    fitted = fit_labels("favourite_colour", names, {"tight": tight, "wide": tight})
    save_heads(tmp_path / "mine.npz", [fitted.head])
    user = UserHead.load(tmp_path / "mine.npz")
    assert user.card.id == "favourite_colour"
    assert set(user.card.needs) == {"_features.tight", "_features.wide"}
    assert user.card.measured[0].n == 40
    rows = user.annotate(faces, known, Runtime())["favourite_colour"]
    assert [sorted(row) for row in rows] == [["confidence", "label"]] * len(faces)
    assert user.extra_fields[0].name == "favourite_colour"


@pytest.mark.parametrize("name", ["age", "Bad Name", "", "1st", "null_reasons"])
def test_a_users_head_cannot_take_a_name_that_is_taken_or_odd(name):
    head = next(iter(shipped_heads().values()))
    with pytest.raises(UsageError, match="head name"):
        UserHead(type(head)(**{**head.__dict__, "name": name}))
    with pytest.raises(UsageError, match="heads; an annotator is exactly one"):
        UserHead.load(_shipped_file())


def _shipped_file():
    from facewright.annotators.learn.fitted import HEADS_FILE, weights_folder

    return weights_folder() / HEADS_FILE
