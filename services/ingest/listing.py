"""Which article an entry of a page is: a fold of the articles stream, kept per source.

A page without links identifies its articles by their headlines. This remembers what was recorded of
a source's pages: which text was which article's, which headlines an article got later, and what
stood where, so that a changed headline is a revision and a page seen late names what it named then.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from services.ingest.identity import (
    SAME_ARTICLE_CONTAINMENT,
    SAME_PLACE_CONTAINMENT,
    Shingles,
    article_id,
    containment,
    namesake_number,
    shingles,
    slug,
    slug_key,
)
from services.ingest.parse.document import ArticleEntry
from shared.hashing import text_hash
from shared.news import Article, ArticleId

PLACED_MAX: Final = 500
"""Articles per source whose place and text are remembered: more than a page lists in a week."""
_DIGEST_BYTES: Final = 16
"""Of a text's hash: enough for 10**15 texts, and half the memory (some 150 bytes an article)."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An article of a page as last recorded."""

    article_id: ArticleId
    slug: str
    position: int
    shingles: Shingles


@dataclass(frozen=True, slots=True)
class Assigned:
    """Which article an entry is."""

    article_id: ArticleId
    is_recorded: bool
    """The log holds this very text as that article's; else the headline alone speaks for it."""


@dataclass(slots=True)
class Listing:
    """What is known of one source's pages. Grows with the source's texts, as the log does."""

    id_by_text: dict[bytes, ArticleId] = field(default_factory=dict)
    """Which article a headline with its text was first recorded as."""
    id_by_slug: dict[str, ArticleId] = field(default_factory=dict)
    """Headlines that an article got later than its first one."""
    placed: OrderedDict[ArticleId, Placed] = field(default_factory=OrderedDict)
    """Latest last, at most PLACED_MAX."""

    def remember(self, article: Article) -> None:
        """Take in an article as the log has recorded it."""
        if article.position is None:
            return
        headline = slug(article.headline)
        self.id_by_text.setdefault(_digest(article.text_hash), article.article_id)
        if not namesake_number(article.source, article.headline, article.article_id):
            self.id_by_slug.setdefault(headline, article.article_id)
        self.placed.pop(article.article_id, None)
        self.placed[article.article_id] = Placed(
            article.article_id, headline, article.position, shingles(article.body)
        )
        if len(self.placed) > PLACED_MAX:
            self.placed.popitem(last=False)

    def assign(self, source: str, page: Sequence[ArticleEntry]) -> list[Assigned]:
        """Which articles the entries of a page are, in their order.

        A recorded text is the article that it was recorded as. Any other entry is the article of
        its headline or place, unless another entry of this page is, or the texts have too little in
        common: then it is the next of that headline. So no two texts of a page are one article.
        """
        hashes = [text_hash(entry.headline, entry.paragraphs) for entry in page]
        found = {
            each: Assigned(self.id_by_text[digest], is_recorded=True)
            for each in hashes
            if (digest := _digest(each)) in self.id_by_text
        }
        taken = {assigned.article_id for assigned in found.values()}
        for entry, each in zip(page, hashes, strict=True):
            if each not in found:
                one = self._free(source, entry, page, taken)
                found[each] = Assigned(one, is_recorded=False)
                taken.add(one)
        return [found[each] for each in hashes]

    def _free(
        self,
        source: str,
        entry: ArticleEntry,
        page: Sequence[ArticleEntry],
        taken: set[ArticleId],
    ) -> ArticleId:
        one, number = self.identify(source, entry, page), 0
        text = shingles(entry.paragraphs)
        while one in taken or self._is_another(one, text):
            number += 1
            one = article_id(source, slug_key(entry.headline, number))
        return one

    def _is_another(self, one: ArticleId, text: Shingles) -> bool:
        placed = self.placed.get(one)
        return placed is not None and containment(text, placed.shingles) < SAME_ARTICLE_CONTAINMENT

    def identify(self, source: str, entry: ArticleEntry, page: Sequence[ArticleEntry]) -> ArticleId:
        """The article of an entry's headline or place; ``page`` is all that stands beside it.

        A headline that is known names its article. An unknown one at the place of a known article
        whose own headline is gone from the page, with most of its text, is that article revised.
        """
        headline = slug(entry.headline)
        known = self.id_by_slug.get(headline)
        if known is not None:
            return known
        if not any(placed.slug == headline for placed in self.placed.values()):
            moved = self._same_place(entry, {slug(other.headline) for other in page})
            if moved is not None:
                return moved
        return article_id(source, slug_key(entry.headline, 1))

    def _same_place(self, entry: ArticleEntry, slugs_on_page: set[str]) -> ArticleId | None:
        text = shingles(entry.paragraphs)
        for placed in reversed(self.placed.values()):
            if placed.position != entry.position or placed.slug in slugs_on_page:
                continue
            if containment(text, placed.shingles) >= SAME_PLACE_CONTAINMENT:
                return placed.article_id
        return None


def _digest(text_hash_hex: str) -> bytes:
    return bytes.fromhex(text_hash_hex)[:_DIGEST_BYTES]
