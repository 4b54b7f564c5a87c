import numpy as np
import pytest

from facewright.attributes.known import ATTRIBUTES
from facewright.stats.confusion import Confusion, measured_attributes
from helpers.coding import coded

BEARD = Confusion("beard", ("no", "yes"), np.array([[8, 2], [0, 0]]), "a test")


def test_rows_are_shares_of_the_true_level() -> None:
    np.testing.assert_array_equal(BEARD.matrix, [[0.8, 0.2], [np.nan, np.nan]])
    assert BEARD.checked == 10


def test_over_other_levels() -> None:
    wider = BEARD.over(("yes", "no", "goatee"))
    assert wider.counts.tolist() == [[0, 0, 0], [2, 8, 0], [0, 0, 0]]
    assert wider.over(BEARD.levels).counts.tolist() == BEARD.counts.tolist()
    assert BEARD.over(("no",)).counts.tolist() == [[8]]


def test_of_audit(tmp_path) -> None:
    from facewright.stats.audit import Audit

    path = tmp_path / "mine.csv"
    path.write_text("face_id,beard\na,no\nb,yes\n", encoding="utf-8")
    read = coded("beard", ("no", "yes"), ["yes", "yes"])
    found = Confusion.of_audit(Audit.load(path), read, ["a", "b"])
    assert found.counts.tolist() == [[0, 1], [0, 1]]
    assert found.source == "mine.csv, 2 audited faces"


def test_what_was_not_measured_is_none() -> None:
    assert Confusion.of_card("skin_tone") is None
    assert Confusion.of_card("no such thing") is None


@pytest.mark.parametrize("name", measured_attributes())
def test_cards_are_of_known_attributes_and_their_levels(name) -> None:
    found = Confusion.of_card(name)
    attribute = next(each for each in ATTRIBUTES if each.name == name)
    assert found is not None
    assert found.levels == tuple(attribute.levels or ())
    assert found.counts.shape == (len(found.levels),) * 2
    assert found.checked > 100
    assert f"{found.checked} faces" in found.source
    assert np.trace(found.counts) > 0.7 * found.checked
