"""Balance: what a dataset should be made of, and the ways to get there."""
