"""What an entry of a feed is identified by, where its source says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from services.ingest.parse.document import ArticleEntry
from services.ingest.parse.feeds.urls import address_key
from services.ingest.parse.problems import Problems, shown

Located = tuple[str, ArticleEntry]
"""An entry and where it stands, for a person."""


def own_key(entry: ArticleEntry) -> str | None:
    """``id:…`` or ``url:…``: what names an entry for ever, in ``identity.article_id``.

    None: the source gave neither an id nor an address, and its headline must do.
    """
    if entry.source_item_id:
        return f"id:{entry.source_item_id}"
    address = entry.canonical_url or entry.url
    return f"url:{address_key(address)}" if address else None


def each_once(
    entries: Iterable[Located],
    is_later: Callable[[ArticleEntry, ArticleEntry], bool],
    expected: str,
    problems: Problems,
) -> tuple[ArticleEntry, ...]:
    """Of entries of one key the latest, in the place of the first of them.

    Were all taken, each look at the document would find as many revisions. ``is_later`` says of two
    whether the first is the later one; ``expected`` is what a document should have, for a sentence.
    """
    latest: dict[str, ArticleEntry] = {}
    for number, (where, entry) in enumerate(entries):
        key = own_key(entry)
        known = latest.get(key) if key else None
        if key is None or known is None:
            latest[key or f"without {number}"] = entry
        elif replace(entry, line=known.line) != known:
            detail = f"{expected}, came {shown(key)} again; the latest was taken"
            problems.add("id-repeated", where, detail)
            latest[key] = entry if is_later(entry, known) else known
    return tuple(latest.values())
