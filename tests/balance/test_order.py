"""Orders for generators."""

import json

import pytest

from facewright.balance.order import Order, OrderLine
from facewright.errors import UsageError

ORDER = Order(
    why='what "x" lacks',
    order=(
        OrderLine(count=120, attributes={"sex": "female", "age_group": "elderly"}),
        OrderLine(count=1, attributes={"photo.studio": 'a "b"\n\x7f', "age": "<10"}),
    ),
)


@pytest.mark.parametrize("name", ["o.toml", "o.json"])
def test_orders_come_back(name, tmp_path):
    ORDER.save(tmp_path / name)
    assert Order.load(tmp_path / name) == ORDER
    assert ORDER.total == 121
    Order().save(tmp_path / name)
    assert Order.load(tmp_path / name) == Order()


def test_golden(tmp_path):
    Order(why="w", order=ORDER.order[:1]).save(tmp_path / "o.toml")
    assert (tmp_path / "o.toml").read_text() == (
        '# w\n[[order]]\ncount = 120\nsex = "female"\nage_group = "elderly"\n'
    )
    Order(why="w", order=ORDER.order[:1]).save(tmp_path / "o.json")
    assert json.loads((tmp_path / "o.json").read_text()) == {
        "why": "w",
        "order": [{"count": 120, "sex": "female", "age_group": "elderly"}],
    }


def test_the_generator_takes_it(tmp_path):
    Order(why="w", order=ORDER.order[:1]).save(tmp_path / "o.toml")
    spec = pytest.importorskip("facewright.generate.spec").Spec.load(tmp_path / "o.toml")
    assert spec.order == ({"count": 120, "sex": "female", "age_group": "elderly"},)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[order]]\nsex = 'female'", r"order\.0\.count"),
        ("[[order]]\ncount = 0\nsex = 'female'", r"order\.0\.count"),
        ("[[order]]\ncount = '3'\nsex = 'female'", r"order\.0\.count"),
        ("[[order]]\ncount = 3", r"order\.0\.attributes"),
        ("[[order]]\ncount = 3\nsex = 1", r"order\.0\.attributes\.sex"),
        ("x = 1", "x"),
        ("nonsense", "is no order"),
    ],
)
def test_wrong_orders_name_the_key(text, words, tmp_path):
    (tmp_path / "o.toml").write_text(text)
    with pytest.raises(UsageError, match=words):
        Order.load(tmp_path / "o.toml")


def test_what_cannot_be_written(tmp_path):
    line = OrderLine(count=1, attributes={"count": "3"})
    with pytest.raises(UsageError, match="called 'count'"):
        Order(order=(line,)).save(tmp_path / "o.toml")
    with pytest.raises(UsageError, match="cannot read the order"):
        Order.load(tmp_path / "none.toml")
