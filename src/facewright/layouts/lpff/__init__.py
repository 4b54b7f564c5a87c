"""LPFF: raw photos, realigned ones, both crops, cameras and lists."""
