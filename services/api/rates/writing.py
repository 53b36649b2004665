"""Answers about rates in the form that was asked for: JSON, CSV or one item a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from starlette.responses import Response

from services.api.rates.parameters import Format

NDJSON: Final = "application/x-ndjson"
CSV: Final = "text/csv; header=present"


@dataclass(frozen=True, slots=True)
class Written:
    """An answer before it has a form."""

    items: Sequence[Any]
    """The rows of the table, mappings; the lines of NDJSON, these or ready JSON."""
    columns: Sequence[str]
    """Members of an item that the table shows, in order; each is a text, a number, some
    texts or null."""
    body: Mapping[str, Any]
    """The JSON document, items and all."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """What a table has no place for: where it goes on, what was left out."""


def answer(written: Written, form: Format, validators: Mapping[str, str]) -> Response:
    """The answer in its form; ``validators``: headers by which it is asked for again."""
    headers = {**validators, **written.headers}
    match form:
        case "json":
            return Response(orjson.dumps(written.body), 200, headers, "application/json")
        case "ndjson":
            lines = b"".join(orjson.dumps(item) + b"\n" for item in written.items)
            return Response(lines, 200, headers, NDJSON)
        case "csv":
            return Response(_table(written), 200, headers, CSV)


def _table(written: Written) -> str:
    """A table as RFC 4180 has it; a null is an empty field."""
    text = io.StringIO()
    # What the fields may hold is ids, codes, numbers and days: no spreadsheet runs any of it.
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(written.columns)
    rows.writerows([_field(item[name]) for name in written.columns] for item in written.items)
    return text.getvalue()


def _field(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list():
            return " ".join(value)
        case _:
            return str(value)
