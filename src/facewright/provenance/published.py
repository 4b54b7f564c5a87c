"""The terms under which published datasets were given out, as values.

They cover a set as a whole: its selection, labels and metadata. Its pictures keep the licences
of their authors, which are stated picture by picture. Sources: the sets' own licence files and
pages, read in 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from facewright.provenance.licences import (
    GENERATED_PHOTOS,
    Licence,
    Redistribution,
    creative_commons,
)


@dataclass(frozen=True, slots=True)
class SetTerms:
    """What the publisher of a dataset asks for.

    Attributes:
        id: short name.
        name: for people.
        licence: on the set as a whole.
        cite: what to cite.
        url: its page.
        removal: whom the people in its pictures, and their authors, write to; "" if unknown.
        note: what else it asks for.
    """

    id: str
    name: str
    licence: Licence
    cite: str
    url: str
    removal: str = ""
    note: str = ""


def _closed(spdx: str, name: str, url: str, *, non_commercial: bool, note: str) -> Licence:
    return Licence(
        spdx,
        name,
        url,
        attribution=False,
        non_commercial=non_commercial,
        share_alike=False,
        no_derivatives=False,
        state_changes=False,
        redistribution=Redistribution.NO,
        note=note,
    )


_BY_NC_SA = creative_commons(("nc", "sa"), "4.0")
_KARRAS = (
    "T. Karras, S. Laine, T. Aila: A Style-Based Generator Architecture for Generative Adversarial"
    " Networks, CVPR 2019, arXiv:1812.04948"
)
_LPFF = (
    "Y. Wu, J. Zhang, H. Fu, X. Jin: LPFF: A Portrait Dataset for Face Generators Across Large"
    " Poses, ICCV 2023, arXiv:2303.14407"
)
_NO_PART = "No part of it may be disclosed, published or passed on."
_UNSPLASH_TERMS = "https://github.com/unsplash/datasets/blob/master/TERMS.md"

FFHQ: Final = SetTerms(
    "ffhq",
    "FFHQ",
    _BY_NC_SA,
    _KARRAS,
    "https://github.com/NVlabs/ffhq-dataset",
    removal="researchinquiries@nvidia.com",
    note="Not meant for the development of face recognition. Authors withdraw a photo with the"
    " tag no_cv, another licence, or by making it private: check again before you publish.",
)
FFHQ_FEATURES: Final = SetTerms(
    "ffhq-features",
    "FFHQ Features",
    _BY_NC_SA,
    f"{_KARRAS}; and the repository DCGM/ffhq-features-dataset",
    "https://github.com/DCGM/ffhq-features-dataset",
)
METFACES: Final = SetTerms(
    "metfaces",
    "MetFaces",
    creative_commons(("nc",), "2.0"),
    "T. Karras, M. Aittala, J. Hellsten, S. Laine, J. Lehtinen, T. Aila: Training Generative"
    " Adversarial Networks with Limited Data, NeurIPS 2020, arXiv:2006.06676",
    "https://github.com/NVlabs/metfaces-dataset",
    note="The Metropolitan Museum of Art gave the pictures as CC0 and asks, without requiring it,"
    " to be named; do not imply that it endorses your work.",
)
LPFF: Final = SetTerms(
    "lpff",
    "LPFF",
    creative_commons(("nc",), "2.0"),
    _LPFF,
    "https://github.com/oneThousand1000/LPFF-dataset",
    note="Given for non-commercial research; the licence is the one that its Hugging Face page"
    " names.",
)
LPFF_UP: Final = SetTerms(
    "lpff-up",
    "LPFF Unsplash-Pexels",
    Licence(
        "LicenseRef-LPFF-Unsplash-Pexels",
        "LPFF's terms for its Unsplash and Pexels pictures",
        "https://github.com/oneThousand1000/LPFF-dataset",
        attribution=True,
        non_commercial=True,
        share_alike=False,
        no_derivatives=False,
        state_changes=False,
        redistribution=Redistribution.UNCLEAR,
        note="Name the photographer. Whether it may be passed on is unclear: avoid it.",
    ),
    _LPFF,
    "https://github.com/oneThousand1000/LPFF-dataset",
)
GENERATED: Final = SetTerms(
    "generated-photos",
    "Academic Dataset by Generated Photos",
    GENERATED_PHOTOS,
    "Academic Dataset by Generated Photos, https://generated.photos/datasets",
    "https://generated.photos/datasets",
)
UNSPLASH_LITE: Final = SetTerms(
    "unsplash-lite",
    "Unsplash Dataset Lite",
    _closed(
        "LicenseRef-Unsplash-Dataset-Lite",
        "Terms of the Unsplash Dataset Lite",
        _UNSPLASH_TERMS,
        non_commercial=False,
        note=f"{_NO_PART} Models may be trained on it internally, commercially too.",
    ),
    "Unsplash Dataset",
    "https://unsplash.com/data",
)
UNSPLASH_FULL: Final = SetTerms(
    "unsplash-full",
    "Unsplash Dataset Full",
    _closed(
        "LicenseRef-Unsplash-Dataset-Full",
        "Terms of the Unsplash Dataset Full",
        _UNSPLASH_TERMS,
        non_commercial=True,
        note=_NO_PART,
    ),
    "Unsplash Dataset",
    "https://unsplash.com/data",
)

PUBLISHED: Final[dict[str, SetTerms]] = {
    terms.id: terms
    for terms in (
        FFHQ,
        FFHQ_FEATURES,
        METFACES,
        LPFF,
        LPFF_UP,
        GENERATED,
        UNSPLASH_LITE,
        UNSPLASH_FULL,
    )
}
"""Terms by id."""
