"""From observations to facts on the log: append, and decide only where the log knows otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from services.ingest import observe
from services.ingest.domain import (
    Decision,
    Known,
    Nothing,
    NotLater,
    Observation,
    Recordable,
    decide,
    decide_decision,
    decide_rate,
    decision_hash,
    rate_hash,
)
from services.ingest.identity import (
    NAMESAKES_MAX,
    SAME_ARTICLE_CONTAINMENT,
    article_id,
    containment,
    namesake_number,
    shingles,
    slug_key,
)
from services.ingest.listing import Listing
from services.ingest.observe import Sighting
from services.ingest.parse.document import ArticleEntry
from shared.envelope import Attributes, decode, encode
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
from shared.hashing import event_id
from shared.log import Appended, Conflict, Draft, Entry, Log, Stale, Unchanged
from shared.news import Article, Rate
from shared.streams import (
    ORIGIN,
    Checkpoint,
    article_subject,
    rate_subject,
    series_name,
    source_urn,
)

PublishOutcome = Appended | Unchanged | Stale

RUN_MAX: Final = 200
"""Events of one run: larger calls are no faster."""

CATCH_UP_COUNT: Final = 500
ASK: Final = 2**53 - 1
"""An expected version that no subject has: the answer tells what the subject's last event is."""
ATTEMPTS_MAX: Final = 5
"""Times that an entry is decided again because somebody else appended in between."""
_WITH_TEXT: Final = (b"newswire.article.received", b"newswire.article.revised")


