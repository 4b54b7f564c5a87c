"""Pictures that are there twice, and people who are: hashes, search, clusters, what to keep."""
