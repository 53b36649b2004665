"""Names of streams and keys, nowhere else; and what a place in a stream is.

Every key carries the desk's hash tag, ``{newswire}:…``, so that a desk lives in one slot of a Redis
Cluster. Several desks are several tags.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NewType

from shared.events import StreamName

Position = NewType("Position", str)
"""Redis entry id, ``milliseconds-number``. Says where, not how many: compare ``seq`` for that."""

InputName = StreamName | Literal["hour"]
"""What a consumer's checkpoint counts: a stream, or what it did at an hour without an event."""

START: Final = Position("0-0")
"""Before the first entry of any stream."""

ENRICHMENT_ARTICLES: Final = "enrichment.articles"
ENRICHMENT_RATES: Final = "enrichment.rates"
PROJECTION: Final = "projection"

OPERATOR: Final = "newswire"
"""Stands for the operator where an event has no source: ``urn:newswire:source:newswire``."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a consumer has come: the last event whose effect is kept, by all three of its names.

    ``seq`` shows a gap, ``position`` is where to read on, ``event_id`` shows that it is still the
    same log (a failover can give a position to another event).
    """

    position: Position
    seq: int
    event_id: str

    def text(self) -> str:
        """As ``commit`` compares it; empty before the first event."""
        return f"{self.position} {self.seq} {self.event_id}" if self.seq else ""

    @classmethod
    def read(cls, text: str) -> Checkpoint:
        """From what ``text`` gave."""
        if not text:
            return ORIGIN
        position, seq, event_id = text.split(" ")
        return cls(Position(position), int(seq), event_id)


ORIGIN: Final = Checkpoint(START, 0, "")
"""Before the first event."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The Redis keys of one desk."""

    desk: str = "newswire"

    def stream(self, stream: StreamName) -> str:
        """The stream itself: ``{newswire}:wire``."""
        return f"{{{self.desk}}}:{stream}"

    def meta(self, stream: StreamName) -> str:
        """Hash with ``seq``, the number of the stream's last event."""
        return f"{{{self.desk}}}:{stream}:meta"

    def subject(self, stream: StreamName, subject: str) -> str:
        """Hash with the last event of a subject: ``version``, ``hash``, ``seq``, ``position``."""
        return f"{{{self.desk}}}:{stream}:subject:{subject}"

    def checkpoint(self, consumer: str) -> str:
        """Hash with a consumer's checkpoint per input stream."""
        return f"{{{self.desk}}}:checkpoint:{consumer}"

    def state(self, name: str) -> str:
        """State that is no event: ``{newswire}:state:keys``."""
        return f"{{{self.desk}}}:state:{name}"


def article_subject(article_id: str) -> str:
    """``urn:newswire:article:<id>``."""
    return f"urn:newswire:article:{article_id}"


def source_urn(source: str) -> str:
    """``urn:newswire:source:<id>``, the CloudEvents ``source`` of what it said."""
    return f"urn:newswire:source:{source}"


def series_name(source: str, kind: str, base: str, quote: str) -> str:
    """``source:kind:BASE-QUOTE``; the rates that follow each other by ``as_of``."""
    return f"{source}:{kind}:{base}-{quote}"


def source_subject(source: str) -> str:
    """``urn:newswire:source:<id>``: what is decided about a source."""
    return source_urn(source)


def relation_subject(article_id: str, other_id: str) -> str:
    """``urn:newswire:relation:<id>:<id>``, the two in alphabetical order."""
    return f"urn:newswire:relation:{':'.join(sorted((article_id, other_id)))}"


def story_subject(story_id: str) -> str:
    """``urn:newswire:story:<id>``."""
    return f"urn:newswire:story:{story_id}"


def acceptance_subject(series: str, as_of: str) -> str:
    """``urn:newswire:acceptance:<series>:<as_of>``: what is decided about a doubted rate.

    A subject of its own: the last event of a rate's must stay its quotation.
    """
    return f"urn:newswire:acceptance:{series}:{as_of}"


def dead_letters_subject(consumer: str, subject: str) -> str:
    """``urn:newswire:deadletters:<consumer>:<subject>``: what is decided about a subject's."""
    return f"urn:newswire:deadletters:{consumer}:{subject}"


def rate_subject(series: str, as_of: str) -> str:
    """``urn:newswire:rate:<source>:<kind>:<BASE>-<QUOTE>:<as_of>``."""
    return f"urn:newswire:rate:{series}:{as_of}"
