"""What the wire says of an article: ``enrich(event, memory) → events``, and ``due`` at an hour.

Pure: the memory is as it was before the event, and the caller folds in what came of it.
``wanted`` says which articles' texts a decision has to see; whoever has the log at hand gets them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from services.enrichment.memory import ArticleMemory
from services.enrichment.reading import Reading, attempted
from services.enrichment.relations.comparing import METHOD
from services.enrichment.relations.members import text_key
from services.enrichment.relations.relating import (
    Changed,
    Newcomer,
    Related,
    Texts,
    relate,
    without,
)
from services.enrichment.relations.stars import standing_of
from services.enrichment.relations.window import CANDIDATES_MAX
from services.enrichment.stories.grouping import Placed, place
from services.enrichment.stories.leaving import left, parted
from services.enrichment.stories.saying import METHODS
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
from shared.news import Article, ArticleId, Change, Fingerprint, PubStatus, copy_of
from shared.story_events import StorySplit

REASON_CHARACTERS_MAX = 2_000
"""What a decision keeps of its reason (shared.events); an editor's note may be ten times longer."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a decision sees besides the event and the memory."""

    content: Article | None = None
    """The article that the event carries or releases."""
    reading: Reading | None = None
    """Of that article."""
    texts: Texts = field(default_factory=dict)
    """Of the articles that ``wanted`` named, as far as the log has them."""


def wanted(
    event: ArticleEvent, memory: ArticleMemory, content: Article | None, reading: Reading | None
) -> list[ArticleId]:
    """Articles whose texts ``enrich`` and ``due`` have to see."""
    if isinstance(event, ArticleWithdrawn | ArticleWithheld):
        return memory.relations.copies_of(event.article_id)[:CANDIDATES_MAX]
    if content is None or reading is None:
        return []
    if content.pubstatus != "usable":
        return memory.relations.copies_of(content.article_id)[:CANDIDATES_MAX]
    return memory.relations.wanted(content.article_id, content.text_hash, reading.text)


def enrich(
    recorded: Recorded[ArticleEvent], memory: ArticleMemory, material: Material, now: datetime
) -> list[ArticleWireEvent]:
    """What the wire says because of an event; ``memory`` is as it was before it."""
    event = recorded.event
    match event:
        case ArticleReceived() | ArticleRevised():
            change = event.change if isinstance(event, ArticleRevised) else None
            return _carry(event.article, change, memory, material, now)
        case ArticleWithdrawn() | ArticleWithheld():
            return _notice(event, memory, material)
        case ArticleReleased():
            return _release(event.article_id, memory, material, now)
        case SourceBlocked() | SourceUnblocked():
            return []  # what may be said after it is said by ``due``, one article a commit
        case RelationRevoked():
            return _revoke(event, memory)
        case StorySplit():
            return [*parted(event, memory.stories)]
        case _:
            assert_never(event)


def due(memory: ArticleMemory, material: Material, now: datetime) -> list[ArticleWireEvent]:
    """An article whose hour has come, as it enters the wire; nothing if it need not wait."""
    article = material.content
    if article is None or not memory.is_due(article.article_id, now):
        return []
    return _said(article, memory.inputs[article.article_id].change, memory, material)


def _carry(
    article: Article,
    change: Change | None,
    memory: ArticleMemory,
    material: Material,
    now: datetime,
) -> list[ArticleWireEvent]:
    known = memory.inputs.get(article.article_id)
    if article.pubstatus != "usable":
        return _notice(_as_decision(article), memory, material)
    if known is not None and known.is_held:
        return []  # a decision holds it: the new text waits for the release
    if article.source in memory.blocked:
        return []  # it waits until the source is let in again
    if article.embargoed_until is not None and article.embargoed_until > now:
        return []
    return _said(article, change, memory, material)


def _release(
    article_id: ArticleId, memory: ArticleMemory, material: Material, now: datetime
) -> list[ArticleWireEvent]:
    known, content = memory.inputs.get(article_id), material.content
    if content is None or known is None or known.pubstatus != "usable":
        return []
    if content.embargoed_until is not None and content.embargoed_until > now:
        return []  # released by the operator, still embargoed by the source
    if content.source in memory.blocked:
        return []
    said = memory.wire.get(article_id)
    if said is not None and said.status == "usable" and said.revision >= content.revision:
        return []  # it was never taken back
    return _said(content, known.change, memory, material)


def _said(
    article: Article, change: Change | None, memory: ArticleMemory, material: Material
) -> list[ArticleWireEvent]:
    """The article as the wire carries it, and what it changes for others."""
    reading = material.reading
    if reading is None:
        raise ValueError(f"article {article.article_id} was not read")
    new = Newcomer(
        article.article_id,
        article.source,
        text_key(article.text_hash),
        standing_of(article, reading.text.words),
        reading.text,
    )
    unfinished = dict(reading.unfinished)
    related = attempted(
        unfinished, "relations", lambda: relate(new, memory.relations, material.texts), Related(())
    )
    found = {
        "article": article,
        "language": reading.language.code,
        "language_confidence": reading.language.confidence,
        "tags": reading.tags,
        "relations": related.relations,
        "fingerprint": Fingerprint(text_hash=article.text_hash, words=reading.words),
        "methods": {**reading.methods, "relations": METHOD, **METHODS},
    }
    item = memory.item(article, reading.features, copy_of(related.relations))
    placed = attempted(unfinished, "stories", lambda: place(item, memory.stories), Placed(None))
    carried = _kind(article, change, memory)(
        **found, story_id=placed.story_id, unfinished=unfinished or None
    )
    changes = _changes(related.changed, memory, article.observed_at)
    return [carried, *changes, *placed.events]


def _kind(article: Article, change: Change | None, memory: ArticleMemory) -> type[CarriedEvent]:
    """The event that carries an article, by what the wire has said of it before."""
    said = memory.wire.get(article.article_id)
    if said is None or said.status == "canceled" or said.revision == 0:
        return ArticlePublished
    if said.status == "withheld":
        return ArticleReinstated
    match change:
        case "correction":
            return ArticleCorrected
        case "refile":
            return ArticleRefiled
        case "update" | None:
            return ArticleUpdated
        case _:
            assert_never(change)


def _changes(
    changed: Sequence[Changed], memory: ArticleMemory, at: datetime
) -> list[RelationChanged]:
    return [
        RelationChanged(
            article_id=one.article_id,
            source=memory.wire[one.article_id].source,
            relations=one.relations,
            reason=one.reason,
            by="enrichment",
            observed_at=at,
        )
        for one in changed
    ]


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
    decision: ArticleWithdrawn | ArticleWithheld, memory: ArticleMemory, material: Material
) -> list[ArticleWireEvent]:
    """The wire's notice of a decision; none where nothing of the article can be seen."""
    is_final = isinstance(decision, ArticleWithdrawn)
    status: PubStatus = "canceled" if is_final else "withheld"
    said = memory.wire.get(decision.article_id)
    if said is None or said.status in {status, "canceled"}:
        return []
    kind = ArticleCanceled if is_final else ArticleTakenBack
    notice = kind(
        article_id=decision.article_id,
        source=said.source,
        reason=decision.reason,
        by=decision.by,
        observed_at=decision.observed_at,
    )
    at = decision.observed_at
    changed = without(decision.article_id, memory.relations, material.texts)
    return [
        notice,
        *_changes(changed, memory, at),
        *left(decision.article_id, memory.stories, at),
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
