"""Which article an entry of a page is: a fold of the articles stream, kept per source.

A page without links identifies its articles by their headlines. This remembers which headlines were
one article's, and what stood where, so that a changed headline is found to be a revision.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from services.ingest.identity import (
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
from shared.news import Article, ArticleId

PLACED_MAX: Final = 500
"""Articles per source whose place and text are remembered: more than a page lists in a week."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An article of a page as last recorded."""

    article_id: ArticleId
    slug: str
    position: int
    shingles: Shingles


@dataclass(slots=True)
class Listing:
    """What is known of one source's pages."""

    id_by_slug: dict[str, ArticleId] = field(default_factory=dict)
    """Headlines that an article got later than its first one."""
    placed: OrderedDict[ArticleId, Placed] = field(default_factory=OrderedDict)
    """Latest last, at most PLACED_MAX."""

    def remember(self, article: Article) -> None:
        """Take in an article as the log has recorded it."""
        if article.position is None:
            return
        headline = slug(article.headline)
        if not namesake_number(article.source, article.headline, article.article_id):
            self.id_by_slug.setdefault(headline, article.article_id)
        self.placed.pop(article.article_id, None)
        self.placed[article.article_id] = Placed(
            article.article_id, headline, article.position, shingles(article.body)
        )
        if len(self.placed) > PLACED_MAX:
            self.placed.popitem(last=False)

    def identify(self, source: str, entry: ArticleEntry, page: Sequence[ArticleEntry]) -> ArticleId:
        """The id of an entry; ``page`` is all that stands on the same page.

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
