"""The licence of a dataset made from many photos, and of several datasets merged.

The rules, in the order in which they are applied:

1. Pictures whose licence allows no adaptation are left out: a crop is an adaptation. So are, of
   what is to be passed on, pictures of which all rights are reserved.
2. A set that may not be passed on, or only inside of an institution, or of which that is unclear,
   is not merged into what is to be passed on further.
3. Every picture keeps its own licence. The terms of a set cover the whole: the selection, labels
   and metadata, and add nothing to a picture's licence (BY-SA forbids that it be added).
4. ShareAlike terms of a set become those of the whole, in their newest version. Two that differ,
   or one that allows commercial use beside a set that does not, cannot be merged.
5. Else the whole takes the union of what its sets ask for, as one Creative Commons licence.
6. Where no set has terms, nobody has put a licence on the whole: its publisher may choose one.

Not legal advice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from facewright.errors import LicenceError
from facewright.provenance.licences import Licence, Redistribution, creative_commons
from facewright.provenance.markdown import counted
from facewright.provenance.published import SetTerms

_NO_VERSION = ""
_NEWEST = "4.0"
_ORDER: Final = tuple(Redistribution)


class Audience(StrEnum):
    """Who the result is for."""

    PUBLIC = "public"
    INSTITUTION = "institution"
    PRIVATE = "private"


_ALLOWS: Final[dict[Audience, frozenset[Redistribution]]] = {
    Audience.PUBLIC: frozenset({Redistribution.YES}),
    Audience.INSTITUTION: frozenset({Redistribution.YES, Redistribution.INSTITUTION}),
    Audience.PRIVATE: frozenset(Redistribution),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A dataset that goes into the result.

    Attributes:
        name: what its user calls it, for messages.
        images: number of photos by licence.
        terms: of the published sets that it was taken from.
    """

    name: str
    images: Mapping[Licence, int]
    terms: Sequence[SetTerms] = ()


@dataclass(frozen=True, slots=True)
class Mixed:
    """Under which terms a dataset stands.

    Attributes:
        licence: on the dataset as a whole.
        images: number of photos by licence; each photo keeps its own.
        terms: of the sets it was taken from.
        left_out: photos that must not be in it, by licence.
        redistribution: of the dataset with all that is in it.
        statements: what follows from the rules, in plain words.
    """

    licence: Licence
    images: Mapping[Licence, int]
    terms: tuple[SetTerms, ...] = ()
    left_out: Mapping[Licence, int] = field(default_factory=dict)
    redistribution: Redistribution = Redistribution.YES
    statements: tuple[str, ...] = ()


def why_left_out(licence: Licence, audience: Audience = Audience.PUBLIC) -> str | None:
    """Why a picture under this licence must not be in a dataset of crops; None if it may be.

    Unknown and unstated licences may: the documents say so, and whoever publishes decides.
    """
    if licence.redistribution is Redistribution.NO:  # one's own pictures may well be like this
        closed = audience is not Audience.PRIVATE
        return f"{licence.name} allows nobody to pass it on" if closed else None
    if licence.redistribution is Redistribution.INSTITUTION and audience is Audience.PUBLIC:
        return f"{licence.name} allows to pass it on only within the institution"
    if licence.no_derivatives:
        return f"{licence.name} allows no adaptation, and a crop is one"
    return None


def merged(parts: Sequence[Part], audience: Audience = Audience.PUBLIC) -> Mixed:
    """The terms of several datasets in one.

    Args:
        parts: what is merged.
        audience: to whom the result is to be passed on.

    Returns:
        The terms, with the photos that must be left out counted in `left_out`.

    Raises:
        LicenceError: a set's terms forbid it; names the set, its dataset and the rule.
    """
    for part in parts:
        for terms in part.terms:
            _may_be_passed_on(part, terms, audience)
    _share_alike_agree(parts)
    found = Counter[Licence]()
    for part in parts:
        found.update(part.images)
    out = {each: n for each, n in found.items() if why_left_out(each, audience)}
    kept = {each: n for each, n in found.items() if each not in out}
    return _stated(kept, _terms(parts), out)


def as_it_is(images: Mapping[Licence, int], terms: Iterable[SetTerms] = ()) -> Mixed:
    """The terms of a dataset that exists, whatever is in it; never refuses.

    Args:
        images: number of photos by licence.
        terms: of the published sets that it was taken from.
    """
    return _stated(dict(images), tuple(dict.fromkeys(terms)), {})


def _terms(parts: Sequence[Part]) -> tuple[SetTerms, ...]:
    return tuple(dict.fromkeys(terms for part in parts for terms in part.terms))


def _may_be_passed_on(part: Part, terms: SetTerms, audience: Audience) -> None:
    allowed = terms.licence.redistribution
    if allowed in _ALLOWS[audience]:
        return
    what = {
        Redistribution.NO: "may not be passed on to anybody",
        Redistribution.INSTITUTION: "may be passed on only within the institution",
        Redistribution.UNCLEAR: "has unclear terms on being passed on",
    }[allowed]
    stays = "private" if allowed is not Redistribution.INSTITUTION else "within the institution"
    raise LicenceError(
        f"cannot merge {part.name}: {terms.name} {what} ({terms.licence.url}), and the result is"
        f" to be {audience}; leave it out, or keep the result {stays}"
    )


