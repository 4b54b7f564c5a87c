import io

from rich.console import Console

from facewright.cli.next_steps import print_next

STEPS = (("facewright sheet [red]", "a picture of its faces"), ("facewright show x", "its counts"))


def printed(width, steps=STEPS):
    console = Console(file=io.StringIO(), width=width)
    print_next(console, steps)
    return console.file.getvalue().splitlines()


def test_what_a_command_gives_stands_beside_it():
    assert printed(60) == [
        "  facewright sheet [red]  a picture of its faces",
        "  facewright show x       its counts",
    ]


def test_a_long_command_is_neither_broken_nor_cut():
    command = f"facewright summary {'/a long path' * 20}"
    assert printed(40, [(command, "a page")]) == [f"  {command}", "      a page"]
