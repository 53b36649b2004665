"""What is taken of the words of a feed, within the limits of the log, and what is said if not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from services.ingest.parse.document import Reason
from services.ingest.parse.feeds.draft import Text
from services.ingest.parse.feeds.markup import Prose, plain, prose_of
from services.ingest.parse.feeds.text import beginning, folded, reference_free, title
from services.ingest.parse.feeds.urls import absolute
from services.ingest.parse.limits import (
    ARTICLE_CHARACTERS_MAX,
    ARTICLE_PARAGRAPHS_MAX,
    ENTRY_LINE_CHARACTERS_MAX,
    MARKUP_TAGS_MAX,
    SUMMARY_CHARACTERS_MAX,
)
from services.ingest.parse.problems import Problems, shown

One = TypeVar("One")
"""Whatever there are several of."""


@dataclass(slots=True)
class Reading:
    """What the entries of one feed share; one object lives as long as one parse."""

    observed_on: date
    problems: Problems
    tags_left: int = MARKUP_TAGS_MAX
    zone: str | None = None
    """IANA name of the clock of a source that writes times without an offset; None: unknown."""

    def prose(self, text: Text, base: str | None) -> Prose:
        """A text read, at the cost of the tags in it."""
        match text.kind:
            case "html":
                prose = prose_of(text.value, base, self.tags_left)
                self.tags_left -= prose.tags
                return prose
            case "loose":
                return plain(title(text.value))
            case "plain":
                return plain(text.value)


@dataclass(frozen=True, slots=True)
class Taking:
    """What is taken of one entry, or of what a feed says of itself."""

    reading: Reading
    where: str
    """For a person: ``line 12``."""
    name: str
    """What it calls itself, for a sentence: its id or address."""
    base: str | None
    """What its addresses are relative to."""

    def prose(self, text: Text, base: str | None, what: str) -> Prose:
        """A text read; what is longer than is taken is left out, and said."""
        prose = self.reading.prose(text, text.base or base)
        if not prose.is_whole:
            most = f"{ARTICLE_CHARACTERS_MAX} characters and {ARTICLE_PARAGRAPHS_MAX} paragraphs"
            limit = f"expected at most {most} in {what}, and {MARKUP_TAGS_MAX} tags in a feed"
            came = f"came {shown(self.name)} with more"
            self.problem("text-too-long", f"{limit}, {came}; it was left out")
        return prose

    def title(self, text: Text) -> str:
        """What heads an entry or a feed, on one line; empty without one."""
        match text.kind:
            case "html":
                said = " ".join(self.prose(text, None, "a title").paragraphs)
            case "loose":
                said = title(text.value)
            case "plain":
                said = reference_free(text.value)
        return self.line(said, "a title")

    def note(self, text: Text, what: str) -> str | None:
        """A text on one line, as long as a summary may be; None: there is none."""
        if not text.value:
            return None
        prose = self.prose(text, None, what)
        return self.cut(" ".join(prose.paragraphs), SUMMARY_CHARACTERS_MAX, what) or None

    def problem(self, reason: Reason, detail: str) -> None:
        """Something that was wrong here."""
        self.reading.problems.add(reason, self.where, detail)

    def line(self, text: str, what: str) -> str:
        """A text on one line; what is too long for the log is cut, and said."""
        return self.cut(folded(text), ENTRY_LINE_CHARACTERS_MAX, what)

    def cut(self, text: str, characters_max: int, what: str) -> str:
        """A text, cut where it is too long, and said."""
        if len(text) <= characters_max:
            return text
        expected = f"expected at most {characters_max} characters in {what}"
        self.problem("text-too-long", f"{expected}, came {shown(text)}; it was cut")
        return beginning(text, characters_max)

    def code(self, text: str, what: str) -> str:
        """A code or an id; one that is too long would be cut into another's, and is left out."""
        code = folded(text)
        if len(code) <= ENTRY_LINE_CHARACTERS_MAX:
            return code
        expected = f"expected at most {ENTRY_LINE_CHARACTERS_MAX} characters in {what}"
        self.problem("text-too-long", f"{expected}, came {shown(code)}; it was left out")
        return ""

    def lines(self, texts: Iterable[str], count_max: int, what: str) -> tuple[str, ...]:
        """Each text once, in order, empty ones left out."""
        found = dict.fromkeys(line for text in texts if (line := self.line(text, what)))
        return tuple(self.few(list(found), count_max, what))

    def few(self, found: Sequence[One], count_max: int, what: str) -> Sequence[One]:
        """As many as are taken; that there were more is said."""
        if len(found) > count_max:
            expected = f"expected at most {count_max} of {what}, came more"
            self.problem("too-many-entries", f"{expected}; the rest was left out")
        return found[:count_max]

    def address(self, reference: str, what: str) -> str | None:
        """An address made absolute; one that is not taken is said."""
        reference = reference.strip()
        url = absolute(reference, self.base) if reference else None
        if reference and url is None:
            expected = f"expected an http or https address in {what}"
            self.problem("url-unusable", f"{expected}, came {shown(folded(reference))}")
        return url
