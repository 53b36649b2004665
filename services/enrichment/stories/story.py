"""What stories are made of: an article about to enter the wire, and an open story."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.enrichment.stories.features import Features
from services.enrichment.stories.packing import COPY, Kept, hashed
from services.enrichment.stories.sketch import Rarity, Sketch, packed, shown, unpacked
from shared.news import ArticleId, StoryId


@dataclass(frozen=True, slots=True)
class NewItem:
    """An article about to enter the wire, as stories see it."""

    article_id: ArticleId
    headline: str
    at: datetime
    """When we saw it."""
    features: Features
    copy_of: ArticleId | None = None
    """The canonical article, of which it is a copy."""
    trust_rank: int | None = None
    """Of its source, 1 the most trusted."""
    story_id: StoryId | None = None
    """The story that the wire last said it belongs to; None: none, or it is not on the wire."""

    @property
    def at_s(self) -> int:
        """``at`` in whole seconds since 1970."""
        return int(self.at.timestamp())


@dataclass(slots=True)
class Story:
    """An open story."""

    story_id: StoryId
    representative: ArticleId
    headline: str
    first_s: int
    last_s: int
    """When its latest article was seen."""
    sums: bytes = packed(Sketch())
    """Its sketch, packed."""
    members: dict[ArticleId, None] = field(default_factory=dict)
    """The latest, in the order in which they joined."""
    articles: int = 0
    """How many it has, the forgotten among them."""
    ended: set[StoryId] = field(default_factory=set)
    """Stories that were merged into it."""

    @property
    def sketch(self) -> Sketch:
        """What new articles are compared with; not to be changed."""
        return shown(self.sums)

    def take_in(self, article_id: ArticleId, article: Kept, rarity: Rarity) -> None:
        """An article joins, as the latest."""
        self.members[article_id] = None
        self.articles += 1
        sketch = unpacked(self.sums)
        sketch.add(article, rarity)
        self.sums = packed(sketch)
        self.first_s = min(self.first_s, article.at_s)
        self.last_s = max(self.last_s, article.at_s)

    def take_out(self, article_id: ArticleId, article: Kept, rarity: Rarity) -> None:
        """An article that had joined leaves."""
        del self.members[article_id]
        self.articles -= 1
        sketch = unpacked(self.sums)
        sketch.remove(article, rarity)
        self.sums = packed(sketch)

    def inherit(self, ended: Story) -> None:
        """Another story was merged into this one, and its articles have joined."""
        self.ended |= {ended.story_id, *ended.ended}
        self.articles += ended.articles
        self.first_s = min(self.first_s, ended.first_s)


def kept(new: NewItem, serial: int, *, is_copy: bool) -> Kept:
    """What is remembered of an article; of a copy only that it is there."""
    found = new.features
    terms, names, numbers = ((), (), ()) if is_copy else hashed(found)
    return Kept(
        at_s=new.at_s,
        serial=serial,
        standing=standing(new),
        language=found.language,
        magnitude=0 if is_copy else found.magnitude,
        terms=terms,
        names=names,
        numbers=numbers,
        headline=new.headline,
    )


def standing(new: NewItem) -> int:
    """How well an article stands for its story, the lower the better.

    First its source's trust (5 where none is said), then its fullness in steps of 50 words up to
    300; a copy comes after all others.
    """
    fullness = min(new.features.words // 50, 6)
    return 10 * (new.trust_rank or 5) + 6 - fullness + (COPY if new.copy_of else 0)
