"""Pictures of visitors: looked at by a process of their own, compared, and forgotten."""
