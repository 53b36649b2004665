"""The index of the search in parts: a run of events of the wire, and the texts that came in it.

A search asks the newest part first and seldom needs another: what it costs to find the newest hits
of a common word, and how common it is, does not grow with the archive. Names are made of numbers.
"""

from __future__ import annotations

from typing import Final

PART_EVENTS: Final = 16_384
"""Of the wire, of one part: searches among 100,000 articles take 2.0 ms with it on the mean, 2.4
with half of it; 1.8 to 2.3 with twice as many, by how full the newest part is, and then the
commonest beginning of words takes 35 ms instead of 18."""


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
