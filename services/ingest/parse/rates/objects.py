"""JSON as banks write it: a list of objects, their numbers as the text that stands there."""

from __future__ import annotations

import re
from typing import Final

from services.ingest.parse.document import Problem
from services.ingest.parse.json_text import decoded, value_of
from services.ingest.parse.problems import WHOLE_DOCUMENT
from services.ingest.parse.rates.sheet import legible

_LIST: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*\{")
_HEAD_BYTES: Final = 8_192

Object = dict[str, object]


def begins_with(data: bytes, *names: bytes) -> bool:
    """Whether the bytes begin a list of objects that have these names, in any order."""
    head = data[:_HEAD_BYTES]
    return _LIST.match(head) is not None and all(b'"' + name + b'"' in head for name in names)


def read_objects(data: bytes) -> list[Object] | Problem:
    """The objects of a list, or why nothing is taken; what is no object stands as an empty one."""
    text = decoded(data)
    found = text if isinstance(text, Problem) else value_of(text.text)
    if isinstance(found, Problem):
        return found
    if not isinstance(found, list):
        return Problem("unsupported", WHOLE_DOCUMENT, "expected a list of rates, came other JSON")
    return [one if isinstance(one, dict) else {} for one in found]


def text_at(said: Object, name: str) -> str:
    """A string or number as its text; empty: it is neither, or not there."""
    value = said.get(name)
    return legible(value).strip() if isinstance(value, str) else ""
