"""The IPTC Media Topics as a table: codes, labels, and which topic lies under which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

SCHEME: Final = "medtop"
"""Alias of the vocabulary. Source: IPTC NewsCodes, http://cv.iptc.org/newscodes/mediatopic/."""
NONE: Final = "none"
"""Of a text that is no news, or none that a topic could be told of."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One concept; ``parent`` None: one of the 17 of the top level."""

    code: str
    label: str
    definition: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All topics that are not retired, by code."""

    topics: Mapping[str, Topic]

    def path(self, code: str) -> tuple[str, ...]:
        """The codes from the top level down to this one.

        Raises:
            KeyError: No topic has this code.
        """
        parent = self.topics[code].parent
        return (code,) if parent is None else (*self.path(parent), code)

    def by_label(self) -> Mapping[str, str]:
        """Codes by label in lower case; the topic nearest the top where two have one label."""
        ordered = sorted(self.topics, key=lambda code: (-len(self.path(code)), code))
        return {self.topics[code].label.lower(): code for code in ordered}


def taxonomy(lines: Iterable[str]) -> Taxonomy:
    """The table of ``mediatopics.tsv``: code, label, definition and parent, tabs between.

    Raises:
        ValueError: A line has another number of cells; our bug.
    """
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    topics = (Topic(code, label, text, parent or None) for code, label, text, parent in rows[1:])
    return Taxonomy({topic.code: topic for topic in topics})
