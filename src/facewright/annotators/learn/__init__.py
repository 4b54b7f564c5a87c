"""Linear heads and fitted curves: how they are fitted, calibrated and kept."""
