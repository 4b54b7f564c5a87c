import pyarrow as pa
import pytest
from rich.console import Console

from facewright.cli.next_steps import print_next
from facewright.cli.tables import print_counts, print_pairs, print_table


@pytest.mark.parametrize("width", ["80", "12"])
def test_what_looks_like_markup_is_shown_as_it_is(monkeypatch, capsys, width):
    monkeypatch.setenv("COLUMNS", width)
    print_table(pa.table({"said": ["[/b]", "[red]"], "n": [1.5, 2]}), 1)
    shown = capsys.readouterr().out
    assert "[/b]" in shown
    assert "1.5" in shown
    assert "1 of 2 rows" in " ".join(shown.split())


def test_titles_stand_on_lines_of_their_own(capsys):
    print_counts("licences of used photos", {"CC [by]": 3})
    assert capsys.readouterr().out.split("\n")[1:3] == ["licences of used photos", "3  CC [by]  "]
    print_pairs("names and what they are", [("[a]", "b")])
    assert capsys.readouterr().out.startswith("names and what they are\n[a]  b")


def test_next_steps_can_be_copied_where_a_folder_is_called_oddly(capsys):
    print_next(Console(), [("facewright show '[my faces]'", "counts")])
    assert "facewright show '[my faces]'" in capsys.readouterr().out
