"""The history of an article, as the OpenAPI document describes it."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from services.api.schemas import plain
from shared.news import ArticleId, Change

HISTORY_MAX: Final = 50
"""Versions of one answer: each is a whole article to be read and compared."""


class HistoryQuery(BaseModel):
    """Parameters of the history of an article."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: Annotated[int, Field(ge=1, le=HISTORY_MAX), BeforeValidator(plain)] = 20
    """How many versions, the latest ones."""


class DiffPiece(BaseModel):
    """A run of text, and which of two versions have it."""

    operation: Literal["equal", "insert", "delete"]
    text: str


class TextChange(BaseModel):
    """A text of an article that a version changed."""

    field: Literal["headline", "summary", "body"]
    paragraph: int | None
    """Of the body, from 0."""
    pieces: tuple[DiffPiece, ...]
    """Without ``insert`` the text before, without ``delete`` the text after."""


class ArticleVersion(BaseModel):
    """A state that an article had on the wire."""

    version: int
    seq: int
    at: AwareDatetime
    """When the wire said so."""
    status: Literal["usable", "withheld", "canceled"]
    is_available: bool
    """Whether its text may be shown: not after it was taken back."""
    event_id: str | None
    event_type: str | None
    revision: int | None
    change: Change | None
    """What kind of a change it was, as the source declared or as it was inferred."""
    headline: str | None
    changed: tuple[TextChange, ...] | None
    """Against the version before, word by word; null: one of the two has no text."""


class ArticleHistory(BaseModel):
    """What an article was and is, the latest version first."""

    article_id: ArticleId
    versions: tuple[ArticleVersion, ...]
    has_more: bool
    """Whether there are earlier versions than the limit allows."""
