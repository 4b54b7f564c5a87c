"""Renderers: each turns `parts.Scene` into `parts.Radiance`."""
