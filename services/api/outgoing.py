"""An event of the wire over HTTP: a structured CloudEvent, without the text that was taken back.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import orjson

from shared.cloudevents import data_of, structured
from shared.events import TYPES_BY_STREAM, Carried
from shared.log import Entry
from shared.streams import Checkpoint, article_subject, source_urn

PREFIX: Final = "newswire."
"""Of every type; left out where a client reads it as the name of an event."""
CARRYING: Final = frozenset(
    name for name, kind in TYPES_BY_STREAM["wire"].items() if issubclass(kind, Carried)
)
"""Types whose events hold the text of an article."""

Redacted = Literal["canceled", "withheld"]
_REDACTED: Final[tuple[Redacted, ...]] = get_args(Redacted)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the views say of an article as a whole."""

    status: str
    taken_back_seq: int
    """Of its last notice: what was carried before was taken back; 0: nothing was."""

    def shows(self, seq: int) -> bool:
        """Whether the text that was carried at a seq may be shown.

        Not one from before a notice, although the article is back: it may be back with another.
        """
        return self.status == "usable" and seq > self.taken_back_seq


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event as every client may see it now."""

    at: Checkpoint
    type: str
    source: str
    """Id of the source."""
    tags: frozenset[str] | None
    """``scheme:code`` of each; None: it has no text that tags could be found in."""
    document: bytes
    """Structured CloudEvent, one line of JSON."""


def text_of(entry: Entry) -> str | None:
    """Id of the article whose text an event holds; None: it holds none."""
    if _field(entry, b"type") not in CARRYING:
        return None
    return _field(entry, b"subject").removeprefix(article_subject(""))


def outgoing(entry: Entry, standing: Standing | None) -> Outgoing:
    """An event as it may be shown when its article stands so; None: the views have none.

    Text that was taken back is left out: the event keeps its place, id and type.
    """
    source = _field(entry, b"source").removeprefix(source_urn(""))
    article_id = text_of(entry)
    is_whole = article_id is None or (standing is not None and standing.shows(entry.seq))
    data, parsed = data_of(entry) or (b"null", None)
    tags = None
    if article_id is not None:
        if is_whole:
            tags = _tags(parsed)
        else:
            data = orjson.dumps(
                {"article_id": article_id, "source": source, "redacted": _redacted(standing)}
            )
    document = structured(entry, data, frozenset() if is_whole else {b"dataschema"})
    return Outgoing(entry.checkpoint(), _field(entry, b"type"), source, tags, document)


def _redacted(standing: Standing | None) -> Redacted:
    """What stands in place of the text; an article that the views lack is not to be shown either.

    Its event was set aside, say. Of an article that is back the old text alone is withheld.
    """
    return next((one for one in _REDACTED if standing and one == standing.status), "withheld")


def _tags(data: Any) -> frozenset[str]:
    found = data.get("tags") if isinstance(data, dict) else None
    tags = found if isinstance(found, list) else []
    return frozenset(f"{tag.get('scheme')}:{tag.get('code')}" for tag in tags if type(tag) is dict)


def _field(entry: Entry, name: bytes) -> str:
    return entry.fields.get(name, b"").decode("utf-8", "replace")
