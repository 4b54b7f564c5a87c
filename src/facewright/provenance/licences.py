"""What a licence asks for: the value, Creative Commons' family, and the others met with photos.

Duties are those that matter for a dataset of face crops. None means unknown, never "no". This is
a reading of the licences for people who make datasets; it is not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Redistribution(StrEnum):
    """To whom a picture, or a set, may be passed on; later members allow less."""

    YES = "yes"
    UNCLEAR = "unclear"
    INSTITUTION = "within the institution"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence, or the lack of one, as what it asks of somebody who passes crops on.

    Attributes:
        id: of the SPDX list where it is there, else "LicenseRef-...".
        name: for people.
        url: where its text is; None where there is none or it is unknown.
        attribution: the author must be named.
        non_commercial: commercial use is excluded.
        share_alike: adapted pictures must stay under the same licence.
        no_derivatives: adapted pictures, so crops, must not be passed on.
        state_changes: changes must be stated.
        redistribution: to whom it may be passed on.
        note: what else it asks for, in plain words.
        words: what was stated, word for word, where that could not be read.
    """

    id: str
    name: str
    url: str | None
    attribution: bool | None
    non_commercial: bool | None
    share_alike: bool | None
    no_derivatives: bool | None
    state_changes: bool | None
    redistribution: Redistribution
    note: str = ""
    words: str = ""

    @property
    def duties(self) -> tuple[bool | None, ...]:
        """Its five yes-or-no answers: two licences with the same ones ask for the same."""
        return (
            self.attribution,
            self.non_commercial,
            self.share_alike,
            self.no_derivatives,
            self.state_changes,
        )

    @property
    def is_known(self) -> bool:
        """Whether it is known what it asks for."""
        return None not in self.duties

    @property
    def is_free(self) -> bool:
        """Whether it asks for nothing at all, as the public domain does."""
        return self.redistribution is Redistribution.YES and self.duties == (False,) * 5

    @property
    def is_cc(self) -> bool:
        """Whether it is one of Creative Commons' licences; CC0 and marks are not."""
        return self.id.removeprefix("LicenseRef-").startswith("CC-BY")

    @property
    def version(self) -> str | None:
        """Of a Creative Commons licence ("4.0"); None for others."""
        numbers = [part for part in self.id.split("-") if part[:1].isdigit()]
        return numbers[0] if self.is_cc and numbers else None


# Ports to jurisdictions that the SPDX list has; others get a LicenseRef.
_PORTS: Final = frozenset(
    """
    CC-BY-2.5-AU CC-BY-3.0-AT CC-BY-3.0-AU CC-BY-3.0-DE CC-BY-3.0-IGO CC-BY-3.0-NL CC-BY-3.0-US
    CC-BY-NC-3.0-DE CC-BY-NC-ND-3.0-DE CC-BY-NC-ND-3.0-IGO CC-BY-NC-SA-2.0-DE CC-BY-NC-SA-2.0-FR
    CC-BY-NC-SA-2.0-UK CC-BY-NC-SA-3.0-DE CC-BY-NC-SA-3.0-IGO CC-BY-ND-3.0-DE CC-BY-SA-2.0-UK
    CC-BY-SA-2.1-JP CC-BY-SA-3.0-AT CC-BY-SA-3.0-DE CC-BY-SA-3.0-IGO
    """.split()  # noqa: SIM905 (a list of quoted ids reads worse)
)
CC_VERSIONS: Final = ("1.0", "2.0", "2.1", "2.5", "3.0", "4.0")


def creative_commons(
    elements: Iterable[str], version: str | None, port: str | None = None
) -> Licence:
    """A licence of Creative Commons that asks for attribution.

    Args:
        elements: any of "nc", "sa", "nd"; "by" goes without saying.
        version: one of `CC_VERSIONS`, or None where it was not stated.
        port: two or three letters of a jurisdiction.
    """
    chosen = set(elements)
    short = "-".join(["by", *(part for part in ("nc", "sa", "nd") if part in chosen)])
    tail = "".join(f"-{part.upper()}" for part in (version, port) if part)
    spdx = f"CC-{short.upper()}{tail}"
    listed = version is not None and (port is None or spdx in _PORTS)
    return Licence(
        id=spdx if listed else f"LicenseRef-{spdx}",
        name=f"CC {short.upper()}{tail.replace('-', ' ')}" + ("" if version else ", no version"),
        url=_cc_url(short, version, port) if version else None,
        attribution=True,
        non_commercial="nc" in chosen,
        share_alike="sa" in chosen,
        no_derivatives="nd" in chosen,
        state_changes=True,
        redistribution=Redistribution.YES,
    )


def _cc_url(short: str, version: str, port: str | None) -> str:
    if (short, version) == ("by-nc-nd", "1.0"):
        short = "by-nd-nc"  # so it was called in its first version
    return f"https://creativecommons.org/licenses/{short}/{version}/" + (f"{port}/" if port else "")


