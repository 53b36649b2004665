"""What kind of change a revision is, and the evidence for it. Pure.

A source that says what it changed is believed. Else the texts are compared: what only looks
different is a refile; a negation put in or taken out, or one name in the place of another, in a
text that is otherwise the same, is a correction; all else is an update. Numbers alone correct
nothing: a toll that rises is news. What only our parser made of the same source is a refile.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from services.ingest.identity import numbers
from shared.hashing import normalised
from shared.news import Article, Change

LISTED_MAX: Final = 20
"""Numbers, names or negations that one line of the evidence lists."""
SPELLING_WORDS_MAX: Final = 6
"""Words put right in one revision; more are another text."""
SPELLING_LIKENESS_MIN: Final = 0.75
"""Of a word and what it was put right to: a letter or two of a usual word."""
SWAPPED_WORDS_SHARE_MAX: Final = 0.1
"""Of its words that a text may change around one name or negation; more is another text."""

_CORRECTION: Final = re.compile(r"^\W*(correct(ed|ion)|исправлен(о|ие)|уточнение)\b", re.IGNORECASE)
_WORD: Final = re.compile(r"\w+(?:['’ʼ-]\w+)*")
_LETTERS: Final = re.compile(r"[^\W_]+")
_SENTENCE_END: Final = re.compile(r"[.!?…:»”\"]+\s+|\n")
_NEGATIONS: Final = frozenset(
    {
        "no", "not", "never", "none", "nor", "neither", "nobody", "nothing", "cannot", "without",
        "не", "ни", "нет", "никогда", "никто", "ничего", "нельзя", "без",
        "емес", "жоқ", "ешқашан", "эмес", "жок", "эч",
        "emas", "yoʻq", "yo'q", "hech", "эмас", "йўқ", "ҳеч", "нест", "ҳеҷ", "däl", "ýok", "hiç",
    }
)  # fmt: skip
"""English, Russian, Kazakh, Kyrgyz, Uzbek in both scripts, Tajik, Turkmen."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The kind of a revision, whether its source said it, and what it was told from."""

    change: Change
    declared: bool
    evidence: dict[str, str]


def judged(before: Article, after: Article, declared: Change | None) -> Judged:
    """What kind of change leads from one state of an article to the next."""
    found = _Difference(before, after)
    evidence = {name: value for name, value in found.evidence().items() if value}
    if declared is not None:
        return Judged(declared, True, evidence)
    if _corrections(after) - _corrections(before):
        return Judged("correction", True, evidence)
    return Judged(found.change(), False, evidence)


def _corrections(article: Article) -> set[str]:
    """What an article says of being corrected; a note that stays declares nothing anew."""
    said = (article.ednote or "", article.headline, *article.body[:1])
    return {text for text in said if _CORRECTION.match(text)}


class _Difference:
    """Two states of an article, laid beside each other."""

    def __init__(self, before: Article, after: Article) -> None:
        self._before, self._after = before, after
        old, new = _texts(before), _texts(after)
        self._old, self._new = Counter(_words(old)), Counter(_words(new))
        self._removed, self._added = self._old - self._new, self._new - self._old
        self._numbers = (numbers(old), numbers(new))
        # Of the text alone: in a headline every word may have a capital letter.
        self._names = (frozenset(_names(before.body)), frozenset(_names(after.body)))

    def change(self) -> Change:
        if self._is_ours() or self._is_typography() or self._is_spelling():
            return "refile"
        is_small = self._changed() <= SWAPPED_WORDS_SHARE_MAX * max(self._old.total(), 10)
        is_alike = is_small and self._numbers[0] == self._numbers[1]
        if is_alike and (any(self._negations()) or self._is_name_swapped()):
            return "correction"
        return "update"

    def evidence(self) -> dict[str, str]:
        before, after = self._before, self._after
        (old_numbers, new_numbers), (old_names, new_names) = self._numbers, self._names
        negations = self._negations()
        paragraphs = f"{len(before.body)} to {len(after.body)}"
        return {
            "headline": after.headline if after.headline != before.headline else "",
            "numbers_added": _listed(new_numbers - old_numbers),
            "numbers_removed": _listed(old_numbers - new_numbers),
            "names_added": _listed(new_names - old_names),
            "names_removed": _listed(old_names - new_names),
            "negations_added": _listed(negations[1]),
            "negations_removed": _listed(negations[0]),
            "paragraphs": paragraphs if len(before.body) != len(after.body) else "",
            "text": self._text(),
            "parser": self._parser(),
        }

    def _text(self) -> str:
        if self._before.text_hash == self._after.text_hash:
            return "same words"
        if self._is_typography():
            return "typography only"
        return "spelling only" if self._is_spelling() else "other words"

    def _parser(self) -> str:
        old, new = self._before.document, self._after.document
        if (old.parser, old.parser_version) == (new.parser, new.parser_version):
            return ""
        return f"{old.parser} {old.parser_version} to {new.parser} {new.parser_version}"

    def _is_ours(self) -> bool:
        """Whether another parser read what the source has not changed."""
        if not self._parser():
            return False
        before, after = self._before, self._after
        said = (before.updated_at, before.source_version)
        is_said_same = any(said) and said == (after.updated_at, after.source_version)
        return is_said_same or before.document.sha256 == after.document.sha256

    def _is_typography(self) -> bool:
        return _letters(self._before) == _letters(self._after)

    def _is_spelling(self) -> bool:
        """Whether a few words were put right, and none of them is a name, number or negation."""
        if not 0 < self._removed.total() <= SPELLING_WORDS_MAX:
            return False
        if self._removed.total() != self._added.total() or any(self._negations()):
            return False
        if self._numbers[0] != self._numbers[1] or self._names[0] != self._names[1]:
            return False
        added = list(self._added)
        return all(
            get_close_matches(word, added, n=1, cutoff=SPELLING_LIKENESS_MIN)
            for word in self._removed
        )

    def _is_name_swapped(self) -> bool:
        gone, come = self._names[0] - self._names[1], self._names[1] - self._names[0]
        return 0 < len(gone) == len(come)

    def _negations(self) -> tuple[Counter[str], Counter[str]]:
        """Those that were taken out, and those that were put in."""
        removed, added = (
            Counter({word: count for word, count in words.items() if _is_negation(word)})
            for words in (self._removed, self._added)
        )
        return removed, added

    def _changed(self) -> int:
        return max(self._removed.total(), self._added.total())


def _texts(article: Article) -> tuple[str, ...]:
    return (article.headline, *article.body)


def _words(texts: Iterable[str]) -> list[str]:
    return _WORD.findall(normalised(" ".join(texts)))


def _letters(article: Article) -> list[str]:
    """Letters and digits, whatever stands between them and however they are written."""
    return _LETTERS.findall(normalised("\n".join(_texts(article))))


def _names(texts: Iterable[str]) -> Iterator[str]:
    """Words with a capital letter, where no sentence begins."""
    for text in texts:
        for sentence in _SENTENCE_END.split(text):
            words = _WORD.findall(sentence)
            yield from (word for word in words[1:] if word[0].isupper())


def _is_negation(word: str) -> bool:
    return word in _NEGATIONS or word.endswith(("n't", "n’t"))


def _listed(found: Iterable[str]) -> str:
    return " ".join(sorted(found)[:LISTED_MAX])
