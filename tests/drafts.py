"""Small events for tests of the log, which does not look into them."""

from __future__ import annotations

from shared.events import StreamName
from shared.log import Draft, Entry, Log, Output
from shared.streams import ORIGIN, Checkpoint


def draft(subject: str = "a", content: str = "one", expected: int = 0, *, size: int = 0) -> Draft:
    """An event about a subject; its id is ``subject/content``."""
    fields = (b"id", f"{subject}/{content}".encode(), b"data", b"x" * size)
    return Draft(subject, content, expected, fields)


def output(name: str, version: int = 1, stream: StreamName = "wire", *, size: int = 0) -> Output:
    """A consumer's event; its id is ``name``."""
    return Output(stream, version, (b"id", name.encode(), b"data", b"x" * size))


async def filled(log: Log, count: int) -> list[Checkpoint]:
    """Checkpoints of ``count`` events about as many subjects, with ids ``s1/one`` and so on."""
    await log.append("articles", [draft(f"s{n}") for n in range(1, count + 1)])
    entries = await log.follow("articles", ORIGIN, count=count)
    return [entry.checkpoint() for entry in entries]


def ids(entries: list[Entry]) -> list[str]:
    """The ids of entries, in order."""
    return [entry.event_id for entry in entries]


def seqs(entries: list[Entry]) -> list[int]:
    """The seqs of entries, in order."""
    return [entry.seq for entry in entries]


def versions(entries: list[Entry]) -> list[int]:
    """The versions of entries, in order."""
    return [int(entry.fields[b"version"]) for entry in entries]
