"""What an observation is to the log: new, a revision, stale, or nothing. Pure.

``decide(previous, observation)`` for articles, ``decide_rate`` for rates, ``decide_decision`` for
withdrawals, holds and releases. Time comes with the observation; nothing here reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Final

from services.ingest.parse.document import Problem
from services.ingest.parse.versions import compared
from services.ingest.revisions import judged
from shared.envelope import UNSEEN_FIELDS, content_hash
from shared.events import (
    ArticleReceived,
    ArticleReleased,
    ArticleRevised,
    ArticleWithdrawn,
    ArticleWithheld,
    RateAccepted,
    RateObserved,
    RelationRevoked,
    SourceBlocked,
    SourceEvent,
    SourceUnblocked,
)
from shared.hashing import sha256
from shared.house_events import DeadLetterDropped, DeadLetterRetried
from shared.letters import Letters
from shared.log import Appended, Stale, Unchanged
from shared.news import Article, Change, Rate
from shared.story_events import StorySplit

Decision = ArticleWithdrawn | ArticleWithheld | ArticleReleased
"""A decision about one article."""
ArticleFact = ArticleReceived | ArticleRevised | Decision
"""What an article's subject holds."""
SourceDecision = SourceBlocked | SourceUnblocked
"""A decision about everything that a source offers."""

DATE_FIELDS: Final = frozenset(
    {
        "published_at",
        "published_on",
        "published_precision",
        "published_offset_min",
        "published_confidence",
    }
)
"""What a source writes anew when it puts an old article on top again."""


@dataclass(frozen=True, slots=True)
class Observation:
    """An article as observed, and what the source said about it beyond its content."""

    article: Article
    declares_usable: bool = False
    """The source says ``usable`` in so many words: only that ends a withdrawal."""
    declared_change: Change | None = None
    may_be_namesake: bool = False
    """Its headline alone identified it: with other words it is another article."""


DeadLetterDecision = DeadLetterRetried | DeadLetterDropped
"""A decision about the events of a subject that a consumer has set aside."""


Recordable = (
    Observation | Rate | Decision | SourceDecision | RelationRevoked | StorySplit | RateAccepted
)
"""What can be published: an article or a rate as observed, or a decision."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the log holds of an article."""

    last: ArticleFact
    """Its last event."""
    article: Article
    """Its last content; of a withdrawn one, what it was before."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """The log knows this already."""


@dataclass(frozen=True, slots=True)
class NotLater:
    """The observation does not come after what the log knows."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The log does not take it, and will not: it is reported, and the rest goes on."""

    problem: Problem


PublishOutcome = Appended | Unchanged | Stale | Refused
"""What became of something that was published."""

ArticleVerdict = ArticleReceived | ArticleRevised | NotLater | Nothing
RateVerdict = RateObserved | NotLater | Nothing


def decide(previous: Known | None, observation: Observation) -> ArticleVerdict:
    """The event that an observation is, or why it is none."""
    article = observation.article
    if previous is None:
        return ArticleReceived(article=article.model_copy(update={"revision": 1}))
    if _is_withdrawn(previous) and not observation.declares_usable:
        return NotLater("withdrawn; only an explicit usable brings it back")
    if not _is_later(article, previous):
        return NotLater(f"not later than {_standing(article, previous)}")
    is_same = article.content_hash == previous.article.content_hash
    if is_same and not isinstance(previous.last, ArticleWithdrawn):
        return Nothing()
    if not isinstance(previous.last, Decision) and _is_republished(previous.article, article):
        return Nothing()
    return _revised(previous.article, observation)


def _is_withdrawn(known: Known) -> bool:
    """By a decision, or by the status that the source gave it."""
    return isinstance(known.last, ArticleWithdrawn) or known.article.pubstatus == "canceled"


def _is_later(article: Article, previous: Known) -> bool:
    """Whether an observation comes after what is known.

    By the source's numbers of its versions; where they do not tell, by when it changed them; where
    that is the same or unknown, by when we saw them. Nothing comes before a decision that was made
    after it was seen.
    """
    if isinstance(previous.last, Decision) and article.observed_at <= previous.last.observed_at:
        return False
    known = previous.article
    if order := compared(article.source_version, known.source_version):
        return order > 0
    ours, theirs = article.updated_at, known.updated_at
    if ours and theirs and ours != theirs:
        return ours > theirs
    if isinstance(previous.last, ArticleWithdrawn) and _is_same_version(article, known):
        return False  # a source that always says usable has not said it anew
    return article.observed_at > _last_at(previous)


def _to_be_passed(article: Article, previous: Known) -> datetime:
    """The instant that an article is not later than."""
    ours, theirs = article.updated_at, previous.article.updated_at
    last = previous.last
    is_decided = isinstance(last, Decision) and article.observed_at <= last.observed_at
    if ours and theirs and ours < theirs and not is_decided:
        return theirs
    return _last_at(previous)


def _is_same_version(article: Article, known: Article) -> bool:
    """Whether the source says by a number or a time that it is the version that is known."""
    if article.source_version and article.source_version == known.source_version:
        return True
    return article.updated_at is not None and article.updated_at == known.updated_at


def _standing(article: Article, previous: Known) -> str:
    """What an observation does not come after: a version where that decided, else an instant."""
    known = previous.article
    if compared(article.source_version, known.source_version) < 0:
        return f"version {known.source_version}"
    return _to_be_passed(article, previous).isoformat()


