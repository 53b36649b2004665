"""Full text search: what is asked, which articles have it, in which order, and where."""
