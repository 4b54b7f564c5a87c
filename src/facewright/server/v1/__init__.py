"""The published v1 API of the commercial service."""
