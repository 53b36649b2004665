"""Enrichment put together: settings, data, log, two consumers in one worker; and three tools."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from functools import cache, partial
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

import orjson
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from services.enrichment import explained, gazetteers
from services.enrichment.desks import ArticleDesk
from services.enrichment.differences import difference_json
from services.enrichment.explain import explain
from services.enrichment.facts import gather
from services.enrichment.gazetteers.names import matcher
from services.enrichment.offline import Offline, Voice
from services.enrichment.rate_desk import RateDesk
from services.enrichment.readers import ReadBeside, Readers, ReadHere
from services.enrichment.reading import Read, Reader, Reading
from services.enrichment.relations.comparing import METHOD
from services.enrichment.shadow import Shadow
from services.enrichment.snapshot import Keeper
from services.enrichment.spool import Spool
from services.enrichment.steps import Steps, topics
from services.enrichment.steps.language import LANGUAGES, language
from services.enrichment.steps.names import CREATOR, names
from services.enrichment.stories.saying import METHODS
from services.enrichment.topics import read as read_topics
from services.enrichment.worker import Enricher
from shared import clock, settings, telemetry
from shared.collecting import collect_less
from shared.errors import Rejected
from shared.faults import visible
from shared.news import Article
from shared.redis_log import RedisLog
from shared.version import VERSION


def run() -> int:
    """Run until told to stop; the exit code."""
    from shared import broker  # noqa: PLC0415 - brings FastStream, which the tools need not: 0.5 s

    chosen = settings.read(os.environ)
    logger = telemetry.start("enrichment", chosen.log_level)
    log = RedisLog(chosen.redis_url, chosen.desk)
    asked = steps()
    collect_less()
    articles, rates = ArticleDesk(log, Reader(asked)), RateDesk(log)
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


def enrich_file(name: str, processes: int, batch: int) -> int:
    """Print what the wire would say of the articles of a file; exit code 1: a line was refused.

    Raises:
        Rejected: the file cannot be read, or what would be said is larger than an event may be.
        Unavailable: the disk takes no more, or a process that reads has ended.
    """
    voice = Voice(sys.stdout.buffer.write, sys.stdout.buffer.flush, _warn)
    with ExitStack() as stack:
        lines = _stdin() if name == "-" else stack.enter_context(_opened(Path(name)))
        readers: Readers
        read_here: Read
        if processes > 1:
            readers = stack.enter_context(closing(ReadBeside(processes - 1, reader)))
            read_here = _read_late()
        else:
            read_here = reader()
            readers = ReadHere(read_here)
        collect_less()
        spool = stack.enter_context(closing(Spool()))
        told = asyncio.run(Offline(read_here, readers, spool, voice, batch).run(lines))
    _warn(told.text())
    return 1 if told.refused else 0


async def explain_articles(asked: Sequence[str], *, as_json: bool) -> int:
    """Print why two articles are related or are not.

    Raises:
        Rejected: the log has had no such articles. Unavailable, LogDamaged: it does not answer.
    """
    chosen = settings.read(os.environ)
    log = RedisLog(chosen.redis_url, chosen.desk)
    try:
        first, second, facts = await gather(log, asked)
    finally:
        await log.close()
    found = explain(first, second, facts)
    if as_json:
        _print(orjson.dumps(explained.as_json(found)).decode())
    else:
        _print("\n".join(explained.lines(found)))
    return 0


async def shadow_log(since: int, *, as_json: bool) -> int:
    """Print what this code would say of articles otherwise than the wire says it.

    Raises:
        Rejected: an event is not of this contract. Unavailable, LogDamaged: the log is away.
    """
    chosen = settings.read(os.environ)
    log = RedisLog(chosen.redis_url, chosen.desk)
    shadow = Shadow(log, ArticleDesk(log, reader()), since)
    if as_json:
        shadow.tell = lambda one: _print(orjson.dumps(difference_json(one)).decode())
    try:
        report = await shadow.run()
    finally:
        await log.close()
    if as_json:
        _print(orjson.dumps(report.as_json()).decode())
    else:
        _print("\n".join(report.lines()))
    return 0


def _print(text: str) -> None:
    if isinstance(sys.stdout, TextIOWrapper):  # a terminal without Cyrillic: no reason to end
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout.write(f"{text}\n")


def _read_late() -> Read:
    """A reader that is made when it is first wanted: others read all but what was embargoed."""
    made = cache(reader)

    def read(article: Article) -> Reading:
        return made()(article)

    return read


def _stdin() -> BinaryIO:
    if sys.stdin is None:  # it was closed before we began
        raise Rejected("expected articles, came no standard input")
    return sys.stdin.buffer


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        named = visible(str(path))
        raise Rejected(f"expected a file of articles: {named}: {error.strerror}") from error


def _warn(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def reader() -> Reader:
    """What reads an article by itself, with its data."""
    return Reader(steps())


def steps() -> Steps:
    """The steps with their data: the language model of py3langid and the gazetteers."""
    detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    detector.set_languages(list(LANGUAGES))
    return Steps(
        language=partial(language, detector=detector, marks=gazetteers.marks()),
        names=partial(names, gazetteer_matcher=matcher(gazetteers.read())),
        topics=partial(topics.topics, model=read_topics()),
        methods={
            "language": f"marks/1+py3langid/{version('py3langid')}",
            "names": CREATOR,
            "topics": topics.CREATOR,
        },
    )
