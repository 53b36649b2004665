"""An event of the wire over HTTP: a structured CloudEvent, without the text that was taken back.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import orjson

from services.api.cursors import Since
from shared.cloudevents import data_of, structured
from shared.events import TYPES_BY_STREAM, Carried
from shared.log import Entry
from shared.story_events import StoryEvent
from shared.streams import Checkpoint, article_subject, source_urn

PREFIX: Final = "newswire."
"""Of every type; left out where a client reads it as the name of an event."""
CARRYING: Final = frozenset(
    name for name, kind in TYPES_BY_STREAM["wire"].items() if issubclass(kind, Carried)
)
"""Types whose events hold the text of an article."""
OF_STORIES: Final = frozenset(
    name for name, kind in TYPES_BY_STREAM["wire"].items() if issubclass(kind, StoryEvent)
)
"""Types whose events hold a headline, and words that articles share."""

_WORDS: Final = frozenset({"headline", "evidence"})
"""Members of an event of a story that hold words of articles."""

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


@dataclass(frozen=True, slots=True)
class Told:
    """An event at its place in a stream."""

    event: Outgoing
    place: Since
    """Where whoever has it stands; of one that was taken up late further on than its own seq."""
    is_late: bool = False


def texts_of(entry: Entry) -> frozenset[str]:
    """Ids of the articles whose text an event holds, or some words of it."""
    name = _field(entry, b"type")
    if name in CARRYING:
        return frozenset({_field(entry, b"subject").removeprefix(article_subject(""))})
    if name in OF_STORIES:
        _, parsed = data_of(entry) or (b"", None)
        return _named(parsed)
    return frozenset()


def outgoing(entry: Entry, standings: Mapping[str, Standing]) -> Outgoing:
    """An event as it may be shown when articles stand so; one that is absent is in no view.

    Text that was taken back is left out: the event keeps its place, id and type.
    """
    name = _field(entry, b"type")
    source = _field(entry, b"source").removeprefix(source_urn(""))
    data, parsed = data_of(entry) or (b"null", None)
    hidden = [
        _redacted(standing)
        for standing in map(standings.get, sorted(texts_of(entry)))
        if standing is None or not standing.shows(entry.seq)
    ]
    if hidden:
        data = orjson.dumps({**_without_text(name, entry, parsed, source), "redacted": hidden[0]})
    tags = _tags(parsed) if name in CARRYING and not hidden else None
    document = structured(entry, data, {b"dataschema"} if hidden else frozenset())
    return Outgoing(entry.checkpoint(), name, source, tags, document)


def _named(data: Any) -> frozenset[str]:
    """The articles that an event of a story names."""
    if not isinstance(data, dict):
        return frozenset()
    many = data.get("article_ids")
    ids = [data.get("representative"), data.get("article_id")]
    return frozenset(
        one for one in (*ids, *(many if isinstance(many, list) else ())) if isinstance(one, str)
    )


def _without_text(name: str, entry: Entry, data: Any, source: str) -> dict[str, Any]:
    """What is left of an event: whom it is about; of a story all but its words."""
    if name in OF_STORIES:
        return {member: said for member, said in data.items() if member not in _WORDS}
    subject = _field(entry, b"subject").removeprefix(article_subject(""))
    return {"article_id": subject, "source": source}


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
