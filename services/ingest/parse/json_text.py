"""JSON as it stands in a document: numbers stay the text that they are.

An id of twenty digits is one, and a rate of ``15.0930`` keeps its nought. Source: RFC 8259 6.
"""

from __future__ import annotations

import json
from typing import Final, NamedTuple

from services.ingest.parse.document import Problem
from services.ingest.parse.problems import WHOLE_DOCUMENT

_HEAD_BYTES: Final = 4_096
_WIDE: Final = ("utf-16", "utf-32")


class Decoded(NamedTuple):
    """The text of a document."""

    text: str
    encoding: str
    """Python's name."""

    @property
    def is_wide(self) -> bool:
        """Whether it is UTF-16 or UTF-32, which JSON is not."""
        return self.encoding.startswith(_WIDE)


def decoded(data: bytes) -> Decoded | Problem:
    """The text of a document of JSON, without a byte order mark.

    Source: RFC 8259 8.1: UTF-8. UTF-16 and UTF-32 are known by how they begin: RFC 4627 3.
    """
    name = json.detect_encoding(data)
    encoding = name.removesuffix("-sig")
    try:
        return Decoded(data.decode(name), encoding)
    except UnicodeDecodeError as error:
        came = f"expected {encoding.upper()}, came bad bytes at {error.start}; save it as UTF-8"
        return Problem("undecodable", WHOLE_DOCUMENT, came)


def beginning(data: bytes) -> str:
    """The first characters of a document in any encoding of JSON, without a mark."""
    head = data[:_HEAD_BYTES]
    return head.decode(json.detect_encoding(head), "replace").removeprefix("\ufeff")


def is_wide(data: bytes) -> bool:
    """Whether JSON begins as it does in UTF-16 or UTF-32."""
    return json.detect_encoding(data[:_HEAD_BYTES]).startswith(_WIDE)


def value_of(text: str, where: str = "") -> object:
    """A value of JSON, or the ``Problem`` that there is none.

    ``where`` is for a person; empty: the line in which it breaks is told.
    """
    try:
        value: object = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        came = f"expected well-formed JSON, came: {error.msg} in column {error.colno}"
        return Problem("not-well-formed", where or f"line {error.lineno}", came)
    except RecursionError:
        came = "expected JSON that is not nested so deep"
        return Problem("not-well-formed", where or WHOLE_DOCUMENT, came)
    return value
