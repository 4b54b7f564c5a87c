"""What people note of faces: flags, labels by hand, selections. Kept in one SQLite file."""
