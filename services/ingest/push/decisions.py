"""A pushed decision: read, given its place in the record, appended."""

from __future__ import annotations

from datetime import datetime
from typing import Final, assert_never

from pydantic import ValidationError
from starlette.responses import Response

from services.ingest.decisions import Decisions, Made
from services.ingest.domain import DeadLetterDecision, Decision, Refused, SourceDecision
from services.ingest.drafts import decided_subject
from services.ingest.push import problems
from services.ingest.push.answers import accepted
from services.ingest.push.schemas import (
    DECISION,
    AcceptRate,
    DecideArticle,
    DecideLetters,
    DecideSource,
    PushedDecision,
    RevokeRelation,
    SplitStory,
)
from shared.events import (
    ArticleReleased,
    ArticleWithdrawn,
    ArticleWithheld,
    RateAccepted,
    RelationRevoked,
    SourceBlocked,
    SourceUnblocked,
)
from shared.faults import faults, sentence
from shared.house_events import DeadLetterDropped, DeadLetterRetried
from shared.keys import Key
from shared.log import Stale
from shared.story_events import StorySplit
from shared.streams import dead_letters_subject
from shared.web import Problem

_ARTICLE: Final[dict[str, type[Decision]]] = {
    "withdraw": ArticleWithdrawn,
    "hold": ArticleWithheld,
    "release": ArticleReleased,
}
_SOURCE: Final[dict[str, type[SourceDecision]]] = {
    "block": SourceBlocked,
    "unblock": SourceUnblocked,
}
_LETTERS: Final[dict[str, type[DeadLetterDecision]]] = {
    "retry": DeadLetterRetried,
    "drop": DeadLetterDropped,
}


def read(data: bytes) -> PushedDecision | Problem:
    """A decision from the body that it came in."""
    try:
        pushed = DECISION.validate_json(data)
    except ValidationError as error:
        return problems.decision_invalid(f"{sentence(error)}.", faults(error))
    if isinstance(pushed, DecideLetters) and (pushed.decision, pushed.consumer) == (
        "drop",
        "projection",
    ):
        return problems.decision_invalid(
            "What the projection has set aside is not dropped: views are folded. Mend what fails "
            "and rebuild them."
        )
    if isinstance(pushed, RevokeRelation) and pushed.article_id == pushed.other_article_id:
        return problems.decision_invalid("Expected two articles, came one twice.")
    return pushed


def who(said: str | None, key: Key) -> str:
    """Who is recorded: ``aigul (key desk)``, or the key alone."""
    return f"{said} (key {key.name})" if said else f"key {key.name}"


async def record(
    pushed: PushedDecision, key: Key, decisions: Decisions, now: datetime
) -> Response | Problem:
    """Append a decision; the answer, once it is fsynced.

    Raises:
        Unavailable: the log is away; nothing is known of what became of it, send it again.
    """
    made = await _made(pushed, who(pushed.who, key), decisions, now)
    if isinstance(made, Problem):
        return made
    outcome = await decisions.record(made)
    match outcome:
        case Stale(reason=reason):
            return problems.decision_stale(reason)
        case Refused(problem) if isinstance(pushed, RevokeRelation | SplitStory):
            return problems.article_unknown(problem.where)
        case Refused(problem) if isinstance(pushed, AcceptRate):
            return problems.rate_unknown(problem.where)
        case Refused(problem):
            return problems.decision_invalid(f"The log does not take it: {problem.detail}.")
        case _:
            return accepted(
                {
                    "outcome": type(outcome).__name__.lower(),
                    "subject": _subject(made),
                    "seq": outcome.seq,
                    "version": outcome.version,
                }
            )


async def _made(
    pushed: PushedDecision, by_whom: str, decisions: Decisions, now: datetime
) -> Made | Problem:
    if isinstance(pushed, DecideArticle):
        source = await decisions.source_of(pushed.article_id)
        if source is None:
            return problems.article_unknown(pushed.article_id)
        return _ARTICLE[pushed.decision](
            article_id=pushed.article_id, source=source, reason=pushed.reason,
            by="operator", who=by_whom, observed_at=now,
        )  # fmt: skip
    if isinstance(pushed, DecideLetters):
        return _LETTERS[pushed.decision](
            consumer=pushed.consumer, subject=pushed.subject,
            reason=pushed.reason, who=by_whom, decided_at=now,
        )  # fmt: skip
    said = pushed.model_dump(exclude={"decision"})
    return _kind(pushed).model_validate(
        {**said, "by": "operator", "who": by_whom, "observed_at": now}
    )


def _kind(
    pushed: DecideSource | RevokeRelation | SplitStory | AcceptRate,
) -> type[SourceDecision | RelationRevoked | StorySplit | RateAccepted]:
    """The event that says the same as what was pushed, field by field."""
    match pushed:
        case DecideSource():
            return _SOURCE[pushed.decision]
        case RevokeRelation():
            return RelationRevoked
        case SplitStory():
            return StorySplit
        case AcceptRate():
            return RateAccepted
        case _:
            assert_never(pushed)


def _subject(made: Made) -> str:
    if isinstance(made, DeadLetterRetried | DeadLetterDropped):
        return dead_letters_subject(made.consumer, made.subject)
    return decided_subject(made)
