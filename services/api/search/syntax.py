"""The language of a search: from what was typed to a tree, or to a fault with its place.

    search  = some ("OR" some)*
    some    = one ("AND"? one)*
    one     = ("NOT" | "-") one | "headline:" one | "(" search ")" | '"' words '"' | word "*"?

AND, OR and NOT are words of the language in capitals alone. Words side by side must all be there.
Whatever else is typed separates words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

CHARS_MAX: Final = 300
"""Of a search: a long headline, pasted."""
TERMS_MAX: Final = 20
"""Words and phrases of a search: each costs a walk through the index."""
DEPTH_MAX: Final = 5
"""Of brackets, NOT and headline: in one another: nobody reads more."""
PREFIX_CHARS_MIN: Final = 3
"""Letters before ``*``: fewer begin too many words."""
FIELD: Final = "headline"


class SearchFault(Exception):  # a fault of what was typed, told to who typed it
    """What was typed is no search."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position
        """From 1: the character that cannot stand there; one more than there are: the end."""
        self.message = message
        """What was expected, what came, what to do."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word in any of its forms."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word that begins so."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other, as they stand."""

    text: str


@dataclass(frozen=True, slots=True)
class InHeadline:
    """What has to be in the headline."""

    what: Tree


@dataclass(frozen=True, slots=True)
class Without:
    """What must not be there."""

    what: Tree


@dataclass(frozen=True, slots=True)
class All:
    """What must all be there; at least one of it is no ``Without``."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Of what one must be there; none of it is a ``Without``."""

    parts: tuple[Tree, ...]


Tree: TypeAlias = Word | Prefix | Phrase | InHeadline | Without | All | Either

_Kind = Literal["word", "prefix", "phrase", "field", "not", "and", "or", "open", "close", "end"]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: _Kind
    text: str
    position: int


_CLOSING: Final = {'"': '"', "“": "”", "„": "“", "«": "»"}
_OPERATORS: Final[dict[str, _Kind]] = {"AND": "and", "OR": "or", "NOT": "not"}
_BRACKETS: Final[dict[str, _Kind]] = {"(": "open", ")": "close"}
_CHUNK: Final = re.compile(r"[^\s\"“”„«»():*]+")
_EXCLUDING: Final = re.compile(r"(?<![^\s(:])-(?=[^\W_]|[(\"“„«])")
"""A hyphen at the beginning of what must not be there, and no dash."""
_MEANT: Final = re.compile(r"[^\W_]")
"""A letter or a digit."""
_TERMS: Final = ("word", "prefix", "phrase")


def parse(typed: str) -> Tree:
    """What is searched for.

    Raises:
        SearchFault: it is no search.
    """
    if len(typed) > CHARS_MAX:
        raise SearchFault(
            CHARS_MAX + 1,
            f"Expected at most {CHARS_MAX} characters, came {len(typed)}. Shorten the search",
        )
    tokens = list(_tokens(typed))
    terms = [token for token in tokens if token.kind in _TERMS]
    if len(terms) > TERMS_MAX:
        raise SearchFault(
            terms[TERMS_MAX].position,
            f"Expected at most {TERMS_MAX} words, came {len(terms)}. Leave some out",
        )
    if not tokens:
        raise SearchFault(1, "Expected a word with a letter or a digit, came none. Type one")
    return _Parser([*tokens, _Token("end", "", len(typed) + 1)]).whole()


def _tokens(typed: str) -> Iterator[_Token]:
    at = 0
    while at < len(typed):
        begin, sign = at, typed[at]
        if sign in _CLOSING:
            at = _closed(typed, at)
            if _MEANT.search(text := typed[begin + 1 : at]):
                yield _Token("phrase", text, begin + 1)
            at += 1
        elif sign in _BRACKETS:
            at += 1
            yield _Token(_BRACKETS[sign], sign, begin + 1)
        elif sign == "*":
            raise SearchFault(
                begin + 1,
                "Expected the beginning of a word before *, came none. Write it as in electri*",
            )
        elif _EXCLUDING.match(typed, at):
            at += 1
            yield _Token("not", sign, begin + 1)
        elif chunk := _CHUNK.match(typed, at):
            token, at = _chunk(typed, chunk)
            if token:
                yield token
        else:
            at += 1


