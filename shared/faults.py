"""What was wrong with a value, in words for a person that cannot steer a terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from itertools import islice
from typing import Final, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

FAULTS_MAX: Final = 20
"""Faults of one value that are told apart; whoever has mended those sends it again."""
NAMED_MAX: Final = 3
"""Faults that a sentence names; the rest is a number."""
CAME_CHARS_MAX: Final = 60
"""Enough of a value to know it again."""
_PATH_CHARS_MAX: Final = 120
_MESSAGE_CHARS_MAX: Final = 200
_INT_BITS_MAX: Final = 128  # Python refuses to write out integers of many thousand digits

_UNSEEN: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_SAID_ALREADY: Final = frozenset(
    {"missing", "extra_forbidden", "json_invalid", "value_error", "assertion_error"}
)
"""Kinds of error whose message needs no value, or has it."""


class Fault(NamedTuple):
    """One thing that was wrong with a value."""

    path: str
    """Where in the value: ``article.body[2]``; empty: the value itself."""
    message: str
    """What was expected and what came, on one line, without characters that are not seen."""


def faults(error: ValidationError, *, at: str = "") -> list[Fault]:
    """The first FAULTS_MAX faults of a value, in the order of its type.

    ``at`` is where the value stands in what was sent: ``data`` gives ``data.article.headline``.
    """
    details = error.errors(include_url=False, include_context=False)
    return [Fault(_path(at, one["loc"]), _message(one)) for one in islice(details, FAULTS_MAX)]


def sentence(error: ValidationError, *, at: str = "") -> str:
    """The first NAMED_MAX faults as ``path: message``, and how many more there are."""
    return told(faults(error, at=at), error.error_count())


def told(found: Sequence[Fault], count: int) -> str:
    """The first NAMED_MAX of so many faults as ``path: message``, and how many more there are."""
    named = [f"{one.path}: {one.message}" if one.path else one.message for one in found[:NAMED_MAX]]
    more = count - len(named)
    return "; ".join([*named, f"and {more} more"] if more else named)


def came(value: object) -> str:
    """A value as a message names it: what is short stands there, of the rest the kind."""
    if isinstance(value, str):
        return f"“{_cut(visible(value[: CAME_CHARS_MAX + 1]), CAME_CHARS_MAX)}”"
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, int) and value.bit_length() > _INT_BITS_MAX:
        return "a number of many digits"
    if isinstance(value, int | float | date | time):
        return str(value)
    return _kind(value)


def visible(text: str) -> str:
    r"""A text in which nothing moves a cursor or turns the reading: ``\x1b``, ``\u202e``.

    Written out are control characters, line breaks too, marks of writing direction and halves of
    characters; every letter of every script stays.
    """
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def _kind(value: object) -> str:
    match value:
        case Mapping():
            return "an object"
        case list() | tuple():
            return "a list"
        case _:
            return f"a value of type {type(value).__name__}"


def _path(at: str, steps: tuple[int | str, ...]) -> str:
    path = at
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        elif _PLAIN_NAME.fullmatch(step):
            path += f".{_cut(step, CAME_CHARS_MAX)}" if path else _cut(step, CAME_CHARS_MAX)
        else:
            path += f"[{came(step)}]"
    return _cut(path, _PATH_CHARS_MAX)


def _message(detail: ErrorDetails) -> str:
    given = detail["input"]
    said = detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    if isinstance(given, str) and len(given) > CAME_CHARS_MAX:
        said = said.replace(given, _cut(given, CAME_CHARS_MAX))
    if detail["type"] not in _SAID_ALREADY:
        said += f", came {came(given)}"
    return _cut(visible(said), _MESSAGE_CHARS_MAX)


def _cut(text: str, chars_max: int) -> str:
    return text if len(text) <= chars_max else text[: chars_max - 1] + "…"
