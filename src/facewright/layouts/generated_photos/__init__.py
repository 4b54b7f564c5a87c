"""Generated Photos' academic dataset: a picture and a JSON file each."""
