"""From the tree of a search to what SQLite is asked, made of nothing but quoted words.

A word becomes all that may stand for it in the index: itself, and its stem in each language asked.
Nothing that was typed reaches SQLite but letters and digits, folded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, TypeAlias, assert_never

from services.api.search.syntax import (
    All,
    Either,
    InHeadline,
    Phrase,
    Prefix,
    Tree,
    Without,
    Word,
)
from shared.search.folding import is_cyrillic
from shared.search.stems import ENGLISH, RUSSIAN, TURKIC, UZBEK, Inflection, inflection
from shared.search.words import WORD, composed, folded_parts, joint, marked

WORDS_KEPT_MAX: Final = 3_000
"""Words of searches with what they become: searches repeat themselves. About 10 MB; 70, were each a
verb with eighty forms."""

_LATIN: Final = (ENGLISH, UZBEK)
_CYRILLIC: Final = (RUSSIAN, TURKIC, UZBEK)
_COMMON: Final = """
a an and as at by for from in is of on or the to was with
в во и из к ко на о об от по под при с со у за до для не
мен пен бен менен va bilan
"""
_PASSED_OVER: Final = frozenset(_COMMON.split())
"""Words that stand in every text: a search for words finds texts without them, too."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What in a text is shown as found: one of these words, by what is indexed of it."""

    tokens: frozenset[str] = frozenset()
    beginning: str = ""
    """Every word that begins so; empty: none."""
    sequence: tuple[str, ...] = ()
    """Words that must follow one another; empty: each stands for itself."""
    is_headline_only: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """What SQLite is asked, and what is shown of its answer."""

    expression: str
    """Of FTS5, for the table ``search``."""
    hits: tuple[Hit, ...]


def match_of(tree: Tree, language: str | None) -> Match:
    """What a search asks; ``language``: of the only articles that are asked."""
    asked = None if language is None else (inflection(language),)
    return Match(_expression(tree, asked), tuple(_hits(tree, asked, is_headline_only=False)))


_Asked: TypeAlias = tuple[Inflection, ...] | None
"""How words of the articles asked are inflected; None: in any way."""
_Term: TypeAlias = Word | Prefix | Phrase


def _expression(tree: Tree, asked: _Asked) -> str:
    match tree:
        case Word() | Prefix() | Phrase():
            hits = _term_hits(tree, asked)
            return "(" + (" OR ".join(_quoted(hit) for hit in hits) or _NOTHING) + ")"
        case InHeadline(what):
            return f"headline : ({_expression(what, asked)})"
        case Either(parts):
            return "(" + " OR ".join(_expression(part, asked) for part in parts) + ")"
        case All(parts):
            return _all(parts, asked)
        case Without():
            raise AssertionError("the parser lets none stand alone")
        case _:
            assert_never(tree)


_NOTHING: Final = '"¦"'
"""A mark without a stem is never indexed. It stands for what folds to nothing."""


def _all(parts: tuple[Tree, ...], asked: _Asked) -> str:
    wanted = [part for part in parts if not isinstance(part, Without)]
    meant = [part for part in wanted if not _is_passed_over(part)] or wanted
    text = " AND ".join(_expression(part, asked) for part in meant)
    without = [_expression(part.what, asked) for part in parts if isinstance(part, Without)]
    return f"(({text}) NOT ({' OR '.join(without)}))" if without else f"({text})"


def _is_passed_over(tree: Tree) -> bool:
    return isinstance(tree, Word) and tree.text.casefold() in _PASSED_OVER


def _quoted(hit: Hit) -> str:
    if hit.beginning:
        return f'"{hit.beginning}" *'
    if hit.sequence:
        return '"' + " ".join(hit.sequence) + '"'
    return " OR ".join(f'"{token}"' for token in sorted(hit.tokens))


def _hits(tree: Tree, asked: _Asked, *, is_headline_only: bool) -> Iterator[Hit]:
    match tree:
        case Word() | Prefix() | Phrase():
            if not _is_passed_over(tree):
                for hit in _term_hits(tree, asked):
                    yield replace(hit, is_headline_only=is_headline_only)
        case InHeadline(what):
            yield from _hits(what, asked, is_headline_only=True)
        case Either(parts) | All(parts):
            for part in parts:
                yield from _hits(part, asked, is_headline_only=is_headline_only)
        case Without():
            return
        case _:
            assert_never(tree)


@lru_cache(maxsize=WORDS_KEPT_MAX)
def _term_hits(term: _Term, asked: _Asked) -> tuple[Hit, ...]:
    text = composed(term.text)
    inflections = asked or (_CYRILLIC if is_cyrillic(text.casefold()) else _LATIN)
    match term:
        case Word():
            return tuple(_word_hits(text, inflections))
        case Prefix():
            beginnings = {"".join(folded_parts(text, each)) for each in inflections}
            return tuple(Hit(beginning=one) for one in sorted(beginnings) if one)
        case Phrase():
            return tuple(_sequences(text, inflections))


def _word_hits(text: str, inflections: Sequence[Inflection]) -> Iterator[Hit]:
    tokens: set[str] = set()
    for each in inflections:
        parts = folded_parts(text, each)
        if len(parts) == 1:
            for form in (parts[0], *each.others(parts[0])):
                stem = marked(form, each)
                tokens |= {form, stem}
                if not each.is_always_marked:  # of Бадахшане the stem is Бадахшан, of that another
                    tokens |= {stem[1:], each.mark + form}
        elif parts:
            tokens.add(joint(parts, each))
    if tokens:
        yield Hit(tokens=frozenset(tokens))
    yield from (one for one in _sequences(text, inflections) if len(one.sequence) > 1)


def _sequences(text: str, inflections: Sequence[Inflection]) -> Iterator[Hit]:
    found = {
        tuple(part for word in WORD.findall(text) for part in folded_parts(word, each))
        for each in inflections
    }
    yield from (Hit(sequence=one) for one in sorted(found) if one)
