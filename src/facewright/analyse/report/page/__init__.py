"""The report as a page: one HTML file that loads nothing; plots are HTML and SVG, no scripts."""
