"""The index of the search in parts: a run of events of the wire, and the texts that came in it.

A search asks the newest part first and seldom needs another: what it costs to find the newest hits
of a common word, and how common it is, does not grow with the archive. Names are made of numbers.
"""

from __future__ import annotations

from typing import Final

PART_EVENTS: Final = 16_384
"""Of the wire, of one part: with half as many a search for rare words, which asks all parts, takes
a tenth longer; with twice as many one for a beginning of words, which reads a part, twice as long.
"""


def part_of(seq: int) -> int:
    """The part that has the text of an event."""
    return seq // PART_EVENTS


def table(part: int) -> str:
    """The table of FTS5 that a part is; its rowids are seqs."""
    return f"search_{part:04}"


def vocabulary(part: int) -> str:
    """The table of a part's words, each with the number of its articles and places."""
    return f"search_word_{part:04}"


def schema(part: int) -> tuple[str, str]:
    """Statements that make a part and its vocabulary.

    FTS5 keeps no text, and takes bytes above 127 for letters here: nothing hangs on SQLite's own
    tables of letters.
    """
    index = "fts5 (headline, body, content='', tokenize='ascii')"
    words = f"fts5vocab ({table(part)}, row)"
    return (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {table(part)} USING {index}",
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {vocabulary(part)} USING {words}",
    )
