"""``evolve(event) → rows``: what an event of the wire makes of the views. Pure and total.

Every row depends on the events of one subject only: an event that comes late gives the same file.
That a story was merged is said by the event of another one, and kept with that one's rows; the
ended one's row says so as soon as both are there, whichever came first (``store``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from fractions import Fraction
from typing import assert_never

import orjson

from shared import briefs
from shared.envelope import Recorded
from shared.events import (
    ArticleCanceled,
    ArticleCorrected,
    ArticlePublished,
    ArticleRefiled,
    ArticleReinstated,
    ArticleTakenBack,
    ArticleUpdated,
    CarriedEvent,
    NoticeEvent,
    QuoteEvent,
    RateDisputed,
    RateQuoted,
    RateReconfirmed,
    RateRestated,
    RelationChanged,
    WireEvent,
)
from shared.news import Article, Tag, copy_of
from shared.search.texts import Indexed, index_of
from shared.story_events import (
    StoryClosed,
    StoryGrew,
    StoryMerged,
    StoryOpened,
    StoryParted,
    StoryWireEvent,
)


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article as it may be shown, or the notice that stands in its place."""

    article_id: str
    source: str
    status: str
    language: str
    version: int
    seq: int
    ordered_at: str
    place: int
    copy_of: str | None
    text_hash: str
    """Of what may be shown; empty: nothing may."""
    taken_back_seq: int
    """Of the notice that this is; 0: it is none, and what the row held stays."""
    story_id: str | None
    """The story that it was carried with; None: it was alone, or this is a notice."""
    has_text: bool
    """Whether there is a body."""
    document: str
    brief: str | None
    """JSON: what lists show; None: nothing, this is a notice."""
    tags: tuple[tuple[str, int], ...]
    """``scheme:code`` and relevance: what it was told with, and the countries of its places."""
    words: Indexed | None
    """What is searched; None: nothing may be shown."""


@dataclass(frozen=True, slots=True)
class RateRow:
    """A rate of a series at one ``as_of``."""

    series: str
    as_of: str
    version: int
    seq: int
    unit: str
    """Exact price of one unit: ``1749/20``."""
    is_doubted: bool
    """What the row held before it goes on standing, unless it is this very price."""
    document: str


