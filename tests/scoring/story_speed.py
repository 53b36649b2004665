"""``python -m tests.scoring.story_speed [ARTICLES]``: how fast stories are, and how much they hold.

Invented articles over 14 days, 32 words and up to 8 names each, drawn by Zipf's law from 40,000
words; four of ten belong to happenings of 2 to 20 articles. Deciding is measured as it is done,
folding on the events that came of it. The naive loop compares an article with every other that is
open, on a sample, with the same likeness.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from time import process_time
from typing import Final
from zlib import crc32

from services.enrichment.stories.comparing import Compared, likeness
from services.enrichment.stories.features import Features, Name, features
from services.enrichment.stories.grouping import Placed, place
from services.enrichment.stories.memory import StoryMemory
from services.enrichment.stories.packing import bare
from services.enrichment.stories.sketch import Sketch
from services.enrichment.stories.story import NewItem
from shared.hashing import event_id
from shared.news import ArticleId
from shared.testing import builders

ARTICLES: Final = 100_000
DAYS: Final = 14
WORDS: Final = 40_000
SAMPLE: Final = 5
"""Articles that the naive loop is measured on."""
_START: Final = datetime(2026, 3, 1, tzinfo=UTC)
_CUMULATED: Final = list(accumulate(1 / (rank + 50) for rank in range(WORDS)))


def main(arguments: list[str]) -> int:
    """Print what a decision, a fold and an article in memory cost, in time of the processor."""
    count = int(arguments[0]) if arguments else ARTICLES
    text = " ".join(f"word{n % 170} of Name{n % 40} and 12.{n}" for n in range(120))
    article = builders.article(body=(text,))
    began = process_time()
    for _ in range(200):
        features(article, "en", ())
    _say("features of an article of 600 words", (process_time() - began) / 200 * 1e3, "ms")

    placed: list[Placed] = []
    memory = StoryMemory()
    began = process_time()
    for new in stream(count):
        placed.append(place(new, memory))
        _fold(memory, new, placed[-1])
    made = _making(count)
    _say(f"deciding and folding {count:,} articles", process_time() - began - made, "s")
    _say("naive loop over all that is open, the same, at the end", _naive(memory, count), "s")

    before = _resident()
    rebuilt = StoryMemory()
    began = process_time()
    for new, decision in zip(stream(count), placed, strict=True):
        _fold(rebuilt, new, decision)
    _say(f"folding {count:,} articles and their events", process_time() - began - made, "s")
    _say("memory for an article of the stream", (_resident() - before) / count, "bytes")
    packed = sum(map(sys.getsizeof, rebuilt.kept.values()))
    _say("of which an article that is kept, packed", packed / len(rebuilt.kept), "bytes")
    _say("articles in memory at the end", len(rebuilt.kept), "")
    _say("stories open at the end", len(rebuilt.stories), "")
    _say("events of stories", sum(len(one.events) for one in placed), "")
    return 0


def stream(count: int) -> Iterator[NewItem]:
    """Invented articles, evenly over 14 days."""
    dice = random.Random(1)
    subjects: list[list[int]] = []
    for number in range(count):
        if dice.random() < 0.4 and subjects:
            subject = dice.choice(subjects[-200:])
        else:
            subject = dice.choices(range(WORDS), cum_weights=_CUMULATED, k=18)
            if dice.random() < 0.1:
                subjects.append(subject)
        others = dice.choices(range(WORDS), cum_weights=_CUMULATED, k=20)
        words = dict.fromkeys((*dice.sample(subject, 12), *others))
        stems = tuple(f"w{word}" for word in list(words)[:32])
        terms = tuple(bare(crc32(stem.encode())) | dice.choice((4, 4, 4, 7, 8)) for stem in stems)
        names = tuple(Name.of(f"n{word}", "word") for word in (*subject[:5], *others[:3]))
        yield NewItem(
            article_id=ArticleId(event_id("article", number)),
            headline=f"A headline of about sixty letters is what most articles have {number}",
            at=_START + timedelta(days=DAYS) * number / count,
            features=Features("en", terms, stems, names, ("12", "340"), 0, dice.randrange(40, 700)),
        )


def _fold(memory: StoryMemory, new: NewItem, placed: Placed) -> None:
    memory.carried(new, placed.story_id)
    for event in placed.events:
        memory.fold(event)


def _making(count: int) -> float:
    began = process_time()
    for _ in stream(count):
        pass
    return process_time() - began


def _naive(memory: StoryMemory, count: int) -> float:
    """Seconds for all articles, if each were compared with all that is open at the end."""
    sample = list(stream(SAMPLE))
    rarity = memory.window.rarity()
    began = process_time()
    for new in sample:
        compared = Compared.of(new.features, rarity)
        for article_id in memory.kept:
            story = memory.story_by_article.get(article_id)
            sketch = story.sketch if story else Sketch.of(memory.article(article_id), rarity)
            if story is None or story.representative == article_id:
                likeness(compared, sketch, 0, rarity)
    return (process_time() - began) / SAMPLE * count


def _resident() -> int:
    """Bytes of the process in memory. Source: proc(5), ``statm``."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4_096


def _say(what: str, value: float, unit: str) -> None:
    sys.stdout.write(f"{what:<58}{value:>12,.2f} {unit}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
