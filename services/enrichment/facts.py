"""What the log says of two articles: a look through both streams, which are never folded whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import orjson

from services.enrichment.explain import Facts, Told
from shared.consumer import fold
from shared.envelope import decode
from shared.errors import Rejected
from shared.events import (
    ArticleCanceled,
    ArticleReceived,
    ArticleRevised,
    ArticleTakenBack,
    CarriedEvent,
    RelationChanged,
    RelationRevoked,
)
from shared.faults import came
from shared.log import Entry, Log
from shared.news import PubStatus, Relation
from shared.streams import article_subject

_REVOKED: Final = b"newswire.relation.revoked"


@dataclass(slots=True)
class _Look:
    """What was seen so far of the articles that are asked for."""

    asked: frozenset[str]
    subjects: frozenset[bytes]
    told: dict[str, Told] = field(default_factory=dict)
    parted: dict[frozenset[str], str] = field(default_factory=dict)
    carried: set[str] = field(default_factory=set)
    newest: date | None = None

    def take_input(self, entry: Entry) -> None:
        if entry.fields.get(b"type") == _REVOKED:
            event = decode("articles", entry).event
            if isinstance(event, RelationRevoked):
                pair = frozenset({event.article_id, event.other_article_id})
                if pair & self.asked:
                    self.parted[pair] = event.reason
        elif entry.fields.get(b"subject") in self.subjects:
            event = decode("articles", entry).event
            if isinstance(event, ArticleReceived | ArticleRevised):
                self.told[event.article.article_id] = Told(event.article, "waiting")

    def take_wire(self, entry: Entry) -> None:
        if self.carried != self.asked and (day := _day(entry)) is not None:
            self.newest = max(self.newest or day, day)
        if entry.fields.get(b"subject") not in self.subjects:
            return
        match decode("wire", entry).event:
            case ArticleCanceled() as event:
                self._change(event.article_id, (), "canceled")
            case ArticleTakenBack() as event:
                self._change(event.article_id, (), "withheld")
            case RelationChanged() as event:
                self._change(event.article_id, event.relations)
            case event if isinstance(event, CarriedEvent):
                self.carried.add(event.article.article_id)
                self.told[event.article.article_id] = Told(event.article, "usable", event.relations)
            case _:
                pass

    def _change(
        self, article_id: str, relations: tuple[Relation, ...], status: PubStatus | None = None
    ) -> None:
        told = self.told.get(article_id)
        if told is not None:
            self.told[article_id] = Told(told.article, status or told.status, relations)


async def gather(log: Log, asked: Sequence[str]) -> tuple[Told, Told, Facts]:
    """What the log says of two articles, and of what a decision about them depended on.

    Raises:
        Rejected: they are one, or the log has had no such article.
        Unavailable, LogDamaged: as in ``Log.follow``.
    """
    first, second = asked
    if first == second:
        raise Rejected(f"expected two articles, came {came(first)} twice")
    subjects = frozenset(article_subject(one).encode() for one in asked)
    look = _Look(frozenset(asked), subjects)
    await fold(log, "articles", look.take_input)
    await fold(log, "wire", look.take_wire)
    for one in asked:
        if one not in look.told:
            raise Rejected(
                f"the log has had no article {came(one)}. Its id stands in `newswire tail wire "
                "--from 1 --json` as article_id, and in the address of its page."
            )
    return look.told[first], look.told[second], Facts(look.newest, look.parted)


def _day(entry: Entry) -> date | None:
    """The day on which the article of an event was seen; None: it carries none."""
    if not entry.fields.get(b"type", b"").startswith(b"newswire.article."):
        return None
    try:
        said = orjson.loads(entry.fields.get(b"data", b""))["article"]["observed_at"]
        return datetime.fromisoformat(said).date()
    except (KeyError, TypeError, ValueError):
        return None
