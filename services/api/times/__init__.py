"""Pages as they were: the instant that one is about, and the slider that leads there."""
