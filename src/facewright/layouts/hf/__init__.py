"""Hugging Face datasets: Parquet with a picture column, and a card."""
