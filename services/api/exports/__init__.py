"""The views for other systems: ninjs, NewsML-G2, whole views to take away, and the sources.

A module makes bytes of values for each format; ``routes`` answers.
"""
