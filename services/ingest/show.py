"""``newswire parse``: what a document holds, without a broker."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

import orjson

from services.ingest import report
from services.ingest.observe import Sighting, Source
from services.ingest.parse import parse
from services.ingest.parse.document import Problem
from services.ingest.parse.limits import DOCUMENT_BYTES_MAX
from services.ingest.recording import source_named
from services.ingest.replay import read_document
from shared import clock


def show(name: str, *, source: str | None, as_json: bool) -> int:
    """Print what a document holds; exit code 1: nothing of it could be taken."""
    seen = clock.now()
    sighting = _read(name, source, seen)
    if isinstance(sighting, Problem):
        said = f"{sighting.reason} at {sighting.where}: {sighting.detail}"
        _print_lines([report.problem_line(sighting)] if as_json else [said])
        return 1
    _print_lines(list(report.lines(sighting)) if as_json else list(report.text(sighting)))
    return 0 if sighting.parsed.articles or sighting.parsed.rates else 1


def _read(name: str, source: str | None, seen: datetime) -> Sighting | Problem:
    if name == "-":
        data = sys.stdin.buffer.read(DOCUMENT_BYTES_MAX + 1)
        return Sighting(parse(data, observed_on=seen.date()), Source(source or "stdin"), seen)
    path = Path(name)
    return read_document(path, Source(source or source_named(path.stem) or "document"), seen)


def _print_lines(lines: list[report.Line] | list[str]) -> None:
    out = sys.stdout.buffer
    try:
        for line in lines:
            out.write(line.encode() if isinstance(line, str) else orjson.dumps(line))
            out.write(b"\n")
        out.flush()
    except BrokenPipeError:
        # Whoever read has enough; without this Python complains once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