def _last_at(previous: Known) -> datetime:
    last = previous.last
    decided_at = last.observed_at if isinstance(last, Decision) else None
    return max(filter(None, (decided_at, previous.article.observed_at)))


def _revised(before: Article, observation: Observation) -> ArticleRevised:
    article = observation.article
    found = judged(before, article, observation.declared_change)
    return ArticleRevised(
        article=article.model_copy(update={"revision": before.revision + 1}),
        change=found.change,
        declared=found.declared,
        evidence=found.evidence,
    )


def _is_republished(before: Article, after: Article) -> bool:
    """Whether only a later date of publication stands on the same words: the first one counts."""
    ours, theirs = _published(after), _published(before)
    if ours is None or theirs is None or ours <= theirs:
        return False
    unseen = UNSEEN_FIELDS | DATE_FIELDS
    hashes = {
        content_hash(ArticleReceived(article=one), leaving_out=unseen) for one in (before, after)
    }
    return len(hashes) == 1


def _published(article: Article) -> datetime | None:
    day = article.published_on
    return article.published_at or (datetime.combine(day, time(), UTC) if day else None)


def decide_decision(last: ArticleFact, decision: Decision) -> Decision | NotLater:
    """Whether a withdrawal, hold or release comes after what the log knows of its article.

    A hold or withdrawal that stands is made again for another reason. A release where nothing is
    held is refused as far as the last event tells: a revision may have come after a hold.
    """
    if isinstance(last, ArticleWithdrawn) and not isinstance(decision, ArticleWithdrawn):
        return NotLater("withdrawn; only an explicit usable brings it back")
    if isinstance(decision, ArticleReleased) and _is_free(last):
        return NotLater("it is not held")
    last_at = last.observed_at if isinstance(last, Decision) else last.article.observed_at
    is_kill = isinstance(decision, ArticleWithdrawn)  # of one instant, a kill comes last
    if decision.observed_at < last_at or (decision.observed_at == last_at and not is_kill):
        return NotLater(f"not later than {last_at.isoformat()}")
    return decision


def _is_free(last: ArticleFact) -> bool:
    """Whether nothing can be held: it was released, or is as it was first received."""
    if isinstance(last, ArticleReceived):
        return last.article.pubstatus != "withheld"
    return isinstance(last, ArticleReleased)


def decide_source(
    last: SourceDecision | None, decision: SourceDecision
) -> SourceDecision | NotLater | Nothing:
    """Whether a block comes after what the log knows of its source, and changes anything."""
    if last is None and isinstance(decision, SourceUnblocked):
        return NotLater(f"{decision.source} is not blocked")
    if last is None:
        return decision
    if type(last) is type(decision):
        return Nothing()
    if decision.observed_at <= last.observed_at:
        return NotLater(f"not later than {last.observed_at.isoformat()}")
    return decision


def decide_letters(letters: Letters, decision: DeadLetterDecision) -> NotLater | None:
    """Why a retry or drop changes nothing; None: it does."""
    if not letters.of(decision.subject):
        return NotLater(f"{decision.consumer} has set aside nothing of {decision.subject}")
    if isinstance(decision, DeadLetterRetried) and decision.subject in letters.to_be_retried():
        return NotLater(f"{decision.consumer} is about to retry {decision.subject}")
    return None


def decide_rate(previous: Rate, rate: Rate) -> RateVerdict:
    """The event that a quotation is to the one known for its series and ``as_of``."""
    if rate_hash(rate) == rate_hash(previous):
        return Nothing()
    if rate.observed_at <= previous.observed_at:
        return NotLater(f"not later than {previous.observed_at.isoformat()}")
    return RateObserved(rate=rate)


def decide_acceptance(last: Rate, decision: RateAccepted) -> NotLater | None:
    """Why an acceptance is none of what its source quotes; None: it is."""
    if Decimal(decision.value) == Decimal(last.value):
        return None
    return NotLater(f"{last.source} quotes {last.value} for it, not {decision.value}")


def rate_value(rate: Rate) -> Fraction:
    """The exact value of one unit: 0.1082 and 0.10820 are the same, so are 10.820 for 100."""
    return Fraction(rate.value) / rate.nominal


def rate_hash(rate: Rate) -> str:
    """Decides *unchanged* for a quotation: value, whatever its digits, and printed change."""
    change = f" {rate.change} {rate.change_unit}" if rate.change is not None else ""
    return sha256(f"{rate_value(rate)}{change}".encode())


def decision_hash(
    decision: Decision | SourceDecision | RelationRevoked | StorySplit | RateAccepted | SourceEvent,
) -> str:
    """Decides *unchanged* for a decision, and for what is said of a source.

    When it was made does not count, nor does the sentence that explains it.
    """
    kind = type(decision).__name__
    said = content_hash(decision, leaving_out=frozenset({"observed_at", "detail"}))
    return sha256(f"{kind} {said}".encode())


def letters_hash(decision: DeadLetterDecision) -> str:
    """Decides *unchanged* for a retry or drop: the next one, of other letters, is another."""
    said = content_hash(decision, leaving_out=frozenset())
    return sha256(f"{type(decision).__name__} {said}".encode())
