"""Which faces, in what order, how many of each: filters, conditions, facets, pages."""
