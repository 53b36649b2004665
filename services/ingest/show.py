"""``newswire parse``: what a document holds, without a broker."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

import orjson

from services.ingest import report
from services.ingest.files import unreadable
from services.ingest.observe import Sighting, Source
from services.ingest.parse import parse
from services.ingest.parse.document import Arrival, Problem
from services.ingest.parse.limits import DOCUMENT_BYTES_MAX
from services.ingest.recording import source_named
from services.ingest.replay import read_document
from shared import clock
from shared.faults import visible


def show(name: str, *, source: str | None, as_json: bool) -> int:
    """Print what a document holds; exit code 1: nothing of it could be taken, or printed."""
    seen = clock.now()
    sighting = _read(name, source, seen)
    if isinstance(sighting, Problem):
        said = report.problem_text(sighting)
        _print_lines([report.problem_line(sighting)] if as_json else [said])
        return 1
    lines = list(report.lines(sighting)) if as_json else list(report.text(sighting))
    is_printed = _print_lines(lines)
    return 0 if is_printed and (sighting.parsed.articles or sighting.parsed.rates) else 1


def _read(name: str, source: str | None, seen: datetime) -> Sighting | Problem:
    if name == "-":
        data = _stdin()
        if isinstance(data, Problem):
            return data
        return Sighting(parse(data, Arrival(seen.date())), Source(source or "stdin"), seen)
    path = Path(name)
    return read_document(path, Source(source or source_named(path.stem) or "document"), seen)


def _stdin() -> bytes | Problem:
    """What comes on the standard input, which may be a pipe."""
    if sys.stdin is None:  # it was closed before we began
        return Problem("unreadable", "stdin", "expected a document, came no standard input")
    try:
        return sys.stdin.buffer.read(DOCUMENT_BYTES_MAX + 1) or b""  # None: it would block
    except OSError as error:
        return unreadable(Path("stdin"), error)


def _print_lines(lines: list[report.Line] | list[str]) -> bool:
    """Whether the lines were printed, or as many of them as somebody wanted."""
    out = sys.stdout.buffer
    try:
        for line in lines:
            out.write(visible(line).encode() if isinstance(line, str) else orjson.dumps(line))
            out.write(b"\n")
        out.flush()
    except OSError as error:
        # Without this Python complains once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return True  # whoever read has enough
        sys.stderr.write(f"expected to print, could not: {error.strerror}\n")
        return False
    return True
