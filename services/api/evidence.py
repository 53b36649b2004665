"""Why enrichment says what it says of an article, in words for readers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

WORDS_MAX: Final = 5
"""Words that are shown for one tag, each once."""
_RELATIONS: Final[Mapping[str, tuple[str, str]]] = {
    "exact": ("Copy of", "the same text from"),
    "near_duplicate": ("Copy of", "nearly the same text from"),
    "excerpt_of": ("Excerpt of", "a longer text from"),
    "contains": ("Contains", "a shorter text from"),
    "derived": ("Draws on", "a text from"),
    "template_sibling": ("Same form as", "a text with other numbers from"),
}


@dataclass(frozen=True, slots=True)
class Related:
    """How an article stands to another one, as its page says it."""

    label: str
    article_id: str
    words: str
    why: str
    """The figures; empty: none are known."""


def related(relation: Mapping[str, Any]) -> Related:
    """A relation of an article's document; a kind that is not known yet is named as it is."""
    kind = relation["kind"]
    label, words = _RELATIONS.get(kind, (kind.replace("_", " ").capitalize(), "a text from"))
    return Related(
        label, relation["article_id"], f"{words} {relation['source']}", _why(relation["evidence"])
    )


def tagged(tag: Mapping[str, Any]) -> str:
    """What speaks for a tag: ``“Алматы”, “Almaty”: 100 % sure, by gazetteer/2``."""
    words = list(dict.fromkeys(span["text"] for span in tag["spans"]))
    if not words:
        return ""
    said = ", ".join(f"“{word}”" for word in words[:WORDS_MAX])
    return f"{said}: {tag['confidence']} % sure, by {tag['creator']}"


def _why(evidence: Mapping[str, str]) -> str:
    here, there = evidence.get("in_other"), evidence.get("of_other")
    if here is None or there is None:
        return ""
    said = f"{_percent(here)} of this text stands there, {_percent(there)} of that one here"
    both, one = evidence.get("numbers_shared", "0"), evidence.get("numbers_differing", "0")
    return f"{said}; {both} numbers in both, {one} in one of them"


def _percent(share: str) -> str:
    return f"{round(100 * float(share))} %"
