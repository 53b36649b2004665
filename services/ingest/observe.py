"""From what a document offers to articles and rates of a source. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.ingest.domain import article_hash
from services.ingest.identity import article_id
from services.ingest.parse.document import ArticleEntry, Parsed, RateEntry
from services.ingest.parse.feeds.keys import own_key
from shared.hashing import text_hash
from shared.news import Article, ArticleId, Document, Rate


@dataclass(frozen=True, slots=True)
class Source:
    """Where content comes from, as far as its articles say it."""

    id: str
    name: str | None = None
    """For readers; None: show the id."""
    rights: str | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """A document as seen once: what it held, whose it is, and when we saw it."""

    parsed: Parsed
    source: Source
    observed_at: datetime

    @property
    def document(self) -> Document:
        """The document's fingerprint for the facts that come from it."""
        return Document(
            sha256=self.parsed.sha256,
            media_type=self.parsed.media_type,
            parser=self.parsed.format,
            parser_version=self.parsed.parser_version,
        )


def own_id(source: str, entry: ArticleEntry) -> ArticleId | None:
    """The article that an entry says it is, by its id or address; None: its headline must do."""
    key = own_key(entry)
    return None if key is None else article_id(source, key)


def article(sighting: Sighting, entry: ArticleEntry, its_id: ArticleId) -> Article:
    """One entry as an article, under the id that it was found to have.

    The source's rights stand for an entry that does not say its own.
    """
    source = sighting.source
    plain = Article(
        article_id=its_id,
        source=source.id,
        credit=source.name,
        source_item_id=entry.source_item_id,
        url=entry.url,
        canonical_url=entry.canonical_url,
        headline=entry.headline,
        summary=entry.summary,
        body=entry.paragraphs,
        body_html=entry.body_html,
        authors=entry.authors,
        declared_language=entry.declared_language,
        categories=entry.categories,
        dateline=entry.dateline,
        media=entry.media,
        published_at=entry.published_at,
        published_on=entry.published_on,
        updated_at=entry.updated_at,
        listed_on=sighting.parsed.listed_on,
        position=entry.position,
        observed_at=sighting.observed_at,
        rights=entry.rights or source.rights,
        revision=1,
        document=sighting.document,
        content_hash="",
        text_hash=text_hash(entry.headline, entry.paragraphs),
    )
    return plain.model_copy(update={"content_hash": article_hash(plain)})


def rate(sighting: Sighting, entry: RateEntry) -> Rate:
    """One quotation of a ticker. A page without a day is as of the day it was seen."""
    day = sighting.parsed.listed_on or sighting.observed_at.date()
    return Rate(
        source=sighting.source.id,
        credit=sighting.source.name,
        kind="ticker",
        base=entry.base,
        quote=entry.quote,
        value=entry.value,
        nominal=entry.nominal,
        as_of=day.isoformat(),
        as_of_precision="date",
        change=entry.change,
        change_unit=None if entry.change is None else "percent",
        occurrences=entry.occurrences,
        observed_at=sighting.observed_at,
        document=sighting.document,
    )
