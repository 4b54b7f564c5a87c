import pytest

from facewright.align.base import (
    Alignment,
    CropSpec,
    SequenceAlignment,
    alignment,
    alignment_names,
    sequence_alignment,
)
from facewright.errors import UsageError


def test_built_in_alignments_are_found_by_name():
    assert {"ffhq", "ffhq-fast", "eg3d"} <= set(alignment_names())
    for name in alignment_names():
        whole_list = name in {"ffhq-u", "metfaces-u"}
        found = sequence_alignment(name) if whole_list else alignment(name)
        assert isinstance(found, SequenceAlignment if whole_list else Alignment)
        assert found.name == name
        found.check_size(found.default_size)
        assert "\n" not in found.summary


@pytest.mark.parametrize("text", ["ffhq:1024", "ffhq-fast:256", "eg3d:512", "square:100"])
def test_spec_prints_what_it_read(text):
    assert str(CropSpec.parse(text)) == text


def test_spec_without_size_takes_the_default():
    assert CropSpec.parse("ffhq") == CropSpec("ffhq", 1024)
    assert CropSpec.parse("eg3d").slug == "eg3d-512"


@pytest.mark.parametrize(
    "text",
    ["", "nosuch", "nosuch:512", "ffhq:", "ffhq:big", "ffhq:-5", "ffhq:8", "ffhq:5000", "eg3d:256"],
)
def test_wrong_specs_say_what_to_do(text):
    with pytest.raises(UsageError) as caught:
        CropSpec.parse(text)
    assert "\n" not in str(caught.value)


def test_unknown_name_lists_the_known():
    with pytest.raises(UsageError, match="ffhq-fast"):
        CropSpec.parse("nosuch")