def _closed(typed: str, at: int) -> int:
    """Where a quotation ends that begins here."""
    wanted = (_CLOSING[typed[at]], '"', "”")
    ends = [end for sign in wanted if (end := typed.find(sign, at + 1)) >= 0]
    if not ends:
        raise SearchFault(
            at + 1, f"Expected a closing {_CLOSING[typed[at]]}, came the end. Close the quotation"
        )
    return min(ends)


def _chunk(typed: str, found: re.Match[str]) -> tuple[_Token | None, int]:
    """A run of characters as a word, beginning of words, operator or field; and what follows."""
    text, position, end = found[0], found.start() + 1, found.end()
    following = typed[end : end + 1]
    if text in _OPERATORS:
        return _Token(_OPERATORS[text], text, position), end
    if following == ":" and text.isalpha() and typed[end + 1 : end + 2].strip(" /"):
        if text.casefold() != FIELD:
            raise SearchFault(
                position,
                f"Expected {FIELD}: as the only field, came {text}:. Put a blank behind the colon "
                "if it belongs to the text",
            )
        return _Token("field", text, position), end + 1
    if following == "*":
        letters = _MEANT.findall(text)
        if len(letters) < PREFIX_CHARS_MIN:
            raise SearchFault(
                position,
                f"Expected at least {PREFIX_CHARS_MIN} letters before *, came {len(letters)}. "
                "Type more of the word",
            )
        return _Token("prefix", text, position), end + 1
    return (_Token("word", text, position) if _MEANT.search(text) else None), end


class _Parser:
    """Reads tokens from left to right."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens, self._at, self._depth = tokens, 0, 0

    def whole(self) -> Tree:
        """The tree of all tokens."""
        tree = self._search()
        if self._next.kind != "end":
            raise SearchFault(
                self._next.position, "Expected no closing bracket here, came ). Take it out"
            )
        return tree

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        self._at += 1
        return token

    def _search(self) -> Tree:
        parts = [self._some()]
        while self._next.kind == "or":
            self._take()
            parts.append(self._some())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _some(self) -> Tree:
        begin = self._next
        parts = [self._one()]
        while self._next.kind not in ("or", "close", "end"):
            if self._next.kind == "and":
                self._take()
            parts.append(self._one())
        if all(isinstance(part, Without) for part in parts):
            raise SearchFault(
                begin.position,
                "Expected a word that must be there, came only what must not. Add one before it",
            )
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self) -> Tree:
        token = self._take()
        match token.kind:
            case "word":
                return Word(token.text)
            case "prefix":
                return Prefix(token.text)
            case "phrase":
                return Phrase(token.text)
            case "not":
                return Without(self._inside(token))
            case "field":
                return InHeadline(self._inside(token))
            case "open":
                return self._bracket(token)
            case _:
                raise SearchFault(
                    token.position,
                    f"Expected a word, came {token.text or 'the end'}. Type a word there, or put "
                    'it in quotes: "OR"',
                )

    def _inside(self, token: _Token) -> Tree:
        """What an operator is said of."""
        self._deeper(token)
        tree = self._one()
        self._depth -= 1
        if isinstance(tree, Without):
            raise SearchFault(
                token.position, f"Expected a word behind {token.text}, came NOT. Take one out"
            )
        return tree

    def _bracket(self, token: _Token) -> Tree:
        self._deeper(token)
        tree = self._search()
        self._depth -= 1
        if self._next.kind != "close":
            raise SearchFault(
                token.position, "Expected ) for this bracket, came none. Close the bracket"
            )
        self._take()
        return tree

    def _deeper(self, token: _Token) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise SearchFault(
                token.position,
                f"Expected at most {DEPTH_MAX} brackets in one another, came more. Make the "
                "search simpler",
            )