def _free(spdx: str, name: str, url: str | None, note: str = "") -> Licence:
    answers = (False, False, False, False, False)
    return Licence(spdx, name, url, *answers, Redistribution.YES, note)


CC0: Final = _free("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/")
PUBLIC_DOMAIN_MARK: Final = _free(
    "CC-PDM-1.0",
    "Public Domain Mark 1.0",
    "https://creativecommons.org/publicdomain/mark/1.0/",
    "A mark, no licence: whoever put it there believes that no copyright is left.",
)
PUBLIC_DOMAIN_DEDICATION: Final = _free(
    "CC-PDDC",
    "Public Domain Dedication",
    "https://creativecommons.org/licenses/publicdomain/",
    "Retired by Creative Commons; it speaks of the law of the United States.",
)
US_GOVERNMENT: Final = _free(
    "LicenseRef-US-Government-Work",
    "United States Government Work",
    "https://www.usa.gov/government-copyright",
    "Free of copyright in the United States; other countries may see it differently. People,"
    " logos and seals in the picture may have rights of their own.",
)
PUBLIC_DOMAIN: Final = _free(
    "LicenseRef-Public-Domain",
    "Public domain, as stated",
    None,
    "Stated without a deed or a reason.",
)
NO_KNOWN_COPYRIGHT: Final = _free(
    "LicenseRef-No-Known-Copyright",
    "No known copyright restrictions",
    "https://www.flickr.com/commons/usage/",
    "No licence: the institution knows of no copyright and gives no warranty.",
)
ALL_RIGHTS_RESERVED: Final = Licence(
    "LicenseRef-All-Rights-Reserved",
    "All rights reserved",
    None,
    attribution=True,
    non_commercial=True,
    share_alike=False,
    no_derivatives=True,
    state_changes=True,
    redistribution=Redistribution.NO,
    note="No licence: only the author's own permission, or the law, allows any use.",
)
UNSPLASH: Final = Licence(
    "LicenseRef-Unsplash",
    "Unsplash License",
    "https://unsplash.com/license",
    attribution=False,
    non_commercial=False,
    share_alike=False,
    no_derivatives=False,
    state_changes=False,
    redistribution=Redistribution.UNCLEAR,
    note="Naming the photographer is asked for, not required. Photos must not be sold unmodified"
    " nor compiled into a similar service; use for machine learning is restricted. Whether a"
    " dataset of them may be passed on is unclear: avoid it.",
)
PEXELS: Final = Licence(
    "LicenseRef-Pexels",
    "Pexels License",
    "https://www.pexels.com/license/",
    attribution=False,
    non_commercial=False,
    share_alike=False,
    no_derivatives=False,
    state_changes=False,
    redistribution=Redistribution.UNCLEAR,
    note="Naming the photographer is asked for, not required. Photos must not be sold unmodified"
    " nor be passed on through a similar service. Whether a dataset of them may be passed on is"
    " unclear: avoid it.",
)
GENERATED_PHOTOS: Final = Licence(
    "LicenseRef-Generated-Photos-Academic",
    "Academic Dataset by Generated Photos",
    "https://generated.photos/datasets",
    attribution=True,
    non_commercial=True,
    share_alike=True,
    no_derivatives=False,
    state_changes=True,
    redistribution=Redistribution.INSTITUTION,
    note="For research only. Cite it with its link; whoever gets it inside the university gets"
    " these terms with it.",
)
MIT: Final = Licence(
    "MIT",
    "MIT License",
    "https://spdx.org/licenses/MIT.html",
    attribution=True,
    non_commercial=False,
    share_alike=False,
    no_derivatives=False,
    state_changes=False,
    redistribution=Redistribution.YES,
    note="Its copyright notice and text go along.",
)
APACHE: Final = Licence(
    "Apache-2.0",
    "Apache License 2.0",
    "https://www.apache.org/licenses/LICENSE-2.0",
    attribution=True,
    non_commercial=False,
    share_alike=False,
    no_derivatives=False,
    state_changes=True,
    redistribution=Redistribution.YES,
    note="Its text and notices go along.",
)


def _unknown(spdx: str, name: str, note: str, words: str = "") -> Licence:
    answers = (None, None, None, None, None)
    return Licence(spdx, name, None, *answers, Redistribution.UNCLEAR, note, words)


UNSTATED: Final = _unknown(
    "LicenseRef-Unstated",
    "unstated",
    "Nothing is known of a licence. Without one, the law reserves all rights to the author.",
)


def unread(words: str) -> Licence:
    """A licence of which only the words are known."""
    note = "These words could not be read as a licence: ask whoever wrote them."
    return _unknown("LicenseRef-Unknown", f"“{words}”", note, words)


def contradictory(words: str) -> Licence:
    """A licence that is stated in two ways that do not agree."""
    note = "Its name and its address say different things: ask whoever wrote them."
    return _unknown("LicenseRef-Contradictory", f"“{words}”", note, words)