@dataclass(slots=True)
class Publisher:
    """Publishes what sources offer. One instance sees one desk's log.

    Idempotent: the same observations, any number of times, give the same log.
    """

    log: Log
    now: Callable[[], datetime]
    listings: dict[str, Listing] = field(default_factory=dict)
    _checkpoint: Checkpoint = ORIGIN

    async def publish(self, sighting: Sighting) -> list[PublishOutcome]:
        """Append a document's articles, then its rates; one outcome each, in this order.

        Raises:
            Unavailable: the log does not answer; publishing the same again is harmless.
        """
        outcomes = await self._publish_page(sighting, sighting.parsed.articles)
        rates = [observe.rate(sighting, entry) for entry in sighting.parsed.rates]
        return outcomes + await self.publish_rates(rates)

    async def _publish_page(
        self, sighting: Sighting, page: Sequence[ArticleEntry]
    ) -> list[PublishOutcome]:
        if not page:
            return []
        await self._catch_up()
        listing = self.listings.setdefault(sighting.source.id, Listing())
        articles = [
            observe.article(sighting, entry, listing.identify(sighting.source.id, entry, page))
            for entry in page
        ]
        return await self.publish_articles([Observation(article) for article in articles])

    async def publish_articles(self, observations: Sequence[Observation]) -> list[PublishOutcome]:
        """Append what is new or revised; one outcome per observation, in order."""
        drafts = [
            self._draft("articles", ArticleReceived(article=observation.article), 0)
            for observation in observations
        ]
        outcomes = await self.log.append("articles", drafts)
        return [
            await self._settle(observation, outcome) if isinstance(outcome, Conflict) else outcome
            for observation, outcome in zip(observations, outcomes, strict=True)
        ]

    async def publish_rates(self, rates: Sequence[Rate]) -> list[PublishOutcome]:
        """Append what is new or restated; one outcome per quotation, in order."""
        drafts = [self._draft("rates", RateObserved(rate=rate), 0) for rate in rates]
        outcomes = await self.log.append("rates", drafts)
        return [
            await self._settle_rate(rate, outcome) if isinstance(outcome, Conflict) else outcome
            for rate, outcome in zip(rates, outcomes, strict=True)
        ]

    async def publish_run(self, run: Sequence[Recordable]) -> list[PublishOutcome]:
        """Append what ``runs`` put together; one outcome each, in order.

        Raises:
            Rejected: a decision about an article that the log does not know.
        """
        observations = [each for each in run if isinstance(each, Observation)]
        rates = [each for each in run if isinstance(each, Rate)]
        outcomes = await self.publish_articles(observations) + await self.publish_rates(rates)
        for each in run:
            if isinstance(each, ArticleWithdrawn | ArticleWithheld | ArticleReleased):
                outcomes.append(await self.publish_decision(each))
        return outcomes

    async def publish_decision(self, decision: Decision) -> PublishOutcome:
        """Append a withdrawal, hold or release of an article that the log knows.

        Raises:
            Rejected: there is no such article.
        """
        expected = ASK
        for _ in range(ATTEMPTS_MAX):
            draft = self._draft("articles", decision, expected)
            (outcome,) = await self.log.append("articles", [draft])
            if not isinstance(outcome, Conflict):
                return outcome
            if outcome.version == 0:
                raise Rejected(f"there is no article {decision.article_id} to decide about")
            last = decode("articles", await self._entry("articles", outcome)).event
            verdict = decide_decision(last, decision)
            if isinstance(verdict, NotLater):
                return _stale(outcome, verdict)
            expected = outcome.version
        raise _contended(decision.article_id)

    async def _settle(self, observation: Observation, conflict: Conflict) -> PublishOutcome:
        """Decide an observation whose article the log knows with other content."""
        outcome: PublishOutcome | Conflict = conflict
        for _ in range(ATTEMPTS_MAX + NAMESAKES_MAX):
            if not isinstance(outcome, Conflict):
                return outcome
            known = await self._known(outcome)
            namesake = _namesake(observation, known)
            if namesake is not None:
                observation = namesake
                event: ArticleEvent = ArticleReceived(article=observation.article)
                expected = 0
            else:
                verdict = decide(known, observation)
                if isinstance(verdict, NotLater):
                    return _stale(outcome, verdict)
                if isinstance(verdict, Nothing):
                    return Unchanged(outcome.version, outcome.seq, outcome.position)
                event, expected = verdict, outcome.version
            (outcome,) = await self.log.append(
                "articles", [self._draft("articles", event, expected)]
            )
        raise _contended(observation.article.article_id)

    async def _settle_rate(self, rate: Rate, conflict: Conflict) -> PublishOutcome:
        outcome: PublishOutcome | Conflict = conflict
        for _ in range(ATTEMPTS_MAX):
            if not isinstance(outcome, Conflict):
                return outcome
            previous = decode("rates", await self._entry("rates", outcome)).event
            verdict = decide_rate(previous.rate, rate)
            if isinstance(verdict, NotLater):
                return _stale(outcome, verdict)
            if isinstance(verdict, Nothing):
                return Unchanged(outcome.version, outcome.seq, outcome.position)
            draft = self._draft("rates", verdict, outcome.version)
            (outcome,) = await self.log.append("rates", [draft])
        raise _contended(f"{rate.base}/{rate.quote}")

    async def _known(self, conflict: Conflict) -> Known:
        last = decode("articles", await self._entry("articles", conflict)).event
        if isinstance(last, ArticleReceived | ArticleRevised):
            return Known(last, last.article)
        return Known(last, await self._last_content(last.article_id, conflict))

    async def _last_content(self, article_id: str, conflict: Conflict) -> Article:
        # A decision carries no text: look back for the article. Rare, so no index is kept for it.
        subject = article_subject(article_id).encode()
        position = conflict.position
        while entries := await self.log.before("articles", position, count=CATCH_UP_COUNT):
            for entry in entries:
                if entry.fields.get(b"subject") != subject:
                    continue
                event = decode("articles", entry).event
                if isinstance(event, ArticleReceived | ArticleRevised):
                    return event.article
            position = entries[-1].position
        raise Rejected(f"the log holds no text of the article {article_id}")

    async def _entry(self, stream: StreamName, conflict: Conflict) -> Entry:
        entry = await self.log.entry(stream, conflict.position)
        if entry is None:
            raise Rejected(f"the entry at {conflict.position} was trimmed; nothing to compare with")
        return entry

    async def _catch_up(self) -> None:
        """Fold what the log has gained into the listings."""
        while entries := await self.log.follow("articles", self._checkpoint, count=CATCH_UP_COUNT):
            for entry in entries:
                if entry.fields.get(b"type") not in _WITH_TEXT:
                    continue
                event = decode("articles", entry).event
                if isinstance(event, ArticleReceived | ArticleRevised):
                    source = event.article.source
                    self.listings.setdefault(source, Listing()).remember(event.article)
            self._checkpoint = entries[-1].checkpoint()

    def _draft(
        self, stream: StreamName, event: ArticleEvent | RateObserved, expected: int
    ) -> Draft:
        subject, content, source, time = _facts(event)
        version = expected + 1
        return Draft(
            subject=subject,
            content_hash=content,
            expected=expected,
            fields=encode(
                event,
                Attributes(
                    id=event_id(stream, subject, version, content),
                    source=source_urn(source),
                    subject=subject,
                    time=time,
                    recorded_at=self.now(),
                    correlation_id=subject,
                ),
            ),
        )


