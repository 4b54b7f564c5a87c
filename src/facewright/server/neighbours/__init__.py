"""Similar faces: nearest embeddings by cosine."""
