"""Enrichment put together: settings, data, log, and two consumers in one worker."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from importlib.metadata import version

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from services.enrichment import gazetteers
from services.enrichment.desks import ArticleDesk
from services.enrichment.gazetteers.names import matcher
from services.enrichment.rate_desk import RateDesk
from services.enrichment.reading import Read, read
from services.enrichment.relations.comparing import METHOD
from services.enrichment.snapshot import Keeper
from services.enrichment.steps import Steps, topics
from services.enrichment.steps.language import LANGUAGES, language
from services.enrichment.steps.names import CREATOR, names
from services.enrichment.stories.saying import METHODS
from services.enrichment.topics import read as read_topics
from services.enrichment.worker import Enricher
from shared import broker, clock, settings, telemetry
from shared.redis_log import RedisLog
from shared.version import VERSION


def main() -> int:
    """Run until told to stop; the exit code."""
    chosen = settings.read(os.environ)
    logger = telemetry.start("enrichment", chosen.log_level)
    log = RedisLog(chosen.redis_url, chosen.desk)
    asked = steps()
    articles, rates = ArticleDesk(log, partial(read, steps=asked)), RateDesk(log)
    keeper = Keeper(
        chosen.snapshots_dir / "articles", made_by(asked), logger, articles.packed, articles.restore
    )
    enrichers = [
        Enricher(articles, log, clock.now, VERSION, logger, keeper),
        Enricher(rates, log, clock.now, VERSION, logger),
    ]
    return asyncio.run(broker.work("enrichment", enrichers, log, chosen, logger))


def made_by(asked: Steps) -> str:
    """The code and the methods that make a memory what it is."""
    methods = sorted({**asked.methods, "relations": METHOD, **METHODS}.items())
    return " ".join((VERSION, *(f"{step}={method}" for step, method in methods)))


def reader() -> Read:
    """What reads an article by itself, with its data."""
    return partial(read, steps=steps())


def steps() -> Steps:
    """The steps with their data: the language model of py3langid and the gazetteers."""
    detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    detector.set_languages(list(LANGUAGES))
    return Steps(
        language=partial(language, detector=detector, marks=gazetteers.marks()),
        names=partial(names, gazetteer_matcher=matcher(gazetteers.read())),
        topics=partial(topics.topics, model=read_topics()),
        methods={
            "language": f"py3langid/{version('py3langid')}",
            "names": CREATOR,
            "topics": topics.CREATOR,
        },
    )
