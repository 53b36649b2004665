"""Enriching articles of 600 words in memory: how many a second, how late, how large the memory is.

Time is that of the processor, of one core: what else the machine does is not in it.
"""

from __future__ import annotations

import asyncio
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from time import process_time
from typing import Final

import orjson

from services.enrichment.articles import Material, enrich, wanted
from services.enrichment.desks import TEXTS_MAX
from services.enrichment.memory import ArticleMemory
from services.enrichment.offline import BATCH
from services.enrichment.reading import Reader, Reading
from services.enrichment.relations.shingles import Shingled, shingled
from shared.envelope import Recorded
from shared.events import ArticleReceived, CarriedEvent
from shared.news import Article, ArticleId
from tests.benchmarks.invented import invented
from tests.benchmarks.measure import Row, rounds

PER_SECOND_MIN: Final = 600.0
DECISION_MS_MAX: Final = 10.0
"""99 of 100 decisions take no longer, with the window full."""
ARTICLE_BYTES_MAX: Final = 1_000.0

Found = dict[str, float]
"""Figures of a process by name."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Articles that are measured."""

    enriched: int
    """A round."""
    kept: int
    """In the window."""
    asked: int
    """With the window full."""


async def rows(counts: Counts, read: Reader, times: int) -> AsyncIterator[Row]:
    """How many a second; how late with a full window; how large, and the index beside its peer."""
    reached = await rounds(times, {"ours": partial(_enriched, counts.enriched, read)})
    yield Row("enrich() and reading, 600 words", reached["ours"], least=PER_SECOND_MIN)
    of = f"{counts.kept:,}"
    memory = await _apart(counts, "full_window", "memory")
    for row in _decisions(of, memory):
        yield row
    yield Row(f"memory of {of}, bytes an article", [memory["bytes"]], most=ARTICLE_BYTES_MAX)
    ours, peer = await _apart(counts, "full_window", "index"), await _apart(counts, "minhash")
    for said, name in (
        ("bytes an article", "bytes"),
        ("inserts", "inserts"),
        ("queries", "queries"),
    ):
        yield Row(f"index of {of}, {said}; datasketch", [ours[name]], [peer[name]])


def _decisions(of: str, found: Found) -> Iterator[Row]:
    for name, key in (("one decision", "decided"), ("one read and decided", "read")):
        said = f"{name} beside {of}, ms"
        yield Row(f"{said}, p50", [found[f"{key}_p50"]], digits=2)
        yield Row(f"{said}, p99", [found[f"{key}_p99"]], most=DECISION_MS_MAX, digits=2)


async def _enriched(count: int, read: Reader) -> float:
    """Articles a second, from an empty memory on; in batches, as ``newswire enrich`` takes them."""
    articles = [invented(number, count).article for number in range(count)]
    wire, took_s = Wire(), 0.0
    for first in range(0, count, BATCH):
        batch = articles[first : first + BATCH]
        began = process_time()
        readings = read.all(batch)
        took_s += process_time() - began
        for number, (article, reading) in enumerate(zip(batch, readings, strict=True), first):
            took_s += wire.take(number, article, reading)
    return count / took_s


async def _apart(counts: Counts, module: str, *arguments: str) -> Found:
    """What a process of its own finds."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"tests.benchmarks.{module}", *arguments,
        str(counts.kept), str(counts.asked), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await process.communicate()
    found: Found = orjson.loads(said)
    return found


@dataclass(slots=True)
class Wire:
    """A memory and the texts last used, as the desk of articles has them, with nothing around."""

    memory: ArticleMemory = field(default_factory=ArticleMemory)
    texts: OrderedDict[ArticleId, Shingled] = field(default_factory=OrderedDict)
    article_by_id: Callable[[ArticleId], Article] | None = None
    """Stands for the log, whose time does not count; None: all texts are at hand."""

    def take(self, number: int, article: Article, reading: Reading) -> float:
        """Decide what the wire says of an article, and remember it; seconds that it took."""
        began = process_time()
        recorded = recorded_of(number, article)
        names = wanted(recorded.event, self.memory, article, reading)
        took_s = process_time() - began
        fetched = self._fetched(names)
        began = process_time()
        for name, it in fetched.items():
            self._keep(name, shingled(it))
        texts = {name: self.texts[name] for name in names}
        at, material = article.observed_at, Material(article, reading, texts)
        events = enrich(recorded, self.memory, material, at)
        self.memory.fold_input(recorded)
        for event in events:
            if isinstance(event, CarriedEvent):
                self.memory.fold_wire(event, reading.text, reading.features)
            else:
                self.memory.fold_wire(event)
        self._keep(article.article_id, reading.text)
        return took_s + process_time() - began

    def _fetched(self, names: list[ArticleId]) -> dict[ArticleId, Article]:
        """Articles whose texts are not at hand."""
        for name in names:
            if name in self.texts:
                self.texts.move_to_end(name)
        if self.article_by_id is None:
            return {}
        return {name: self.article_by_id(name) for name in names if name not in self.texts}

    def _keep(self, name: ArticleId, text: Shingled) -> None:
        self.texts[name] = text
        if len(self.texts) > TEXTS_MAX:
            self.texts.popitem(last=False)


def recorded_of(number: int, article: Article) -> Recorded[ArticleReceived]:
    """An article as it stands on the log."""
    return Recorded(
        stream="articles", position=f"{1_772_409_600_000 + 12_096 * number}-0", seq=number + 1,
        version=1, id="", source="", type="", subject="", time=article.observed_at,
        recorded_at=article.observed_at, correlation_id="", causation_id=None, traceparent=None,
        event=ArticleReceived(article=article),
    )  # fmt: skip
