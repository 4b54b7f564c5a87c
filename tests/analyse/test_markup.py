from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.analyse.markup import Html, link, name, share, table, text


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.said += data


def parse(html: str) -> Seen:
    seen = Seen()
    seen.feed(html)
    seen.close()
    return seen


@given(st.text())
def test_no_text_makes_a_tag_or_leaves_its_attribute(value: str) -> None:
    seen = parse(f'<p title="{text(value)}">{name(value)}</p>')
    assert seen.tags == ["p", "bdi"]
    assert [key for key, _ in seen.attributes] == ["title"]


def test_direction_marks_are_spelled_out_and_joiners_stay() -> None:
    assert text("a\u202eb") == "a\\u202eb"
    assert text("می\u200cخواهم") == "می\u200cخواهم"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//host/x", "http:", "http://[bad", "", None],
)
def test_only_web_addresses_become_links(address: str | None) -> None:
    assert link(address, Html("x")) == "x"


def test_a_link_is_quoted() -> None:
    seen = parse(link('https://a.b/?q="><script>', Html("x")))
    assert seen.tags == ["a"]
    assert ("href", 'https://a.b/?q="><script>') in seen.attributes


def test_table_heads_and_shares() -> None:
    seen = parse(table(("a", "b"), [(Html("x"), Html("y"))], "c"))
    assert seen.tags.count("th") == 3
    assert ("scope", "row") in seen.attributes
    assert share(1, 8) == "12.5 %"
    assert share(0, 0) == "–"
