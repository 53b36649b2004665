"""From observations to facts on the log: append, and decide only where the log knows otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, assert_never

from services.ingest import observe
from services.ingest.domain import (
    Decision,
    Known,
    Nothing,
    NotLater,
    Observation,
    PublishOutcome,
    Recordable,
    Refused,
    article_hash,
    decide,
    decide_decision,
    decide_rate,
)
from services.ingest.drafts import draft
from services.ingest.history import Listings, known_article, last_event, last_rate
from services.ingest.identity import (
    NAMESAKES_MAX,
    article_id,
    is_same_article,
    namesake_number,
    slug_key,
    wording,
)
from services.ingest.observe import Sighting
from services.ingest.parse.document import ArticleEntry, Problem
from shared.errors import Rejected, Unavailable
from shared.events import (
    ArticleEvent,
    ArticleReceived,
    ArticleReleased,
    ArticleRevised,
    ArticleWithdrawn,
    ArticleWithheld,
    RateObserved,
    StreamName,
)
from shared.log import AppendOutcome, Conflict, Log, Stale, Unchanged, checked_bytes
from shared.news import Rate

ASK: Final = 2**53 - 1
"""An expected version that no subject has: the answer tells what the subject's last event is."""
ATTEMPTS_MAX: Final = 5
"""Times that an entry is decided again because somebody else appended in between."""


