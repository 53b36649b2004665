"""Recordings made of numbers: the same seed gives the same bytes, event for event.

A recording holds articles of several sources, later revisions of them, exact copies that another
source brings, withdrawals, rates and restated rates; times rise. Some lines are repeated, as a
source that is polled repeats itself: those must not become events.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from shared.envelope import to_json
from shared.events import (
    TYPE_BY_CLASS,
    ArticleEvent,
    ArticleReceived,
    ArticleRevised,
    ArticleWithdrawn,
    RateEvent,
    RateObserved,
)
from shared.news import Article, ArticleId, Change
from shared.testing import builders

EVENTS: Final = 100
REPEATED: Final = 4
"""Lines of a recording that say again what an earlier line said."""
BEGIN: Final = datetime(1990, 1, 1, tzinfo=UTC)  # a day per seed: none may lie in the future
FIRST_DAY: Final = date(2020, 1, 1)
"""Rates are as of the days after it: each recording has ten days of its own."""

SOURCES: Final = ("steppe-courier", "silk-road-bulletin", "oasis-gazette")
CURRENCIES: Final = ("KGS", "KZT", "TJS", "TMT", "UZS")
CHANGES: Final[tuple[Change, ...]] = ("update", "correction", "refile")
WORDS: Final = (
    "Almaty", "Bishkek", "Tashkent", "Samarkand", "Osh", "Ashgabat", "Kazakhstan", "Uzbekistan",
    "the", "a", "of", "on", "in", "to", "and", "said", "officials", "traders", "railway", "cotton",
    "harvest", "border", "market", "“quoted”", "météo", "–", "Алматы", "Ташкент", "рынок",
)  # fmt: skip

_KINDS: Final = {
    "received": 52,
    "revised": 14,
    "copied": 8,
    "withdrawn": 4,
    "observed": 15,
    "restated": 7,
}
"""Kinds of events with their weights."""


def recording(seed: int, events: int = EVENTS) -> bytes:
    """NDJSON of so many different events, and of the lines that repeat some of them."""
    writer = _Writer(seed, random.Random(seed))
    lines = [writer.line(number) for number in range(events)]
    for _ in range(REPEATED if events > 1 else 0):
        place = writer.dice.randrange(1, len(lines))
        lines.insert(writer.dice.randrange(place, len(lines) + 1), lines[place - 1])
    return b"".join(line + b"\n" for line in lines)


@dataclass(slots=True)
class _Writer:
    """A recording being written, with what it has said so far."""

    seed: int
    dice: random.Random
    articles: list[Article] = field(default_factory=list)
    """What may be revised, copied or withdrawn, each as it stands."""
    rates: list[RateObserved] = field(default_factory=list)

    def line(self, number: int) -> bytes:
        """The ``number``-th event as a line."""
        at = BEGIN + timedelta(days=self.seed, seconds=30 * number)
        event = self._event(number, at)
        envelope = {"specversion": "1.0", "type": TYPE_BY_CLASS[type(event)]}
        data = json.loads(to_json(event))
        return json.dumps({**envelope, "data": data}, ensure_ascii=False).encode()

    def _event(self, number: int, at: datetime) -> ArticleEvent | RateEvent:
        (kind,) = self.dice.choices(list(_KINDS), list(_KINDS.values()))
        if kind in {"revised", "copied", "withdrawn"} and not self.articles:
            kind = "received"
        if kind == "restated" and not self.rates:
            kind = "observed"
        match kind:
            case "received":
                return self._received(number, at)
            case "revised":
                return self._revised(number, at)
            case "copied":
                return self._copied(number, at)
            case "withdrawn":
                return self._withdrawn(number, at)
            case "observed":
                return self._observed(at)
            case _:
                return self._restated(at)

    def _received(self, number: int, at: datetime) -> ArticleReceived:
        article = builders.article(
            article_id=self._id(number),
            source=self.dice.choice(SOURCES),
            source_item_id=f"item-{self.seed}-{number}",
            headline=f"{self._words(6)} {self.seed}/{number}",
            body=(self._words(40), self._words(25)),
            observed_at=at,
        )
        self.articles.append(article)
        return ArticleReceived(article=article)

    def _revised(self, number: int, at: datetime) -> ArticleRevised:
        place = self.dice.randrange(len(self.articles))
        before, change = self.articles[place], self.dice.choice(CHANGES)
        changes: dict[str, object] = {"observed_at": at, "revision": before.revision + 1}
        if change == "refile":
            changes["urgency"] = 1 + (before.urgency or 0) % 9
        else:
            changes["body"] = (*before.body[:1], f"{self._words(20)} {number}")
        self.articles[place] = before.model_copy(update=changes)
        return ArticleRevised(
            article=self.articles[place], change=change, declared=True, evidence={}
        )

    def _copied(self, number: int, at: datetime) -> ArticleReceived:
        original = self.dice.choice(self.articles)
        copy = original.model_copy(
            update={
                "article_id": self._id(number),
                "source": self.dice.choice([s for s in SOURCES if s != original.source]),
                "source_item_id": f"item-{self.seed}-{number}",
                "observed_at": at,
                "revision": 1,
            }
        )
        self.articles.append(copy)
        return ArticleReceived(article=copy)

    def _withdrawn(self, number: int, at: datetime) -> ArticleWithdrawn:
        article = self.articles.pop(self.dice.randrange(len(self.articles)))
        return ArticleWithdrawn(
            article_id=article.article_id,
            source=article.source,
            reason=f"withdrawn by event {self.seed}/{number}",
            by="source",
            observed_at=at,
        )

    def _observed(self, at: datetime) -> RateObserved:
        day, currency = divmod(len(self.rates), len(CURRENCIES))
        rate = builders.rate(
            base=CURRENCIES[currency],
            value=f"0.{self.dice.randrange(10_000, 90_000)}",
            as_of=(FIRST_DAY + timedelta(days=10 * self.seed + day)).isoformat(),
            observed_at=at,
        )
        self.rates.append(RateObserved(rate=rate))
        return self.rates[-1]

    def _restated(self, at: datetime) -> RateObserved:
        place = self.dice.randrange(len(self.rates))
        before = self.rates[place].rate
        # Not the value it has: the digit that goes on is never a zero.
        changes = {"value": f"{before.value}{self.dice.randrange(1, 10)}", "observed_at": at}
        self.rates[place] = RateObserved(rate=before.model_copy(update=changes))
        return self.rates[place]

    def _id(self, number: int) -> ArticleId:
        return ArticleId(str(uuid5(NAMESPACE_URL, f"recording {self.seed} article {number}")))

    def _words(self, count: int) -> str:
        return " ".join(self.dice.choices(WORDS, k=count))
