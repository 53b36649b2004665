"""``python -m tests.benchmarks.full_window memory|index KEPT ASKED``: figures as JSON.

Each in a process of its own, as memory is what the process grew by. Invented articles are folded as
if it had been decided what is known of them by their making, which takes less time than deciding.
"""

from __future__ import annotations

import gc
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from time import process_time
from typing import Final

import orjson

from services.enrichment import main as enrichment
from services.enrichment.memory import ArticleMemory
from services.enrichment.reading import Reader
from services.enrichment.relations.shingles import (
    Hashes,
    shingled,
)
from services.enrichment.relations.window import Window
from services.enrichment.stories.features import features
from services.enrichment.stories.memory import SILENT_S
from services.enrichment.stories.saying import METHODS
from shared.events import ArticlePublished
from shared.hashing import event_id
from shared.news import Article, ArticleId, Fingerprint, Relation, StoryId, Tag
from shared.story_events import StoryClosed, StoryGrew, StoryOpened
from tests.benchmarks.enriching import Found, Wire, recorded_of
from tests.benchmarks.invented import Invented, article_id, invented

WARM: Final = 50
"""Articles by which everything is loaded before memory is looked at."""


def main(arguments: list[str]) -> int:
    """Print the figures of one of the two."""
    measure = {"memory": _memory, "index": _index}[arguments[0]]
    sys.stdout.write(orjson.dumps(measure(int(arguments[1]), int(arguments[2]))).decode())
    return 0


@dataclass(slots=True)
class _Filling:
    """Folds articles and what would be said of them."""

    total: int
    names: Callable[[Article], tuple[Tag, ...]]
    memory: ArticleMemory = field(default_factory=ArticleMemory)
    begun: dict[str, ArticleId] = field(default_factory=dict)
    """The first article of what will be a story, or is one."""

    def take(self, number: int) -> None:
        """Fold an article; neither its language nor its topics are asked, which no story needs."""
        one = invented(number, self.total)
        relations = () if one.copied_from is None else (_copied(one.copied_from, self.total),)
        subject = one.happening or f"text {number if one.copied_from is None else one.copied_from}"
        first = self.begun.setdefault(subject, one.article.article_id)
        is_told = first != one.article.article_id
        story_id = StoryId(event_id("story", first)) if is_told else None
        self.memory.fold_input(recorded_of(number, one.article))
        text = shingled(one.article)
        self.memory.fold_wire(
            ArticlePublished(
                article=one.article, language="en", language_confidence=100, tags=(),
                relations=relations, methods=METHODS, story_id=story_id,
                fingerprint=Fingerprint(text_hash=one.article.text_hash, words=text.words),
            ),
            text,
            features(one.article, "en", self.names(one.article)),
        )  # fmt: skip
        if story_id is not None:
            self._tell(one, story_id, first)
        self._close(one)

    def _tell(self, one: Invented, story_id: StoryId, first: ArticleId) -> None:
        new = one.article
        known = self.memory.stories.stories.get(story_id)
        kind = StoryOpened if known is None else StoryGrew
        ids = {"article_ids": (first, new.article_id)} if known is None else {}
        self.memory.fold_wire(
            kind.model_validate({
                "story_id": story_id, "headline": new.headline, "representative": first,
                "observed_at": new.observed_at, "methods": METHODS, "evidence": {},
                "article_id": new.article_id, **ids,
            })
        )  # fmt: skip

    def _close(self, one: Invented) -> None:
        """Stories that are silent, as each decision does."""
        stories = self.memory.stories
        silent = [
            story for story in stories.stories.values() if story.last_s < stories.now_s - SILENT_S
        ]
        for story in silent[:20]:
            self.memory.fold_wire(
                StoryClosed(
                    story_id=story.story_id, headline=story.headline, methods=METHODS,
                    representative=story.representative, observed_at=one.article.observed_at,
                    articles=story.articles,
                )
            )  # fmt: skip


def _copied(number: int, total: int) -> Relation:
    of = invented(number, total).article
    return Relation(
        kind="near_duplicate", article_id=of.article_id, source=of.source, evidence={}, method=""
    )


def _memory(kept: int, asked: int) -> Found:
    """Bytes an article of the whole memory, and how long a decision takes beside so many."""
    total = kept + asked
    steps = enrichment.steps()
    _warm(_Filling(WARM, steps.names).take)
    before = _resident_bytes()
    filling = _Filling(total, steps.names)
    for number in range(kept):
        filling.take(number)
    filling.begun.clear()
    grown = _resident_bytes() - before
    deciding, both = _decided(filling.memory, Reader(steps), (kept, total))
    return {
        "bytes": grown / kept,
        "decided_p50": _percentile(deciding, 50),
        "decided_p99": _percentile(deciding, 99),
        "read_p50": _percentile(both, 50),
        "read_p99": _percentile(both, 99),
    }


def _decided(
    memory: ArticleMemory, reader: Reader, numbers: tuple[int, int]
) -> tuple[list[float], list[float]]:
    """Milliseconds of each decision, without its reading and with it."""
    total = numbers[1]
    number_by_id = {article_id(number): number for number in range(total)}
    wire = Wire(memory, article_by_id=lambda one: invented(number_by_id[one], total).article)
    deciding: list[float] = []
    both: list[float] = []
    for number in range(*numbers):
        article = invented(number, total).article
        began = process_time()
        reading = reader(article)
        reading_s = process_time() - began
        took_s = wire.take(number, article, reading)
        deciding.append(took_s * 1_000)
        both.append((reading_s + took_s) * 1_000)
    return deciding, both


def _index(kept: int, asked: int) -> Found:
    """Of the window that relations look texts up in, alone."""
    window = Window()

    def insert(number: int, sketch: Hashes) -> None:
        day = invented(number, kept + asked).article.observed_at.date()
        window.advance(day)
        window.add(article_id(number), day, sketch, number.to_bytes(4))

    return indexed(kept, asked, _sketch, insert, window.candidates)


def indexed(
    kept: int,
    asked: int,
    key_of: Callable[[int, int], object],
    insert: Callable[[int, object], None],
    query: Callable[[object], object],
) -> Found:
    """Bytes an article, and how often a second one may be put in and asked for."""
    total = kept + asked
    _warm(lambda number: key_of(number, total))
    before, insert_s = _resident_bytes(), 0.0
    for number in range(kept):
        key = key_of(number, total)
        began = process_time()
        insert(number, key)
        insert_s += process_time() - began
    grown = _resident_bytes() - before
    keys = [key_of(number, total) for number in range(kept, total)]
    began = process_time()
    for key in keys:
        query(key)
    query_s = process_time() - began
    return {"bytes": grown / kept, "inserts": kept / insert_s, "queries": asked / query_s}


def _sketch(number: int, total: int) -> Hashes:
    return shingled(invented(number, total).article).sketch


def _warm(use: Callable[[int], object]) -> None:
    """Load whatever comes with the first articles."""
    for number in range(WARM):
        use(number)


def _percentile(figures: list[float], at: int) -> float:
    return quantiles(figures, n=100)[at - 1]


def _resident_bytes() -> int:
    """Of this process. Source: proc(5), ``statm``; where there is none, the most that it was."""
    gc.collect()
    try:
        pages = int(Path(f"/proc/{os.getpid()}/statm").read_text("ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024
    return pages * resource.getpagesize()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
