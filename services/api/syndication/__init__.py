"""Lists of articles for feed readers: Atom 1.0, RSS 2.0 and JSON Feed 1.1.

``listing`` makes values of stored documents, a module for each format makes bytes of values.
"""
