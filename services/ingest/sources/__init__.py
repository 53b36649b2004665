"""Sources: what ``sources.toml`` says of them, when each is read, and how each is."""
