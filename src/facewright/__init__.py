"""Make face-image datasets: cropped, described, balanced, checked and served, offline."""

__version__ = "0.1.0"
