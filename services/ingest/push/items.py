"""One item, from its bytes to a pushed value with its source; and why one was rejected. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from services.ingest.push.receipts import Rejection
from shared.faults import Fault, came, faults
from shared.hashing import sha256
from shared.news import Document

PARSER: Final = "push"
PARSER_VERSION: Final = 1
MEDIA_TYPE: Final = "application/json"
_SOURCES_NAMED_MAX: Final = 5

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class NotTaken:
    """An item that is not taken."""

    reason: Rejection
    detail: str
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """An item as it came, and for which sources it may speak."""

    data: bytes
    sources: Sequence[str]
    observed_at: datetime

    @property
    def document(self) -> Document:
        """The item's fingerprint for the fact that comes from it."""
        return Document(
            sha256=sha256(self.data),
            media_type=MEDIA_TYPE,
            parser=PARSER,
            parser_version=PARSER_VERSION,
        )


class HasSource(Protocol):
    """What names its source, or leaves it to the key."""

    @property
    def source(self) -> str | None:
        """The source's id."""
        ...


def read(model: type[M], data: bytes) -> M | NotTaken:
    """An item's bytes as a pushed value."""
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        return invalid(*faults(error))


def source_of(pushed: HasSource, sources: Sequence[str]) -> str | NotTaken:
    """The source that an item is of: what it says, else the only one that the key is for."""
    said = pushed.source
    if said is None and len(sources) == 1:
        return sources[0]
    if said is not None and said in sources:
        return said
    few = ", ".join(sources[:_SOURCES_NAMED_MAX])
    expected = f"expected {'one of ' if len(sources) > 1 else ''}{few}"
    if len(sources) > _SOURCES_NAMED_MAX:
        expected += f" and {len(sources) - _SOURCES_NAMED_MAX} more"
    if said is None:
        return invalid(Fault("source", f"{expected}, came none: the key is for several"))
    message = f"{expected}, came {came(said)}: the key is not for it"
    return NotTaken("source", f"source: {message}", (Fault("source", message),))


def invalid(*found: Fault) -> NotTaken:
    """The rejection of an item with these faults."""
    named = "; ".join(
        f"{one.path}: {one.message}" if one.path else one.message for one in found[:3]
    )
    more = f"; and {len(found) - 3} more" if len(found) > 3 else ""
    return NotTaken("invalid", named + more, found)
