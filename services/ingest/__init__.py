"""Ingest: decides whether an observation is new, a revision, or nothing, and appends facts."""
