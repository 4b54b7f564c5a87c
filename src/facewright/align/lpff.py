"""LPFF's crop for StyleGAN: FFHQ's with a wider border.

Source: public description of LPFF (arXiv:2303.14407). The dataset cuts it out of the realign2400
picture. Whether a crop is padded does not depend on the border (it is where the square comes
within 4 pixels of the edge), but how much of the photograph goes into the padding does; so pixels
equal FFHQ's wherever nothing is padded. The published program drops an alpha channel;
photographs here have none.
"""

from __future__ import annotations

from facewright.align.ffhq import Border, PublishedCrop

LPFF_STYLEGAN = PublishedCrop(
    "lpff-stylegan",
    "LPFF's crop for StyleGAN: FFHQ's with a border of a fifth",
    border=Border(0.2, 100),
)
