"""Every fact the log can hold: frozen, past tense, self-contained; one closed union per stream.

Within a type only additions are made; a breaking change is a new type. The type name on the log is
``newswire.`` plus the name in ``TYPE_BY_CLASS``. docs/events.md is generated from this module.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from shared.house_events import (
    DeadLetterDropped,
    DeadLetterParked,
    DeadLetterRetried,
    DeadLetterSettled,
    Event,
    SourceChanged,
    SourceQuiet,
    SourceRecovered,
)
from shared.news import (
    Article,
    ArticleIdText,
    AsOf,
    Change,
    Count,
    CurrencyCode,
    Decider,
    Dispute,
    Fingerprint,
    Instant,
    Line,
    PositiveDecimalText,
    Rate,
    RateKind,
    Relation,
    SourceId,
    StoryIdText,
    Tag,
    Value,
)
from shared.story_events import (
    StoryClosed,
    StoryGrew,
    StoryMerged,
    StoryOpened,
    StoryParted,
    StorySplit,
    StoryWireEvent,
)

# --- stream articles: what sources and operators said -------------------------------------------


class ArticleReceived(Event):
    """A source offered an article that the log did not know."""

    article: Article


class ArticleRevised(Event):
    """A source changed an article; ``article`` is the whole new state."""

    article: Article
    change: Change
    declared: bool
    """True: the source said what kind of change it is; False: inferred from the texts."""
    evidence: dict[str, str]
    """What the kind was inferred from: ``headline``, ``numbers_added``, ``numbers_removed``, …"""


class ArticleDecision(Event):
    """A decision about an article that is not a change of its text."""

    article_id: ArticleIdText
    source: SourceId
    reason: Line
    by: Decider
    who: Line | None = None
    """The person or system that decided, where one is named."""
    observed_at: Instant


class ArticleWithdrawn(ArticleDecision):
    """The article must not be shown any more; later only an explicit ``usable`` brings it back."""


class ArticleWithheld(ArticleDecision):
    """The article must not be shown until it is released."""


class ArticleReleased(ArticleDecision):
    """A withheld article may be shown."""


class SourceDecision(Event):
    """A decision about everything that a source offers; it stands on its articles *and* rates."""

    source: SourceId
    reason: Line
    by: Decider
    who: Line | None = None
    """The person or system that decided, where one is named."""
    observed_at: Instant


class SourceBlocked(SourceDecision):
    """Nothing that the source offers from here on enters the wire. It is recorded all the same."""


class SourceUnblocked(SourceDecision):
    """The source is let in again, with what it offered in the meantime, as it stands by then."""


class RelationRevoked(Event):
    """Two articles were related wrongly: the relation ends, and is not found again."""

    article_id: ArticleIdText
    other_article_id: ArticleIdText
    reason: Line
    by: Decider
    who: Line | None = None
    observed_at: Instant


# --- stream rates -------------------------------------------------------------------------------


class RateObserved(Event):
    """A source quoted a rate."""

    rate: Rate


class RateAccepted(Event):
    """An operator says that a rate which was doubted is right."""

    source: SourceId
    kind: RateKind
    base: CurrencyCode
    quote: CurrencyCode
    as_of: AsOf
    value: PositiveDecimalText
    """The value that is accepted, as it was disputed: for another one nothing is said."""
    reason: Line
    by: Decider
    who: Line | None = None
    observed_at: Instant


# --- stream wire: decisions, the public stream --------------------------------------------------


class Carried(Event):
    """A whole article on the wire, with what enrichment found in it."""

    article: Article
    language: str
    """BCP 47 primary tag: detected, or as the source declared where the text is too short."""
    language_confidence: int = Field(ge=0, le=100)
    tags: tuple[Tag, ...]
    relations: tuple[Relation, ...]
    fingerprint: Fingerprint
    story_id: StoryIdText | None = None
    """The story that it belongs to; None: it is alone so far."""
    unfinished: dict[str, Line] | None = None
    """Steps that failed on this article, with the reason; None: all have done theirs."""
    methods: dict[str, str]
    """Method versions by step: ``{"language": "py3langid/0.4", "names": "gazetteer/1"}``."""


class ArticlePublished(Carried):
    """An article enters the wire: when it came, or when its embargo ended."""


class ArticleUpdated(Carried):
    """An article on the wire has new facts."""


class ArticleCorrected(Carried):
    """The meaning of an article on the wire was wrong and is put right."""


class ArticleRefiled(Carried):
    """The form of an article on the wire changed, not its meaning."""


class Notice(Event):
    """A decision about an article on the wire; carries no text of it."""

    article_id: ArticleIdText
    source: SourceId
    reason: Line
    by: Decider
    observed_at: Instant


class ArticleTakenBack(Notice):
    """``newswire.article.withheld`` on the wire: do not show it until it is released."""


class ArticleReinstated(Carried):
    """``newswire.article.released`` on the wire: what was withheld may be shown again."""


class ArticleCanceled(Notice):
    """The article is killed: remove every copy of every version."""


class RelationChanged(Event):
    """The relations of an article on the wire are others than it was carried with."""

    article_id: ArticleIdText
    source: SourceId
    relations: tuple[Relation, ...]
    """All that hold from here on."""
    reason: Line
    by: Literal["source", "operator", "enrichment"]
    """``enrichment``: another article came, changed or went, and this follows."""
    observed_at: Instant


class Movement(Value):
    """How a rate differs from the previous one of its series, in the published direction."""

    previous_value: str
    previous_nominal: Count | None = None
    """Units of the base that it is for; None: as many as the rate's own."""
    previous_as_of: str
    absolute: str
    """Exact decimal difference."""
    percent: str
    """Of the previous value, rounded half-even to the digits that the published values support."""


