"""Read licences as they are named in the wild: Flickr's names, SPDX ids, addresses, habits."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from facewright.provenance.licences import (
    ALL_RIGHTS_RESERVED,
    APACHE,
    CC0,
    CC_VERSIONS,
    GENERATED_PHOTOS,
    MIT,
    NO_KNOWN_COPYRIGHT,
    PEXELS,
    PUBLIC_DOMAIN,
    PUBLIC_DOMAIN_DEDICATION,
    PUBLIC_DOMAIN_MARK,
    UNSPLASH,
    UNSTATED,
    US_GOVERNMENT,
    Licence,
    contradictory,
    creative_commons,
    unread,
)

_NAMES: Final[dict[str, Licence]] = {
    name: licence
    for licence, names in (
        (CC0, "cc0|cc0 1.0|cc zero|cc zero 1.0|cc0 1.0 universal|public domain dedication (cc0)"),
        (PUBLIC_DOMAIN_MARK, "public domain mark|public domain mark 1.0|pdm|pdm 1.0|cc pdm 1.0"),
        (PUBLIC_DOMAIN_DEDICATION, "cc pddc|public domain dedication"),
        (US_GOVERNMENT, ("united states government work|us government work|public domain (us"
         " government work)|u.s. government work|licenseref us government work|pd usgov")),
        (PUBLIC_DOMAIN, "public domain|pd|licenseref public domain"),
        (NO_KNOWN_COPYRIGHT, "no known copyright restrictions|licenseref no known copyright"),
        (ALL_RIGHTS_RESERVED, ("all rights reserved|none (all rights reserved)|copyright"
         "|licenseref all rights reserved")),
        (UNSPLASH, "unsplash|unsplash license|licenseref unsplash"),
        (PEXELS, "pexels|pexels license|licenseref pexels"),
        (GENERATED_PHOTOS, ("academic dataset by generated photos|generated photos academic"
         "|generated photos academic dataset|licenseref generated photos academic")),
        (MIT, "mit|mit license"),
        (APACHE, "apache 2.0|apache license 2.0|apache license, version 2.0"),
        (UNSTATED, "|unstated|unknown|none|n/a|null|licenseref unstated"),
    )
    for name in names.split("|")
}  # fmt: skip
_ADDRESSES: Final[tuple[tuple[str, Licence], ...]] = (
    ("creativecommons.org/publicdomain/zero/1.0", CC0),
    ("creativecommons.org/publicdomain/mark/1.0", PUBLIC_DOMAIN_MARK),
    ("creativecommons.org/licenses/publicdomain", PUBLIC_DOMAIN_DEDICATION),
    ("creativecommons.org/licenses/zero/1.0", CC0),
    ("flickr.com/commons/usage", NO_KNOWN_COPYRIGHT),
    ("rightsstatements.org/vocab/nkc/1.0", NO_KNOWN_COPYRIGHT),
    ("usa.gov/copyright.shtml", US_GOVERNMENT),
    ("usa.gov/government-copyright", US_GOVERNMENT),
    ("usa.gov/government-works", US_GOVERNMENT),
    ("unsplash.com/license", UNSPLASH),
    ("pexels.com/license", PEXELS),
    ("pexels.com/photo-license", PEXELS),
    ("generated.photos/datasets", GENERATED_PHOTOS),
    ("opensource.org/licenses/mit", MIT),
    ("apache.org/licenses/license-2.0", APACHE),
)
_SPELT: Final = (
    (re.compile(r"creative commons"), "cc"),
    (re.compile(r"non-?commercial"), "nc"),
    (re.compile(r"share[- ]?alike"), "sa"),
    (re.compile(r"no[- ]?deriv(ative)?(s|works)?"), "nd"),
    (re.compile(r"attribution"), "by"),
)
_CC = re.compile(
    r"(?:licenseref[- ])?(?:cc[- ])?by(?P<elements>(?:[- ](?:nc|sa|nd))*)"
    r"(?:[- ]v?(?P<version>\d\.\d))?(?:[- ](?P<port>[a-z]{2}|igo))?"
    r"(?: (?:generic|unported|international|deed))?(?: license)?"
)
_CC_PATH = re.compile(
    r"creativecommons\.org/licenses/by(?P<elements>(?:-(?:nc|sa|nd))*)/(?P<version>\d\.\d)"
    r"(?:/(?P<port>[a-z]{2}|igo))?(?:/|$)"
)
_FLICKR = re.compile(r"attribution[a-z-]* license", re.IGNORECASE)
_FLICKR_VERSION = "2.0"  # what Flickr's names without a version have meant since 2004


@lru_cache(maxsize=4096)
def read_licence(name: str | None, url: str | None = None) -> Licence:
    """The licence that a name and an address state.

    An address counts more than a name without a version; a name and an address that ask for
    different things give an unknown licence with both as its words.

    Args:
        name: as Flickr, the SPDX list, a table or a person writes it; may be an address.
        url: of the licence's text.

    Returns:
        What was stated; `UNSTATED` for nothing, and for what cannot be read an unknown licence
        that keeps the words.
    """
    name, url = _tidy(name), _tidy(url)
    if name.startswith(("http://", "https://")):
        name, url = "", url or name
    by_name, by_url = _from_name(name), _from_url(url)
    words = " ".join(filter(None, (name, url)))
    if by_url is None:
        if by_name is None or (by_name is UNSTATED and url):
            return unread(words)
        return _flickr(by_name) if _FLICKR.fullmatch(name) else by_name
    if by_name is None or by_name is UNSTATED or _agree(by_name, by_url):
        return by_url
    return contradictory(words)


def _flickr(licence: Licence) -> Licence:
    parts = licence.id.removeprefix("LicenseRef-CC-BY").lower().split("-")
    return creative_commons(parts, _FLICKR_VERSION)


def _agree(by_name: Licence, by_url: Licence) -> bool:
    """Whether a name says what its address says, or the same with less detail."""
    if by_name.id == by_url.id or (by_name.is_free and by_url.is_free):
        return True
    same = by_name.is_cc and by_url.is_cc and by_name.duties == by_url.duties
    return same and by_name.version in (None, by_url.version)


def _tidy(text: str | None) -> str:
    return " ".join((text or "").split())


def _from_name(name: str) -> Licence | None:
    plain = name.casefold().replace("licence", "license").rstrip(".")
    found = _NAMES.get(plain) or _NAMES.get(plain.replace("-", " "))
    if found is not None:
        return found
    for pattern, short in _SPELT:
        plain = pattern.sub(short, plain)
    before, _, inside = plain.partition(" (")
    for text in (plain, before, inside.rstrip(")")):
        match = _CC.fullmatch(text)
        if match:
            return _cc(match)
    return None


def _from_url(url: str) -> Licence | None:
    try:
        parts = urlsplit(url.casefold())
    except ValueError:
        return None
    place = parts.netloc.removeprefix("www.") + parts.path
    match = _CC_PATH.match(place.replace("/by-nd-nc/", "/by-nc-nd/"))
    if match:
        return _cc(match)
    if place.startswith("spdx.org/licenses/"):
        return _from_name(place.removeprefix("spdx.org/licenses/").removesuffix(".html"))
    for start, licence in _ADDRESSES:
        if place == start or place.startswith((f"{start}/", f"{start}.")):
            return licence
    return None


def _cc(match: re.Match[str]) -> Licence | None:
    version = match["version"]
    if version is not None and version not in CC_VERSIONS:
        return None
    elements = [part for part in re.split("[- ]", match["elements"]) if part]
    if len(elements) != len(set(elements)) or {"sa", "nd"} <= set(elements):
        return None  # no such licence was ever written
    return creative_commons(elements, version, match["port"])
