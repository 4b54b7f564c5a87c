"""Generators: they make faces where the other sources only find them."""
