"""Rules: each keeps a face or drops it with a reason."""
