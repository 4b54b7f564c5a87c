"""Annotators: each gives columns of the Record for a batch of faces."""
