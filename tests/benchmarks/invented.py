"""Invented articles of 600 words, by number: the same article for the same number, in any process.

Words by Zipf's law, the commonest ones from the labelled texts and the rest made of syllables; so
that common runs of words stand in many texts, as they do in news. Every article names entries of
the gazetteer and has numbers; four in ten are about a happening that others report too, one in
twenty is a copy of a recent one with a few words changed, and each ends with a line of its source.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
import orjson

from services.enrichment import gazetteers
from shared.hashing import event_id, sha256, text_hash
from shared.news import Article, ArticleId, Document

DAYS: Final = 14
"""Over which the articles of a run are spread, as the window is."""
FIRST_AT: Final = datetime(2026, 3, 2, tzinfo=UTC)
WORDS: Final = 600
_SEED: Final = 20260302
_VOCABULARY: Final = 40_000
_TEXTS: Final = Path(__file__).parents[1] / "labelled" / "topics.jsonl"
_SYLLABLES: Final = tuple("".join(one) for one in product("bdfgklmnprstvz", "aeiou"))
_PARAGRAPH: Final = 50
"""Words."""
_SOURCES: Final = 40
_COPIED: Final = 20
"""One article in so many is a copy …"""
_COPIED_FROM_LAST: Final = 2_000
"""… of one of these."""
_CHANGED: Final = 0.02
"""Of the words of a copy."""
_REPORTING: Final = 0.4
"""Share of the articles that are about a happening of which there are others."""
_HAPPENINGS: Final = (200, 16)
"""Articles of a group, and the happenings that begin in it."""
_GROUPS_OPEN: Final = 3
"""A happening is reported while so many groups come."""
_OF_SUBJECT: Final = 60
"""Words of an article that are of its subject."""


@dataclass(frozen=True, slots=True)
class Invented:
    """An article and what is known of it by its making."""

    article: Article
    copied_from: int | None
    """The number of the article that it is a copy of."""
    happening: str | None
    """What it reports with others; None: nothing."""


@lru_cache(maxsize=64)
def invented(number: int, count: int) -> Invented:
    """An article by its number, of ``count`` that are spread over the days."""
    dice = np.random.default_rng((_SEED, number))
    if number % _COPIED == _COPIED - 1 and number >= _COPIED:
        return _copy(number, count, dice)
    group, of_group = number // _HAPPENINGS[0], int(dice.integers(_HAPPENINGS[1]))
    begun = max(0, group - int(dice.integers(_GROUPS_OPEN)))
    happening = f"{begun}-{of_group}" if dice.random() < _REPORTING else None
    about = (begun, of_group) if happening else (number, _HAPPENINGS[1])
    headline, body = _told(np.random.default_rng((_SEED, *about)), dice)
    return Invented(_article(number, count, headline, body), None, happening)


def article_id(number: int) -> ArticleId:
    """The id of an article by its number."""
    return ArticleId(event_id("article", number))


@cache
def vocabulary() -> tuple[str, ...]:
    """Words, the commonest first."""
    lines = map(orjson.loads, _TEXTS.read_bytes().splitlines())
    counted = Counter(word for line in lines for word in re.findall("[a-z]+", line["text"].lower()))
    known = [word for word, _ in counted.most_common()]
    made = ("".join(parts) for size in (2, 3) for parts in product(_SYLLABLES, repeat=size))
    unknown = [word for word in made if word not in counted]
    return tuple((known + unknown)[:_VOCABULARY])


@cache
def _cumulated() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    shares = 1 / (np.arange(len(vocabulary())) + 3.0)
    return np.cumsum(shares) / shares.sum()


@cache
def _names() -> tuple[str, ...]:
    kinds = {"country", "place", "person", "organisation", "commodity"}
    return tuple(one.name for one in gazetteers.read().entries if one.kind in kinds)


def _words(dice: np.random.Generator, count: int) -> list[str]:
    ranks = np.searchsorted(_cumulated(), dice.random(count))
    known = vocabulary()
    return [known[rank] for rank in ranks.tolist()]


def _told(subject: np.random.Generator, dice: np.random.Generator) -> tuple[str, list[str]]:
    """A headline and paragraphs about a subject."""
    own = [vocabulary()[one] for one in subject.integers(400, _VOCABULARY, 20).tolist()]
    names = [_names()[one] for one in subject.integers(0, len(_names()), 4).tolist()]
    facts = [str(one) for one in subject.integers(10, 99_999, 4).tolist()]
    said = _words(dice, WORDS)
    for place, which in dice.integers(0, (WORDS, 20), (_OF_SUBJECT, 2)).tolist():
        said[place] = own[which]
    for place, which in dice.integers(0, (WORDS, 4), (12, 2)).tolist():
        said[place] = names[which] if place % 2 else facts[which]
    headline = " ".join((names[0], *own[:4], *_words(dice, 4)))
    return headline, [" ".join(part) for part in _paragraphs(said)]


def _paragraphs(said: list[str]) -> Iterator[list[str]]:
    for begin in range(0, WORDS, _PARAGRAPH):
        part = said[begin : begin + _PARAGRAPH]
        for start in (0, _PARAGRAPH // 2):
            part[start] = part[start][:1].upper() + part[start][1:]
            part[start + _PARAGRAPH // 2 - 1] += "."
        yield part


def _copy(number: int, count: int, dice: np.random.Generator) -> Invented:
    """A recent article as another source has it."""
    back = int(dice.integers(1, min(number, _COPIED_FROM_LAST)))
    of = number - back
    of -= of % _COPIED == _COPIED - 1  # never a copy of a copy
    original = invented(of, count)
    words = [part.split(" ") for part in original.article.body[:-1]]
    for part in words:
        for place in np.flatnonzero(dice.random(len(part)) < _CHANGED).tolist():
            part[place] = _words(dice, 1)[0]
    body = [" ".join(part) for part in words]
    made = _article(number, count, original.article.headline, body)
    return Invented(made, of, original.happening)


def _article(number: int, count: int, headline: str, body: list[str]) -> Article:
    name = f"source-{number * 7 % _SOURCES}"
    line = f"Reported for {name} by its own desk. All rights reserved, write to our editors."
    told = (*body, line)
    return Article(
        article_id=article_id(number),
        source=name,
        headline=headline,
        body=told,
        published_at=FIRST_AT + timedelta(days=DAYS) * number / count,
        observed_at=FIRST_AT + timedelta(days=DAYS) * number / count,
        revision=1,
        document=Document(sha256="", media_type="text/plain", parser="ninjs", parser_version=1),
        content_hash=sha256(str(number).encode()),
        text_hash=text_hash(headline, told),
    )
