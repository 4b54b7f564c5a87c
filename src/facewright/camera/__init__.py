"""Cameras: EG3D's 25-float labels, the angles people write them in, and how rare a view is."""
