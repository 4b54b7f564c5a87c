"""COCO: boxes and keypoints of faces in one JSON file."""
