"""One article's way through the log: published, enriched, projected; one after the other.

In one process and without waiting for anything: what is left is the work itself and the two
fsyncs. Under ``newswire up`` the three are processes that wake each other through the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from structlog.stdlib import BoundLogger

from services.enrichment.desks import ArticleDesk
from services.enrichment.reading import Read
from services.enrichment.worker import Enricher
from services.ingest.domain import Observation
from services.ingest.publish import Publisher
from services.projection.projector import Fold
from shared import clock, views
from shared.consumer import BATCH_MAX
from shared.log import Appended
from shared.news import Article
from shared.redis_log import RedisLog
from tests.benchmarks.measure import Row


@dataclass(frozen=True, slots=True)
class Journey:
    """The three services over one log, as one article at a time passes them."""

    log: RedisLog
    publisher: Publisher
    enricher: Enricher
    fold: Fold

    async def duration_ms(self, article: Article) -> float:
        """From before it is published until it stands in the views."""
        began_s = clock.monotonic_s()
        (outcome,) = await self.publisher.publish_articles([Observation(article)])
        await self.enricher.handle(
            await self.log.follow("articles", self.enricher.checkpoint, count=BATCH_MAX)
        )
        await self.fold.take(await self.log.follow("wire", self.fold.at, count=BATCH_MAX))
        took_ms = 1000 * (clock.monotonic_s() - began_s)
        assert isinstance(outcome, Appended)
        assert self.fold.at.seq >= outcome.seq  # stories may be said besides the article
        return took_ms


async def rows(
    url: str, articles: Sequence[Article], read: Read, views_dir: Path, logger: BoundLogger
) -> list[Row]:
    """Latency of one article from ingest to the views, on a desk of its own."""
    log = RedisLog(url, "journey")
    connection = views.create(views_dir / "views-journey.sqlite")
    journey = Journey(
        log,
        Publisher(log, clock.now),
        Enricher(ArticleDesk(log, read), log, clock.now, "benchmark", logger),
        Fold(connection, "benchmark", logger),
    )
    await journey.enricher.resume()
    took_ms = [await journey.duration_ms(article) for article in articles]
    connection.close()
    await log.close()
    percentiles = quantiles(took_ms, n=100, method="inclusive")
    return [
        Row(f"one article, end to end, ms, p{percent} of {len(took_ms)}", [at], digits=2)
        for percent, at in ((50, percentiles[49]), (99, percentiles[98]))
    ]
