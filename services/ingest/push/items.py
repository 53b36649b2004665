"""One item, from its bytes to a pushed value with its source; and why one was rejected. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from pydantic import ValidationError

from services.ingest.push.receipts import Rejection
from services.ingest.push.schemas import PushedArticle, PushedRate
from shared.faults import Fault, came, faults, told
from shared.hashing import sha256
from shared.news import Document

PARSER: Final = "push"
PARSER_VERSION: Final = 1
MEDIA_TYPE: Final = "application/json"
_SOURCES_NAMED_MAX: Final = 5

M = TypeVar("M", PushedArticle, PushedRate)


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


def read(model: type[M], seen: Seen) -> tuple[M, str] | NotTaken:
    """An item as a pushed value, and the source that it is of."""
    try:
        pushed = model.model_validate_json(seen.data)
    except ValidationError as error:
        return invalid(*faults(error))
    source = _source_of(pushed.source, seen.sources)
    return source if isinstance(source, NotTaken) else (pushed, source)


def _source_of(said: str | None, sources: Sequence[str]) -> str | NotTaken:
    """The source that an item is of: what it says, else the only one that the key is for."""
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
    return NotTaken("invalid", told(found, len(found)), found)
