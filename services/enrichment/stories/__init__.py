"""Stories: which articles report one happening (docs/stories.md). Pure."""
