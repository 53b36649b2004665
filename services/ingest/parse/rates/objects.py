"""JSON as banks write it: a list of objects, their numbers as the text that stands there."""

from __future__ import annotations

import json
import re
from typing import Final

from services.ingest.parse.document import Problem
from services.ingest.parse.problems import WHOLE_DOCUMENT

_LIST: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*\{")
_HEAD_BYTES: Final = 8_192

Object = dict[str, object]


def begins_with(data: bytes, *names: bytes) -> bool:
    """Whether the bytes begin a list of objects that have these names, in any order."""
    head = data[:_HEAD_BYTES]
    return _LIST.match(head) is not None and all(b'"' + name + b'"' in head for name in names)


def read_objects(data: bytes) -> list[Object] | Problem:
    """The objects of a list, or why nothing is taken; what is no object stands as an empty one.

    ``15.0930`` stays ``15.0930``, also where it is no string. Source: RFC 8259 6.
    """
    try:
        found = json.loads(
            data.decode("utf-8-sig"), parse_int=str, parse_float=str, parse_constant=str
        )
    except UnicodeDecodeError as error:
        came = f"expected UTF-8, came bad bytes at {error.start}"
        return Problem("undecodable", WHOLE_DOCUMENT, came)
    except json.JSONDecodeError as error:
        came = f"expected well-formed JSON, came: {error.msg}; ask for the document again"
        return Problem("not-well-formed", f"line {error.lineno}", came)
    except RecursionError:
        came = "expected JSON that is not nested so deep"
        return Problem("not-well-formed", WHOLE_DOCUMENT, came)
    if not isinstance(found, list):
        return Problem("unsupported", WHOLE_DOCUMENT, "expected a list of rates, came other JSON")
    return [one if isinstance(one, dict) else {} for one in found]


def text_at(said: Object, name: str) -> str:
    """A string or number as its text; empty: it is neither, or not there."""
    value = said.get(name)
    return value.strip() if isinstance(value, str) else ""
