"""What `tools/measure_pixels.py` is made of."""
