"""Running the work: chunks in worker processes, resumable."""
