"""One face: its record, its photo, who else is there."""
