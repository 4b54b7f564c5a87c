import pytest
from pydantic import BaseModel, Field, ValidationError, field_validator

from facewright.errors import RecipeError, UsageError
from facewright.settings_file import first_fault, read_toml


class Inner(BaseModel, extra="forbid"):
    size: int = Field(1, gt=0)

    @field_validator("size")
    @classmethod
    def _even(cls, value: int) -> int:
        if value % 2:
            raise ValueError("Pairs only")
        return value


class Outer(BaseModel):
    inner: Inner


def fault(data, *above: str) -> str:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(data)
    return first_fault(caught.value, *above)


def test_a_fault_is_said_with_its_key_and_own_words_as_they_are():
    assert fault({"inner": {"size": 0}}) == "inner.size: input should be greater than 0"
    assert fault({"inner": {"size": 3}}) == "inner.size: Pairs only"
    assert fault({"inner": {"sise": 2}}, "rules", "x").startswith("rules.x.inner.sise: extra")
    assert fault(3).startswith("it: ")


def test_toml_with_and_without_a_byte_order_mark(tmp_path):
    for encoding in ("utf-8", "utf-8-sig"):
        (tmp_path / "a.toml").write_text('a = "ä"\n', encoding=encoding)
        assert read_toml(tmp_path / "a.toml", "the recipe") == {"a": "ä"}


@pytest.mark.parametrize("content", [b"a = ", b"\xff = 1"])
def test_what_is_no_toml_is_named(tmp_path, content):
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    with pytest.raises(RecipeError, match=r"a\.toml: not TOML: "):
        read_toml(path, "the recipe", RecipeError)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UsageError, match="cannot read the order: No such file"):
        read_toml(tmp_path / "none.toml", "the order")
