"""Layouts: the folder formats of published datasets, each read and written by one file."""
