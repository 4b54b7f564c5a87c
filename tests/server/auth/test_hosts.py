"""Which names and pages are this server's own."""

from __future__ import annotations

import pytest

from facewright.server.auth.hosts import Names, host_name, is_loopback

NAMES = Names(frozenset(("faces.example",)), frozenset(("https://friend.example",)))


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost", True),
        ("LOCALHOST:8000", True),
        ("127.0.0.1:80", True),
        ("[::1]:8000", True),
        ("192.168.1.7", True),  # no DNS can turn an address
        ("faces.example", True),
        ("faces.example.:443", True),
        ("app.localhost", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("evil.example#localhost", False),
        ("user@localhost", False),
        ("localhost/x", False),
        ("localhost:99999", False),
        ("", False),
        ("127.1", False),
    ],
)
def test_names_of_this_server(host: str, *, known: bool) -> None:
    assert NAMES.knows(host) is known


@pytest.mark.parametrize(
    ("headers", "changing", "foreign"),
    [
        ({}, True, False),  # no browser
        ({"origin": "http://localhost:8000"}, True, False),
        ({"origin": "https://localhost:8000"}, True, False),
        ({"origin": "http://localhost:9000"}, True, True),
        ({"origin": "null"}, True, True),
        ({"origin": "http://evil.example"}, False, True),
        ({"origin": "https://friend.example"}, True, False),
        ({"sec-fetch-site": "same-origin"}, True, False),
        ({"sec-fetch-site": "none"}, False, False),
        ({"sec-fetch-site": "cross-site"}, True, True),
        ({"sec-fetch-site": "same-site"}, True, True),
        (
            {
                "sec-fetch-site": "cross-site",
                "sec-fetch-mode": "navigate",
                "sec-fetch-dest": "document",
            },
            False,
            False,  # a link leads here
        ),
    ],
)
def test_pages_of_others(headers: dict[str, str], *, changing: bool, foreign: bool) -> None:
    told = {"host": "localhost:8000", **headers}
    assert NAMES.is_foreign(told, changing=changing) is foreign


def test_a_picture_in_a_page_of_others_is_foreign() -> None:
    headers = {"host": "localhost", "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert Names().is_foreign(headers, changing=False)


def test_addresses_of_this_machine() -> None:
    assert all(map(is_loopback, ("localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]")))
    others = ("0.0.0.0", "::", "192.168.0.1", "faces.example")  # noqa: S104
    assert not any(map(is_loopback, others))
    assert host_name("A.b:1") == "a.b"
