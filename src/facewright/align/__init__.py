"""Aligned crops of faces: one file per family of recipes, exact and fast.

`facewright.align.base` has the vocabulary; the recipes are found by name through the
entry-point group `facewright.alignments`.
"""