def runs(recorded: Sequence[Recordable]) -> Iterator[Sequence[Recordable]]:
    """Recorded events in runs that may go in one call: of one kind, no subject twice.

    A, B and A of one subject in one call would lose the last A as unchanged.
    """
    begin, kind, subjects = 0, "", set[str]()
    for index, each in enumerate(recorded):
        its_kind, subject = _kind(each)
        is_alone = its_kind == "decision"
        if index > begin and (is_alone or its_kind != kind or subject in subjects
                              or index - begin >= RUN_MAX):  # fmt: skip
            yield recorded[begin:index]
            begin, subjects = index, set()
        kind = its_kind
        subjects.add(subject)
    if begin < len(recorded):
        yield recorded[begin:]


def _kind(each: Recordable) -> tuple[str, str]:
    match each:
        case Observation(article=article):
            return "article", article.article_id
        case Rate():
            series = series_name(each.source, each.kind, each.base, each.quote)
            return "rate", rate_subject(series, each.as_of)
        case _:
            return "decision", each.article_id


def _facts(event: ArticleEvent | RateObserved) -> tuple[str, str, str, datetime]:
    """Subject, content hash, source and event time of an event."""
    match event:
        case ArticleReceived(article=article):
            at = article.published_at or article.observed_at
            return article_subject(article.article_id), article.content_hash, article.source, at
        case ArticleRevised(article=article):
            at = article.updated_at or article.observed_at
            return article_subject(article.article_id), article.content_hash, article.source, at
        case RateObserved(rate=rate):
            series = series_name(rate.source, rate.kind, rate.base, rate.quote)
            return (
                rate_subject(series, rate.as_of),
                rate_hash(rate),
                rate.source,
                rate.observed_at,
            )
        case _:
            subject = article_subject(event.article_id)
            return subject, decision_hash(event), event.source, event.observed_at


def _namesake(observation: Observation, known: Known) -> Observation | None:
    """The observation as the next article of its headline, if it is not the known one.

    None: it is the known article. Only an article without an id of its own can have namesakes.
    """
    article = observation.article
    if article.source_item_id is not None or article.canonical_url is not None:
        return None
    text, before = shingles(article.body), shingles(known.article.body)
    if containment(text, before) >= SAME_ARTICLE_CONTAINMENT:
        return None
    number = namesake_number(article.source, article.headline, article.article_id)
    following = article_id(article.source, slug_key(article.headline, number + 1))
    return replace(observation, article=article.model_copy(update={"article_id": following}))


def _stale(conflict: Conflict, verdict: NotLater) -> Stale:
    return Stale(conflict.version, conflict.seq, conflict.position, verdict.reason)


def _contended(what: str) -> Unavailable:
    return Unavailable(f"{what} was changed by others {ATTEMPTS_MAX} times in a row; try again")
