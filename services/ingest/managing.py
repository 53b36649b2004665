"""``newswire sources``: what is read, how each source is, and what one would give."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import orjson
import structlog
from pydantic import ValidationError

from services.ingest import report
from services.ingest.fence import Fence
from services.ingest.fetch import Failed, Fetched, HttpFetcher, Unmodified, Validators
from services.ingest.files import read as read_file
from services.ingest.observe import Sighting
from services.ingest.parse.document import Parsed, Problem
from services.ingest.polling import KINDS, arrival_of
from services.ingest.sources import opml
from services.ingest.sources.config import SourceConfig
from services.ingest.sources.edit import every_text, with_sources, without_source
from services.ingest.sources.file import SourcesFile
from shared import clock
from shared.errors import Rejected
from shared.faults import came, sentence, visible
from shared.instants import rfc3339
from shared.polls import Poll
from shared.redis_state import RedisTable
from shared.settings import Settings
from shared.state import POLLS

_TITLE: Final = "Newswire sources"


async def sources(chosen: Settings, asked: Namespace) -> int:
    """Do what was asked about sources; the exit code.

    Raises:
        Rejected: it cannot be done, with the reason.
    """
    file = SourcesFile(chosen.sources_file)
    file.has_changed()
    if file.problem:
        raise Rejected(file.problem)
    match asked.action:
        case "list":
            polls = await _polls(chosen) if asked.redis else {}
            _print(_listed(file.sources, polls, as_json=asked.json))
        case "show":
            one = _named(file.sources, asked.id)
            polls = await _polls(chosen) if asked.redis else {}
            _print(_shown(one, polls.get(one.id)))
        case "add":
            return await _add(chosen, file, asked)
        case "remove":
            file.write(without_source(file.text(), asked.id))
            _print([f"removed: {asked.id}; what it has published stays"])
        case "test":
            return await _test(chosen, _asked(file.sources, asked.what), as_json=asked.json)
        case "import-opml":
            return _import(file, Path(asked.file))
        case _:
            sys.stdout.buffer.write(opml.written(file.sources, _TITLE))
    return 0


def _named(found: Sequence[SourceConfig], its_id: str) -> SourceConfig:
    for one in found:
        if one.id == its_id:
            return one
    raise Rejected(f"there is no source {came(its_id)}; `newswire sources list` shows them")


def _asked(found: Sequence[SourceConfig], what: str) -> SourceConfig:
    """A source by its id, or an address that is none yet."""
    return _made("test", what, {}) if "://" in what else _named(found, what)


def _made(its_id: str, url: str, said: dict[str, object]) -> SourceConfig:
    try:
        return SourceConfig.model_validate({"id": its_id, "url": url, **said})
    except ValueError as error:
        raise Rejected(
            sentence(error) if isinstance(error, ValidationError) else str(error)
        ) from error


async def _polls(chosen: Settings) -> dict[str, Poll]:
    store = RedisTable(POLLS, chosen.redis_url, chosen.desk)
    try:
        return {poll.source: poll for poll in await store.all()}
    finally:
        await store.close()


def _listed(
    found: Sequence[SourceConfig], polls: dict[str, Poll], *, as_json: bool
) -> Iterator[str]:
    if not found and not as_json:
        yield "no sources yet; `newswire sources add ID URL` adds one"
    for one in found:
        poll = polls.get(one.id)
        if as_json:
            yield orjson.dumps({**one.model_dump(mode="json"), "state": poll}).decode()
        else:
            yield f"{one.id:<28} {state(one, poll):<34} {one.url}"


def state(one: SourceConfig, poll: Poll | None) -> str:
    """``ok, next 2026-03-02T06:10:00Z``: how a source is, in a few words."""
    if not one.enabled:
        return "not read"
    if poll is None or poll.polled_at is None:
        return "never read"
    unquiet = "failed" if poll.failures else "ok" if poll.ok_at else "being read"
    said = poll.quiet or unquiet
    return f"{said}, next {rfc3339(poll.next_at)[:16]}Z" if poll.next_at else said


def _shown(one: SourceConfig, poll: Poll | None) -> Iterator[str]:
    for name, value in one.model_dump(exclude_none=True).items():
        yield f"{name}: {every_text(value) if name == 'every' else value}"
    if poll is None:
        return
    yield f"state: {state(one, poll)}"
    for name in ("polled_at", "ok_at", "new_at", "next_at", "moved_to", "problem", "quiet_since"):
        value = getattr(poll, name)
        if value is not None:
            yield f"{name}: {rfc3339(value) if isinstance(value, datetime) else value}"
    if poll.failures:
        yield f"failures in a row: {poll.failures}"


async def _add(chosen: Settings, file: SourcesFile, asked: Namespace) -> int:
    """Add a source that answers; the feed that a page names stands for the page."""
    names = ("name", "format", "every", "language", "zone", "trust_rank", "display", "rights")
    said = {name: value for name in names if (value := getattr(asked, name)) is not None}
    config = _made(asked.id, asked.url, said)
    if not asked.unseen:
        parsed = await _looked(chosen, config)
        if isinstance(parsed, str):
            raise Rejected(f"{parsed}; --unseen adds it all the same")
        feeds = parsed.about.feeds if parsed.about else ()
        if feeds and not parsed.articles and config.format in {"auto", "feed"}:
            config = _made(asked.id, feeds[0], said)
            _print([f"the page names a feed: {feeds[0]}"])
        elif why := _refusal(parsed):
            raise Rejected(f"{report.problem_text(why)}; --unseen adds it all the same")
    file.write(with_sources(file.text(), [config]))
    _print([f"added: {config.id} ({config.url}) to {file.path}"])
    return 0


def _refusal(parsed: Parsed) -> Problem | None:
    """Why a source gives nothing; None: it gives something, or is empty for the time being."""
    if parsed.articles or parsed.rates or parsed.listed:
        return None
    return next((one for one in parsed.problems if one.reason != "empty"), None)


async def _test(chosen: Settings, config: SourceConfig, *, as_json: bool) -> int:
    """Fetch a source once and show what would be published; exit code 1: nothing would."""
    parsed = await _looked(chosen, config)
    if isinstance(parsed, str):
        _print([orjson.dumps({"type": "failed", "detail": parsed}).decode() if as_json else parsed])
        return 1
    sighting = Sighting(parsed, config.source(), clock.now())
    if as_json:
        _print(orjson.dumps(line).decode() for line in report.lines(sighting))
    else:
        _print(report.text(sighting))
        _print(f"  feed: {url}" for url in (parsed.about.feeds if parsed.about else ()))
    return 0 if parsed.articles or parsed.rates or parsed.listed else 1


async def _looked(chosen: Settings, config: SourceConfig) -> Parsed | str:
    """What a source offers now; a sentence: why nothing was read."""
    now, logger = clock.now(), structlog.get_logger()
    async with HttpFetcher(chosen) as fetcher, Fence(1, logger=logger) as fence:
        answer = await fetcher.fetch(config.url_on(config.day_at(now)), Validators())
        match answer:
            case Failed():
                return f"{answer.reason}: {answer.detail}"
            case Unmodified():
                return "bad-answer: it says that it is unchanged, and was not asked that"
            case Fetched():
                arrival = arrival_of(config, answer, now)
                return await fence.parse(answer.body, arrival, KINDS.get(config.format, "any"))


def _import(file: SourcesFile, path: Path) -> int:
    data = read_file(path, opml.BYTES_MAX + 1)
    if isinstance(data, Problem):
        raise Rejected(report.problem_text(data))
    known = {one.url for one in file.sources}
    found, problems = opml.read(data, [one.id for one in file.sources])
    new = [one for one in found if one.url not in known]
    if new:
        file.write(with_sources(file.text(), new))
    _print(f"added: {one.id} ({one.url})" for one in new)
    _print(report.problem_text(problem) for problem in problems)
    _print([f"{len(new)} added, {len(found) - len(new)} there already, {len(problems)} not taken"])
    return 1 if problems and not found else 0


def _print(lines: Iterator[str] | Sequence[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{visible(line)}\n")
