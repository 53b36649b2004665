"""Decisions on the log: about articles, sources, relations and rates.

Each is an input event like any other: in order with the rest, with who and why, recorded once
however often it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.ingest.appending import ASK, ATTEMPTS_MAX, append, contended, refused, stale
from services.ingest.domain import (
    ArticleFact,
    DeadLetterDecision,
    Decision,
    Nothing,
    NotLater,
    PublishOutcome,
    Refused,
    SourceDecision,
    decide_acceptance,
    decide_decision,
    decide_letters,
    decide_source,
)
from services.ingest.drafts import InputEvent, accepted_rate_subject, draft
from services.ingest.history import last_event, last_rate, letters_of
from shared.envelope import decode
from shared.errors import Rejected
from shared.events import (
    ArticleReceived,
    ArticleReleased,
    ArticleRevised,
    RateAccepted,
    RelationRevoked,
    SourceBlocked,
    SourceUnblocked,
    StreamName,
)
from shared.house_events import DeadLetterDropped, DeadLetterRetried
from shared.log import Appended, AppendOutcome, Conflict, Log, Unchanged
from shared.story_events import StorySplit
from shared.streams import PROJECTION

Made = Decision | SourceDecision | RelationRevoked | StorySplit | RateAccepted | DeadLetterDecision
"""Whatever can be decided."""


@dataclass(slots=True)
class Decisions:
    """Records decisions. Every method raises Unavailable when the log does not answer."""

    log: Log
    now: Callable[[], datetime]

    async def record(self, decision: Made) -> PublishOutcome:
        """Append a decision; Refused: what it is about is not known; Stale: it changes nothing."""
        match decision:
            case SourceBlocked() | SourceUnblocked():
                return await self._record_source(decision)
            case RelationRevoked():
                both = (decision.article_id, decision.other_article_id)
                return await self._record_about(decision, both)
            case StorySplit():
                return await self._record_about(decision, decision.article_ids)
            case RateAccepted():
                return await self._record_acceptance(decision)
            case DeadLetterRetried() | DeadLetterDropped():
                return await self._record_about_letters(decision)
            case _:
                return await self._record_article(decision)

    async def source_of(self, article_id: str) -> str | None:
        """The source of an article; None: the log knows no such article."""
        probe = ArticleReleased(
            article_id=article_id, source="unknown", reason="", by="operator",
            observed_at=self.now(),
        )  # fmt: skip
        outcome = await self._append("articles", probe, ASK)
        if not isinstance(outcome, Conflict) or outcome.version == 0:
            return None
        try:
            return _source(await last_event(self.log, outcome))
        except Rejected:
            return None

    async def _record_article(self, decision: Decision) -> PublishOutcome:
        expected = ASK
        for _ in range(ATTEMPTS_MAX):
            outcome = await self._append("articles", decision, expected)
            if not isinstance(outcome, Conflict):
                return outcome
            if outcome.version == 0:
                said = f"there is no article {decision.article_id} to decide about"
                return refused(decision.article_id, said)
            try:
                last = await last_event(self.log, outcome)
            except Rejected as error:
                return refused(decision.article_id, str(error))
            if _source(last) != decision.source:
                said = f"the article is of {_source(last)}, the decision names {decision.source}"
                return refused(decision.article_id, said)
            verdict = decide_decision(last, decision)
            if isinstance(verdict, NotLater):
                return stale(outcome, verdict)
            expected = outcome.version
        raise contended(decision.article_id)

    async def _record_source(self, decision: SourceDecision) -> PublishOutcome:
        """On both streams, because no order holds between them.

        The outcome is of the articles, unless the rates alone took it: a call before this one was
        cut off between the two.
        """
        streams: tuple[StreamName, StreamName] = ("rates", "articles")
        rates, articles = [await self._record_source_on(stream, decision) for stream in streams]
        is_of_rates = isinstance(rates, Appended) and not isinstance(articles, Appended)
        return rates if is_of_rates else articles

    async def _record_source_on(
        self, stream: StreamName, decision: SourceDecision
    ) -> PublishOutcome:
        expected = ASK
        for _ in range(ATTEMPTS_MAX):
            outcome = await self._append(stream, decision, expected)
            if not isinstance(outcome, Conflict):
                return outcome
            last = await self._last_source_decision(stream, outcome)
            verdict = decide_source(last, decision)
            match verdict:
                case NotLater():
                    return stale(outcome, verdict)
                case Nothing():
                    return Unchanged(outcome.version, outcome.seq, outcome.position)
                case _:
                    expected = outcome.version
        raise contended(decision.source)

    async def _last_source_decision(
        self, stream: StreamName, conflict: Conflict
    ) -> SourceDecision | None:
        if conflict.version == 0:
            return None
        entry = await self.log.entry(stream, conflict.position)
        event = decode(stream, entry).event if entry else None
        return event if isinstance(event, SourceBlocked | SourceUnblocked) else None

    async def _record_about(
        self, decision: RelationRevoked | StorySplit, articles: Sequence[str]
    ) -> PublishOutcome:
        """Record what is decided about articles beside each other, which the log must know."""
        for article_id in articles:
            if await self.source_of(article_id) is None:
                return refused(article_id, f"there is no article {article_id} to decide about")
        return await self._record_after("articles", decision)

    async def _record_acceptance(self, decision: RateAccepted) -> PublishOutcome:
        """Whether the rate is doubted the wire says, which is not read here.

        What is accepted is the last quotation; one that nobody doubts stays as it is.
        """
        asking = draft("rates", decision, ASK, self.now())
        subject = accepted_rate_subject(decision)
        (known,) = await self.log.append("rates", [replace(asking, subject=subject)])
        if not isinstance(known, Conflict) or known.version == 0:
            name = f"{decision.source} {decision.kind} {decision.base}/{decision.quote}"
            return refused(name, f"there is no rate of {name} as of {decision.as_of}")
        try:
            last = await last_rate(self.log, known)
        except Rejected as error:
            return refused(f"{decision.base}/{decision.quote}", str(error))
        if (why_not := decide_acceptance(last, decision)) is not None:
            return stale(known, why_not)
        return await self._record_after("rates", decision)

    async def _record_about_letters(self, decision: DeadLetterDecision) -> PublishOutcome:
        """What the projection has set aside is in its view file: there nothing can be looked up."""
        known = await self._append("deadletters", decision, ASK)
        if not isinstance(known, Conflict):
            return known
        if decision.consumer != PROJECTION:
            letters = await letters_of(self.log, decision.consumer)
            if (why_not := decide_letters(letters, decision)) is not None:
                return stale(known, why_not)
        return await self._record_after("deadletters", decision, known.version)

    async def _record_after(
        self,
        stream: StreamName,
        decision: RelationRevoked | StorySplit | RateAccepted | DeadLetterDecision,
        expected: int = 0,
    ) -> PublishOutcome:
        """Append after whatever its subject's last event is."""
        for _ in range(ATTEMPTS_MAX):
            outcome = await self._append(stream, decision, expected)
            if not isinstance(outcome, Conflict):
                return outcome
            expected = outcome.version
        raise contended(decision.reason)

    async def _append(
        self, stream: StreamName, event: InputEvent, expected: int
    ) -> AppendOutcome | Refused:
        (outcome,) = await append(self.log, stream, [event], expected, self.now())
        return outcome


def _source(event: ArticleFact) -> str:
    if isinstance(event, ArticleReceived | ArticleRevised):
        return event.article.source
    return event.source
