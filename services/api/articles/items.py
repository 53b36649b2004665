"""Articles in answers, as the OpenAPI document describes them.

Bodies are built from the views' stored JSON and never pass through these models; the tests hold
the two together.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.news import Article, ArticleId, Decider, Display, Relation, SourceId, StoryId, Tag


class ArticleItem(Article):
    """An article on the wire: what its source said, and what enrichment found in it."""

    language: str
    """BCP 47 primary tag."""
    language_confidence: int = Field(ge=0, le=100)
    tags: tuple[Tag, ...]
    relations: tuple[Relation, ...]
    unfinished: dict[str, str] | None
    """Steps of enrichment that failed on this article, with the reason; null: none did."""
    methods: dict[str, str]
    status: Literal["usable"]
    version: int
    seq: int
    """Of its last event on the wire."""
    event_id: str
    event_type: str
    copy_of: ArticleId | None
    """The article whose exact copy this is."""
    story_id: StoryId | None
    """The story that it is in, as stories stand; null: it is alone."""


class BriefTag(BaseModel):
    """A tag in a list; what speaks for it is in the whole article."""

    scheme: str
    code: str
    name: str
    kind: str
    relevance: int


class ArticleBrief(BaseModel):
    """An article in a list: what a line needs that shows it. `fields` asks for other members."""

    article_id: ArticleId
    source: SourceId
    credit: str | None
    headline: str
    lead: str | None
    """The summary, else the beginning of the text, at most 300 characters; null: there is neither,
    or its rights allow the headline alone."""
    url: str | None
    canonical_url: str | None
    language: str
    published_at: AwareDatetime | None
    published_on: date | None
    listed_on: date | None
    updated_at: AwareDatetime | None
    observed_at: AwareDatetime
    display: Display | None
    urgency: int | None
    revision: int
    tags: tuple[BriefTag, ...]
    status: Literal["usable"]
    version: int
    seq: int
    event_id: str
    event_type: str
    copy_of: ArticleId | None
    """The article whose copy this is."""
    story_id: StoryId | None


class ArticleSelection(BaseModel):
    """An article with the members that `fields` names, each as in the whole article."""

    model_config = ConfigDict(extra="allow")

    article_id: ArticleId
    status: Literal["usable"]


class FoundPart(BaseModel):
    """A piece of a text, as it stands there."""

    text: str
    is_hit: bool
    """Whether it is a word that was searched for."""


class FoundItem(ArticleSelection):
    """An article that a search found, with the members that `fields` names."""

    headline_parts: list[FoundPart]
    """The headline, in pieces."""
    snippets: list[list[FoundPart]]
    """Lines of the text around what was found; none where that is in the headline alone."""


class FoundTotal(BaseModel):
    """How many articles a search found."""

    count: int
    is_exact: bool
    """False: there are more; pages go through the newest 1,000 alone."""


class FacetCount(BaseModel):
    """How many articles have a value."""

    value: str
    """As the filter of the facet's name takes it."""
    name: str | None
    """For readers; a language by its own name. Null: none is known."""
    count: int


class Facets(BaseModel):
    """Counts over a list."""

    articles: int
    """That were counted."""
    exact: bool
    """False: there are more, and the newest were counted."""
    counts: dict[str, list[FacetCount]]
    """By facet, the most frequent first."""


class ArticleNotice(BaseModel):
    """An article that must not be shown, in place of the article."""

    article_id: ArticleId
    source: SourceId
    status: Literal["canceled", "withheld"]
    reason: str
    by: Decider
    observed_at: AwareDatetime
    version: int
    seq: int
    event_id: str
    event_type: str
    copy_of: ArticleId | None


class ArticleList(BaseModel):
    """A page of a list, or of its changes."""

    items: list[ArticleBrief | ArticleItem | ArticleNotice | FoundItem | ArticleSelection]
    """In brief, unless `fields` asks otherwise."""
    next: str | None
    """Cursor of the following page; null: there is none."""
    cursor: str
    """Cursor for polling what changes after this list; a search is not asked again so."""
    total: FoundTotal | None = None
    """Of a search; absent from other lists."""
    facets: Facets | None = None
    """Where `facets` asked for them."""
