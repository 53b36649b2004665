"""One event of every type, as an envelope carries it. Frozen: tests/golden was written from it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from shared.envelope import Attributes
from shared.events import (
    AnyEvent,
    ArticleCanceled,
    ArticleCorrected,
    ArticlePublished,
    ArticleReceived,
    ArticleRefiled,
    ArticleReinstated,
    ArticleReleased,
    ArticleRevised,
    ArticleTakenBack,
    ArticleUpdated,
    ArticleWithdrawn,
    ArticleWithheld,
    Movement,
    RateAccepted,
    RateDisputed,
    RateObserved,
    RateQuoted,
    RateReconfirmed,
    RateRestated,
    RelationChanged,
    RelationRevoked,
    SourceBlocked,
    SourceUnblocked,
)
from shared.house_events import (
    DeadLetterDropped,
    DeadLetterParked,
    DeadLetterRetried,
    DeadLetterSettled,
    SourceChanged,
    SourceQuiet,
    SourceRecovered,
)
from shared.news import (
    Article,
    ArticleId,
    Dispute,
    Document,
    Fingerprint,
    Media,
    Rate,
    Relation,
    Span,
    StoryId,
    Tag,
)
from shared.story_events import (
    StoryClosed,
    StoryGrew,
    StoryMerged,
    StoryOpened,
    StoryParted,
    StorySplit,
)

ID: Final = ArticleId("0b8e3c52-53d7-5d0e-8f0d-5b8f6a1f2c11")
OTHER_ID: Final = ArticleId("7f1d2a90-1c3b-5e4f-9a6d-0c2b4e6f8a10")
STORY_ID: Final = StoryId("5d0c4a3e-8a0f-5b3c-9e57-2f6d1f0b7c21")
OTHER_STORY_ID: Final = StoryId("91b6a7f0-3c5d-5e1a-8f42-6a7b8c9d0e1f")
SOURCE: Final = "silk-road-bulletin"
OBSERVED_AT: Final = datetime(2026, 3, 2, 5, 0, 0, 250000, tzinfo=UTC)
RECORDED_AT: Final = datetime(2026, 3, 2, 5, 0, 1, tzinfo=UTC)
DOCUMENT: Final = Document(
    sha256="5f2b1c0d" * 8, media_type="text/plain", parser="front-page", parser_version=1
)
ARTICLE: Final = Article(
    article_id=ID,
    source=SOURCE,
    credit="The Silk Road Bulletin",
    source_item_id="srb-2026-0302-4",
    url="https://bulletin.example/2026/tenge?utm_source=x",
    canonical_url="https://bulletin.example/2026/tenge",
    headline="Tenge firms as “Қазақстан” sells dollars",
    summary="The currency rose 0.4%.",
    body=("ALMATY, Kazakhstan – The tenge rose on Monday.", "Курс: 1\u00a0USD = 498.5 KZT."),
    body_html="<p>ALMATY, Kazakhstan – The tenge rose on Monday.</p>",
    authors=("A. Writer",),
    declared_language="en",
    categories=("markets",),
    dateline="ALMATY, Kazakhstan",
    media=(Media(url="https://bulletin.example/t.jpg", media_type="image/jpeg", caption="Notes"),),
    published_at=datetime(2026, 3, 2, 4, 30, tzinfo=UTC),
    published_on=date(2026, 3, 2),
    updated_at=datetime(2026, 3, 2, 4, 45, tzinfo=UTC),
    listed_on=date(2026, 3, 2),
    position=4,
    observed_at=OBSERVED_AT,
    pubstatus="usable",
    embargoed_until=datetime(2026, 3, 2, 6, 0, tzinfo=UTC),
    urgency=4,
    ednote="Figures checked.",
    rights="© The Silk Road Bulletin",
    revision=1,
    document=DOCUMENT,
    content_hash="a1" * 32,
    text_hash="b2" * 32,
)
SHORT: Final = Article(
    article_id=ID,
    source=SOURCE,
    headline="Tenge firms",
    observed_at=OBSERVED_AT,
    revision=2,
    document=DOCUMENT,
    content_hash="c3" * 32,
    text_hash="d4" * 32,
)
RATE: Final = Rate(
    source=SOURCE,
    kind="ticker",
    base="USD",
    quote="UZS",
    value="12650.00",
    nominal=1,
    as_of="2026-03-02",
    as_of_precision="date",
    change="-0",
    change_unit="percent",
    occurrences=8,
    credit="The Silk Road Bulletin",
    observed_at=OBSERVED_AT,
    document=DOCUMENT,
)
_DECISION: Final[dict[str, Any]] = {
    "article_id": ID,
    "source": SOURCE,
    "reason": "The source took it back.",
    "observed_at": OBSERVED_AT,
}
_SOURCE_DECISION: Final[dict[str, Any]] = {
    "source": SOURCE,
    "reason": "Its account was taken over.",
    "by": "operator",
    "who": "desk@newswire.example",
    "observed_at": OBSERVED_AT,
}
_LETTERS: Final[dict[str, Any]] = {
    "consumer": "enrichment.articles",
    "subject": f"urn:newswire:article:{ID}",
    "reason": "The code was mended.",
    "who": "desk@newswire.example",
    "decided_at": RECORDED_AT,
}
_CARRIED: Final[dict[str, Any]] = {
    "language": "en",
    "language_confidence": 99,
    "tags": (
        Tag(
            scheme="geonames",
            code="1526384",
            name="Almaty",
            kind="place",
            country="KZ",
            latitude=43.25,
            longitude=76.91667,
            relevance=60,
            confidence=95,
            creator="gazetteer/1",
            spans=(Span(field="body", paragraph=0, start=0, end=6, text="ALMATY"),),
        ),
    ),
    "relations": (
        Relation(
            kind="exact",
            article_id=OTHER_ID,
            source="steppe-courier",
            evidence={"text_hash": "d4" * 32},
            method="exact/1",
        ),
    ),
    "fingerprint": Fingerprint(text_hash="d4" * 32, words=14),
    "methods": {"language": "py3langid/0.4", "places": "gazetteer/1"},
}
_QUOTED: Final[dict[str, Any]] = {
    "rate": RATE,
    "series": "silk-road-bulletin:ticker:USD-UZS",
    "methods": {"movement": "movement/1"},
}
_STORY: Final[dict[str, Any]] = {
    "story_id": STORY_ID,
    "headline": "The siege of Otrar",
    "representative": ID,
    "observed_at": OBSERVED_AT,
    "methods": {"stories": "stories/1"},
}
_MOVEMENT: Final = Movement(
    previous_value="12700.00",
    previous_as_of="2026-03-01",
    absolute="-50.00",
    percent="-0.3937",
)
EVENTS_BY_STREAM: Final[dict[str, tuple[AnyEvent, ...]]] = {
    "articles": (
        ArticleReceived(article=ARTICLE),
        ArticleRevised(
            article=SHORT, change="refile", declared=False, evidence={"headline": "shorter"}
        ),
        ArticleWithdrawn(**_DECISION, by="source"),
        ArticleWithheld(**_DECISION, by="operator", who="desk@newswire.example"),
        ArticleReleased(**_DECISION, by="operator", who="desk@newswire.example"),
        SourceBlocked(**_SOURCE_DECISION),
        SourceUnblocked(**_SOURCE_DECISION),
        RelationRevoked(
            article_id=ID,
            other_article_id=OTHER_ID,
            reason="Two sieges, not one.",
            by="operator",
            who="desk@newswire.example",
            observed_at=OBSERVED_AT,
        ),
        StorySplit(
            story_id=STORY_ID,
            article_ids=(OTHER_ID,),
            reason="Another siege.",
            by="operator",
            who="desk@newswire.example",
            observed_at=OBSERVED_AT,
        ),
    ),
    "rates": (
        RateObserved(rate=RATE),
        SourceBlocked(**_SOURCE_DECISION),
        SourceUnblocked(**_SOURCE_DECISION),
        RateAccepted(
            **{**_SOURCE_DECISION, "reason": "The bank confirms it."},
            kind="ticker",
            base="USD",
            quote="UZS",
            as_of="2026-03-02",
            value="12650.00",
        ),
    ),
    "wire": (
        ArticlePublished(article=ARTICLE, **_CARRIED),
        ArticleUpdated(article=SHORT, **_CARRIED),
        ArticleCorrected(article=SHORT, **_CARRIED, evidence={"numbers_removed": "0.4"}),
        ArticleRefiled(article=SHORT, **_CARRIED),
        ArticleTakenBack(**_DECISION, by="operator"),
        ArticleReinstated(article=ARTICLE, **_CARRIED),
        ArticleCanceled(**_DECISION, by="source"),
        RelationChanged(**_DECISION, by="operator", relations=_CARRIED["relations"]),
        RateQuoted(**_QUOTED, movement=None),
        RateReconfirmed(**_QUOTED, movement=_MOVEMENT),
        RateRestated(**_QUOTED, movement=_MOVEMENT, replaced_value="12700.00"),
        RateDisputed(
            **_QUOTED,
            movement=None,
            disputes=(
                Dispute(
                    rule="nominal",
                    evidence={
                        "value": "12650.00",
                        "expected": "1270",
                        "ratio": "9.96063",
                        "power_of_ten": "1",
                    },
                ),
            ),
            standing_as_of="2026-03-01",
        ),
        StoryOpened(
            **_STORY,
            article_ids=(ID, OTHER_ID),
            evidence={"similarity": "0.41", "threshold": "0.21"},
        ),
        StoryGrew(**_STORY, article_id=OTHER_ID, evidence={"similarity": "0.37"}),
        StoryMerged(
            **_STORY,
            merged_story_id=OTHER_STORY_ID,
            article_ids=(OTHER_ID,),
            evidence={"similarity": "0.52"},
        ),
        StoryParted(
            **_STORY,
            article_ids=(OTHER_ID,),
            new_story_id=None,
            reason="Another siege.",
            by="operator",
        ),
        StoryClosed(**_STORY, articles=2),
    ),
    "deadletters": (
        DeadLetterParked(
            consumer="enrichment.articles",
            stream="articles",
            position="1772427601000-0",
            seq=7,
            event_id="c9a1f7d2-6c8f-5a58-9d9f-0d9a4a4f8e11",
            event_type="newswire.article.received",
            subject=f"urn:newswire:article:{ID}",
            reason="failed",
            error="ValueError: no",
            attempts=3,
            code_version="0.1.0",
            parked_at=RECORDED_AT,
        ),
        DeadLetterSettled(
            consumer="enrichment.articles",
            stream="articles",
            position="1772427601000-0",
            seq=7,
            event_id="c9a1f7d2-6c8f-5a58-9d9f-0d9a4a4f8e11",
            subject=f"urn:newswire:article:{ID}",
            settled_at=RECORDED_AT,
        ),
        DeadLetterRetried(**_LETTERS),
        DeadLetterDropped(**_LETTERS),
    ),
    "sources": (
        SourceQuiet(
            source=SOURCE,
            reason="silent",
            since=OBSERVED_AT,
            detail="expected something new within 8 hours, came nothing",
            observed_at=OBSERVED_AT,
        ),
        SourceRecovered(source=SOURCE, reason="silent", since=OBSERVED_AT, observed_at=OBSERVED_AT),
        SourceChanged(
            source=SOURCE,
            change="altered",
            name="The Silk Road Bulletin",
            url="https://bulletin.example/feed",
            trust_rank=3,
            display="excerpt",
            rights="© Silk Road Bulletin",
            declared_language="en",
            observed_at=OBSERVED_AT,
        ),
    ),
}
ATTRIBUTES: Final = Attributes(
    id="3d5c0b1e-8f2a-5c6d-9e7f-1a2b3c4d5e6f",
    source=f"urn:newswire:source:{SOURCE}",
    subject=f"urn:newswire:article:{ID}",
    time=OBSERVED_AT,
    recorded_at=RECORDED_AT,
    correlation_id=f"urn:newswire:article:{ID}",
    causation_id="c9a1f7d2-6c8f-5a58-9d9f-0d9a4a4f8e11",
)
