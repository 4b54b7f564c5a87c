"""Where photographs come from: a folder, a tar or zip, a Parquet file, or a list of paths.

Start at `facewright.sources.opening.open_source`.
"""
