"""What is answered, as types: the OpenAPI document is made of them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Outcome = Literal["appended", "unchanged", "stale", "rejected"]
Rejection = Literal["invalid", "source", "refused", "too-large", "incomplete"]
"""Why an item was rejected. A closed list: docs/glossary.md."""


class _Said(BaseModel):
    # The sentences below the fields are those of the OpenAPI document.
    model_config = ConfigDict(use_attribute_docstrings=True)


class FaultSaid(_Said):
    """One thing that was wrong, and where in the item."""

    path: str
    message: str


class ItemOutcome(_Said):
    """What became of one item."""

    index: int = Field(ge=0)
    """Its place in the request, from 0; blank lines are not counted."""
    outcome: Outcome
    article_id: str | None = None
    """Of an article that was not rejected."""
    subject: str | None = None
    """Of a rate that was not rejected."""
    seq: int | None = None
    """Of the event that says it: the appended one, else the one that stands."""
    version: int | None = None
    """How many events its subject has had with that one."""
    reason: Rejection | None = None
    """Why it was rejected."""
    detail: str | None = None
    faults: tuple[FaultSaid, ...] = ()


class Counts(_Said):
    """How many items had each outcome."""

    appended: int = Field(ge=0)
    unchanged: int = Field(ge=0)
    stale: int = Field(ge=0)
    rejected: int = Field(ge=0)


class Receipt(_Said):
    """What became of the items of a request; what it says is on the log is fsynced there."""

    items: tuple[ItemOutcome, ...]
    counts: Counts


class DecisionReceipt(_Said):
    """A decision that stands: appended, or the one that stood already."""

    outcome: Literal["appended", "unchanged"]
    subject: str
    seq: int = Field(ge=1)
    version: int = Field(ge=1)


class ProblemSaid(_Said):
    """Why a request was refused. Source: RFC 9457."""

    type: str
    """``urn:newswire:problem:<name>``."""
    title: str
    status: int
    detail: str
    items: tuple[ItemOutcome, ...] | None = None
    """What became of the items so far, where any was read."""
    counts: Counts | None = None
    faults: tuple[FaultSaid, ...] | None = None


class Alive(_Said):
    """The process answers."""

    status: Literal["ok"]
