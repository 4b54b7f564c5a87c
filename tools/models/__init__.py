"""What tools/build_models.py is made of."""
