"""Which article an entry of a page is: a fold of the articles stream, kept per source.

A page without links identifies its articles by their headlines. This remembers what was recorded of
a source's pages: which text was which article's, which headlines an article got later, and what
stood where, so that a changed headline is a revision and a page seen late names what it named then.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Final

from services.ingest.identity import (
    Wording,
    article_id,
    is_same_article,
    is_same_at_place,
    namesake_number,
    slug,
    slug_key,
    wording,
)
from services.ingest.parse.document import ArticleEntry
from shared.hashing import text_hash
from shared.news import Article, ArticleId

PLACED_MAX: Final = 500
"""Articles per source whose place and text are remembered: more than a page lists in a week."""
NAMESAKES_AHEAD: Final = 10
"""Namesakes are numbered one after the other; so many in a row may have been refused by the log."""
_DIGEST_BYTES: Final = 16
"""Of a text's hash: enough for 10**15 texts, and half the memory (some 150 bytes an article)."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An article of a page as last recorded."""

    article_id: ArticleId
    slug: str
    position: int
    wording: Wording


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
    namesakes_by_slug: dict[str, int] = field(default_factory=dict)
    """How many articles had a headline as their first one."""
    placed: OrderedDict[ArticleId, Placed] = field(default_factory=OrderedDict)
    """Latest last, at most PLACED_MAX."""

    def remember(self, article: Article) -> None:
        """Take in an article as the log has recorded it."""
        if article.position is None:
            return
        headline = slug(article.headline)
        self.id_by_text.setdefault(_digest(article.text_hash), article.article_id)
        known = self.namesakes_by_slug.get(headline, 0)
        number_max = known + NAMESAKES_AHEAD
        number = namesake_number(article.source, article.headline, article.article_id, number_max)
        if number:
            self.namesakes_by_slug[headline] = max(known, number)
        else:
            self.id_by_slug.setdefault(headline, article.article_id)
        self.placed.pop(article.article_id, None)
        words = wording(article.body, article.listed_on)
        self.placed[article.article_id] = Placed(
            article.article_id, headline, article.position, words
        )
        if len(self.placed) > PLACED_MAX:
            self.placed.popitem(last=False)

    def assign(
        self, source: str, page: Sequence[ArticleEntry], listed_on: date | None
    ) -> list[Assigned]:
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
        slugs = {slug(entry.headline) for entry in page}
        for entry, each in zip(page, hashes, strict=True):
            if each not in found:
                text = wording(entry.paragraphs, listed_on)
                one = self._free(source, entry, text, slugs, taken)
                found[each] = Assigned(one, is_recorded=False)
                taken.add(one)
        return [found[each] for each in hashes]

    def _free(
        self, source: str, entry: ArticleEntry, text: Wording, slugs: set[str],
        taken: set[ArticleId],
    ) -> ArticleId:  # fmt: skip
        for one in self._candidates(source, entry, text, slugs):
            if one not in taken and not self._is_another(one, text):
                return one
        raise AssertionError("the numbers of namesakes have no end")

    def _candidates(
        self, source: str, entry: ArticleEntry, text: Wording, slugs: set[str]
    ) -> Iterator[ArticleId]:
        """What an entry may be: the article of its headline or place, a namesake, a new one."""
        headline = slug(entry.headline)
        known = self.namesakes_by_slug.get(headline, 0)
        one = self.identify(source, entry, text, slugs)
        if known <= 1 or one in self.placed:
            yield one  # one that is no longer remembered is compared with what the log holds
        for placed in reversed(self.placed.values()):
            if placed.slug == headline:
                yield placed.article_id
        for number in count(1 if known <= 1 else known + 1):
            yield article_id(source, slug_key(entry.headline, number))

    def _is_another(self, one: ArticleId, text: Wording) -> bool:
        placed = self.placed.get(one)
        if placed is None:
            return False
        return not is_same_article(text, placed.wording)

    def identify(
        self, source: str, entry: ArticleEntry, text: Wording, slugs: set[str]
    ) -> ArticleId:
        """The article of an entry's headline or place; ``slugs`` are all headlines of its page.

        A headline that is known names its article. An unknown one at the place of a known article
        whose own headline is gone from the page, with most of its text, is that article revised.
        """
        headline = slug(entry.headline)
        known = self.id_by_slug.get(headline)
        if known is not None:
            return known
        if not any(placed.slug == headline for placed in self.placed.values()):
            moved = self._same_place(entry.position, text, slugs)
            if moved is not None:
                return moved
        return article_id(source, slug_key(entry.headline, 1))

    def _same_place(self, position: int | None, text: Wording, slugs: set[str]) -> ArticleId | None:
        for placed in reversed(self.placed.values()):
            if placed.position != position or placed.slug in slugs:
                continue
            if is_same_at_place(text, placed.wording):
                return placed.article_id
        return None


def _digest(text_hash_hex: str) -> bytes:
    return bytes.fromhex(text_hash_hex)[:_DIGEST_BYTES]
