"""What decisions about relations depend on: which texts are near, what stands for what.

A fold of the wire, limited to the articles of the window.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from services.enrichment.relations.members import Member, pack, text_key, unpack
from services.enrichment.relations.shingles import Shingled, shingled
from services.enrichment.relations.stars import standing_of
from services.enrichment.relations.window import CANDIDATES_MAX, Window
from shared.news import Article, ArticleId, Relation, copy_of


@dataclass(slots=True)
class RelationMemory:
    """The articles of the window, and their stars."""

    window: Window = field(default_factory=Window)
    members: MutableMapping[ArticleId, bytes] = field(default_factory=dict)
    """What is known of the articles of the window without their texts, packed."""
    canonical: dict[ArticleId, ArticleId] = field(default_factory=dict)
    """Of copies only."""
    copies: dict[ArticleId, list[ArticleId]] = field(default_factory=dict)
    """Of canonical articles that have some, in the order in which they were attached."""
    revoked: set[frozenset[str]] = field(default_factory=set)
    """Pairs that an operator has said are not related."""

    def carried(
        self, article: Article, relations: Sequence[Relation], text: Shingled | None = None
    ) -> None:
        """The wire carries this text of an article; ``text``: as it was read already."""
        article_id, day = article.article_id, article.observed_at.date()
        text = text or shingled(article)
        self._advance(day)
        self._forget(article_id)
        key = text_key(article.text_hash)
        place = self.window.add(article_id, day, text.sketch, key)
        if place is not None:
            standing = standing_of(article, text.words)
            self.members[article_id] = pack(Member(article.source, standing, key, place))
        self._attach(article_id, copy_of(relations))

    def related(self, article_id: ArticleId, relations: Sequence[Relation]) -> None:
        """The wire says that these relations of an article hold."""
        self._attach(article_id, copy_of(relations))

    def _attach(self, article_id: ArticleId, to: ArticleId | None) -> None:
        before = self.canonical.pop(article_id, None)
        if before is not None:
            self._detach(article_id, before)
        if to is not None:
            self.canonical[article_id] = to
            self.copies.setdefault(to, []).append(article_id)

    def gone(self, article_id: ArticleId) -> None:
        """The article may not be shown any more.

        Its copies stand for themselves until the wire says otherwise: of a large star it tells of
        some only, and nothing may be attached to what is gone.
        """
        self._forget(article_id)
        self._attach(article_id, None)
        for copy in self.copies.pop(article_id, ()):
            del self.canonical[copy]

    def part(self, article_id: str, other_id: str) -> None:
        """An operator says that two articles are not related."""
        self.revoked.add(frozenset({article_id, other_id}))

    def member(self, article_id: ArticleId) -> Member | None:
        """What is known of an article; None: it is not in the window."""
        packed = self.members.get(article_id)
        return None if packed is None else unpack(packed)

    def bearers(self, text_hash: str) -> Iterator[ArticleId]:
        """Articles of the window that have a text, in the order in which they came to it."""
        key = text_key(text_hash)
        for article_id in self.window.bearers(key):
            if unpack(self.members[article_id]).text == key:
                yield article_id

    def canonical_of(self, article_id: ArticleId) -> ArticleId:
        """What stands for an article; itself, if it is no copy."""
        return self.canonical.get(article_id, article_id)

    def copies_of(self, article_id: ArticleId) -> list[ArticleId]:
        """The copies of a canonical article."""
        return list(self.copies.get(article_id, ()))

    def is_parted(self, article_id: ArticleId, other_id: ArticleId) -> bool:
        """Whether an operator has parted an article from another one, or from what that copies."""
        return any(
            frozenset({article_id, one}) in self.revoked
            for one in (other_id, self.canonical_of(other_id))
        )

    def wanted(self, article_id: ArticleId, text_hash: str, text: Shingled) -> list[ArticleId]:
        """Articles whose texts a decision about an article needs; at most ``CANDIDATES_MAX``.

        First those of the same text, then those that share most with it, then the canonical
        articles of both, and at last the other copies of those.
        """
        near = [
            *islice(self.bearers(text_hash), 3),
            *(one.article_id for one in self.window.candidates(text.sketch)),
        ]
        stars = [self.canonical_of(one) for one in near]
        others = [copy for star in stars for copy in self.copies.get(star, ())]
        found = dict.fromkeys((*near[:12], *stars, *self.copies_of(article_id), *near, *others))
        found.pop(article_id, None)
        return [one for one in found if not self.is_parted(article_id, one)][:CANDIDATES_MAX]

    def _advance(self, day: date) -> None:
        for article_id in self.window.advance(day):
            del self.members[article_id]
            before = self.canonical.pop(article_id, None)
            if before is not None:
                self._detach(article_id, before)

    def _forget(self, article_id: ArticleId) -> None:
        packed = self.members.pop(article_id, None)
        if packed is not None:
            self.window.remove(unpack(packed).place)

    def _detach(self, article_id: ArticleId, canonical: ArticleId) -> None:
        copies = self.copies[canonical]
        copies.remove(article_id)
        if not copies:
            del self.copies[canonical]

    def __iter__(self) -> Iterator[ArticleId]:
        return iter(self.members)
