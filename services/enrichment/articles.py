"""What the wire says of an article: ``enrich(event, memory) → events`` and ``due(now, memory)``.

Pure. The memory is two folds that do not depend on each other's order: of the input (what waits,
what is withheld) and of the wire (what was said, under which version). Rebuilt from the log, it is
the memory that a worker had which never stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from services.enrichment.steps import Steps
from shared.envelope import Recorded
from shared.events import (
    ArticleCanceled,
    ArticleCorrected,
    ArticleEvent,
    ArticlePublished,
    ArticleReceived,
    ArticleRefiled,
    ArticleReinstated,
    ArticleReleased,
    ArticleRevised,
    ArticleTakenBack,
    ArticleUpdated,
    ArticleWithdrawn,
    ArticleWithheld,
    CarriedEvent,
    NoticeEvent,
    WireEvent,
)
from shared.news import Article, ArticleId, Change, Fingerprint, PubStatus, Relation
from shared.streams import Position

COPIES = "copies/1"
"""Method that relates articles of the same text."""


@dataclass(slots=True)
class Input:
    """What the articles stream last said of an article."""

    content_at: Position
    """Where its last content stands."""
    revision: int
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
            case ArticleReceived() | ArticleRevised():
                self._remember_content(event.article, recorded.position)
            case ArticleWithdrawn() | ArticleWithheld() | ArticleReleased():
                known = self.inputs.get(event.article_id)
                if known is not None:
                    known.is_held = isinstance(event, ArticleWithheld)
                if known is not None and isinstance(event, ArticleWithdrawn):
                    known.pubstatus = "canceled"
            case _:
                assert_never(event)

    def _remember_content(self, article: Article, position: Position) -> None:
        known = self.inputs.get(article.article_id)
        self.inputs[article.article_id] = Input(
            content_at=position,
            revision=article.revision,
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
                self._remember_carried(event.article)

    def _remember_notice(self, event: NoticeEvent) -> None:
        status: PubStatus = "canceled" if isinstance(event, ArticleCanceled) else "withheld"
        known = self.wire.get(event.article_id)
        if known is None:
            self.wire[event.article_id] = OnWire(1, status, 0, "", event.source)
            return
        self._forget_text(event.article_id, known.text_hash)
        known.version += 1
        known.status, known.text_hash = status, ""

    def _remember_carried(self, article: Article) -> None:
        known = self.wire.get(article.article_id)
        version = known.version + 1 if known else 1
        if known and known.text_hash != article.text_hash:
            self._forget_text(article.article_id, known.text_hash)
        bearers = self.ids_by_text.setdefault(article.text_hash, [])
        if article.article_id not in bearers:
            bearers.append(article.article_id)
        self.wire[article.article_id] = OnWire(
            version, "usable", article.revision, article.text_hash, article.source
        )

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


def enrich(
    recorded: Recorded[ArticleEvent],
    memory: ArticleMemory,
    steps: Steps,
    now: datetime,
    content: Article | None,
) -> list[CarriedEvent | NoticeEvent]:
    """What the wire says because of an event; ``content`` is the article of a release.

    ``memory`` is as it was before the event.
    """
    event = recorded.event
    match event:
        case ArticleReceived():
            return _carry(event.article, None, memory, steps, now)
        case ArticleRevised():
            return _carry(event.article, event.change, memory, steps, now)
        case ArticleWithdrawn():
            return _notice(event, memory)
        case ArticleWithheld():
            return _notice(event, memory)
        case ArticleReleased():
            return _release(event.article_id, memory, steps, now, content)
        case _:
            assert_never(event)


def due(
    now: datetime, memory: ArticleMemory, steps: Steps, contents: Mapping[ArticleId, Article]
) -> list[CarriedEvent]:
    """Articles whose embargo has ended, as they enter the wire; ``contents`` of what waits."""
    return [
        _said(contents[article_id], None, memory, steps)
        for article_id in memory.waiting(now)
        if article_id in contents
    ]


def _carry(
    article: Article,
    change: Change | None,
    memory: ArticleMemory,
    steps: Steps,
    now: datetime,
) -> list[CarriedEvent | NoticeEvent]:
    known = memory.inputs.get(article.article_id)
    if article.pubstatus != "usable":
        return _notice(_as_decision(article), memory)
    if known is not None and known.is_held:
        return []  # a decision holds it: the new text waits for the release
    if article.embargoed_until is not None and article.embargoed_until > now:
        return []
    return [_said(article, change, memory, steps)]


def _release(
    article_id: ArticleId,
    memory: ArticleMemory,
    steps: Steps,
    now: datetime,
    content: Article | None,
) -> list[CarriedEvent | NoticeEvent]:
    known = memory.inputs.get(article_id)
    if content is None or known is None or known.pubstatus != "usable":
        return []
    if content.embargoed_until is not None and content.embargoed_until > now:
        return []  # released by the operator, still embargoed by the source
    said = memory.wire.get(article_id)
    if said is not None and said.status == "usable" and said.revision >= content.revision:
        return []  # it was never taken back
    return [_said(content, None, memory, steps)]


def _said(
    article: Article, change: Change | None, memory: ArticleMemory, steps: Steps
) -> CarriedEvent:
    """The event that carries an article, by what the wire has said of it before."""
    found = _found(article, memory, steps)
    said = memory.wire.get(article.article_id)
    if said is None or said.status == "canceled" or said.revision == 0:
        return ArticlePublished(**found)
    if said.status == "withheld":
        return ArticleReinstated(**found)
    match change:
        case "correction":
            return ArticleCorrected(**found)
        case "refile":
            return ArticleRefiled(**found)
        case "update" | None:
            return ArticleUpdated(**found)
        case _:
            assert_never(change)


def _found(article: Article, memory: ArticleMemory, steps: Steps) -> dict[str, object]:
    language = steps.language(article)
    return {
        "article": article,
        "language": language.code,
        "language_confidence": language.confidence,
        "tags": steps.places(article),
        "relations": _copies(article, memory),
        "fingerprint": Fingerprint(
            text_hash=article.text_hash,
            words=sum(len(text.split()) for text in (article.headline, *article.body)),
        ),
        "methods": {**steps.methods, "copies": COPIES},
    }


def _copies(article: Article, memory: ArticleMemory) -> tuple[Relation, ...]:
    """The relation to the first article that bears the same text; none: this is the first."""
    for other in memory.ids_by_text.get(article.text_hash, []):
        if other == article.article_id:
            return ()
        return (
            Relation(
                kind="exact",
                article_id=other,
                source=memory.wire[other].source,
                evidence={"text_hash": article.text_hash},
                method=COPIES,
            ),
        )
    return ()


def _notice(
    decision: ArticleWithdrawn | ArticleWithheld, memory: ArticleMemory
) -> list[CarriedEvent | NoticeEvent]:
    """The wire's notice of a decision; none where nothing of the article can be seen."""
    is_final = isinstance(decision, ArticleWithdrawn)
    status: PubStatus = "canceled" if is_final else "withheld"
    said = memory.wire.get(decision.article_id)
    if said is None or said.status in {status, "canceled"}:
        return []
    notice = ArticleCanceled if is_final else ArticleTakenBack
    return [
        notice(
            article_id=decision.article_id,
            source=decision.source,
            reason=decision.reason,
            by=decision.by,
            observed_at=decision.observed_at,
        )
    ]


def _as_decision(article: Article) -> ArticleWithdrawn | ArticleWithheld:
    """What a source says by the status of an article, as if it had said it of the article."""
    kind = ArticleWithdrawn if article.pubstatus == "canceled" else ArticleWithheld
    return kind(
        article_id=article.article_id,
        source=article.source,
        reason=article.ednote or f"the source says {article.pubstatus}",
        by="source",
        observed_at=article.observed_at,
    )


def is_about_articles(event: WireEvent) -> bool:
    """Whether a wire event is one of ours."""
    return isinstance(event, CarriedEvent | NoticeEvent)
