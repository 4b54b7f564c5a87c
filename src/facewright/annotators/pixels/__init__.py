"""What is measured in pixels and mesh points, shared by annotators."""
