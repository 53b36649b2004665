"""JSON as it stands in a document: numbers stay the text that they are.

An id of twenty digits is one, and a rate of ``15.0930`` keeps its nought. Source: RFC 8259 6.
"""

from __future__ import annotations

import json

from services.ingest.parse.document import Problem
from services.ingest.parse.problems import WHOLE_DOCUMENT


def decoded(data: bytes) -> str | Problem:
    """The text of a document of JSON, without a byte order mark. Source: RFC 8259 8.1."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        came = f"expected UTF-8, came bad bytes at {error.start}; save it as UTF-8"
        return Problem("undecodable", WHOLE_DOCUMENT, came)


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
