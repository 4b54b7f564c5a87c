"""Pictures of faces: where their bytes lie, made smaller, kept ready."""
