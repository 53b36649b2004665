"""Pages beside the front page: tags, sources, what this is, and a screen for a wall."""
