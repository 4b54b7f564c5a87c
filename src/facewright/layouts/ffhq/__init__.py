"""FFHQ: pictures, thumbnails, photos in the wild, and ffhq-dataset-v2.json."""
