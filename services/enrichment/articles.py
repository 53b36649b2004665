"""What the wire says of an article: ``enrich(event, memory) → events``, and ``due`` at an hour.

Pure: the memory is as it was before the event, and the caller folds in what came of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from services.enrichment.memory import ArticleMemory
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
    ArticleWireEvent,
    ArticleWithdrawn,
    ArticleWithheld,
    CarriedEvent,
    RelationChanged,
    RelationRevoked,
    SourceBlocked,
    SourceUnblocked,
)
from shared.news import Article, ArticleId, Change, Fingerprint, PubStatus, Relation

COPIES = "copies/1"
"""Method that relates articles of the same text."""
REASON_CHARACTERS_MAX = 2_000
"""What a decision keeps of its reason (shared.events); an editor's note may be ten times longer."""


def enrich(
    recorded: Recorded[ArticleEvent],
    memory: ArticleMemory,
    steps: Steps,
    now: datetime,
    content: Article | None,
) -> list[ArticleWireEvent]:
    """What the wire says because of an event; ``content`` is the article of a release.

    ``memory`` is as it was before the event.
    """
    event = recorded.event
    match event:
        case ArticleReceived():
            return _carry(event.article, None, memory, steps, now)
        case ArticleRevised():
            return _carry(event.article, event.change, memory, steps, now)
        case ArticleWithdrawn() | ArticleWithheld():
            return _notice(event, memory)
        case ArticleReleased():
            return _release(event.article_id, memory, steps, now, content)
        case SourceBlocked() | SourceUnblocked():
            return []  # what may be said after it is said by ``due``, one article a commit
        case RelationRevoked():
            return _revoke(event, memory)
        case _:
            assert_never(event)


def due(article: Article, memory: ArticleMemory, steps: Steps, now: datetime) -> list[CarriedEvent]:
    """An article whose hour has come, as it enters the wire; nothing if it need not wait."""
    if not memory.is_due(article.article_id, now):
        return []
    change = memory.inputs[article.article_id].change
    return [_said(article, change, memory, steps)]


def _carry(
    article: Article,
    change: Change | None,
    memory: ArticleMemory,
    steps: Steps,
    now: datetime,
) -> list[ArticleWireEvent]:
    known = memory.inputs.get(article.article_id)
    if article.pubstatus != "usable":
        return _notice(_as_decision(article), memory)
    if known is not None and known.is_held:
        return []  # a decision holds it: the new text waits for the release
    if article.source in memory.blocked:
        return []  # it waits until the source is let in again
    if article.embargoed_until is not None and article.embargoed_until > now:
        return []
    return [_said(article, change, memory, steps)]


def _release(
    article_id: ArticleId,
    memory: ArticleMemory,
    steps: Steps,
    now: datetime,
    content: Article | None,
) -> list[ArticleWireEvent]:
    known = memory.inputs.get(article_id)
    if content is None or known is None or known.pubstatus != "usable":
        return []
    if content.embargoed_until is not None and content.embargoed_until > now:
        return []  # released by the operator, still embargoed by the source
    if content.source in memory.blocked:
        return []
    said = memory.wire.get(article_id)
    if said is not None and said.status == "usable" and said.revision >= content.revision:
        return []  # it was never taken back
    return [_said(content, known.change, memory, steps)]


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
        if memory.wire[other].copy_of == article.article_id:
            continue  # it is a copy of this one, which was away for a while
        if _is_revoked(article.article_id, other, memory):
            continue  # somebody has looked at the two and said no
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


def _is_revoked(article_id: ArticleId, other: ArticleId, memory: ArticleMemory) -> bool:
    """Whether two articles, or the first and what the other is a copy of, are not related."""
    against = (other, memory.wire[other].copy_of)
    return any(frozenset({article_id, one}) in memory.revoked for one in against if one)


def _revoke(decision: RelationRevoked, memory: ArticleMemory) -> list[ArticleWireEvent]:
    """The relations that are left of an article whose relation was revoked, if it had it."""
    pair = (decision.article_id, decision.other_article_id)
    changed: list[ArticleWireEvent] = []
    for article_id, other in (pair, pair[::-1]):
        said = memory.wire.get(article_id)
        if said is not None and said.status == "usable" and said.copy_of == other:
            changed.append(
                RelationChanged(
                    article_id=article_id,
                    source=said.source,
                    relations=(),
                    reason=decision.reason,
                    by=decision.by,
                    observed_at=decision.observed_at,
                )
            )
    return changed


def _notice(
    decision: ArticleWithdrawn | ArticleWithheld, memory: ArticleMemory
) -> list[ArticleWireEvent]:
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
            source=said.source,
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
        reason=(article.ednote or f"the source says {article.pubstatus}")[:REASON_CHARACTERS_MAX],
        by="source",
        observed_at=article.observed_at,
    )
