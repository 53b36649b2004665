"""What the log already says: the last event of a subject, and the listings of every source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from services.ingest.domain import ArticleFact, Known
from services.ingest.listing import Listing
from shared.consumer import fold
from shared.envelope import decode
from shared.errors import Rejected
from shared.events import ArticleReceived, ArticleRevised, RateObserved, StreamName
from shared.letters import Letters
from shared.log import Conflict, Entry, Log
from shared.news import Article, Rate
from shared.streams import ORIGIN, Checkpoint, article_subject

LOOK_BACK_COUNT: Final = 500
_WITH_TEXT: Final = (b"newswire.article.received", b"newswire.article.revised")


async def last_event(log: Log, conflict: Conflict) -> ArticleFact:
    """The event that a draft of an article conflicts with.

    Raises:
        Rejected: it was trimmed away, so there is nothing to decide against.
    """
    event = decode("articles", await _entry(log, "articles", conflict)).event
    if not isinstance(event, ArticleFact):
        raise Rejected(f"the entry at {conflict.position} is of no article")
    return event


async def last_rate(log: Log, conflict: Conflict) -> Rate:
    """The quotation that a draft of a rate conflicts with.

    Raises:
        Rejected: it was trimmed away.
    """
    event = decode("rates", await _entry(log, "rates", conflict)).event
    if not isinstance(event, RateObserved):
        raise Rejected(f"the entry at {conflict.position} is of no rate")
    return event.rate


async def known_article(log: Log, conflict: Conflict) -> Known:
    """What the log holds of the article that a draft conflicts with.

    Raises:
        Rejected: it was trimmed away.
    """
    last = await last_event(log, conflict)
    if isinstance(last, ArticleReceived | ArticleRevised):
        return Known(last, last.article)
    return Known(last, await _last_content(log, last.article_id, conflict))


async def _last_content(log: Log, article_id: str, conflict: Conflict) -> Article:
    # A decision carries no text: look back for the article. Rare, so no index is kept for it.
    subject = article_subject(article_id).encode()
    position = conflict.position
    while entries := await log.before("articles", position, count=LOOK_BACK_COUNT):
        for entry in entries:
            if entry.fields.get(b"subject") != subject:
                continue
            event = decode("articles", entry).event
            if isinstance(event, ArticleReceived | ArticleRevised):
                return event.article
        position = entries[-1].position
    raise Rejected(f"the log holds no text of the article {article_id}")


async def _entry(log: Log, stream: StreamName, conflict: Conflict) -> Entry:
    entry = await log.entry(stream, conflict.position)
    if entry is None:
        raise Rejected(f"the entry at {conflict.position} was trimmed; nothing to compare with")
    return entry


async def letters_of(log: Log, consumer: str) -> Letters:
    """What a consumer that commits on the log has set aside; folded afresh, as it is rarely asked.

    Raises:
        Rejected: an event of the stream cannot be read.
    """
    letters = Letters(consumer)
    await fold(log, "deadletters", lambda entry: letters.fold(decode("deadletters", entry)))
    return letters


@dataclass(slots=True)
class Listings:
    """The listings of all sources, folded from the log as far as ``checkpoint``."""

    by_source: dict[str, Listing] = field(default_factory=dict)
    checkpoint: Checkpoint = ORIGIN

    async def of(self, log: Log, source: str) -> Listing:
        """A source's listing, with all that the log holds by now."""
        self.checkpoint = await fold(log, "articles", self._remember, self.checkpoint)
        return self._listing(source)

    def _remember(self, entry: Entry) -> None:
        if entry.fields.get(b"type") not in _WITH_TEXT:
            return
        try:
            event = decode("articles", entry).event
        except Rejected:
            return  # enrichment sets it aside; here it only fails to name an article
        if isinstance(event, ArticleReceived | ArticleRevised):
            self._listing(event.article.source).remember(event.article)

    def _listing(self, source: str) -> Listing:
        return self.by_source.setdefault(source, Listing())