@dataclass(slots=True)
class Publisher:
    """Publishes what sources offer. One instance sees one desk's log.

    Idempotent: the same observations, any number of times, give the same log. Every method raises
    Unavailable when the log does not answer; publishing the same again is harmless.
    """

    log: Log
    now: Callable[[], datetime]
    listings: Listings = field(default_factory=Listings)

    async def publish(self, sighting: Sighting) -> list[PublishOutcome]:
        """Append a document's articles, then its rates; one outcome each, in this order."""
        outcomes = await self._publish_page(sighting, sighting.parsed.articles)
        rates = [observe.rate(sighting, entry) for entry in sighting.parsed.rates]
        return outcomes + await self.publish_rates(rates)

    async def _publish_page(
        self, sighting: Sighting, page: Sequence[ArticleEntry]
    ) -> list[PublishOutcome]:
        if not page:
            return []
        listing = await self.listings.of(self.log, sighting.source.id)
        assigned = listing.assign(sighting.source.id, page, sighting.parsed.listed_on)
        return await self.publish_articles(
            [
                Observation(
                    observe.article(sighting, entry, one.article_id),
                    may_be_namesake=not one.is_recorded,
                )
                for entry, one in zip(page, assigned, strict=True)
            ]
        )

    async def publish_articles(self, observations: Sequence[Observation]) -> list[PublishOutcome]:
        """Append what is new or revised; one outcome per observation, in order."""
        events = [ArticleReceived(article=one.article) for one in observations]
        outcomes = await self._append("articles", events)
        return [
            await self._settle(one, outcome) if isinstance(outcome, Conflict) else outcome
            for one, outcome in zip(observations, outcomes, strict=True)
        ]

    async def publish_rates(self, rates: Sequence[Rate]) -> list[PublishOutcome]:
        """Append what is new or restated; one outcome per quotation, in order."""
        outcomes = await self._append("rates", [RateObserved(rate=rate) for rate in rates])
        return [
            await self._settle_rate(rate, outcome) if isinstance(outcome, Conflict) else outcome
            for rate, outcome in zip(rates, outcomes, strict=True)
        ]

    async def publish_run(self, run: Sequence[Recordable]) -> list[PublishOutcome]:
        """Append what ``drafts.runs`` put together; one outcome each, in order."""
        observations = [each for each in run if isinstance(each, Observation)]
        rates = [each for each in run if isinstance(each, Rate)]
        outcomes = await self.publish_articles(observations) + await self.publish_rates(rates)
        for each in run:
            if isinstance(each, ArticleWithdrawn | ArticleWithheld | ArticleReleased):
                outcomes.append(await self.publish_decision(each))
        return outcomes

    async def publish_decision(self, decision: Decision) -> PublishOutcome:
        """Append a withdrawal, hold or release; Refused: the log knows no such article."""
        expected = ASK
        for _ in range(ATTEMPTS_MAX):
            outcome = await self._append_one("articles", decision, expected)
            if not isinstance(outcome, Conflict):
                return outcome
            if outcome.version == 0:
                return _refused(
                    decision.article_id,
                    f"there is no article {decision.article_id} to decide about",
                )
            try:
                last = await last_event(self.log, outcome)
            except Rejected as error:
                return _refused(decision.article_id, str(error))
            if _source(last) != decision.source:
                said = f"the article is of {_source(last)}, the decision names {decision.source}"
                return _refused(decision.article_id, said)
            verdict = decide_decision(last, decision)
            if isinstance(verdict, NotLater):
                return _stale(outcome, verdict)
            expected = outcome.version
        raise _contended(decision.article_id)

    async def _settle(self, observation: Observation, conflict: Conflict) -> PublishOutcome:
        """Decide an observation whose article the log knows with other content."""
        outcome: PublishOutcome | Conflict = conflict
        namesakes, attempts = 0, 0
        while attempts < ATTEMPTS_MAX and namesakes < NAMESAKES_MAX:
            if not isinstance(outcome, Conflict):
                return outcome
            try:
                known = await known_article(self.log, outcome)
            except Rejected as error:
                return _refused(observation.article.headline, str(error))
            namesake = _namesake(observation, known)
            if namesake is not None:
                observation, namesakes = namesake, namesakes + 1
                event = ArticleReceived(article=observation.article)
                outcome = await self._append_one("articles", event, 0)
                continue
            attempts += 1
            verdict = decide(known, observation)
            match verdict:
                case NotLater():
                    return _stale(outcome, verdict)
                case Nothing():
                    return Unchanged(outcome.version, outcome.seq, outcome.position)
                case _:
                    outcome = await self._append_one("articles", verdict, outcome.version)
        if not isinstance(outcome, Conflict):
            return outcome
        raise _contended(observation.article.article_id)

    async def _settle_rate(self, rate: Rate, conflict: Conflict) -> PublishOutcome:
        outcome: PublishOutcome | Conflict = conflict
        for _ in range(ATTEMPTS_MAX):
            if not isinstance(outcome, Conflict):
                return outcome
            try:
                verdict = decide_rate(await last_rate(self.log, outcome), rate)
            except Rejected as error:
                return _refused(f"{rate.base}/{rate.quote}", str(error))
            match verdict:
                case NotLater():
                    return _stale(outcome, verdict)
                case Nothing():
                    return Unchanged(outcome.version, outcome.seq, outcome.position)
                case RateObserved():
                    outcome = await self._append_one("rates", verdict, outcome.version)
                case _:
                    assert_never(verdict)
        raise _contended(f"{rate.base}/{rate.quote}")

    async def _append_one(
        self, stream: StreamName, event: ArticleEvent | RateObserved, expected: int
    ) -> AppendOutcome | Refused:
        (outcome,) = await self._append(stream, [event], expected)
        return outcome

    async def _append(
        self, stream: StreamName, events: Sequence[ArticleEvent | RateObserved], expected: int = 0
    ) -> list[AppendOutcome | Refused]:
        """Append events that expect one version; what is too large is refused alone."""
        drafts = [draft(stream, event, expected, self.now()) for event in events]
        refused: dict[int, Refused] = {}
        for index, each in enumerate(drafts):
            try:
                checked_bytes(each.fields)
            except Rejected as error:
                refused[index] = Refused(Problem("text-too-long", each.subject, str(error)))
        fitting = [each for index, each in enumerate(drafts) if index not in refused]
        outcomes = iter(await self.log.append(stream, fitting))
        return [refused.get(index) or next(outcomes) for index in range(len(drafts))]


def _namesake(observation: Observation, known: Known) -> Observation | None:
    """The observation as the next article of its headline, if it is not the known one.

    None: it is the known article.
    """
    article = observation.article
    if not observation.may_be_namesake:
        return None
    text = wording(article.body, article.listed_on)
    before = wording(known.article.body, known.article.listed_on)
    if is_same_article(text, before):
        return None
    number = namesake_number(article.source, article.headline, article.article_id)
    following = article_id(article.source, slug_key(article.headline, number + 1))
    renamed = article.model_copy(update={"article_id": following})
    hashed = renamed.model_copy(update={"content_hash": article_hash(renamed)})
    return replace(observation, article=hashed)


def _source(event: ArticleEvent) -> str:
    if isinstance(event, ArticleReceived | ArticleRevised):
        return event.article.source
    return event.source


def _refused(where: str, detail: str) -> Refused:
    return Refused(Problem("event-invalid", where, detail))


def _stale(conflict: Conflict, verdict: NotLater) -> Stale:
    return Stale(conflict.version, conflict.seq, conflict.position, verdict.reason)


def _contended(what: str) -> Unavailable:
    return Unavailable(f"{what} was changed by others {ATTEMPTS_MAX} times in a row; try again")
