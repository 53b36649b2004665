"""Where an article comes from: the events that made it, and the articles that it stands to."""
