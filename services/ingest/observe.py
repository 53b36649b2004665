"""From what a document offers to articles and rates of a source. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.ingest.identity import article_id
from services.ingest.parse.document import ArticleEntry, Parsed, RateEntry
from services.ingest.parse.feeds.keys import own_key
from shared.envelope import article_hash
from shared.hashing import text_hash
from shared.news import Article, ArticleId, Display, Document, Rate


@dataclass(frozen=True, slots=True)
class Source:
    """Where content comes from, as far as its articles say it."""

    id: str
    name: str | None = None
    """For readers; None: show the id."""
    rights: str | None = None
    display: Display | None = None
    """How much of its texts may be shown; None: all."""
    trust_rank: int | None = None
    """1 the most trusted, to 9; None: not said."""
    language: str | None = None
    """BCP 47 tag of what declares none."""


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
        declared_language=entry.declared_language or source.language,
        categories=entry.categories,
        dateline=entry.dateline,
        media=entry.media,
        published_at=entry.published_at,
        published_on=entry.published_on,
        updated_at=entry.updated_at,
        listed_on=sighting.parsed.listed_on,
        position=entry.position,
        observed_at=sighting.observed_at,
        published_precision=entry.published_precision,
        published_offset_min=entry.published_offset_min,
        published_confidence=entry.published_confidence,
        pubstatus=entry.pubstatus,
        embargoed_until=entry.embargoed_until,
        urgency=entry.urgency,
        ednote=entry.ednote,
        slugline=entry.slugline,
        located=entry.located,
        source_version=entry.source_version,
        declared_tags=entry.declared_tags,
        associations=entry.associations,
        display=source.display,
        trust_rank=source.trust_rank,
        rights=entry.rights or source.rights,
        revision=1,
        document=sighting.document,
        content_hash="",
        text_hash=text_hash(entry.headline, entry.paragraphs),
    )
    return plain.model_copy(update={"content_hash": article_hash(plain)})


def rate(sighting: Sighting, entry: RateEntry) -> Rate:
    """One quotation. Where neither it nor its document says a day, it is of the day we saw it."""
    day = sighting.parsed.listed_on or sighting.observed_at.date()
    as_of = entry.as_of or day.isoformat()
    return Rate(
        source=sighting.source.id,
        credit=sighting.source.name,
        kind=entry.kind,
        base=entry.base,
        quote=entry.quote,
        value=entry.value,
        nominal=entry.nominal,
        as_of=as_of,
        as_of_precision="time" if "T" in as_of else "date",
        valid_days=entry.valid_days,
        change=entry.change,
        change_unit=None if entry.change is None else entry.change_unit,
        occurrences=entry.occurrences,
        observed_at=sighting.observed_at,
        document=sighting.document,
    )