@dataclass(frozen=True, slots=True)
class RelationsRow:
    """The relations of an article that may be shown, others than it was carried with."""

    article_id: str
    version: int
    seq: int
    copy_of: str | None
    document: str
    """JSON: the members of the article's document that are others now."""
    brief: str
    """JSON: those of what lists show."""


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story as it stands, and what its event says of articles."""

    story_id: str
    status: str
    version: int
    seq: int
    event_id: str
    headline: str
    representative: str
    observed_at: str
    articles: tuple[tuple[str, bool], ...]
    """Each with whether it is in the story from here on."""
    merged_story_id: str | None
    """The story that ended in this one; None: none did."""


Row = ArticleRow | RateRow | RelationsRow | StoryRow


def evolve(recorded: Recorded[WireEvent]) -> list[Row]:
    """The rows that an event writes, each whole."""
    event = recorded.event
    match event:
        case (
            ArticlePublished()
            | ArticleUpdated()
            | ArticleCorrected()
            | ArticleRefiled()
            | ArticleReinstated()
        ):
            return [_shown(recorded, event)]
        case ArticleTakenBack() | ArticleCanceled():
            return [_hidden(recorded, event)]
        case RelationChanged():
            return [_relations(recorded, event)]
        case StoryOpened() | StoryGrew() | StoryMerged() | StoryParted() | StoryClosed():
            return [_story(recorded, event)]
        case RateQuoted() | RateReconfirmed() | RateRestated() | RateDisputed():
            return [_rate(recorded, event)]
        case _:
            assert_never(event)


def _shown(recorded: Recorded[WireEvent], event: CarriedEvent) -> ArticleRow:
    article = event.article
    # Where it is is told by the events of stories: an article says nothing when two are merged.
    said = event.model_dump(mode="json", exclude={"article", "fingerprint", "story_id"})
    whole = {**article.model_dump(mode="json"), **said, "status": "usable", **_envelope(recorded)}
    return ArticleRow(
        article_id=article.article_id,
        source=article.source,
        status="usable",
        language=event.language,
        version=recorded.version,
        seq=recorded.seq,
        ordered_at=_text(_ordered_at(article)),
        place=article.position or 0,
        copy_of=copy_of(event.relations),
        text_hash=article.text_hash,
        taken_back_seq=0,
        story_id=event.story_id,
        has_text=bool(article.body),
        document=orjson.dumps(whole).decode(),
        brief=orjson.dumps(briefs.brief(whole)).decode(),
        tags=_tags(event.tags),
        words=index_of(whole),
    )


def _tags(told: Sequence[Tag]) -> tuple[tuple[str, int], ...]:
    own = tuple((f"{tag.scheme}:{tag.code}", tag.relevance) for tag in told)
    lies_in: dict[str, int] = {}
    for tag in told:
        if tag.country and tag.kind in {"region", "place"}:
            country = f"iso3166:{tag.country}"
            lies_in[country] = max(tag.relevance, lies_in.get(country, 0))
    for name, _ in own:
        lies_in.pop(name, None)
    return own + tuple(lies_in.items())


def _hidden(recorded: Recorded[WireEvent], event: NoticeEvent) -> ArticleRow:
    status = "canceled" if isinstance(event, ArticleCanceled) else "withheld"
    return ArticleRow(
        article_id=event.article_id,
        source=event.source,
        status=status,
        language="und",
        version=recorded.version,
        seq=recorded.seq,
        ordered_at=_text(event.observed_at),
        place=0,
        copy_of=None,
        text_hash="",
        taken_back_seq=recorded.seq,
        story_id=None,
        has_text=False,
        document=_document({**event.model_dump(mode="json"), "status": status}, recorded),
        brief=None,
        tags=(),
        words=None,
    )


def _relations(recorded: Recorded[WireEvent], event: RelationChanged) -> RelationsRow:
    said = event.model_dump(mode="json", include={"relations"})
    return RelationsRow(
        article_id=event.article_id,
        version=recorded.version,
        seq=recorded.seq,
        copy_of=copy_of(event.relations),
        document=_document(said, recorded),
        brief=_document({}, recorded),
    )


def _story(recorded: Recorded[WireEvent], event: StoryWireEvent) -> StoryRow:
    return StoryRow(
        story_id=event.story_id,
        status="closed" if isinstance(event, StoryClosed) else "open",
        version=recorded.version,
        seq=recorded.seq,
        event_id=recorded.id,
        headline=event.headline,
        representative=event.representative,
        observed_at=_text(event.observed_at),
        articles=_moved(event),
        merged_story_id=event.merged_story_id if isinstance(event, StoryMerged) else None,
    )


def _moved(event: StoryWireEvent) -> tuple[tuple[str, bool], ...]:
    """The articles that an event puts into its story, or takes out of it."""
    match event:
        case StoryOpened() | StoryMerged():
            return tuple((article_id, True) for article_id in event.article_ids)
        case StoryGrew():
            return ((event.article_id, True),)
        case StoryParted():
            return tuple((article_id, False) for article_id in event.article_ids)
        case StoryClosed():
            return ()
        case _:
            assert_never(event)


def _rate(recorded: Recorded[WireEvent], event: QuoteEvent) -> RateRow:
    said = event.model_dump(mode="json", exclude={"rate"})
    rate = event.rate.model_dump(mode="json")
    status = recorded.type.rsplit(".", 1)[-1]
    return RateRow(
        series=event.series,
        as_of=event.rate.as_of,
        version=recorded.version,
        seq=recorded.seq,
        unit=str(Fraction(event.rate.value) / event.rate.nominal),
        is_doubted=isinstance(event, RateDisputed),
        document=_document({**rate, **said, "status": status}, recorded),
    )


def _ordered_at(article: Article) -> datetime:
    """When an article counts as of: published, else the day of its page or paper, else seen.

    Never later than it was seen: a clock that is wrong puts nothing on top.
    """
    day = article.published_on or article.listed_on
    said = datetime.combine(day, time(), UTC) if day else article.observed_at
    return min(article.published_at or said, article.observed_at)


def _text(instant: datetime) -> str:
    """RFC 3339 of one width, so that it sorts as text."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _document(said: dict[str, object], recorded: Recorded[WireEvent]) -> str:
    return orjson.dumps({**said, **_envelope(recorded)}).decode()


def _envelope(recorded: Recorded[WireEvent]) -> dict[str, object]:
    return {
        "version": recorded.version,
        "seq": recorded.seq,
        "event_id": recorded.id,
        "event_type": recorded.type,
    }
