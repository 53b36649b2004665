"""Targets: what reads lists, files, bodies and heads that are no documents of news."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path, PurePath
from typing import Final

import seed
from services.ingest import framing, recording
from services.ingest.archive import Reader, Writer
from services.ingest.domain import Observation
from services.ingest.framing import Ready, Unintelligible
from services.ingest.parse import parse
from services.ingest.parse.document import Arrival, Parsed, Problem
from services.ingest.push import articles, bodies, rates
from services.ingest.push.bodies import Form, Item, Part
from services.ingest.push.items import NotTaken, Seen
from services.ingest.sources import config, edit, opml
from services.ingest.sources.config import SourceConfig
from services.ingest.sums import STREAMS
from shared.errors import Rejected
from shared.log import Entry
from shared.news import Article, Rate
from shared.streams import Position
from tests.fuzz import holds
from tests.fuzz.documents import XML_FEEDS
from tests.fuzz.target import GOLDEN, OBSERVED_ON, Target, chosen, with_ways

SEED: Final = Path(seed.__path__[0])
FOLDER: Final = PurePath("/recordings")
OPML: Final = (
    (
        b'<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>'
        b'<outline text="News"><outline type="rss" text="Courier" xmlUrl="https://a.example/f"/>'
        b'<outline text="Courier" title="&#1057;" xmlUrl="feed:b.example/x" language="ru_RU"/>'
        b'<outline xmlurl="ftp://c"/></outline></body></opml>'
    ),
    b"<opml><body><outline xmlUrl='http://[::1]/'/><outline xmlURL='feed://x y'>",
)
SOURCES: Final = (
    (
        b'# Ours.\n[[source]]  # one\nid = "a"\nurl = "https://a.example/{date:%d.%m.%Y}"\n'
        b'every = "30m"\nname = "A"\nzone = "Asia/Almaty"\nrights = """x"""\n\n'
        b'[[source]]\nid = "b"\nurl = "https://b.example/"\nenabled = false\ntrust_rank = 3\n'
    ),
    b'source = [{id = "a", url = "http://a.example/"}]\n',
    b"[source]\n",
)
PUSHED: Final = (
    (b'{"source":"courier","id":"1","headline":"Ice","body":["A"],"published_on":"2026-03-01"}\n'),
    b'[{"id":"1","headline":"Ice","body_html":"<p>A<img src=http://a/b.jpg>","url":"http://a/"}]',
    b'{"base":"USD","quote":"KZT","value":"501.40","as_of":"2026-03-01","kind":"market"}\n\n{',
    (
        b'{"id":"1","headline":"\\ud800","media":[{"url":"http://a/"}],"declared_tags":[{"kind":'
        b'"place","name":"x"}],"associations":[{"rel":"r","url":"http://a/"}],"urgency":3,'
        b'"embargoed_until":"2026-03-09T00:00:00+05:00","published_at":"0001-01-01T00:00:00+14:00"}'
    ),
)


def _opml(data: bytes) -> None:
    known, body = chosen(data, ((), ("courier", "source", "a-example")))
    try:
        found, problems = opml.read(body, known)
    except Rejected as error:
        str(error).encode()
        return
    assert {one.id for one in found}.isdisjoint(known)
    again, _ = opml.read(opml.written(found, "Mine"), known)
    assert [one.url for one in again] == [one.url for one in found]
    for problem in problems:
        problem.detail.encode()
    for one in found:
        _source(one)


def _source(one: SourceConfig) -> None:
    assert SourceConfig.model_validate(one.model_dump(exclude={"every"})).id == one.id
    assert one.source().id == one.id
    one.url_on(OBSERVED_ON).encode()
    one.url_on(date.max)


def _sources(data: bytes) -> None:
    removes, body = chosen(data, (False, True))
    try:
        found = config.read(body)
    except Rejected as error:
        str(error).encode()
        return
    for one in found:
        _source(one)
    text = body.decode()
    added = SourceConfig.model_validate({"id": "z-added", "url": "https://z.example/"})
    try:
        if removes and found:
            made = edit.without_source(text, found[0].id)
            assert config.read(made.encode()) == found[1:]
        elif all(one.id != added.id for one in found):
            made = edit.with_sources(text, [added])
            assert config.read(made.encode()) == (*found, added)
    except Rejected as error:
        if "[[source]]" not in str(error):
            raise  # what is read can be edited, unless it is a list in one line


async def _pieces(data: bytes, size: int) -> AsyncIterator[bytes]:
    for begin in range(0, len(data), size):
        yield data[begin : begin + size]


async def _parts(data: bytes, form: Form, size: int) -> list[Part]:
    found = bodies.batches(_pieces(data, size), form)
    return [part async for batch in found for part in batch]


def _push(data: bytes) -> None:
    forms: tuple[tuple[Form, int], ...] = (("json", 9_999), ("ndjson", 9_999), ("ndjson", 3))
    (form, size), body = chosen(data, forms)
    parts = asyncio.run(_parts(body, form, size))
    assert parts == asyncio.run(_parts(body, form, max(1, len(body))))
    for part in parts:
        if isinstance(part, Item):
            _item(Seen(part.data, ("courier",), holds.NOW))


def _item(seen: Seen) -> None:
    taken = articles.observation(seen)
    if isinstance(taken, Observation):
        found = taken.article
        assert Article.model_validate_json(found.model_dump_json()) == found
        holds.address(found.url)
        holds.attached(found.media)
        for said in (found.headline, found.summary, found.dateline, *found.body, *found.authors):
            holds.text(said)
        if found.body_html is not None:
            holds.markup(found.body_html)
    rated = rates.rate(seen)
    if isinstance(rated, Rate):
        assert Rate.model_validate_json(rated.model_dump_json()) == rated
    for one in (taken, rated):
        if isinstance(one, NotTaken):
            holds.text(one.detail)
            json.dumps([fault._asdict() for fault in one.faults]).encode()


def _events(data: bytes) -> None:
    events, problems = recording.read_events(data[1:], holds.NOW)
    for event in events:
        if isinstance(event, Observation):
            article = event.article
            assert Article.model_validate_json(article.model_dump_json()) == article
    for problem in problems:
        problem.detail.encode()


def _manifest(data: bytes) -> None:
    text = data[1:].decode("utf-8", "replace")
    found = recording.read_manifest(text, FOLDER)
    if isinstance(found, Problem):
        found.detail.encode()
        return
    assert found
    for one in found:
        assert one.path.is_relative_to(FOLDER)
        assert ".." not in one.path.parts


def _archive(data: bytes) -> None:
    is_sealed, body = chosen(data, (True, False))
    reader = Reader()
    try:
        for line in body.split(b"\n"):
            reader.take(_sealed(line) if is_sealed else line + b"\n")
        reader.finish()
    except Rejected as error:
        str(error).encode()


def _sealed(line: bytes) -> bytes:
    """A line under a seal that is right, so that what is behind the seal is reached."""
    digest = hashlib.sha256(line).hexdigest().encode()
    return line[:-1] + b',"sha256":"' + digest + b'"}\n'


def _unsealed(line: bytes) -> bytes:
    said = json.loads(line)
    del said["sha256"]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _archived() -> bytes:
    event = Entry(Position("5-0"), 1, "e1", {b"seq": b"1", b"version": b"2", b"id": b"e1"})
    writer = Writer()
    heads = dict.fromkeys(STREAMS, 0) | {"wire": 1}
    lines = (
        writer.header("newswire", "2026-04-01T00:00:00Z", heads),
        writer.event("wire", event),
        writer.end(),
    )
    return b"\n".join(map(_unsealed, lines))


def _golden_event() -> bytes:
    said = json.loads((GOLDEN / "events/articles/newswire.article.received.2.json").read_text())
    line = {"type": "event", "stream": said["stream"], "position": said["position"]}
    data = json.dumps(said["fields"]["data"], ensure_ascii=False)
    fields = {**said["fields"], "data": data}
    event = json.dumps({**line, "fields": fields}, ensure_ascii=False).encode()
    return _archived().split(b"\n")[0] + b"\n" + event


def _framing(data: bytes) -> None:
    which, body = chosen(data, ("parsed", "ready", "head"))
    try:
        match which:
            case "parsed":
                parsed = framing.parsed_of(body, b"")
                assert framing.parsed_of(framing.parsed_bytes(parsed), b"") == parsed
            case "ready":
                assert isinstance(framing.ready_of(body), Ready)
            case _:
                head = body[: framing.REPLY_HEAD.size].ljust(framing.REPLY_HEAD.size, b"\0")
                assert framing.reply_head(head)[1] <= framing.REPLY_BYTES_MAX
    except Unintelligible:
        pass


def _replies() -> tuple[bytes, ...]:
    """What a process would say of a feed, had it come as no bytes at all."""
    empty = hashlib.sha256(b"").hexdigest()
    read = [parse(feed, Arrival(OBSERVED_ON)) for feed in XML_FEEDS[:2]]
    said = [framing.parsed_bytes(one).replace(one.sha256.encode(), empty.encode()) for one in read]
    assert isinstance(framing.parsed_of(said[0], b""), Parsed)
    return (
        *with_ways(said),
        *with_ways([framing.ready(Ready(has_no_network=True))], 1),
        *with_ways([framing.reply(b"P", b"")], 2),
    )


def _recorded() -> tuple[bytes, ...]:
    files = ("2026-03-03-withdrawal.ndjson",)
    whole = [(SEED / name).read_bytes() for name in files]
    events = sorted((GOLDEN / "events" / "articles").iterdir())
    for file in (*events, *sorted((GOLDEN / "events" / "rates").iterdir())):
        fields = json.loads(file.read_text())["fields"]
        kept = {name: fields[name] for name in ("type", "source", "subject") if name in fields}
        said = {**kept, "data": fields["data"]}
        whole.append(json.dumps(said, ensure_ascii=False).encode())
    return with_ways(whole)


MESSAGES: Final = (
    Target("push", _push, with_ways(PUSHED, 0, 1, 2), "push", 4_096),
    Target("opml", _opml, with_ways(OPML, 0, 1), "opml", 4_096),
    Target("sources-toml", _sources, with_ways(SOURCES, 0, 1), "toml", 2_048),
    Target(
        "manifest",
        _manifest,
        with_ways([(SEED / "manifest.toml").read_bytes()]),
        "toml",
        4_096,
    ),
    Target("events", _events, _recorded(), "push"),
    Target("archive", _archive, with_ways([_archived(), _golden_event()], 0, 1), "push"),
    Target("framing", _framing, _replies(), "push"),
)
"""Those that anybody in the world can reach are first."""