class Quoted(Event):
    """A rate on the wire."""

    rate: Rate
    series: str
    """``source:kind:BASE-QUOTE``; the rates of one series follow each other by ``as_of``."""
    movement: Movement | None
    """Against the rate with the latest earlier ``as_of`` of the series; None: there is none."""
    methods: dict[str, str]


class RateQuoted(Quoted):
    """A value for a new ``as_of``, other than the one before it."""


class RateReconfirmed(Quoted):
    """The same value as before: at a later ``as_of``, or again with another printed change."""


class RateRestated(Quoted):
    """The source replaced the value it had published for this ``as_of``."""

    replaced_value: str
    replaced_nominal: Count | None = None
    """Units of the base that it is for; None: as many as the rate's own."""


class RateDisputed(Quoted):
    """A rate that is not plausible: the last good one of its series stands until it is accepted."""

    disputes: tuple[Dispute, ...] = Field(min_length=1)
    standing_as_of: AsOf | None
    """The ``as_of`` of the rate that stands; None: there is none, so this one is shown, doubted."""


ArticleEvent = (
    ArticleReceived
    | ArticleRevised
    | ArticleWithdrawn
    | ArticleWithheld
    | ArticleReleased
    | SourceBlocked
    | SourceUnblocked
    | RelationRevoked
    | StorySplit
)
RateEvent = RateObserved | RateAccepted | SourceBlocked | SourceUnblocked
CarriedEvent = (
    ArticlePublished | ArticleUpdated | ArticleCorrected | ArticleRefiled | ArticleReinstated
)
NoticeEvent = ArticleTakenBack | ArticleCanceled
ArticleWireEvent = CarriedEvent | NoticeEvent | RelationChanged | StoryWireEvent
QuoteEvent = RateQuoted | RateReconfirmed | RateRestated | RateDisputed
WireEvent = ArticleWireEvent | QuoteEvent
DeadLetterEvent = DeadLetterParked | DeadLetterSettled | DeadLetterRetried | DeadLetterDropped
SourceEvent = SourceQuiet | SourceRecovered | SourceChanged
AnyEvent = ArticleEvent | RateEvent | WireEvent | DeadLetterEvent | SourceEvent

StreamName = Literal["articles", "rates", "wire", "deadletters", "sources"]

TYPES_BY_STREAM: Final[dict[StreamName, dict[str, type[AnyEvent]]]] = {
    "articles": {
        "newswire.article.received": ArticleReceived,
        "newswire.article.revised": ArticleRevised,
        "newswire.article.withdrawn": ArticleWithdrawn,
        "newswire.article.withheld": ArticleWithheld,
        "newswire.article.released": ArticleReleased,
        "newswire.source.blocked": SourceBlocked,
        "newswire.source.unblocked": SourceUnblocked,
        "newswire.relation.revoked": RelationRevoked,
        "newswire.story.split": StorySplit,
    },
    "rates": {
        "newswire.rate.observed": RateObserved,
        "newswire.rate.accepted": RateAccepted,
        "newswire.source.blocked": SourceBlocked,
        "newswire.source.unblocked": SourceUnblocked,
    },
    "wire": {
        "newswire.article.published": ArticlePublished,
        "newswire.article.updated": ArticleUpdated,
        "newswire.article.corrected": ArticleCorrected,
        "newswire.article.refiled": ArticleRefiled,
        "newswire.article.withheld": ArticleTakenBack,
        "newswire.article.released": ArticleReinstated,
        "newswire.article.canceled": ArticleCanceled,
        "newswire.relation.changed": RelationChanged,
        "newswire.story.opened": StoryOpened,
        "newswire.story.grew": StoryGrew,
        "newswire.story.merged": StoryMerged,
        "newswire.story.split": StoryParted,
        "newswire.story.closed": StoryClosed,
        "newswire.rate.quoted": RateQuoted,
        "newswire.rate.reconfirmed": RateReconfirmed,
        "newswire.rate.restated": RateRestated,
        "newswire.rate.disputed": RateDisputed,
    },
    "deadletters": {
        "newswire.deadletter.parked": DeadLetterParked,
        "newswire.deadletter.settled": DeadLetterSettled,
        "newswire.deadletter.retried": DeadLetterRetried,
        "newswire.deadletter.dropped": DeadLetterDropped,
    },
    "sources": {
        "newswire.source.quiet": SourceQuiet,
        "newswire.source.recovered": SourceRecovered,
        "newswire.source.changed": SourceChanged,
    },
}

TYPE_BY_CLASS: Final[dict[type[AnyEvent], str]] = {
    cls: name for types in TYPES_BY_STREAM.values() for name, cls in types.items()
}
