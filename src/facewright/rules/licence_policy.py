"""Rule on the licences of photos."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated, Final, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from facewright.provenance.licences import Licence
from facewright.provenance.mixing import Audience, why_left_out
from facewright.provenance.naming import read_licence
from facewright.rules.columns import FaceColumns
from facewright.rules.rule import Rule, RuleTable, Verdict, dropping


class LicencePolicy(RuleTable):
    """Licences are read as `docs/licences.md` says. Patterns are SPDX ids or names: "CC-BY-*"."""

    allow: Annotated[
        tuple[str, ...], Field(description="patterns; where given, all others are dropped")
    ] = ()
    deny: Annotated[tuple[str, ...], Field(description="patterns that are dropped")] = ()
    audience: Annotated[
        Audience | None, Field(description="drop what must not be passed on to these")
    ] = None
    commercial: Annotated[bool, Field(description="drop licences that exclude commercial use")] = (
        False
    )
    unknown: Annotated[
        bool, Field(description="drop what is unstated, or cannot be read as a licence")
    ] = False

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not (self.allow or self.deny or self.audience or self.commercial or self.unknown):
            raise ValueError("give allow, deny, audience, commercial or unknown")
        return self

    def drops(self, licence: Licence) -> bool | None:
        """Whether photos under a licence are dropped; None where its duties are not known."""
        if _matches(licence, self.deny) or (self.allow and not _matches(licence, self.allow)):
            return True
        if self.audience is not None and why_left_out(licence, self.audience) is not None:
            return True
        if self.unknown and not licence.is_known:
            return True
        return licence.non_commercial if self.commercial else False


def _matches(licence: Licence, patterns: tuple[str, ...]) -> bool:
    texts = [text.casefold() for text in (licence.id, licence.name, licence.words) if text]
    return any(fnmatchcase(text, pattern.casefold()) for pattern in patterns for text in texts)


def _judge(faces: FaceColumns, settings: LicencePolicy) -> Verdict:
    """Each pair of a name and an address is read once."""
    (names, name_texts), (urls, url_texts) = (
        faces.codes(leaf) for leaf in ("photo.licence", "photo.licence_url")
    )
    width = len(url_texts) + 1
    pairs, inverse = np.unique((names + 1) * np.int64(width) + urls + 1, return_inverse=True)
    found, at = np.divmod(pairs, width)
    texts = zip(_texts(found - 1, name_texts), _texts(at - 1, url_texts), strict=True)
    answers = [settings.drops(read_licence(name, url)) for name, url in texts]
    known = np.array([answer is not None for answer in answers], bool)
    return dropping(np.array(answers, bool)[inverse], known[inverse])


def _texts(codes: NDArray[np.int64], texts: list[str]) -> list[str | None]:
    return [texts[code] if code >= 0 else None for code in codes.tolist()]


LICENCE_POLICY: Final = Rule(
    "licence_policy",
    "its photo's licence is not one that the recipe allows",
    LicencePolicy,
    ("photo.licence", "photo.licence_url"),
    _judge,
)
