"""From observations to facts on the log: append, and decide only where the log knows otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from services.ingest import observe
from services.ingest.appending import ATTEMPTS_MAX, append, contended, refused, stale
from services.ingest.decisions import Decisions
from services.ingest.domain import (
    Decision,
    Known,
    Nothing,
    NotLater,
    Observation,
    PublishOutcome,
    Recordable,
    Refused,
    decide,
    decide_rate,
)
from services.ingest.drafts import InputEvent
from services.ingest.history import Listings, known_article, last_rate
from services.ingest.identity import (
    NAMESAKES_MAX,
    article_id,
    is_same_article,
    namesake_number,
    slug_key,
    wording,
)
from services.ingest.listing import Assigned
from services.ingest.observe import Sighting
from services.ingest.parse.document import ArticleEntry
from shared.envelope import article_hash
from shared.errors import Rejected
from shared.events import (
    ArticleReceived,
    RateObserved,
    StreamName,
)
from shared.log import AppendOutcome, Conflict, Log, Unchanged
from shared.news import ArticleId, Rate


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
        own = [observe.own_id(sighting.source.id, entry) for entry in page]
        unnamed = [entry for entry, one in zip(page, own, strict=True) if one is None]
        assigned = iter(await self._assigned(sighting, unnamed))
        observations = []
        for entry, one in zip(page, own, strict=True):
            if one is not None:
                observations.append(_observation(sighting, entry, one))
                continue
            found = next(assigned)
            observation = _observation(sighting, entry, found.article_id)
            observations.append(replace(observation, may_be_namesake=not found.is_recorded))
        return await self.publish_articles(observations)

    async def _assigned(
        self, sighting: Sighting, unnamed: Sequence[ArticleEntry]
    ) -> list[Assigned]:
        """Which articles the entries are that have neither an id nor an address of their own."""
        if not unnamed:
            return []
        listing = await self.listings.of(self.log, sighting.source.id)
        return listing.assign(sighting.source.id, unnamed, sighting.parsed.listed_on)

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
        decisions = Decisions(self.log, self.now)
        for each in run:
            if not isinstance(each, Observation | Rate):
                outcomes.append(await decisions.record(each))
        return outcomes

    async def publish_decision(self, decision: Decision) -> PublishOutcome:
        """Append a withdrawal, hold or release; Refused: the log knows no such article."""
        return await Decisions(self.log, self.now).record(decision)

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
                return refused(observation.article.headline, str(error))
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
                    return stale(outcome, verdict)
                case Nothing():
                    return Unchanged(outcome.version, outcome.seq, outcome.position)
                case _:
                    outcome = await self._append_one("articles", verdict, outcome.version)
        if not isinstance(outcome, Conflict):
            return outcome
        raise contended(observation.article.article_id)

    async def _settle_rate(self, rate: Rate, conflict: Conflict) -> PublishOutcome:
        outcome: PublishOutcome | Conflict = conflict
        for _ in range(ATTEMPTS_MAX):
            if not isinstance(outcome, Conflict):
                return outcome
            try:
                verdict = decide_rate(await last_rate(self.log, outcome), rate)
            except Rejected as error:
                return refused(f"{rate.base}/{rate.quote}", str(error))
            match verdict:
                case NotLater():
                    return stale(outcome, verdict)
                case Nothing():
                    return Unchanged(outcome.version, outcome.seq, outcome.position)
                case RateObserved():
                    outcome = await self._append_one("rates", verdict, outcome.version)
                case _:
                    assert_never(verdict)
        raise contended(f"{rate.base}/{rate.quote}")

    async def _append_one(
        self, stream: StreamName, event: InputEvent, expected: int
    ) -> AppendOutcome | Refused:
        (outcome,) = await self._append(stream, [event], expected)
        return outcome

    async def _append(
        self, stream: StreamName, events: Sequence[InputEvent], expected: int = 0
    ) -> list[AppendOutcome | Refused]:
        return await append(self.log, stream, events, expected, self.now())


def _observation(sighting: Sighting, entry: ArticleEntry, its_id: ArticleId) -> Observation:
    """An entry as an observation, with what its source declares beyond its content."""
    return Observation(
        observe.article(sighting, entry, its_id),
        declares_usable=entry.declares_usable,
        declared_change=entry.declared_change,
    )


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
