"""Attributes: what faces are counted, compared and balanced by, over any table of faces."""
