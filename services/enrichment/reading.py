"""What an article says by itself: a pure function of it, which may be made in another process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

import numpy as np

from services.enrichment.relations.shingles import Shingled, shingled
from services.enrichment.steps import Steps
from services.enrichment.steps.language import UNKNOWN, Language
from services.enrichment.stories.features import Features, features
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


NO_TEXT: Final = Shingled(np.empty(0, np.uint64), frozenset(), frozenset(), 0, "")
"""Of an article whose text could not be compared: it is like none."""

Read = Callable[[Article], Reading]
"""``read`` with its steps."""


def read(article: Article, steps: Steps) -> Reading:
    """Every step on an article; one that fails is named, and the others do theirs."""
    unfinished: dict[str, str] = {}
    attempt = partial(attempted, unfinished)
    language = attempt("language", lambda: steps.language(article), Language(UNKNOWN, 0))
    nothing: tuple[Tag, ...] = ()
    names = attempt("names", lambda: steps.names(article), nothing)
    topics = attempt("topics", lambda: steps.topics(article, language.code), nothing)
    tags = (*names, *topics)
    alone = Features(language.code)
    return Reading(
        language=language,
        tags=tags,
        text=attempt("relations", lambda: shingled(article), NO_TEXT),
        features=attempt("stories", lambda: features(article, language.code, tags), alone),
        words=sum(len(text.split()) for text in (article.headline, *article.body)),
        methods=steps.methods,
        unfinished=unfinished,
    )


def attempted(
    unfinished: MutableMapping[str, str], step: str, made: Callable[[], T], otherwise: T
) -> T:
    """What a step makes; where it fails, ``otherwise``, and the reason in ``unfinished``."""
    try:
        return made()
    except Exception as error:  # noqa: BLE001  # whatever it is, the article goes on without
        unfinished[step] = visible(f"{type(error).__name__}: {error}")[:REASON_CHARS_MAX]
        return otherwise
