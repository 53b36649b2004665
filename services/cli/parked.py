"""What the consumers have set aside: enrichment on the log, the projection in its view file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar, cast

import orjson

from services.cli.reach import log_of
from shared import views
from shared.consumer import fold
from shared.envelope import decode
from shared.errors import Rejected, Unavailable
from shared.events import StreamName
from shared.instants import rfc3339
from shared.letters import Letter, Letters
from shared.log import Entry, Log
from shared.streams import ENRICHMENT_ARTICLES, ENRICHMENT_RATES, PROJECTION, Position

T = TypeVar("T")

ON_LOG: Final = (ENRICHMENT_ARTICLES, ENRICHMENT_RATES)
"""Consumers whose dead letters are events; the projection's are rows of its file."""
CONSUMERS: Final = (*ON_LOG, PROJECTION)
ANSWER_S_MAX: Final = 2.0
"""Longest wait for one answer of Redis: who looks is told within 3 s that it does not answer."""


@dataclass(frozen=True, slots=True)
class Parked:
    """An event that a consumer has set aside."""

    consumer: str
    stream: str
    subject: str
    seq: int
    """Of the event in its stream."""
    position: str
    event_type: str
    reason: str
    """``failed``, or ``behind`` an earlier one of its subject."""
    error: str
    attempts: int
    code_version: str
    parked_at: str | None
    """None: the view file does not say when."""
    is_retried: bool
    """Whether an operator wants it retried, and the consumer has not come to it yet."""


async def letters_on(log: Log) -> dict[str, Letters]:
    """The dead letters of each consumer that commits on the log."""
    found = {consumer: Letters(consumer) for consumer in ON_LOG}

    def take(entry: Entry) -> None:
        recorded = decode("deadletters", entry)
        if (letters := found.get(recorded.event.consumer)) is not None:
            letters.fold(recorded)

    await fold(log, "deadletters", take)
    return found


async def all_parked(log: Log, views_dir: Path) -> list[Parked]:
    """Everything that is set aside, by consumer and seq.

    Raises:
        Unavailable: the log does not answer, or the view file cannot be read.
    """
    of_log: list[Parked] = []
    for letters in (await letters_on(log)).values():
        retried = set(letters.to_be_retried())
        of_log += [
            _from_letter(letter, is_retried=letter.parked.subject in retried)
            for letter in letters.all()
        ]
    return of_log + _in_views(views_dir)


async def one_parked(
    log: Log, views_dir: Path, consumer: str, seq: int
) -> tuple[Parked, Entry | None]:
    """One that is set aside, with its event as it lies on the log; None: it is not there any more.

    Raises:
        Rejected: there is no such consumer, or it has set aside no event with this seq.
    """
    check_consumer(consumer)
    for each in await all_parked(log, views_dir):
        if (each.consumer, each.seq) == (consumer, seq):
            stream = cast("StreamName", each.stream)  # a consumer's, checked with it
            return each, await log.entry(stream, Position(each.position))
    raise Rejected(f"{consumer} has set aside no event {seq}; see `newswire deadletters list`")


def check_consumer(consumer: str) -> None:
    """Raise Rejected unless it is one of ours."""
    if consumer not in CONSUMERS:
        raise Rejected(f"expected a consumer, one of {', '.join(CONSUMERS)}; found {consumer!r}")


async def asked(redis_url: str, desk: str, ask: Callable[[Log], Awaitable[T]]) -> T:
    """What the log answers; its connections are closed."""
    log = log_of(redis_url, desk, ANSWER_S_MAX)
    try:
        return await ask(log)
    finally:
        await log.close()


def as_json(entry: Entry) -> dict[str, object]:
    """An entry's fields, its data decoded where they are JSON."""
    said: dict[str, object] = {
        name.decode(errors="replace"): value.decode(errors="replace")
        for name, value in entry.fields.items()
    }
    with suppress(orjson.JSONDecodeError):  # else shown as the text that it is
        said["data"] = orjson.loads(entry.fields.get(b"data", b"null"))
    return said


def _from_letter(letter: Letter, *, is_retried: bool) -> Parked:
    said = letter.parked
    return Parked(
        said.consumer, said.stream, said.subject, said.seq, said.position, said.event_type,
        said.reason, said.error, said.attempts, said.code_version, rfc3339(said.parked_at),
        is_retried,
    )  # fmt: skip


def _in_views(views_dir: Path) -> list[Parked]:
    try:
        connection = views.open_reader(views.live_file(views_dir))
    except Unavailable:
        return []  # no projection has run here
    with closing(connection):
        try:
            rows = connection.execute("SELECT * FROM parked ORDER BY seq").fetchall()
        except views.FileError as error:
            raise Unavailable(f"the views cannot be read: {error}") from error
    return [
        Parked(
            PROJECTION, "wire", row["subject"], row["seq"], row["position"], row["type"],
            row["reason"], row["error"], row["attempts"], row["code_version"], None, False,
        )
        for row in rows
    ]  # fmt: skip
