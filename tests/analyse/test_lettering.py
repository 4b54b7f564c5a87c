from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from facewright.analyse.lettering import SEPARATOR, drawable, font, packed, shortened


def test_a_long_id_loses_its_middle_and_keeps_both_ends() -> None:
    text = "commons/portraits/2019/" + "x" * 200 + "_07"
    short = shortened(text, 200, font(13))
    assert font(13).getlength(short) <= 200
    head, _, tail = short.partition("…")
    assert text.startswith(head)
    assert text.endswith(tail)
    assert tail.endswith("_07")


@given(st.text(max_size=60), st.integers(30, 400))
def test_shortened_fits_and_leaves_short_text_alone(text: str, width: int) -> None:
    face = font(12)
    line = drawable(text)
    short = shortened(line, width, face)
    assert face.getlength(short) <= width
    assert short == line or "…" in short


def test_drawable_folds_accents_and_disarms_control_marks() -> None:
    assert drawable("Zoë Müller") == "Zoe Muller"
    assert drawable("a\nb\u202ec") == "a\ufffdb\ufffdc"


def test_packing_fills_lines_in_order_and_drops_what_has_no_room() -> None:
    face = font(12)
    parts = ["f 34±5", "happiness .93", "glasses", "yaw -12", "q .81"]
    lines = packed(parts, 160, 2, face)
    assert len(lines) == 2
    assert all(face.getlength(line) <= 160 for line in lines)
    assert lines[0].startswith("f 34±5" + SEPARATOR)
    assert packed(parts, 2000, 2, face) == [SEPARATOR.join(parts)]
    assert packed([], 100, 2, face) == []
