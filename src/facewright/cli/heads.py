"""facewright heads: annotators of one's own, fitted on embeddings from labels."""

from __future__ import annotations

import cyclopts

app = cyclopts.App(name="heads", help="Fit annotators of your own from labels.")
