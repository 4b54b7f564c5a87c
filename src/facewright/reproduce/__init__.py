"""Make published sets again from their own metadata and source photographs, and check each."""
