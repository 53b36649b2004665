"""What the topics are learned from: texts, lists of words, and the definitions of the taxonomy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.enrichment.topics.model import counts, joined
from services.enrichment.topics.taxonomy import NONE, Taxonomy

WORDS_TOGETHER: Final = 6
"""Listed words that make one sample: about what a text of sixty words says for its topic."""
MARK: Final = "# medtop:"


@dataclass(frozen=True, slots=True)
class Sample:
    """Stems with their numbers, and what they are an example of."""

    found: Mapping[str, int]
    top: str
    second: str | None
    weight: float = 1.0
    """How much a mistake at it costs; a whole text costs 1."""
    is_text: bool = False
    """A whole text, by which it is counted how rare words are."""


def text_samples(text: str, top: str, language: str) -> Iterator[Sample]:
    """The samples of one file of training texts: ``---`` between texts.

    Raises:
        ValueError: A text has no words.
    """
    for number, block in enumerate(text.split("\n---\n"), 1):
        lines = block.strip().removesuffix("\n---").splitlines()
        marked = bool(lines) and lines[0].startswith("#")
        second = lines[0].removeprefix(MARK).strip() if marked else None
        found = _found(lines[1:] if marked else lines, language)
        if not found:
            raise ValueError(f"expected a text, came no word: number {number} of {top}.{language}")
        yield Sample(found, top, second, is_text=True)


def word_samples(text: str, names: Taxonomy, language: str) -> Iterator[Sample]:
    """The samples of a list of words: a code, a tab, words with commas between.

    Raises:
        KeyError: A code is none of the taxonomy.
    """
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        code, _, listed = line.partition("\t")
        words = [word.strip() for word in listed.split(",")]
        top, second = _levels(code, names)
        for start in range(0, len(words), WORDS_TOGETHER):
            found = _found(words[start : start + WORDS_TOGETHER], language)
            if found:
                yield Sample(found, top, second)


def taxonomy_samples(names: Taxonomy) -> Iterator[Sample]:
    """The labels and definitions of all topics, English: no news, and so they count less."""
    for topic in names.topics.values():
        top, second = _levels(topic.code, names)
        yield Sample(_found((topic.label, topic.definition), "en"), top, second, 0.3)


def groups(samples: Sequence[Sample], alike: float) -> list[int]:
    """A number for each sample; near-alike ones (shared stems / all stems) have the same one."""
    number = list(range(len(samples)))
    stems = [frozenset(sample.found) for sample in samples]
    for later in range(len(samples)):
        for earlier in range(later):
            shared = len(stems[later] & stems[earlier])
            if shared >= alike * (len(stems[later]) + len(stems[earlier]) - shared):
                old, new = number[later], number[earlier]
                number = [new if one == old else one for one in number]
    return number


def _found(texts: Iterable[str], language: str) -> Mapping[str, int]:
    return counts(joined(texts), language)


def _levels(code: str, names: Taxonomy) -> tuple[str, str | None]:
    if code == NONE:
        return NONE, None
    path = names.path(code)
    return path[0], path[1] if len(path) > 1 else None
