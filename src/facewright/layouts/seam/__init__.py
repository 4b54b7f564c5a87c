"""What the engine and the layouts hand each other: trees, items, exports, sinks, the sidecar."""
