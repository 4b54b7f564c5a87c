"""What every command's help page has."""

import io
import re

import pytest
from rich.console import Console

from facewright.cli.app import app
from facewright.cli.commands import telling


def pages(root, words=()):
    """The words of every command below an app."""
    for name in root:
        if name.startswith("-"):
            continue
        below = [*words, name]
        yield below
        yield from pages(root[name], below)


@pytest.fixture
def help_of():
    def text(words):
        console = Console(file=io.StringIO(), width=120)
        app.help_print(words, console=console)
        return console.file.getvalue()

    return text


@pytest.mark.parametrize("words", list(pages(app)), ids=" ".join)
def test_a_page_shows_how_to_call_it_and_no_default_that_says_nothing(words, help_of):
    text = help_of(words)
    assert text.startswith(f"Usage: facewright {' '.join(words)}")
    page, _, examples = text.rpartition("Examples:")
    assert f"facewright {' '.join(words)}" in examples
    assert not re.search(r"default: (None|False|\(\)|\"\")", page)
    assert "ARGS" not in page


def test_defaults_that_say_something_are_shown(help_of):
    assert "[default: sheet.jpg]" in help_of(["sheet"])
    assert "[default: 0]" in help_of(["balance"])
    assert telling(0) == "0"
    assert telling(None) is telling(()) is None
