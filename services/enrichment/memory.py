"""What decisions about articles depend on: two folds that do not depend on each other's order.

One is of the input (what waits, what is held), one of the wire (what was said, which version).
Rebuilt from the log, it is the memory that a worker had which never stopped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from shared.envelope import Recorded
from shared.events import (
    ArticleCanceled,
    ArticleEvent,
    ArticleReceived,
    ArticleReleased,
    ArticleRevised,
    ArticleTakenBack,
    ArticleWithdrawn,
    ArticleWithheld,
    CarriedEvent,
    NoticeEvent,
)
from shared.news import Article, ArticleId, Change, PubStatus
from shared.streams import Position


@dataclass(slots=True)
class Input:
    """What the articles stream last said of an article."""

    content_at: Position
    """Where its last content stands."""
    revision: int
    change: Change | None
    """How it differs from the revision before; None: it is the first."""
    pubstatus: PubStatus
    """What the source last said; a withdrawal is ``canceled``."""
    is_held: bool
    """A decision holds it until a decision releases it."""


@dataclass(slots=True)
class OnWire:
    """What the wire last said of an article."""

    version: int
    status: PubStatus
    revision: int
    """Last revision that the wire carried; 0: none."""
    text_hash: str
    source: str
    copy_of: ArticleId | None
    """The article that the wire last called it an exact copy of."""


@dataclass(slots=True)
class ArticleMemory:
    """All that decisions about articles depend on."""

    inputs: dict[ArticleId, Input] = field(default_factory=dict)
    wire: dict[ArticleId, OnWire] = field(default_factory=dict)
    ids_by_text: dict[str, list[ArticleId]] = field(default_factory=dict)
    """Articles that bear a text, in the order in which the wire first carried it."""
    embargoed: dict[ArticleId, datetime] = field(default_factory=dict)
    """What waits for an hour, with the hour."""

    def fold_input(self, recorded: Recorded[ArticleEvent]) -> None:
        """Remember what a source or an operator said."""
        event = recorded.event
        match event:
            case ArticleReceived():
                self._remember_content(event.article, None, recorded.position)
            case ArticleRevised():
                self._remember_content(event.article, event.change, recorded.position)
            case ArticleWithdrawn() | ArticleWithheld() | ArticleReleased():
                self._remember_decision(event)
            case _:
                assert_never(event)

    def _remember_decision(
        self, decision: ArticleWithdrawn | ArticleWithheld | ArticleReleased
    ) -> None:
        known = self.inputs.get(decision.article_id)
        if known is None:
            return
        if isinstance(decision, ArticleWithdrawn):
            known.pubstatus = "canceled"  # a hold stays: only a release ends it
        else:
            known.is_held = isinstance(decision, ArticleWithheld)

    def _remember_content(
        self, article: Article, change: Change | None, position: Position
    ) -> None:
        known = self.inputs.get(article.article_id)
        self.inputs[article.article_id] = Input(
            content_at=position,
            revision=article.revision,
            change=change,
            pubstatus=article.pubstatus,
            is_held=known is not None and known.is_held,
        )
        if article.embargoed_until is not None:
            self.embargoed[article.article_id] = article.embargoed_until
        else:
            self.embargoed.pop(article.article_id, None)

    def fold_wire(self, event: CarriedEvent | NoticeEvent) -> None:
        """Remember what the wire has said."""
        match event:
            case ArticleCanceled() | ArticleTakenBack():
                self._remember_notice(event)
            case _:
                self._remember_carried(event)

    def _remember_notice(self, event: NoticeEvent) -> None:
        status: PubStatus = "canceled" if isinstance(event, ArticleCanceled) else "withheld"
        known = self.wire.get(event.article_id)
        if known is None:
            self.wire[event.article_id] = OnWire(1, status, 0, "", event.source, None)
            return
        self._forget_text(event.article_id, known.text_hash)
        known.version += 1
        known.status, known.text_hash = status, ""

    def _remember_carried(self, event: CarriedEvent) -> None:
        article = event.article
        copies = [one.article_id for one in event.relations if one.kind == "exact"]
        known = self.wire.get(article.article_id)
        version = known.version + 1 if known else 1
        if known and known.text_hash != article.text_hash:
            self._forget_text(article.article_id, known.text_hash)
        bearers = self.ids_by_text.setdefault(article.text_hash, [])
        if article.article_id not in bearers:
            bearers.append(article.article_id)
        self.wire[article.article_id] = OnWire(
            version, "usable", article.revision, article.text_hash, article.source,
            copies[0] if copies else None,
        )  # fmt: skip

    def _forget_text(self, article_id: ArticleId, text_hash: str) -> None:
        bearers = self.ids_by_text.get(text_hash, [])
        if article_id in bearers:
            bearers.remove(article_id)
            if not bearers:
                del self.ids_by_text[text_hash]

    def next_version(self, article_id: ArticleId) -> int:
        """The version of an article's next event on the wire."""
        known = self.wire.get(article_id)
        return known.version + 1 if known else 1

    def waiting(self, now: datetime) -> list[ArticleId]:
        """Articles whose embargo has ended and that the wire has not carried, oldest first."""
        due_at = sorted((until, article_id) for article_id, until in self.embargoed.items())
        return [
            article_id
            for until, article_id in due_at
            if until <= now and self._is_unsaid(article_id)
        ]

    def _is_unsaid(self, article_id: ArticleId) -> bool:
        known, said = self.inputs[article_id], self.wire.get(article_id)
        is_free = known.pubstatus == "usable" and not known.is_held
        return is_free and (said is None or said.revision < known.revision)