def _share_alike_agree(parts: Sequence[Part]) -> None:
    terms = [(part.name, each) for part in parts for each in part.terms]
    sharing = [pair for pair in terms if pair[1].licence.share_alike and pair[1].licence.is_cc]
    for name, one in sharing:
        for other, two in terms:
            if _conflict(one.licence, two.licence):
                raise LicenceError(
                    f"cannot merge {name} with {other}: {one.name} is under"
                    f" {one.licence.name}, which must stay the licence of the whole, and"
                    f" {two.name} ({two.licence.name}) asks for more; leave one of them out"
                )


def _conflict(sharing: Licence, other: Licence) -> bool:
    """Whether terms cannot stand under a ShareAlike licence that the whole must have."""
    if not other.is_cc:
        return False  # where such a set goes, and under what, its own redistribution rules say
    if other.share_alike:
        return other.non_commercial != sharing.non_commercial
    return bool(other.non_commercial) and not sharing.non_commercial


def _stated(
    images: dict[Licence, int], terms: tuple[SetTerms, ...], left_out: dict[Licence, int]
) -> Mixed:
    whole = _whole(images, terms)
    passed = [each.redistribution for each in (whole, *images)]
    return Mixed(
        licence=whole,
        images=images,
        terms=terms,
        left_out=left_out,
        redistribution=max(passed, key=_ORDER.index),
        statements=tuple(_statements(whole, images, left_out)),
    )


def _whole(images: Mapping[Licence, int], terms: Sequence[SetTerms]) -> Licence:
    """The licence of a dataset as a whole."""
    licences = list(dict.fromkeys(each.licence for each in terms))
    if not licences:
        return _each_its_own(images)
    if len(licences) == 1:
        return licences[0]
    sharing = [each for each in licences if each.share_alike]
    refused = any(_conflict(one, other) for one in sharing for other in licences)
    if refused or not all(each.is_cc or each.is_free for each in licences):
        return _side_by_side(licences)
    if sharing:
        return max(sharing, key=_version)
    return _union(licences)


def _union(licences: Sequence[Licence]) -> Licence:
    """One Creative Commons licence that asks for all that several without ShareAlike ask for."""
    asked = {each.duties for each in licences}
    strictest = max(licences, key=lambda each: (sum(map(bool, each.duties)), _version(each)))
    if all(_covers(strictest.duties, duties) for duties in asked):
        return strictest
    return creative_commons(
        ("nc",) if any(each.non_commercial for each in licences) else (), _NEWEST
    )


def _covers(duties: Sequence[bool | None], others: Sequence[bool | None]) -> bool:
    return all(one or not other for one, other in zip(duties, others, strict=True))


def _version(licence: Licence) -> str:
    return licence.version or _NO_VERSION


def _each_its_own(images: Iterable[Licence]) -> Licence:
    note = "Nobody has put a licence on the whole; its publisher may, on the selection and labels."
    return _sum("LicenseRef-Each-Picture-Its-Own", "each picture under its own", images, note)


def _side_by_side(licences: Sequence[Licence]) -> Licence:
    names = "; ".join(each.name for each in licences)
    note = f"Its sets keep their terms side by side, and no one licence covers them all: {names}."
    return _sum("LicenseRef-Each-Set-Its-Own", "each set under its own terms", licences, note)


def _sum(spdx: str, name: str, licences: Iterable[Licence], note: str) -> Licence:
    """What several licences ask for together: yes where one does, unknown where one may."""
    found = list(licences)
    answers = [_any(answers) for answers in zip(*(each.duties for each in found), strict=True)]
    by, nc, sa, nd, said = answers or [None] * 5
    passed = max((each.redistribution for each in found), key=_ORDER.index, default=_ORDER[0])
    return Licence(spdx, name, None, by, nc, sa, nd, said, passed, note)


def _any(answers: Sequence[bool | None]) -> bool | None:
    if True in answers:
        return True
    return None if None in answers else False


def _statements(
    whole: Licence, images: Mapping[Licence, int], left_out: Mapping[Licence, int]
) -> Iterable[str]:
    yield "Every picture keeps its own licence; terms on the whole add nothing to it."
    for licence, number in images.items():
        if licence.share_alike and not licence.non_commercial and whole.non_commercial:
            yield (
                f"{counted(number, 'photo')} under {licence.name} keep that licence, which"
                " forbids non-commercial terms: only the dataset as a whole has those."
            )
        if reason := why_left_out(licence):
            yield f"Take out {counted(number, 'photo')} before this is passed on: {reason}."
    for licence, number in left_out.items():
        yield f"Left out: {counted(number, 'photo')}, because {why_left_out(licence)}."
