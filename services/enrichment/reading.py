"""What an article says by itself: a pure function of it, which may be made in another process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import numpy as np

from services.enrichment.relations.shingles import Shingled, shingled
from services.enrichment.steps import Steps
from services.enrichment.steps.language import UNKNOWN, Language
from services.enrichment.stories.features import Features, features
from services.enrichment.wording import Wording, wording
from shared.faults import visible
from shared.news import Article, Tag

REASON_CHARS_MAX: Final = 300
"""Of the text of an error that stands in an event."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one article, with nothing said of others."""

    language: Language
    tags: tuple[Tag, ...]
    """Most relevant first."""
    text: Shingled
    features: Features
    words: int
    """Of headline and body."""
    methods: Mapping[str, str]
    unfinished: dict[str, str]
    """Steps that failed, with the reason."""


_NO_TAGS: Final[tuple[Tag, ...]] = ()
_UNKNOWN: Final = Language(UNKNOWN, 0)
NO_TEXT: Final = Shingled(np.empty(0, np.uint64), frozenset(), frozenset(), 0, "")
"""Of an article whose text could not be compared: it is like none."""

Read = Callable[[Article], Reading]
"""Reads an article: a ``Reader``, or what stands for one."""


@dataclass(slots=True)
class _Draft:
    """An article while it is read; a step that fails is named, and the others do theirs."""

    article: Article
    steps: Steps
    language: Language = _UNKNOWN
    tags: tuple[Tag, ...] = ()
    text: Shingled = NO_TEXT
    features: Features | None = None
    words_read: Wording | None = None
    unfinished: dict[str, str] = field(default_factory=dict)

    def words(self) -> Wording:
        """Read once; a step that asks for what cannot be read fails, whichever it is."""
        if self.words_read is None:
            self.words_read = wording(self.article)
        return self.words_read

    def read_language(self) -> None:
        """First: topics and stories are of a language."""
        self.language = attempted(
            self.unfinished, "language", lambda: self.steps.language(self.article), _UNKNOWN
        )

    def read_names(self) -> None:
        """Places, people, organisations, currencies, commodities."""
        self.tags = attempted(
            self.unfinished, "names", lambda: self.steps.names(self.article), _NO_TAGS
        )

    def read_topics(self) -> None:
        """After the names."""
        self.tags += attempted(
            self.unfinished,
            "topics",
            lambda: self.steps.topics(self.article, self.language.code, self.words()),
            _NO_TAGS,
        )

    def read_text(self) -> None:
        """What relations compare."""
        self.text = attempted(
            self.unfinished, "relations", lambda: shingled(self.article, self.words()), NO_TEXT
        )

    def read_features(self) -> None:
        """What stories compare: at last, for names are a part of it."""
        self.features = attempted(
            self.unfinished,
            "stories",
            lambda: features(self.article, self.language.code, self.tags, self.words()),
            Features(self.language.code),
        )

    def reading(self) -> Reading:
        """All that was read."""
        return Reading(
            language=self.language,
            tags=self.tags,
            text=self.text,
            features=self.features or Features(self.language.code),
            words=sum(len(text.split()) for text in (self.article.headline, *self.article.body)),
            methods=self.steps.methods,
            unfinished=self.unfinished,
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads articles with its steps."""

    steps: Steps

    def __call__(self, article: Article) -> Reading:
        """What is found in one article."""
        return self.all((article,))[0]

    def all(self, articles: Sequence[Article]) -> list[Reading]:
        """What is found in each: one step on all of them, then the next.

        A step's code and tables stay near the processor while they are used: many articles are
        read in two thirds of the time that they take one by one.
        """
        drafts = [_Draft(article, self.steps) for article in articles]
        for draft in drafts:
            draft.read_language()
        for draft in drafts:
            draft.read_names()
        for draft in drafts:
            draft.read_topics()
        for draft in drafts:
            draft.read_text()
        for draft in drafts:
            draft.read_features()
        return [draft.reading() for draft in drafts]


def attempted(
    unfinished: MutableMapping[str, str], step: str, made: Callable[[], T], otherwise: T
) -> T:
    """What a step makes; where it fails, ``otherwise``, and the reason in ``unfinished``."""
    try:
        return made()
    except Exception as error:  # noqa: BLE001  # whatever it is, the article goes on without
        unfinished[step] = visible(f"{type(error).__name__}: {error}")[:REASON_CHARS_MAX]
        return otherwise
