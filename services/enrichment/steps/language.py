"""The language of an article, detected from its words. Pure: the model is in the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from shared.news import Article

CHARS_MAX: Final = 1_000
"""Characters read: more do not change the answer, and cost time in proportion."""
CHARS_MIN: Final = 20
"""With fewer, what the source declares counts more than a guess."""
UNKNOWN: Final = "und"
"""BCP 47 for undetermined."""
LANGUAGES: Final = (
    "en",
    "ru",
    "kk",
    "ky",
    "uz",
    "tg",
    "tk",
    "de",
    "fr",
    "tr",
    "zh",
    "fa",
    "ar",
    "uk",
)
"""What a Central Asian desk reads; fewer candidates are fewer errors."""


class Detector(Protocol):
    """``py3langid``'s identifier."""

    def classify(self, text: str) -> tuple[str, float]:
        """Language and its probability, 0–1."""
        ...


@dataclass(frozen=True, slots=True)
class Language:
    """A language with how sure it is, 0–100."""

    code: str
    confidence: int


def language(article: Article, detector: Detector) -> Language:
    """The language of headline and text; the declared one where there are too few words."""
    text = " ".join((article.headline, *article.body))[:CHARS_MAX]
    declared = _primary(article.declared_language)
    if len(text) < CHARS_MIN:
        return Language(declared or UNKNOWN, 50 if declared else 0)
    code, probability = detector.classify(text)
    return Language(code, round(100 * float(probability)))


def _primary(tag: str | None) -> str | None:
    return tag.split("-")[0].lower() if tag else None
