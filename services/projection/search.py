"""The words of articles that may be shown, in the index of the view file.

The index keeps no text, and forgets an article only when told exactly what it was told when it took
it in. That is worked out again from the article's document, and compared by its digest. It is in
parts by seq; a part is made when its first text comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import orjson

from shared import views
from shared.errors import ViewsDamaged
from shared.search import parts
from shared.search.texts import Indexed, index_of
from shared.views import Connection

MERGED_PAGES: Final = 500
"""Of 4 kB, in one transaction of some 20 ms: what comes on the wire waits for no more."""

_PART: Final = "INSERT OR IGNORE INTO search_part (part) VALUES (?)"
_ADD: Final = "INSERT INTO {0} (rowid, headline, body) VALUES (?, ?, ?)"
_NOTE: Final = (
    "INSERT INTO search_text (seq, article_id, ordered_at_s, copy_of, digest) "
    "VALUES (?, ?, unixepoch(?), ?, ?)"
)
_TAKE_OUT: Final = "INSERT INTO {0} ({0}, rowid, headline, body) VALUES ('delete', ?, ?, ?)"
_MERGE: Final = "INSERT INTO {0} ({0}, rank) VALUES ('merge', ?)"
"""What is filled in is the name of a part."""
_OWE_BEFORE: Final = """
INSERT INTO search_owed (part, is_begun)
SELECT part, 0 FROM search_part WHERE part < ? ORDER BY part DESC LIMIT 1
"""
"""A part is merged when a later one begins: words are looked for in one tree, not in ten."""
_OWE_BACK: Final = """
INSERT INTO search_owed (part, is_begun)
SELECT part, 0 FROM search_part WHERE part IN
  (SELECT seq / ?2 FROM article_past WHERE article_id = ?1
   UNION SELECT seq / ?2 FROM article WHERE article_id = ?1)
"""
"""Of every event of an article before a notice, while its row is still what it was."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text to be taken in."""

    seq: int
    """Of the event that carried it."""
    article_id: str
    ordered_at: str
    copy_of: str | None
    words: Indexed


def add(connection: Connection, text: Text) -> None:
    """Take in an article of which nothing is in the index."""
    words, part = text.words, parts.part_of(text.seq)
    if connection.execute(_PART, (part,)).rowcount:
        _begin(connection, part)
    connection.execute(_ADD.format(parts.table(part)), (text.seq, words.headline, words.body))
    connection.execute(
        _NOTE, (text.seq, text.article_id, text.ordered_at, text.copy_of, words.digest())
    )


def _begin(connection: Connection, part: int) -> None:
    for statement in parts.schema(part):
        connection.execute(statement)
    connection.execute(_OWE_BEFORE, (part,))


def relate(connection: Connection, article_id: str, copy_of: str | None) -> None:
    """Note whose copy an article is, if it is in the index."""
    connection.execute(
        "UPDATE search_text SET copy_of = ? WHERE article_id = ?", (copy_of, article_id)
    )


def take_out(connection: Connection, article_id: str) -> None:
    """Take out an article while its row still holds what was taken in; nothing where it is not.

    Raises:
        ViewsDamaged: the row holds another text than what was taken in.
    """
    found = connection.execute(
        "SELECT t.seq, t.digest, a.document FROM search_text t JOIN article a "
        "ON a.article_id = t.article_id WHERE t.article_id = ?",
        (article_id,),
    ).fetchone()
    if found is None:
        return
    words = index_of(orjson.loads(found["document"]))
    if words.digest() != found["digest"]:
        raise ViewsDamaged(
            f"expected in the index what article {article_id} has, and it took in another text"
        )
    table = parts.table(parts.part_of(found["seq"]))
    connection.execute(_TAKE_OUT.format(table), (found["seq"], words.headline, words.body))
    connection.execute("DELETE FROM search_text WHERE seq = ?", (found["seq"],))


def owe(connection: Connection, article_id: str) -> None:
    """Note that an article's words were taken back, of whichever of its versions.

    FTS5 keeps what it took out until it merges its file.
    """
    connection.execute(_OWE_BACK, (article_id, parts.PART_EVENTS))


def forget(connection: Connection) -> bool:
    """Merge some pages of a part of the index that is to be merged; False: none is.

    A transaction of its own. What is taken back meanwhile begins it anew.
    """
    owed = connection.execute(
        "SELECT part, max(is_begun) FROM search_owed GROUP BY part ORDER BY min(number) LIMIT 1"
    ).fetchone()
    if owed is None:
        return False
    part, is_begun = owed
    merge = _MERGE.format(parts.table(part))
    with views.transaction(connection):
        before = connection.total_changes
        if is_begun:
            connection.execute(merge, (MERGED_PAGES,))
        else:
            connection.execute("UPDATE search_owed SET is_begun = 1 WHERE part = ?", (part,))
            connection.execute(merge, (-MERGED_PAGES,))
        if connection.total_changes - before < _CHANGES_OF_NOTHING:
            connection.execute("DELETE FROM search_owed WHERE part = ? AND is_begun", (part,))
    return True


_CHANGES_OF_NOTHING: Final = 2
"""Fewer changed rows than these: there was nothing to merge. Source: SQLite, FTS5 6.8."""
