"""The words of articles that may be shown, in the index of the view file.

The index keeps no text, and forgets an article only when told exactly what it was told when it took
it in. That is worked out again from the article's document, and compared by its digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import orjson

from shared import views
from shared.errors import ViewsDamaged
from shared.search.texts import Indexed, index_of
from shared.views import Connection

MERGED_PAGES: Final = 500
"""Of 4 kB, in one transaction of some 20 ms: what comes on the wire waits for no more."""

_ADD: Final = "INSERT INTO search (rowid, headline, body) VALUES (?, ?, ?)"
_NOTE: Final = (
    "INSERT INTO search_text (seq, article_id, ordered_at_s, copy_of, digest) "
    "VALUES (?, ?, unixepoch(?), ?, ?)"
)
_TAKE_OUT: Final = "INSERT INTO search (search, rowid, headline, body) VALUES ('delete', ?, ?, ?)"
_MERGE: Final = "INSERT INTO search (search, rank) VALUES ('merge', ?)"


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
    words = text.words
    connection.execute(_ADD, (text.seq, words.headline, words.body))
    connection.execute(
        _NOTE, (text.seq, text.article_id, text.ordered_at, text.copy_of, words.digest())
    )


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
    connection.execute(_TAKE_OUT, (found["seq"], words.headline, words.body))
    connection.execute("DELETE FROM search_text WHERE seq = ?", (found["seq"],))


def owe(connection: Connection) -> None:
    """Note that words were taken back: FTS5 keeps what it took out until it merges its file."""
    connection.execute("INSERT INTO search_owed (is_begun) VALUES (0)")


def forget(connection: Connection) -> bool:
    """Merge some pages of the index if words that were taken back are in its file; False: none are.

    A transaction of its own. What is taken back meanwhile begins it anew.
    """
    owed = connection.execute("SELECT count(*), total(is_begun) FROM search_owed").fetchone()
    if not owed[0]:
        return False
    with views.transaction(connection):
        before = connection.total_changes
        if owed[1]:
            connection.execute(_MERGE, (MERGED_PAGES,))
        else:
            connection.execute("UPDATE search_owed SET is_begun = 1")
            connection.execute(_MERGE, (-MERGED_PAGES,))
        if connection.total_changes - before < _CHANGES_OF_NOTHING:
            connection.execute("DELETE FROM search_owed WHERE is_begun = 1")
    return True


_CHANGES_OF_NOTHING: Final = 2
"""Fewer changed rows than these: there was nothing to merge. Source: SQLite, FTS5 6.8."""
