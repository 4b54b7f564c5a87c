"""Statistics of coded attributes: cells, distances, associations, intervals, label error."""
