"""MetFaces: pictures, photos of the works, and metfaces.json."""
