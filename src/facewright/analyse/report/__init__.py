"""The report of an analysis: numbers first, then a page, tables and the terminal from them."""
