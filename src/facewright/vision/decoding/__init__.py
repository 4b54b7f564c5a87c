"""The decoders behind `facewright.vision.decode`, one format or step a file."""
