"""Published network pickles, read without running them, kept as safetensors."""
