"""Api: serves views to people and programs. It writes nothing."""
