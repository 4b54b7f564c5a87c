"""Seeing: decoding, detector, mesh, models and their cards."""
