"""Enrichment: decides what an article is about and which copies are one; commits to the wire."""
