"""What news agencies send: ninjs 1.x to 3.x, and NewsML-G2.

Each format module gives ``claims(bytes)`` and ``parse(bytes, arrival)``; both say what they find in
the words of ``item.py``, and ``entry.py`` judges it.
"""
