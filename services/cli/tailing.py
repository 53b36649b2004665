"""``newswire tail``: events of a stream as they come, a line each."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from typing import Any, Final

import orjson

from services.cli.reach import log_of
from shared.cloudevents import json_line
from shared.consumer import BATCH_MAX, BLOCK_MS, stop_if_asked
from shared.errors import Rejected, Unavailable
from shared.events import TYPES_BY_STREAM, StreamName
from shared.faults import came, visible
from shared.log import Entry, Log
from shared.streams import ORIGIN, Checkpoint

PAUSE_S: Final = 0.5
"""Between two tries while the log is away."""
GIST_CHARS_MAX: Final = 200
"""Of what an event says; whoever wants all of it takes ``--json``."""

_DIM, _NUMBER, _ARTICLE, _RATE, _ALARM = "2", "36", "32", "33", "31"
_COLOURS: Final = {"article": _ARTICLE, "rate": _RATE, "deadletter": _ALARM}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be seen of a log."""

    stream: StreamName
    from_seq: int | None
    """None: what comes from now on."""
    types: frozenset[str]
    """Without ``newswire.``; empty: all."""

    def has(self, entry: Entry) -> bool:
        """Whether an event is of a wanted type."""
        name = entry.fields.get(b"type", b"").decode(errors="replace")
        return not self.types or name.removeprefix("newswire.") in self.types


def wanted(stream: str, from_seq: int | None, types: Sequence[str]) -> Wanted:
    """What was asked for.

    Raises:
        Rejected: there is no such stream, or no such type on it.
    """
    if stream not in TYPES_BY_STREAM:
        raise Rejected(f"expected one of {', '.join(TYPES_BY_STREAM)}, found {came(stream)}")
    known = sorted(name.removeprefix("newswire.") for name in TYPES_BY_STREAM[stream])
    for one in types:
        if one.removeprefix("newswire.") not in known:
            expected = f"expected a type of {stream}: {', '.join(known)}"
            raise Rejected(f"--type: {expected}; found {came(one)}")
    return Wanted(stream, from_seq, frozenset(one.removeprefix("newswire.") for one in types))


@dataclass(frozen=True, slots=True)
class Voice:
    """How things are said; ``wait`` waits so many seconds."""

    show: Callable[[Sequence[Entry]], object]
    warn: Callable[[str], object]
    wait: Callable[[float], Awaitable[object]]


async def run(url: str, desk: str, asked: Wanted, *, as_json: bool) -> None:
    """Show events of a Redis on stdout until cancelled.

    Raises:
        BrokenPipeError: nobody reads it any more. Rejected, LogDamaged: as ``tail``.
    """
    if isinstance(sys.stdout, TextIOWrapper):  # a terminal without Cyrillic: no reason to end
        sys.stdout.reconfigure(errors="backslashreplace")
    is_coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    def show(entries: Sequence[Entry]) -> None:
        for entry in entries:
            text = json_line(entry) if as_json else line(entry, is_coloured=is_coloured)
            sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    log = log_of(url, desk)
    try:
        await tail(
            log, asked, Voice(show, lambda text: sys.stderr.write(f"{text}\n"), asyncio.sleep)
        )
    finally:
        await log.close()


async def tail(log: Log, asked: Wanted, voice: Voice) -> None:
    """Show events until cancelled; goes on where it was after the log was away.

    Raises:
        Rejected: the log has no such event yet. LogDamaged: events are missing.
    """
    after: Checkpoint | None = None
    is_away = False
    while True:
        stop_if_asked()
        try:
            if after is None:
                after = await _begin(log, asked)
            entries = await log.follow(asked.stream, after, count=BATCH_MAX, block_ms=BLOCK_MS)
        except Unavailable as error:
            if not is_away:
                voice.warn(f"{error}; waiting for it")
            is_away = True
            await voice.wait(PAUSE_S)
            continue
        if is_away:
            voice.warn("the log answers again")
            is_away = False
        if entries:
            voice.show([entry for entry in entries if asked.has(entry)])
            after = entries[-1].checkpoint()


async def _begin(log: Log, asked: Wanted) -> Checkpoint:
    if asked.from_seq is not None:
        try:
            return await log.seek(asked.stream, asked.from_seq - 1)
        except Rejected as error:
            following = (await log.head(asked.stream)).seq + 1
            expected = f"expected a seq from 1 to {following}, the next of {asked.stream}"
            raise Rejected(f"--from {asked.from_seq}: {expected}. Leave it out to wait.") from error
    last = (await log.head(asked.stream)).last
    return last.checkpoint() if last else ORIGIN


def line(entry: Entry, *, is_coloured: bool = False) -> str:
    """An event for a person: when, seq, type, source, and what it says."""
    said = {name: entry.fields.get(name.encode(), b"").decode(errors="replace") for name in _SHOWN}
    kind = said["type"].removeprefix("newswire.")
    parts = (
        (said["recordedtime"], _DIM),
        (f"{entry.seq:>6}", _NUMBER),
        (f"{kind:<20}", _COLOURS.get(kind.partition(".")[0], _ALARM)),
        (said["source"].removeprefix("urn:newswire:source:"), _DIM),
        (_gist(entry.fields.get(b"data", b"")) or said["subject"], ""),
    )
    texts = [(_cut(visible(text)), colour) for text, colour in parts]
    if not is_coloured:
        return "  ".join(text for text, _ in texts)
    return "  ".join(f"\x1b[{c}m{text}\x1b[0m" if c else text for text, c in texts)


_SHOWN: Final = ("recordedtime", "type", "source", "subject")


def _gist(data: bytes) -> str:
    """What an event says in short; types that are not known too. Empty: nothing that we know."""
    try:
        said = orjson.loads(data)
    except orjson.JSONDecodeError:
        return "(its data are no JSON)"
    match said:
        case {"article": {"headline": str(headline)}}:
            return headline
        case {"rate": Mapping() as rate}:
            return _quotation(rate)
        case {"consumer": str(consumer), "subject": str(subject), "reason": str(reason)}:
            error = said.get("error")
            because = f"{reason}: {error}" if error else reason
            return f"{consumer} {subject}: {because}"
        case {"reason": str(reason)}:
            by = said.get("who") or said.get("by")
            return f"{reason} ({by})" if by else reason
        case _:
            return ""


def _quotation(rate: Mapping[str, Any]) -> str:
    nominal = rate.get("nominal")
    units = f" for {nominal}" if nominal not in (None, 1) else ""
    pair = f"{rate.get('base')}/{rate.get('quote')}={rate.get('value')}"
    return f"{pair}{units} as of {rate.get('as_of')}"


def _cut(text: str) -> str:
    return text if len(text) <= GIST_CHARS_MAX else text[: GIST_CHARS_MAX - 1] + "…"
