"""Why enrichment says what it says of an article, in words for readers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.api.words.texts import gettext, marked

WORDS_MAX: Final = 5
"""Words that are shown for one tag, each once."""
_RELATIONS: Final[Mapping[str, tuple[str, str]]] = {
    "exact": (marked("Copy of"), marked("the same text from %(source)s")),
    "near_duplicate": (marked("Copy of"), marked("nearly the same text from %(source)s")),
    "excerpt_of": (marked("Excerpt of"), marked("a longer text from %(source)s")),
    "contains": (marked("Contains"), marked("a shorter text from %(source)s")),
    "derived": (marked("Draws on"), marked("a text from %(source)s")),
    "template_sibling": (
        marked("Same form as"),
        marked("a text with other numbers from %(source)s"),
    ),
}

_ANY: Final = marked("a text from %(source)s")


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
    label, words = _RELATIONS.get(kind, (kind.replace("_", " ").capitalize(), _ANY))
    return Related(
        gettext(label),
        relation["article_id"],
        gettext(words, source=relation["source"]),
        _why(relation["evidence"]),
    )


def tagged(tag: Mapping[str, Any]) -> str:
    """What speaks for a tag: ``“Алматы”, “Almaty”: 100 % sure, by gazetteer/2``."""
    words = list(dict.fromkeys(span["text"] for span in tag["spans"]))
    if not words:
        return ""
    said = ", ".join(gettext("“%(word)s”", word=word) for word in words[:WORDS_MAX])
    return gettext(
        "%(words)s: %(number)s %% sure, by %(method)s",
        words=said,
        number=tag["confidence"],
        method=tag["creator"],
    )


def _why(evidence: Mapping[str, str]) -> str:
    here, there = evidence.get("in_other"), evidence.get("of_other")
    if here is None or there is None:
        return ""
    return gettext(
        "%(here)s %% of this text stands there, %(there)s %% of that one here; "
        "%(both)s numbers in both, %(one)s in one of them",
        here=_percent(here),
        there=_percent(there),
        both=evidence.get("numbers_shared", "0"),
        one=evidence.get("numbers_differing", "0"),
    )


def _percent(share: str) -> int:
    return round(100 * float(share))
