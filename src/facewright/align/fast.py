"""Fast variants of the published crops that share FFHQ's machinery.

Each has the square, the border and the refusals of its exact crop, and is cut as `ffhq_fast.py`
does. So where the realigned crops are padded, the fast ones approach FFHQ's padding, not the
coarse one, which is most of their error. `benchmarks/alignment.py` prints how much faster they
are and how far off.
"""

from __future__ import annotations

from facewright.align.ffhq_fast import FastCrop
from facewright.align.metfaces import METFACES
from facewright.align.realign import REALIGN1500, REALIGN2400

METFACES_FAST = FastCrop(
    "metfaces-fast", "MetFaces in a few milliseconds, 51 dB or more from the exact", METFACES
)
REALIGN1500_FAST = FastCrop(
    "realign1500-fast", "realign1500 about 20 times faster, 46 dB or more from it", REALIGN1500
)
REALIGN2400_FAST = FastCrop(
    "realign2400-fast", "realign2400 about 20 times faster, 46 dB or more from it", REALIGN2400
)
