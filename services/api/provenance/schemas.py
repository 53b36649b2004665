"""The provenance and the relations of an article, as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from services.api.schemas import SEQ_MAX, plain
from shared.news import ArticleId, Document, RelationKind, SourceId, StoryId

EVENTS_MAX: Final = 200
"""Events of one answer: an article that relates to many others may have had more."""
RELATIONS_MAX: Final = 200
"""Relations of one answer: a text of an agency may have been copied by more."""


class ProvenanceQuery(BaseModel):
    """Parameters of the provenance of an article."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    after: Annotated[int, Field(ge=0, le=SEQ_MAX), BeforeValidator(plain)] = 0
    """Only events behind this ``seq``."""
    limit: Annotated[int, Field(ge=1, le=EVENTS_MAX), BeforeValidator(plain)] = EVENTS_MAX
    """How many events, the earliest ones."""


class RelationsQuery(BaseModel):
    """Parameters of the relations of an article."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: Annotated[int, Field(ge=1, le=RELATIONS_MAX), BeforeValidator(plain)] = RELATIONS_MAX
    """How many relations."""


class ProvenanceItem(BaseModel):
    """An event of the wire that is about an article."""

    seq: int
    version: int | None
    """Of the article; null: it is an event of a story."""
    type: str
    event_id: str
    at: AwareDatetime
    """When the wire said so."""
    said_at: AwareDatetime
    """When the source says that it happened, else when it was seen."""
    causation_id: str | None
    """``id`` of the event of the stream ``articles`` that this one followed from."""
    correlation_id: str
    """Subject of the lineage that it belongs to."""
    story_id: StoryId | None
    """The story whose event it is, or that the article was carried with."""
    revision: int | None
    """Of what was carried; null: it carries no article."""
    document: Document | None
    """The document that it was read from, and the parser; null: it carries no article."""
    by: str | None
    """Who decided; null: it is no decision."""
    reason: str | None
    """Why; null: it is no decision."""
    href: str
    """The event, as it may be shown now."""


class Provenance(BaseModel):
    """The events that made an article what it is, the earliest first."""

    article_id: ArticleId
    items: tuple[ProvenanceItem, ...]
    has_more: bool
    """Whether there are later events; ``after`` the last ``seq`` finds them."""


class RelatedArticle(BaseModel):
    """Another article, as far as it may be shown."""

    article_id: ArticleId
    source: SourceId
    status: Literal["usable", "withheld", "canceled"]
    """Of what is not usable, nothing below is told."""
    credit: str | None
    headline: str | None
    url: str | None
    """The original, as its source says."""


class RelationItem(BaseModel):
    """How two articles stand to each other, with the evidence."""

    direction: Literal["out", "in"]
    """``out``: it is said of the article that was asked for; ``in``: it is said of the other."""
    kind: RelationKind
    """What the one of which it is said is to the other one."""
    method: str
    evidence: dict[str, str]
    """Figures by name."""
    article: RelatedArticle
    """The other one."""


class ArticleRelations(BaseModel):
    """The relations that hold now, first those that are said of the article itself."""

    article_id: ArticleId
    relations: tuple[RelationItem, ...]
    has_more: bool
    """Whether there are more than the limit allows."""
