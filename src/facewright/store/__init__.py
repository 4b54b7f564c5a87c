"""Datasets on disk: tables, shards, manifest, and reading them."""
