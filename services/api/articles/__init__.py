"""The list of articles: what may be asked of it, and how the views answer."""
