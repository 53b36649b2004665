"""Feeds: RSS 2.0, Atom 1.0 and JSON Feed, each read by a module of its own.

A format module turns its own words into a ``Draft``; ``entry.py`` turns every draft into an entry
by the same rules. Source of all three: hostile until shown otherwise.
"""
